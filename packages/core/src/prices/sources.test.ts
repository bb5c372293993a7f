import { describe, expect, it } from 'vitest'
import { usageOf } from '../usage.ts'
import {
  bundledPrices,
  createPriceBook,
  diffPriceBooks,
  type PriceBook,
  type PriceTable,
  type PricedUsage,
} from './index.ts'
import { checkPriceTable } from './check-table.ts'

const atMs = Date.UTC(2026, 10, 20)
const tableOf = (fresh: number, checkedAt: string, name = 'gpt-5-mini'): PriceTable => ({
  source: `fresh at ${fresh}`,
  checkedAt,
  models: { [name]: { prices: { fresh, output: 1 } } },
})
const fresh = (book: PriceBook, model = 'gpt-5-mini'): number =>
  (book.costOf(usageOf({ fresh: 1000 }), { model, atMs }) as PricedUsage).nanoUsd / 1e6

describe('which table counts', () => {
  it('takes yours, then the bundled one, then what was fetched', () => {
    const fetched = [{ table: tableOf(9, '2027-01-01') }]
    expect(fresh(createPriceBook({ sources: [tableOf(7, '2020-01-01'), tableOf(8, '2026-01-01')], fetched }))).toBe(7)
    expect(fresh(createPriceBook({ fetched }))).toBe(0.25)
    expect(fresh(createPriceBook({ fetched, bundled: false }))).toBe(9)
  })

  it('takes a fetched one before the bundled one when it is signed off and newer, never before yours', () => {
    const newer = { table: tableOf(9, '2026-11-19'), signedOff: true }
    const older = { table: tableOf(8, '2026-01-01'), signedOff: true }
    expect(fresh(createPriceBook({ fetched: [older] }))).toBe(0.25)
    expect(fresh(createPriceBook({ fetched: [older, newer] }))).toBe(9)
    expect(fresh(createPriceBook({ fetched: [newer], sources: [tableOf(7, '2020-01-01')] }))).toBe(7)
  })

  it('takes a model with its whole line: nothing is mixed in from another table', () => {
    const book = createPriceBook({ sources: [tableOf(7, '2026-11-01')] })
    expect(book.costOf(usageOf({ cacheRead: 1000 }), { model: 'gpt-5-mini', atMs })).toMatchObject({
      nanoUsd: 7_000_000,
      origin: 'config',
    })
    expect(book.costOf(usageOf({ fresh: 1 }), { model: 'gpt-5-mini', atMs, serviceTier: 'priority' })).toHaveProperty(
      'unpriced',
    )
    expect(fresh(book, 'gpt-5-nano')).toBe(0.05)
  })

  it('finds dated and prefixed names, in your table before the bundled one', () => {
    const book = createPriceBook({ sources: [tableOf(7, '2026-11-01')], aliases: { 'Our-Deployment': 'gpt-5-nano' } })
    for (const name of [
      'GPT-5-mini',
      'gpt-5-mini-2025-08-07',
      'openai/gpt-5-mini',
      'azure/gpt-5-mini',
      'openrouter/openai/gpt-5-mini',
    ])
      expect(fresh(book, name), name).toBe(7)
    expect(fresh(book, 'our-deployment')).toBe(0.05)
    for (const name of ['gpt-5-mini-search', 'groq/gpt-5-mini', 'gpt-5', 'gpt-5.9'])
      expect(fresh(book, name), name).not.toBe(7)
    expect(book.entry('gpt-5-mini')).toMatchObject({
      origin: 'config',
      source: 'fresh at 7',
      checkedAt: '2026-11-01',
      current: { prices: { fresh: 7 } },
    })
    expect(book.models()).toContain('claude-haiku-4-5')
  })

  it('takes * in a name for any characters, the longest pattern first', () => {
    const models = {
      a: { aliases: ['acme-*'], prices: { fresh: 1 } },
      b: { aliases: ['acme-large-*'], prices: { fresh: 2 } },
      c: { aliases: ['*-lite', 'x*y*z'], prices: { fresh: 3 } },
    }
    const book = createPriceBook({ bundled: false, sources: [{ source: 's', checkedAt: '2026-11-01', models }] })
    expect(['acme-small', 'acme-large-1', 'foo-lite', 'x1y2z', 'b'].map((name) => fresh(book, name))).toEqual([
      1, 2, 3, 3, 2,
    ])
    expect(book.entry('xyzzy')).toBeUndefined()
    expect(book.entry('lite')).toBeUndefined()
  })
})

describe('the bundled list', () => {
  const book = createPriceBook()

  it('is a valid table with a source and a day', () => {
    checkPriceTable(bundledPrices(), 'bundled')
    expect(bundledPrices().checkedAt).toMatch(/^2026-/)
    expect(book.models().length).toBeGreaterThan(150)
  })

  it.each<[string, number, string?]>([
    ['claude-haiku-4-5-20251001', 1],
    ['claude-3.5-haiku', 0.8],
    ['anthropic/claude-sonnet-4.5', 3],
    ['claude-sonnet-5-5', 2, 'claude-sonnet-5-5'],
    ['claude-opus-4-20250514', 15],
    ['claude-sonnet-4@20250514', 3],
    ['us.anthropic.claude-haiku-4-5-20251001-v1:0', 1.1],
    ['global.anthropic.claude-haiku-4-5-20251001-v1:0', 1],
    ['gpt-4o-2024-05-13', 5],
    ['gpt-4o-2024-08-06', 2.5],
    ['ft:gpt-4o-mini-2024-07-18:acme::x', 0.3],
    ['gemini-2.0-flash-001', 0.1],
    ['gpt-5.6', 4],
    ['text-embedding-3-small', 0.02],
  ])('prices %s at $%s', (model, usd, listedAs) => {
    expect(fresh(book, model)).toBeCloseTo(usd, 9)
    if (listedAs) expect(book.entry(model)?.name).toBe(listedAs)
  })

  it('reads cached tokens of Claude Sonnet 5.5 at its own price, not at that of Sonnet 5', () => {
    expect(book.costOf(usageOf({ cacheRead: 1000 }), { model: 'claude-sonnet-5-5', atMs })).toMatchObject({
      nanoUsd: 100_000,
    })
  })

  it.each([
    'claude-sonnet-6',
    'claude-sonnet-5-9',
    'gpt-5.9',
    'gpt-oss-20b',
    'meta-llama/Llama-3.1-8B-Instruct',
    'deepseek-ai/DeepSeek-R1',
    'us.anthropic.claude-opus-9-v1:0',
    '',
  ])('does not price %j', (model) => {
    expect(book.costOf(usageOf({ fresh: 1 }), { model, atMs })).toHaveProperty('unpriced')
  })
})

describe('diffPriceBooks', () => {
  const bookOf = (models: PriceTable['models']) =>
    createPriceBook({ bundled: false, sources: [{ source: 's', checkedAt: '2026-11-01', models }] })
  const a = bookOf({
    same: { prices: { fresh: 1 } },
    moved: {
      prices: { fresh: 4, output: 10, cacheRead: 1 },
      longPrompts: [{ aboveTokens: 1000, prices: { fresh: 8 } }],
      batch: { times: 0.5 },
    },
    dated: { prices: { fresh: 1 }, changes: [{ effectiveFrom: '2026-12-01', prices: { fresh: 2 } }] },
    gone: { prices: { fresh: 1 } },
  })
  const b = bookOf({
    same: { prices: { fresh: 1 } },
    moved: {
      prices: { fresh: 5, output: 13, request: 1 },
      longPrompts: [{ aboveTokens: 1000, prices: { fresh: 16 } }],
      batch: { times: 1 },
    },
    dated: { prices: { fresh: 2 } },
    come: { prices: { fresh: 1 } },
  })

  it('lists what moved by more than a quarter, what came and what went', () => {
    expect(diffPriceBooks(a, b, { atMs })).toEqual({
      added: ['come'],
      removed: ['gone'],
      moved: [
        { model: 'moved', price: 'cacheRead', from: 1, to: undefined, change: undefined },
        { model: 'moved', price: 'request', from: undefined, to: 1, change: undefined },
        { model: 'dated', price: 'fresh', from: 1, to: 2, change: 1 },
        { model: 'moved', price: 'fresh above 1000 tokens', from: 8, to: 16, change: 1 },
        { model: 'moved', price: 'batch times', from: 0.5, to: 1, change: 1 },
        { model: 'moved', price: 'output', from: 10, to: 13, change: expect.closeTo(0.3) as number },
      ],
    })
    expect(
      diffPriceBooks(a, b, { atMs: Date.UTC(2026, 11, 2), threshold: 0.3 }).moved.map(({ model }) => model),
    ).not.toContain('dated')
    expect(diffPriceBooks(a, b, { atMs, threshold: 0 }).moved).toContainEqual({
      model: 'moved',
      price: 'fresh',
      from: 4,
      to: 5,
      change: 0.25,
    })
  })

  it.each([[{ threshold: -1 }], [{ threshold: NaN }], [{ atMs: NaN }], [{ limit: 1 }]])('refuses %j', (options) => {
    expect(() => diffPriceBooks(a, b, options as object)).toThrow(expect.objectContaining({ code: 'config.option' }))
  })
})
