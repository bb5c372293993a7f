import { describe, expect, it } from 'vitest'
import OpenAI from 'openai'
import { sluice, withReport } from '../index.ts'
import { usageOf } from '../usage.ts'
import { createPriceBook, type ModelPrices, type PriceTable, type PriceWarning } from './index.ts'

const checkedAt = '2026-11-01'
const atMs = Date.UTC(2026, 10, 20)
const claude37 = { fresh: 3, cacheRead: 0.3, cacheWrite5m: 3.75, cacheWrite1h: 6, output: 15 }

const tableOf = (models: Record<string, ModelPrices>, more: Partial<PriceTable> = {}): PriceTable => ({
  source: 'a test',
  checkedAt,
  models,
  ...more,
})
const bookOf = (models: Record<string, ModelPrices>) => createPriceBook({ bundled: false, sources: [tableOf(models)] })

describe('costOf', () => {
  const book = bookOf({ 'claude-3-7-sonnet-20250219': { prices: claude37 } })
  const of = { model: 'claude-3-7-sonnet-20250219', atMs }

  it('prices 3 fresh, 12,304 written and 550 output tokens of Claude 3.7 Sonnet at $0.054399', () => {
    expect(book.costOf(usageOf({ fresh: 3, cacheWrite5m: 12_304, output: 550 }), of)).toMatchObject({
      nanoUsd: 54_399_000,
      byMeter: { fresh: 9_000, cacheWrite5m: 46_140_000, output: 8_250_000 },
      tier: 'standard',
    })
  })

  it('prices the same written for an hour at $0.082083', () => {
    const cost = book.costOf(usageOf({ fresh: 3, cacheWrite1h: 12_304, output: 550 }), of)
    expect(cost).toMatchObject({ nanoUsd: 82_083_000 })
    expect(
      createPriceBook().costOf(usageOf({ fresh: 3, cacheWrite1h: 12_304, output: 550 }), {
        ...of,
        model: 'claude-sonnet-4-5',
      }),
    ).toMatchObject({ nanoUsd: 82_083_000, origin: 'bundled' })
  })

  it('rounds the exact sum half up to a nano-dollar and shares it among the meters', () => {
    const cents = bookOf({ m: { prices: { fresh: 0.0375, output: 0.0004 } } })
    expect(cents.costOf(usageOf({ fresh: 1 }), { model: 'm', atMs })).toMatchObject({ nanoUsd: 38 })
    expect(cents.costOf(usageOf({ fresh: 2, output: 1 }), { model: 'm', atMs })).toMatchObject({
      nanoUsd: 75,
      byMeter: { fresh: 75, output: 0 },
    })
    expect(cents.costOf(usageOf({ output: 1 }), { model: 'm', atMs })).toMatchObject({
      nanoUsd: 0,
      byMeter: { output: 0 },
    })
  })

  it('stays exact past what floating point holds', () => {
    const dear = bookOf({ m: { prices: { fresh: 999_999.999999, output: 333_333.333333 } } })
    for (let index = 0; index < 100; index += 1) {
      const [fresh, output] = [1_234_567 + 7919 * index, 7_654_321 + 104_729 * index]
      const exact = BigInt(fresh) * 999_999_999_999n + BigInt(output) * 333_333_333_333n
      const nanoUsd = Number((exact + 500n) / 1000n)
      expect(dear.costOf(usageOf({ fresh, output }), { model: 'm', atMs })).toMatchObject({ nanoUsd })
    }
  })

  it.each<[string, Partial<ModelPrices['prices']>, Parameters<typeof usageOf>[0], number | string]>([
    ['cached as fresh', {}, { cacheRead: 1000 }, 3_000_000],
    ['written as fresh', {}, { cacheWrite5m: 1000, cacheWrite1h: 1000 }, 6_000_000],
    ['images as fresh', {}, { imageInput: 1000 }, 3_000_000],
    ['reasoning as output', {}, { output: 1000, reasoning: 900 }, 15_000_000],
    ['reasoning at its own price', { reasoning: 5 }, { output: 1000, reasoning: 900 }, 100 * 15_000 + 900 * 5000],
    ['a request fee', { request: 0.005 }, { fresh: 1 }, 5_003_000],
    [
      'written for long, beside a price for short',
      { cacheWrite5m: 3.75 },
      { cacheWrite1h: 1 },
      'no price for cacheWrite1h tokens of model "m"',
    ],
    ['audio', {}, { audioInput: 1 }, 'no price for audioInput tokens of model "m"'],
    ['audio out', {}, { audioOutput: 1 }, 'no price for audioOutput tokens of model "m"'],
    ['images out', {}, { imageOutput: 1 }, 'no price for imageOutput tokens of model "m"'],
  ])('a meter without a price of its own: %s', (_, prices, usage, expected) => {
    const cost = bookOf({ m: { prices: { fresh: 3, output: 15, ...prices } } }).costOf(usageOf(usage), {
      model: 'm',
      atMs,
    })
    expect(cost).toMatchObject(typeof expected === 'string' ? { unpriced: expected } : { nanoUsd: expected })
  })

  it('never takes an unknown model for free, nor a free one for unknown', () => {
    const local = bookOf({ local: { prices: { fresh: 0, output: 0 } } })
    const usage = usageOf({ fresh: 10, output: 10 })
    expect(local.costOf(usage, { model: 'local', atMs })).toMatchObject({ nanoUsd: 0 })
    expect(local.costOf(usage, { model: 'other', atMs })).toEqual({ unpriced: 'no price for model "other"' })
    expect(local.costOf(usage, { model: '__proto__', atMs })).toHaveProperty('unpriced')
    expect(local.costOf(usage, { model: undefined as never, atMs })).toHaveProperty('unpriced')
  })

  it.each([NaN, -1, 0.5, Infinity])('does not price %s tokens', (tokens) => {
    const cost = book.costOf(usageOf({ fresh: tokens }), of)
    expect(cost).toEqual({ unpriced: `fresh must be whole tokens of at least 0, is ${tokens}` })
  })

  it('moves the whole request over the cliff of a long prompt, cached and written tokens counted', () => {
    const steps = bookOf({
      m: {
        prices: { ...claude37 },
        longPrompts: [
          { aboveTokens: 200_000, prices: { fresh: 6, cacheRead: 0.6, cacheWrite5m: 7.5, output: 22.5 } },
          { aboveTokens: 100_000, prices: { fresh: 4, cacheRead: 0.4, cacheWrite5m: 5, output: 20 } },
        ],
      },
    })
    const cost = (cacheRead: number) =>
      steps.costOf(usageOf({ fresh: 10, cacheRead, output: 100 }), { model: 'm', atMs })
    expect(cost(99_990)).toMatchObject({ nanoUsd: 10 * 3000 + 99_990 * 300 + 100 * 15_000 })
    expect(cost(99_991)).toMatchObject({ nanoUsd: 10 * 4000 + 99_991 * 400 + 100 * 20_000, aboveTokens: 100_000 })
    expect(cost(200_000)).toMatchObject({ nanoUsd: 10 * 6000 + 200_000 * 600 + 100 * 22_500, aboveTokens: 200_000 })
    expect(cost(99_990)).not.toHaveProperty('aboveTokens')
  })

  it('takes the price of the time of the request', () => {
    const dated = bookOf({
      m: {
        effectiveFrom: '2026-01-01',
        prices: { fresh: 10 },
        changes: [
          { effectiveFrom: '2026-07-30T12:00:00Z', prices: { fresh: 2 } },
          { effectiveFrom: '2026-07-30T12:00:00Z', hoursUtc: { from: '22:30', to: '01:00' }, prices: { fresh: 1 } },
        ],
      },
    })
    const at = (iso: string) => dated.costOf(usageOf({ fresh: 1 }), { model: 'm', atMs: Date.parse(iso) })
    expect(at('2025-12-31T23:59:59.999Z')).toEqual({ unpriced: 'no price for model "m" at 2025-12-31T23:59:59.999Z' })
    expect(at('2026-01-01T23:00:00Z')).toMatchObject({ nanoUsd: 10_000 })
    expect(at('2026-07-30T12:00:00Z')).toMatchObject({ nanoUsd: 2000 })
    expect(at('2026-07-30T22:29:59.999Z')).toMatchObject({ nanoUsd: 2000 })
    expect(at('2026-07-30T22:30:00Z')).toMatchObject({ nanoUsd: 1000 })
    expect(at('2026-07-31T00:59:59Z')).toMatchObject({ nanoUsd: 1000 })
    expect(at('2026-07-31T01:00:00Z')).toMatchObject({ nanoUsd: 2000 })
    expect(dated.costOf(usageOf({ fresh: 1 }), { model: 'm', atMs: NaN })).toHaveProperty('unpriced')
  })

  it('names the prices that it used, the same for the same', () => {
    const version = (prices: ModelPrices['prices'], more?: Partial<PriceTable>) => {
      const one = createPriceBook({ bundled: false, sources: [tableOf({ m: { prices } }, more)] })
      return (one.costOf(usageOf({}), { model: 'm', atMs }) as { priceVersion: string }).priceVersion
    }
    expect(version({ fresh: 1 })).toMatch(/^2026-11-01\+[0-9a-f]{8}$/)
    expect(version({ fresh: 1 })).toBe(version({ fresh: 1 }))
    expect(version({ fresh: 2 })).not.toBe(version({ fresh: 1 }))
    expect(version({ fresh: 1 }, { version: 'contract 7' })).toMatch(/^contract 7\+/)
  })
})

describe('service tiers', () => {
  const book = bookOf({
    m: {
      prices: { fresh: 5, cacheRead: 0.5, output: 30 },
      longPrompts: [{ aboveTokens: 272_000, prices: { fresh: 10, cacheRead: 1, output: 45 } }],
      serviceTiers: { priority: { prices: { fresh: 12.5, cacheRead: 1.25, output: 75 } }, ultrafast: { times: 3 } },
    },
    own: { prices: { fresh: 4 }, batch: { prices: { fresh: 1 } }, serviceTiers: { flex: { times: 0.75 } } },
  })
  const cost = (model: string, more: { serviceTier?: string | null; batch?: boolean }, fresh = 1000) =>
    book.costOf(usageOf({ fresh }), { model, atMs, ...more })

  it.each([undefined, null, '', 'default', 'standard', 'auto', 'Default'])(
    '%j is the standard price',
    (serviceTier) => {
      expect(cost('m', serviceTier === undefined ? {} : { serviceTier })).toMatchObject({
        nanoUsd: 5_000_000,
        tier: 'standard',
      })
    },
  )

  it('halves every price for batch and flex where none are listed', () => {
    expect(cost('m', { batch: true })).toMatchObject({ nanoUsd: 2_500_000, tier: 'batch' })
    expect(cost('m', { serviceTier: 'batch' })).toMatchObject({ nanoUsd: 2_500_000 })
    expect(cost('m', { serviceTier: 'flex' })).toMatchObject({ nanoUsd: 2_500_000, tier: 'flex' })
    expect(cost('m', { batch: true }, 300_000)).toMatchObject({ nanoUsd: 1_500_000_000, aboveTokens: 272_000 })
  })

  it('takes listed prices for them before any factor', () => {
    expect(cost('own', { batch: true })).toMatchObject({ nanoUsd: 1_000_000 })
    expect(cost('own', { serviceTier: 'flex' })).toMatchObject({ nanoUsd: 3_000_000 })
  })

  it('prices fast as priority, and an unlisted tier not at all', () => {
    expect(cost('m', { serviceTier: 'priority' })).toMatchObject({ nanoUsd: 12_500_000 })
    expect(cost('m', { serviceTier: 'fast' })).toMatchObject({ nanoUsd: 12_500_000 })
    expect(cost('m', { serviceTier: 'ultrafast' })).toMatchObject({ nanoUsd: 15_000_000 })
    expect(cost('own', { serviceTier: 'priority' })).toEqual({
      unpriced: 'no price for service tier "priority" of model "own"',
    })
    expect(cost('m', { serviceTier: 'constructor' })).toHaveProperty('unpriced')
  })

  it('does not take the short price of a tier for a long prompt', () => {
    expect(cost('m', { serviceTier: 'priority' }, 272_001)).toEqual({
      unpriced: 'no price for fresh tokens of model "m" in prompts above 272000 tokens in tier "priority"',
    })
    expect(cost('m', { serviceTier: 'ultrafast' }, 272_001)).toMatchObject({ nanoUsd: 272_001 * 30_000 })
  })
})

describe('estimates and ceilings', () => {
  const book = createPriceBook({
    bundled: false,
    sources: [tableOf({ m: { prices: { fresh: 2, cacheRead: 0.2, output: 10 } } })],
    ceiling: { inputUsdPerMillion: 20, outputUsdPerMillion: 100, requestUsd: 0.01 },
  })

  it('prices a request before it is sent', () => {
    const of = { model: 'm', atMs }
    const cost = book.estimateCost({ inputTokens: 1000, cachedTokens: 800, outputTokens: 100.2 }, of)
    expect(cost).toMatchObject({ nanoUsd: 200 * 2000 + 800 * 200 + 101 * 10_000 })
    expect(book.estimateCost({ inputTokens: 10, cachedTokens: 99, outputTokens: 0 }, of)).toMatchObject({
      nanoUsd: 2000,
    })
    expect(book.estimateCost({ inputTokens: NaN, outputTokens: 1 }, of)).toHaveProperty('unpriced')
    expect(book.estimateCost({ inputTokens: 10, outputTokens: 1 }, { ...of, batch: true })).toMatchObject({
      nanoUsd: 15_000,
    })
  })

  it('gives the most that tokens of an unknown model can cost', () => {
    const usage = usageOf({ fresh: 1, cacheWrite1h: 1, audioInput: 1, output: 1, imageOutput: 1 })
    expect(book.ceilingOf(usage)).toMatchObject({ nanoUsd: 3 * 20_000 + 2 * 100_000 + 10_000_000 })
    expect(book.ceilingOf(usageOf({ fresh: NaN }))).toBeUndefined()
    expect(createPriceBook().ceilingOf(usage)).toBeUndefined()
  })
})

describe('warnings', () => {
  it('tells of stale and missing prices once a model', () => {
    const heard: PriceWarning[] = []
    const book = createPriceBook({
      bundled: false,
      sources: [tableOf({ m: { prices: { fresh: 1 } }, n: { checkedAt: '2026-11-19', prices: { fresh: 1 } } })],
      maxAgeDays: 10,
      onWarning: (warning) => heard.push(warning),
    })
    for (const model of ['m', 'm', 'n', 'x', 'x']) book.costOf(usageOf({ fresh: 1 }), { model, atMs })
    expect(heard.map(({ kind, model }) => [kind, model])).toEqual([
      ['stale', 'm'],
      ['unpriced', 'x'],
    ])
    expect(heard[0]!.message).toContain('2026-11-01')
  })

  it('outlives a hook that throws', () => {
    const onWarning = () => {
      throw new Error('hook')
    }
    const book = createPriceBook({ bundled: false, onWarning })
    expect(book.costOf(usageOf({}), { model: 'x', atMs })).toHaveProperty('unpriced')
  })
})

it('prices the calls of a wrapped client', async () => {
  const answer = {
    id: 'c',
    object: 'chat.completion',
    created: 1,
    model: 'gpt-5-mini-2025-08-07',
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'hi', refusal: null } }],
    usage: {
      prompt_tokens: 1000,
      completion_tokens: 10,
      total_tokens: 1010,
      prompt_tokens_details: { cached_tokens: 600 },
    },
  }
  const fetch = async () => Response.json(answer)
  const client = sluice(new OpenAI({ apiKey: 'test', fetch }), [], { price: createPriceBook().price })
  const { report, settled } = await withReport(() =>
    client.chat.completions.create({ model: 'gpt-5-mini', messages: [{ role: 'user', content: 'x' }] }),
  )
  const [ended] = await settled
  expect((ended ?? report)?.cost).toMatchObject({ nanoUsd: 400 * 250 + 600 * 25 + 10 * 2000 })
})
