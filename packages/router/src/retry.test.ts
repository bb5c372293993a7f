import Anthropic from '@anthropic-ai/sdk'
import { onReport, sluiceFetch, withContext, withReport, type CallReport } from '@sluice/core'
import OpenAI, { APIConnectionError, APIUserAbortError, InternalServerError, RateLimitError } from 'openai'
import { describe, expect, it, vi } from 'vitest'
import { retry } from './retry.ts'
import { answered, messages, model, params, setUp, type SetUp } from './testing/set-up.ts'

describe('retry, before the answer', () => {
  it.each(['http-500', 'http-503', 'http-529', 'http-429', 'html', 'reset-before-headers'] as const)(
    'comes back after %s',
    async (fault) => {
      const { openai, provider } = setUp()
      provider.fail(fault, { times: 2 })
      const completion = await openai.chat.completions.create(params)
      expect(completion.choices[0]?.message.content).toBe(answered(provider))
      provider.expectCalls(3)
      await provider.settled()
    },
  )

  it("makes the SDK count once: the client's own retries are off", async () => {
    const { openai, provider, sleeps } = setUp()
    provider.fail('http-503')
    await expect(openai.chat.completions.create(params)).rejects.toThrow(InternalServerError)
    provider.expectCalls(3)
    expect(sleeps).toEqual([500, 1000])
  })

  it('makes as many tries as the application asks the SDK for', async () => {
    const { openai, provider } = setUp({ maxRetries: 7 })
    provider.fail('http-503')
    await expect(openai.chat.completions.create(params, { maxRetries: 0 })).rejects.toThrow('overloaded')
    provider.expectCalls(1)
    await expect(openai.withOptions({ maxRetries: 4 }).chat.completions.create(params)).rejects.toThrow('overloaded')
    provider.expectCalls(6)
  })

  it('makes as many tries as its own option says where no SDK client does', async () => {
    const { provider, clock } = setUp()
    provider.fail('http-503')
    const fetch = sluiceFetch([retry({ clock, maxRetries: 3 })], { fetch: provider.fetch })
    const response = await fetch('https://api.example.com/v1/chat/completions', {
      method: 'POST',
      body: JSON.stringify(params),
    })
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ error: { type: 'server_error' } })
    provider.expectCalls(4)
  })

  it("gives a connection error back as the SDK's own", async () => {
    const { openai, anthropic, provider } = setUp()
    provider.fail('reset-before-headers')
    await expect(openai.chat.completions.create(params)).rejects.toThrow(APIConnectionError)
    await expect(anthropic.messages.create({ model, max_tokens: 9, messages })).rejects.toThrow(
      Anthropic.APIConnectionError,
    )
    provider.expectCalls(6)
  })

  it.each(['bad-request', 'unauthorized', 'payment-required', 'not-found', 'context-length', 'quota'] as const)(
    'gives %s back at once',
    async (fault) => {
      const { openai, provider, sleeps } = setUp()
      provider.fail(fault)
      await expect(openai.chat.completions.create(params)).rejects.toThrow(OpenAI.APIError)
      provider.expectCalls(1)
      expect(sleeps).toEqual([])
    },
  )

  it('leaves mistakes of inner middleware alone', async () => {
    let runs = 0
    const { openai, provider } = setUp({}, () => {
      runs += 1
      throw new TypeError('x is not a function')
    })
    await expect(openai.chat.completions.create(params)).rejects.toThrow('x is not a function')
    expect(runs).toBe(1)
    provider.expectCalls(0)
  })

  it.each([
    [{ retryAfterS: 90 }, 90_000],
    [{ retryAfterMs: 1_234 }, 1_234],
    [{ retryAfterDate: Date.parse('2026-11-22T00:02:00Z') }, 120_000],
  ])('waits as it is asked to: %j', async (details, expected) => {
    const { openai, provider, sleeps } = setUp()
    provider.fail('http-429', { times: 1, ...details })
    await openai.chat.completions.create(params)
    expect(sleeps).toEqual([expected])
  })

  it('gives the failure back at once when the wait would end after the deadline', async () => {
    const { openai, provider, clock, sleeps } = setUp()
    provider.fail('http-429', { retryAfterS: 90 })
    const reports: CallReport[] = []
    await withContext({ deadlineAtMs: clock.now() + 60_000 }, async () => {
      const { reports: all } = await withReport(() =>
        openai.chat.completions.create(params).catch((error: unknown) => expect(error).toBeInstanceOf(RateLimitError)),
      )
      reports.push(...all)
    })
    provider.expectCalls(1)
    expect(sleeps).toEqual([])
    expect(reports[0]?.decisions).toEqual([
      { by: 'retry', action: 'give_up', reason: 'http_429', details: { because: 'deadline', retries: 0 } },
    ])
  })

  it('ends a wait at once when the call is aborted, and leaves no listener', async () => {
    const controller = new AbortController()
    const { provider, openai, sleeps } = setUp({
      clock: {
        now: () => 0,
        sleep: (_, signal) =>
          new Promise((_, reject) => {
            signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
            controller.abort()
          }),
      },
    })
    provider.fail('http-503')
    await expect(openai.chat.completions.create(params, { signal: controller.signal })).rejects.toThrow(
      APIUserAbortError,
    )
    provider.expectCalls(1)
    expect(sleeps).toEqual([])
  })

  it('notes every decision', async () => {
    const { openai, provider } = setUp()
    provider.fail('http-503', { times: 1 }).fail('http-429', { times: 1, retryAfterMs: 20 })
    const { report } = await withReport(() => openai.chat.completions.create(params))
    expect(report?.decisions).toEqual([
      { by: 'retry', action: 'retry', reason: 'http_429', details: { retry: 1, delayMs: 20 } },
      { by: 'retry', action: 'retry', reason: 'http_503', details: { retry: 2, delayMs: 1000 } },
    ])
    expect(report?.attempts.map(({ status }) => status)).toEqual([429, 503, 200])
  })
})

describe('retry of a whole answer', () => {
  it.each(['cut', 'empty-body', 'malformed-chunk', 'error-in-stream'] as const)(
    'comes back after %s',
    async (fault) => {
      const { openai, provider } = setUp()
      provider.fail(fault, { times: 1 })
      const completion = await openai.chat.completions.create(params)
      expect(completion.choices[0]?.message.content).toBe(answered(provider))
      provider.expectCalls(2)
    },
  )

  it.each<[string, (clients: SetUp) => Promise<unknown>]>([
    ['responses', ({ openai }) => openai.responses.create({ model, input: 'Hi' })],
    ['completions', ({ openai }) => openai.completions.create({ model, prompt: 'Hi' })],
    ['embeddings', ({ openai }) => openai.embeddings.create({ model: 'text-embedding-3-small', input: 'Hi' })],
    ['messages', ({ anthropic }) => anthropic.messages.create({ model, max_tokens: 9, messages })],
  ])('comes back in %s', async (_, run) => {
    for (const fault of ['error-in-stream', 'cut', 'http-503'] as const) {
      const clients = setUp()
      clients.provider.fail(fault, { times: 1 })
      await run(clients)
      clients.provider.expectCalls(2)
    }
  })
})

describe('retry of an aborted call', () => {
  it.each([
    ['before the response', 'silence', {}],
    ['inside a whole answer', 'stall', {}],
    ['before the content of a stream', 'stall', { stream: true }],
  ] as const)('does nothing when it is aborted %s', async (_, fault, more) => {
    const controller = new AbortController()
    const { openai, provider } = setUp()
    provider.fail(fault, { afterTokens: 0 })
    const reports: CallReport[] = []
    const stop = onReport((report) => reports.push(report))
    const call = openai.chat.completions.create({ ...params, ...more }, { signal: controller.signal })
    await vi.waitUntil(() => provider.pending.length > 0, { timeout: 60_000 })
    await new Promise(setImmediate)
    // A deadline of the application's own, not to be taken for one of the connection.
    controller.abort(new DOMException('Too slow', 'TimeoutError'))
    await expect(call).rejects.toThrow(APIUserAbortError)
    stop()
    expect(reports).toMatchObject([{ outcome: 'cancelled', decisions: [] }])
    provider.expectCalls(1)
  })
})

describe('retry', () => {
  it.each([
    [{ maxRetries: -1 }, 'maxRetries'],
    [{ maxRetries: 1.5 }, 'maxRetries'],
    [{ initialDelayMs: Number.NaN }, 'initialDelayMs'],
    [{ maxDelayMs: -1 }, 'maxDelayMs'],
    [{ jitter: 'half' }, 'jitter'],
    [{ random: 0.5 }, 'random'],
    [{ clock: {} }, 'clock'],
    [{ retries: 3 }, 'no option "retries"'],
  ])('refuses %j', (options, message) => {
    expect(() => retry(options as never)).toThrow(
      expect.objectContaining({ code: 'config.option', message: expect.stringContaining(message) }),
    )
  })
})
