import OpenAI, { RateLimitError, type APIError } from 'openai'
import { describe, expect, it } from 'vitest'
import { withContext } from '../context.ts'
import { sluiceErrorOf } from '../errors-http.ts'
import type { Middleware } from '../pipeline.ts'
import { wholeReply } from '../reply.ts'
import { withReport } from '../report.ts'
import { sluice } from '../sluice.ts'
import { fakeClock, fakeProvider, type FakeUsage } from '../testing/index.ts'
import { createLimiter, type Limiter } from './limiter.ts'
import { rateLimit, type RateLimitOptions } from './rate-limit.ts'
import { memoryLimitStore } from './store/memory-store.ts'

const params = { model: 'gpt-5-mini', messages: [{ role: 'user' as const, content: 'Hi' }] }
const usage = (inputTokens: number, outputTokens: number, more: Partial<FakeUsage> = {}) => ({
  text: 'well',
  usage: { inputTokens, outputTokens, cacheReadTokens: 0, ...more },
})

function setUp(options: Omit<RateLimitOptions, 'by'> & { by?: RateLimitOptions['by'] }, inner: Middleware[] = []) {
  const provider = fakeProvider()
  const clock = fakeClock()
  const store = memoryLimitStore({ clock })
  const { by = 'tenant' } = options
  const limit = rateLimit({ ...options, by, store, clock })
  const openai = sluice(new OpenAI({ apiKey: 'test', fetch: provider.fetch, maxRetries: 0 }), [limit, ...inner])
  const {
    estimate: _,
    maxWaitMs: __,
    weights: ___,
    countUnsent: ____,
    by: _____,
    ...figures
  } = options as RateLimitOptions
  const watcher: Limiter = createLimiter({ ...figures, store, clock })
  const left = async (subject = 'tenant=acme'): Promise<number[]> =>
    (await watcher.peek(subject)).map((standing) => standing.left)
  const ask = (more: object = {}): Promise<OpenAI.ChatCompletion> =>
    withContext({ tenant: 'acme' }, () => openai.chat.completions.create({ ...params, ...more, stream: false }))
  return { provider, clock, openai, ask, left }
}

const caught = (run: Promise<unknown>): Promise<unknown> =>
  run.then(
    () => undefined,
    (error: unknown) => error,
  )

describe('rateLimit', () => {
  it('refuses as the SDK expects it, and lets other tenants through', async () => {
    const { provider, ask, openai } = setUp({ requestsPerMinute: 2 })
    await ask()
    await ask()
    const { value: error, report } = await withReport(() => caught(ask()))
    expect(error).toBeInstanceOf(RateLimitError)
    expect((error as APIError).headers?.get('retry-after-ms')).toBe('30000')
    expect(sluiceErrorOf(error)).toMatchObject({
      code: 'limits.exceeded',
      retryAfterMs: 30_000,
      details: { limit: 'requestsPerMinute', left: 0 },
    })
    expect(report?.decisions).toMatchObject([{ by: 'rateLimit', action: 'refused', reason: 'limits.exceeded' }])
    await withContext({ tenant: 'other' }, () => openai.chat.completions.create(params))
    provider.expectCalls(3)
  })

  it('settles with the usage of the answer, by meter', async () => {
    const { provider, ask, left } = setUp({ tokensPerMinute: 10_000, weights: { cacheRead: 0, output: 2 } })
    provider.enqueue(usage(1_000, 50, { cacheReadTokens: 600 }))
    await ask()
    expect(await left()).toEqual([10_000 - 400 - 100])
  })

  it('settles a stream at its end', async () => {
    const { provider, openai, left } = setUp({ tokensPerMinute: 10_000, concurrency: 3 })
    provider.enqueue(usage(700, 50))
    const stream = await withContext({ tenant: 'acme' }, () =>
      openai.chat.completions.create({ ...params, stream: true }),
    )
    expect((await left())[1]).toBe(2)
    const chunks: OpenAI.ChatCompletionChunk[] = []
    for await (const chunk of stream) chunks.push(chunk)
    expect(chunks.every((chunk) => !chunk.usage)).toBe(true)
    expect(await left()).toEqual([9_250, 3])
  })

  it('gives nothing back for a stream that is left or breaks, and frees its place', async () => {
    for (const how of ['left', 'cut', 'unread'] as const) {
      const { provider, openai, left } = setUp({ tokensPerMinute: 10_000, concurrency: 3, estimate: () => 800 })
      provider.enqueue({ text: 'one two three four five six seven' })
      if (how === 'cut') provider.fail('cut', { times: 1, afterTokens: 2 })
      const controller = new AbortController()
      const stream = await withContext({ tenant: 'acme' }, () =>
        openai.chat.completions.create({ ...params, stream: true }, { signal: controller.signal }),
      )
      if (how === 'unread') controller.abort()
      else
        await caught(
          (async () => {
            for await (const chunk of stream) if (how === 'left' && chunk) break
          })(),
        )
      await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
      expect([how, ...(await left())]).toEqual([how, 9_200, 3])
    }
  })

  it('gives the tokens of a refused request back, not the request', async () => {
    const { provider, ask, left } = setUp({ tokensPerMinute: 10_000, requestsPerMinute: 10, concurrency: 3 })
    provider.fail('bad-request', { times: 1 })
    await caught(ask())
    expect(await left()).toEqual([9, 10_000, 3])
  })

  it('keeps the tokens of a call that failed without a word', async () => {
    const { provider, ask, left } = setUp({ tokensPerMinute: 10_000, concurrency: 3, estimate: () => 800 })
    provider.fail('reset-before-headers', { times: 1 })
    await caught(ask())
    expect(await left()).toEqual([9_200, 3])
  })

  it('counts nothing for what no provider was asked for, unless told to', async () => {
    const cached: Middleware = async (call) => wholeReply(call.api, { choices: [], model: 'm' } as never)
    for (const countUnsent of [false, true]) {
      const { ask, left } = setUp({ requestsPerMinute: 10, concurrency: 2, countUnsent }, [cached])
      await ask()
      expect(await left()).toEqual([countUnsent ? 9 : 10, 2])
    }
  })

  it('gives back what an outer limit took when an inner one refuses', async () => {
    const inner = rateLimit({ by: 'all', requestsPerMinute: 1, clock: fakeClock() })
    const { ask, left, provider } = setUp({ requestsPerMinute: 10, requestsPerDay: 20 }, [inner])
    await ask()
    expect(await caught(ask())).toBeInstanceOf(RateLimitError)
    expect(await left()).toEqual([9, 19])
    provider.expectCalls(1)
  })

  it('learns how long answers are', async () => {
    const { provider, ask, left } = setUp({ tokensPerMinute: 100_000 })
    for (let turn = 0; turn < 4; turn += 1) {
      provider.enqueue(usage(10, 2_000))
      await ask()
    }
    expect(await left()).toEqual([100_000 - 4 * 2_010])
    provider.fail('reset-before-headers', { times: 1 })
    await caught(ask())
    const [guessed = 0] = await left()
    expect(100_000 - 4 * 2_010 - guessed).toBeGreaterThan(2_000)
    provider.fail('reset-before-headers', { times: 1 })
    await caught(ask({ max_completion_tokens: 5 }))
    expect(guessed - ((await left())[0] ?? 0)).toBeLessThan(50)
  })

  it('does not keep a call out for a guess at its output', async () => {
    const { ask, provider } = setUp({ tokensPerMinute: 100 })
    await ask()
    expect(sluiceErrorOf(await caught(ask({ messages: [{ role: 'user', content: 'x '.repeat(500) }] })))).toMatchObject(
      {
        code: 'limits.too_large',
      },
    )
    provider.expectCalls(1)
  })

  it('waits for room as long as it may, and leaves at once when the call is aborted', async () => {
    const { ask, clock, openai, provider } = setUp({ requestsPerMinute: 60, burst: { requests: 1 }, maxWaitMs: 2_000 })
    await ask()
    const { report } = await clock.run(withReport(() => ask()))
    expect(report?.decisions).toEqual([{ by: 'rateLimit', action: 'waited', details: { waitedMs: 1_000 } }])
    const controller = new AbortController()
    const left = caught(
      withContext({ tenant: 'acme' }, () => openai.chat.completions.create(params, { signal: controller.signal })),
    )
    while (clock.pendingSleeps === 0) await new Promise((resolve) => setImmediate(resolve))
    controller.abort()
    expect(await left).toBeInstanceOf(OpenAI.APIUserAbortError)
    expect(clock.pendingSleeps).toBe(0)
    const hurried = caught(
      withContext({ tenant: 'acme', deadlineAtMs: clock.now() + 999 }, () => openai.chat.completions.create(params)),
    )
    expect(await hurried).toBeInstanceOf(RateLimitError)
    provider.expectCalls(2)
  })

  it('waits for a place among concurrent calls by looking again', async () => {
    const { openai, ask, clock, left } = setUp({ concurrency: 1, maxWaitMs: 5_000 })
    const stream = await withContext({ tenant: 'acme' }, () =>
      openai.chat.completions.create({ ...params, stream: true }),
    )
    const second = ask()
    await clock.advance(1_000)
    for await (const chunk of stream) void chunk
    await clock.run(second)
    expect(await left()).toEqual([1])
  })

  it('takes nothing for a call that was aborted while it was looked at', async () => {
    const controller = new AbortController()
    const { openai, left, provider } = setUp({
      requestsPerMinute: 5,
      by: () => {
        controller.abort()
        return 'x'
      },
    })
    const { signal } = controller
    expect(await caught(openai.chat.completions.create(params, { signal }))).toBeInstanceOf(OpenAI.APIUserAbortError)
    expect(await left('x')).toEqual([5])
    provider.expectCalls(0)
  })

  it('counts by what it is told to', async () => {
    const both = setUp({ requestsPerMinute: 1, by: ['tenant', 'model'] })
    await both.ask()
    await both.ask({ model: 'other' })
    expect(await caught(both.ask())).toBeInstanceOf(RateLimitError)
    const free = setUp({ requestsPerMinute: 1, by: ({ context }) => (context.tenant === 'acme' ? undefined : 'x') })
    await free.ask()
    await free.ask()
    const key = setUp({ requestsPerMinute: 1, by: 'credential' })
    await key.ask()
    await key.openai.withOptions({ apiKey: 'second' }).chat.completions.create(params)
    expect(await caught(key.ask())).toBeInstanceOf(RateLimitError)
    const none = setUp({ requestsPerMinute: 1 })
    expect(sluiceErrorOf(await caught(none.openai.chat.completions.create(params)))).toMatchObject({
      code: 'limits.no_subject',
      details: { by: 'tenant' },
    })
  })

  it.each([
    [{ requestsPerMinute: 1 }, 'needs by'],
    [{ requestsPerMinute: 1, by: 'company' }, '"company"'],
    [{ requestsPerMinute: 1, by: [] }, 'needs by'],
    [{ by: 'all' }, 'needs a limit'],
    [{ by: 'all', requestsPerMinute: -2 }, 'got -2'],
    [{ by: 'all', requestsPerMinute: 1, weights: { fresh: -1 } }, 'weights.fresh'],
    [{ by: 'all', requestsPerMinute: 1, weights: { cached: 1 } }, 'no meter "cached"'],
    [{ by: 'all', requestsPerMinute: 1, weights: { fresh: Number.NaN } }, 'got NaN'],
    [{ by: 'all', requestsPerMinute: 1, estimate: 5 }, 'estimate'],
    [{ by: 'all', requestsPerMinute: 1, maxWaitMs: -1 }, 'maxWaitMs'],
    [{ by: 'all', requestsPerMinute: 1, countUnsent: 'yes' }, 'countUnsent'],
    [{ by: 'all', requestsPerMinute: 1, zone: 'UTC' }, 'no option "zone"'],
    [undefined, 'by'],
  ])('%j is refused: %s', (options, message) => {
    let error: unknown
    try {
      rateLimit(options as unknown as RateLimitOptions)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toMatchObject({ code: 'config.option', message: expect.stringContaining(message) })
  })
})
