import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { openaiChat } from '../api/index.ts'
import type { Call } from '../call.ts'
import type { Middleware } from '../pipeline.ts'
import { wholeReply } from '../reply.ts'
import { withReport } from '../report.ts'
import { sluice } from '../sluice.ts'
import { approximateTokenizer, fakeClock, fakeProvider, type FakeFaultName } from '../testing/index.ts'
import { usageOf } from '../usage.ts'
import { createPriceBook } from '../prices/index.ts'
import { budget, createLedger, type BudgetOptions } from './index.ts'
import { prices, sampleCallers } from './sample-calls.ts'

const usage = { inputTokens: 100, outputTokens: 50 }
/** 100 of input and 50 of output at the prices of `cheap`. */
const cost = 600_000
const params = { model: 'cheap', messages: [{ role: 'user' as const, content: 'Where is my refund?' }] }
const words = (count: number): string[] => Array.from({ length: count }, () => ' word')

function setUp(inner: readonly Middleware[] = [], options: Partial<BudgetOptions> = {}) {
  const provider = fakeProvider({ tokenizer: approximateTokenizer })
  provider.on('cheap', { chunks: words(50), usage })
  provider.on('dear', { chunks: words(50), usage })
  const ledger = createLedger({ limits: [{ scope: 'tenant', usd: 10, window: 'day' }] })
  const subject = { tenant: 'acme' }
  const middleware = [budget({ ledger, price: prices, subject, ...options }), ...inner]
  return {
    provider,
    ledger,
    openai: sluice(new OpenAI({ apiKey: 'k', fetch: provider.fetch, maxRetries: 0, logLevel: 'off' }), middleware),
    anthropic: sluice(
      new Anthropic({ apiKey: 'k', fetch: provider.fetch, maxRetries: 0, logLevel: 'off' }),
      middleware,
    ),
    callers: sampleCallers(provider, middleware),
    async used(): Promise<number> {
      for (let turns = 0; turns < 4; turns += 1) await turn()
      const [state] = await ledger.explain(subject)
      expect(state?.held).toBe(0)
      return state?.used ?? -1
    },
  }
}

/** What is reserved for a call to `cheap`: its whole reservation, where nothing better is known. */
async function reservedBy(run: () => Promise<unknown>): Promise<number> {
  const { settled } = await withReport(() => run().catch(() => undefined))
  const [report] = await settled
  return Number(report?.decisions.find(({ action }) => action === 'reserve')?.details?.['nanoUsd'])
}

describe('what a call is charged', () => {
  it('is nothing for an answer from a cache', async () => {
    const cached: Middleware = async (call) =>
      wholeReply(call.api, {
        id: 'x',
        model: 'cheap',
        choices: [],
        usage: { prompt_tokens: 9, completion_tokens: 9 },
      } as never)
    const { openai, used, provider } = setUp([cached])
    const { report } = await withReport(() => openai.chat.completions.create(params))
    expect(await used()).toBe(0)
    expect(report?.decisions.map(({ action }) => action)).toEqual(['reserve', 'release'])
    provider.expectCalls(0)
  })

  it('is nothing where no provider worked', async () => {
    const refusing: Middleware = async () => {
      throw new Error('blocked')
    }
    const guarded = setUp([refusing])
    await expect(guarded.openai.chat.completions.create(params)).rejects.toThrow()
    expect(await guarded.used()).toBe(0)
    for (const fault of ['http-500', 'http-429', 'bad-request'] as const) {
      const { openai, used, provider } = setUp()
      provider.enqueue({ fault })
      await expect(openai.chat.completions.create(params)).rejects.toThrow()
      expect(await used(), fault).toBe(0)
    }
    const unreachable = async (): Promise<never> => {
      throw new TypeError('fetch failed', { cause: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }) })
    }
    const ledger = createLedger({ limits: [{ scope: 'tenant', usd: 10, window: 'day' }] })
    const pays = budget({ ledger, price: prices, subject: { tenant: 'a' } })
    const openai = sluice(new OpenAI({ apiKey: 'k', fetch: unreachable, maxRetries: 0 }), [pays])
    await expect(openai.chat.completions.create(params)).rejects.toThrow('Connection error')
    await turn()
    expect((await ledger.explain({ tenant: 'a' }))[0]).toMatchObject({ used: 0, held: 0 })
  })

  it('is all that was held, where a provider may have worked and nobody knows', async () => {
    for (const fault of ['reset-before-headers', 'truncated', 'empty-body'] satisfies FakeFaultName[]) {
      const { openai, used, provider } = setUp()
      provider.enqueue({ fault })
      const held = await reservedBy(() => openai.chat.completions.create(params))
      expect(held, fault).toBeGreaterThan(10_000_000)
      expect(await used(), fault).toBe(held)
    }
  })

  it('is at least what was delivered of a stream that breaks, or is left', async () => {
    for (const at of [0, 1, 2, 3])
      for (const fault of ['cut', 'truncated', 'late-error-in-stream'] satisfies FakeFaultName[]) {
        const { callers, used, provider } = setUp([], { expectedOutputTokens: 10 })
        const { name, stream } = callers[at]!
        provider.enqueue({ chunks: words(100), fault })
        const { settled } = await withReport(() => stream().catch(() => undefined))
        const [report] = await settled
        const settle = report?.decisions.at(-1)
        expect(settle, `${name} ${fault}`).toMatchObject({
          action: 'settle',
          details: { how: 'lower_bound', isEstimated: true },
        })
        const charged = await used()
        expect(charged, `${name} ${fault}`).toBe(settle?.details?.['nanoUsd'])
        expect(charged, `${name} ${fault}`).toBeGreaterThan(30 * 10_000)
      }
  })

  it('keeps the reservation of a stream that the application leaves or aborts', async () => {
    const leave = async (openai: OpenAI): Promise<void> => {
      for await (const _ of await openai.chat.completions.create({ ...params, stream: true })) break
    }
    const abort = async (openai: OpenAI): Promise<void> => {
      const controller = new AbortController()
      const { signal } = controller
      const stream = await openai.chat.completions.create({ ...params, stream: true }, { signal })
      for await (const _ of stream) controller.abort()
    }
    const unread = async (openai: OpenAI): Promise<void> => {
      const controller = new AbortController()
      await openai.chat.completions.create({ ...params, stream: true }, { signal: controller.signal })
      controller.abort()
    }
    for (const run of [leave, abort, unread]) {
      const { openai, used, provider } = setUp()
      const held = await reservedBy(() => run(openai))
      expect(await used(), run.name).toBe(held)
      expect(provider.calls[0]?.outcome, run.name).not.toBe('pending')
    }
  })

  it('is exact for a stream that tells its usage at the end, and by our count for one that does not', async () => {
    const { openai, provider, used } = setUp([], { expectedOutputTokens: 10 })
    for await (const _ of await openai.chat.completions.create({ ...params, stream: true })) void _
    expect(await used()).toBe(cost)
    const chunk = (delta: object, finish: string | null): string =>
      `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', model: 'cheap', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`
    const body = [...words(40).map((content) => chunk({ content }, null)), chunk({}, 'stop'), 'data: [DONE]\n\n'].join(
      '',
    )
    provider.enqueue(() => new Response(body, { headers: { 'content-type': 'text/event-stream' } }))
    for await (const _ of await openai.chat.completions.create({ ...params, stream: true })) void _
    const second = (await used()) - cost
    expect(second).toBeGreaterThan(40 * 10_000)
    expect(second).toBeLessThan(200 * 10_000)
  })

  it('counts every try: retries, hedges, cascade steps and judges', async () => {
    const again: Middleware = async (call, next) => {
      // An answer that was whole and not good enough, thrown away by a middleware that books nothing.
      await (await next(call)).discard()
      return next(call)
    }
    const retried = setUp([again])
    await retried.openai.chat.completions.create(params)
    const twice = await retried.used()
    expect(twice).toBeGreaterThan(cost)
    expect(twice).toBeLessThan(cost + 100 * 1_000)

    const cascade: Middleware = async (call, next) => {
      const dear = call.api.withModel(call.request, 'dear')
      const judge = call.attempt({ target: 'judge', model: 'dear', reason: 'judge' }, { request: dear })
      await (await next(judge.call)).discard()
      judge.record.end({ outcome: 'rejected', usage: usageOf({ fresh: 100, output: 50 }) })
      const hedge = call.attempt({ target: 'slow', reason: 'hedge' })
      hedge.record.end({ outcome: 'cancelled', usage: () => usageOf({ fresh: 100 }), isEstimated: true })
      const own = call.attempt({ target: 'own', reason: 'hedge' })
      own.record.end({ outcome: 'failed', usage: usageOf({ fresh: 1 }), price: () => ({ nanoUsd: 7, byMeter: {} }) })
      const final = call.attempt({ target: 'main', reason: 'cascade' })
      const reply = await next(final.call)
      final.record.end({ outcome: 'answered', usage: usageOf({ fresh: 100, output: 50 }) })
      return reply
    }
    const { openai, used } = setUp([cascade])
    const { report } = await withReport(() => openai.chat.completions.create(params))
    expect(await used()).toBe(10 * cost + 100_000 + 7 + cost)
    expect(report?.decisions.at(-1)?.details).toMatchObject({ how: 'exact', isEstimated: true })
  })

  it('counts an answer that a router has counted once', async () => {
    const routed: Middleware = async (call, next) => {
      await (await next(call)).discard()
      const { call: tried, record } = call.attempt({ target: 'main' })
      const reply = await next(tried)
      record.end({ outcome: 'answered', usage: usageOf({ fresh: 100, output: 50 }) })
      // And one more that came to nothing, after it.
      await (await next(call)).discard()
      return reply
    }
    const { openai, used } = setUp([routed])
    await openai.chat.completions.create(params)
    const charged = await used()
    expect(charged).toBeGreaterThan(cost)
    expect(charged).toBeLessThan(cost + 100 * 1_000)
  })

  it('goes by the service tier of the answer, and by the model asked for where the answer names another', async () => {
    const { openai, used, provider } = setUp()
    const answer = (more: object): Response =>
      Response.json({
        id: 'c',
        object: 'chat.completion',
        choices: [{ index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }],
        usage: { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 },
        ...more,
      })
    provider.enqueue(() => answer({ model: 'dear', service_tier: 'priority' }))
    await openai.chat.completions.create({ ...params, model: 'dear', service_tier: 'auto' })
    expect(await used()).toBe(20 * cost)
    provider.enqueue(() => answer({ model: 'dear-2026-under-another-name', service_tier: 'scale' }))
    await openai.chat.completions.create({ ...params, model: 'dear' })
    expect(await used()).toBe(30 * cost)
  })

  it('is shared by calls that run at once: never more than there is', async () => {
    const provider = fakeProvider({ tokenizer: approximateTokenizer })
    provider.on('cheap', { chunks: words(50), usage: { inputTokens: 8, outputTokens: 50 } })
    const each = 508_000
    const ledger = createLedger({ limits: [{ scope: 'tenant', nanoUsd: 10_000_000, window: 'day' }] })
    const pays = budget({ ledger, price: prices, subject: { tenant: 'acme' }, reserve: 'worst', maxOutputTokens: 50 })
    const callers = sampleCallers(provider, [pays])
    const results = await Promise.allSettled(
      Array.from({ length: 200 }, (_, at) => callers[at % 4]![at % 3 === 0 ? 'stream' : 'whole']({ maxTokens: 50 })),
    )
    await turn()
    const done = results.filter(({ status }) => status === 'fulfilled').length
    expect(done).toBeGreaterThan(10)
    expect(done).toBeLessThan(200)
    expect((await ledger.explain({ tenant: 'acme' }))[0]).toMatchObject({ used: done * each, held: 0 })
    expect(done * each).toBeLessThanOrEqual(10_000_000)
  })

  it('keeps a long stream held', async () => {
    const clock = fakeClock()
    const provider = fakeProvider({ tokenizer: approximateTokenizer, clock })
    provider.on('cheap', {
      chunks: words(100),
      tokensPerSecond: 2,
      ttftMs: 100,
      usage: { inputTokens: 100, outputTokens: 100 },
    })
    const ledger = createLedger({ limits: [{ scope: 'tenant', usd: 10, window: 'day' }], clock, onExpiry: 'refund' })
    const pays = budget({ ledger, price: prices, subject: { tenant: 'acme' }, ttlMs: 5_000, clock })
    const [chat] = sampleCallers(provider, [pays])
    let least = Infinity
    const asking = chat!.stream()
    while ((await ledger.explain({ tenant: 'acme' }))[0]?.held === 0) await turn()
    const watched = (async () => {
      for (let seconds = 0; seconds < 45; seconds += 1) {
        await clock.advance(1_000)
        const [state] = await ledger.explain({ tenant: 'acme' })
        least = Math.min(least, state?.held ?? 0)
      }
      await clock.advance(20_000)
    })()
    await Promise.all([asking, watched])
    expect(least).toBeGreaterThan(0)
    await turn()
    expect((await ledger.explain({ tenant: 'acme' }))[0]).toMatchObject({ used: 1_100_000, held: 0 })
  })

  it('holds the dearest that input may cost: that of writing it to a cache', async () => {
    const writes = createPriceBook({
      bundled: false,
      sources: [
        {
          source: 'test',
          checkedAt: '2026-01-01',
          models: { cheap: { prices: { fresh: 1, cacheWrite5m: 1.25, cacheWrite1h: 2, output: 10 } } },
        },
      ],
    })
    const text = { type: 'text' as const, text: 'Be brief. '.repeat(200) }
    const held: number[] = []
    for (const cache of [undefined, { type: 'ephemeral' }, { type: 'ephemeral', ttl: '1h' }] as const) {
      const { anthropic } = setUp([], { price: writes })
      const system = [{ ...text, ...(cache && { cache_control: cache }) }]
      held.push(await reservedBy(() => anthropic.messages.create({ ...params, system, max_tokens: 1 })))
    }
    const [fresh = 0, short = 0, long = 0] = held.map((nanoUsd) => nanoUsd - 10_000)
    expect(short).toBeCloseTo(fresh * 1.25, -1)
    expect(long).toBe(fresh * 2)
  })

  it('leaves calls alone that are none of its own', async () => {
    const seen: Call[] = []
    const spy: Middleware = (call, next) => {
      seen.push(call)
      return next(call)
    }
    const { openai, used } = setUp([spy])
    await openai.chat.completions.create(params)
    expect(seen[0]?.api.id).toBe(openaiChat.id)
    expect(seen[0]?.request).toEqual(params)
    expect(await used()).toBe(cost)
  })
})
