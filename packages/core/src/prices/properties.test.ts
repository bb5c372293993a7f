import fc from 'fast-check'
import { expect, it } from 'vitest'
import { inputMeters, outputMeters, usageOf, type Usage } from '../usage.ts'
import { createPriceBook, type PriceBook, type PricedUsage, type Prices } from './index.ts'

const atMs = Date.UTC(2026, 10, 20)
const usd = fc
  .oneof(fc.integer({ min: 0, max: 1_000_000_000 }), fc.integer({ min: 0, max: 1000 }))
  .map((micro) => micro / 1e6)
const tokens = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3_000_000 }), fc.integer({ min: 0, max: 50 }))

const allPrices = fc.record({
  fresh: usd,
  cacheRead: usd,
  cacheWrite5m: usd,
  cacheWrite1h: usd,
  audioInput: usd,
  imageInput: usd,
  output: usd,
  audioOutput: usd,
  imageOutput: usd,
  request: usd.map((one) => Math.min(one, 1)),
})
const usages = fc.record({
  fresh: tokens,
  cacheRead: tokens,
  cacheWrite5m: tokens,
  cacheWrite1h: tokens,
  audioInput: tokens,
  imageInput: tokens,
  output: tokens,
  audioOutput: tokens,
  imageOutput: tokens,
})

/** A book with one model whose prices above `aboveTokens` are `times` those below. */
function bookOf(prices: Prices, aboveTokens: number, times: number): PriceBook {
  const more = Object.fromEntries(Object.entries(prices).map(([name, one]) => [name, one * times]))
  const models = { m: { prices, longPrompts: [{ aboveTokens, prices: more }] } }
  return createPriceBook({ bundled: false, sources: [{ source: 'test', checkedAt: '2026-11-01', models }] })
}

const price = (book: PriceBook, usage: Usage): PricedUsage => book.price(usage, { model: 'm', atMs }) as PricedUsage
const pico = (prices: Prices, meter: keyof Prices, places: number): bigint =>
  BigInt(Math.round((prices[meter] ?? 0) * 10 ** places))

it('is the exact sum of tokens times prices, rounded half up, in disjoint meters that are not negative', () => {
  fc.assert(
    fc.property(allPrices, usages, (prices, part) => {
      const usage = usageOf(part)
      const cost = price(bookOf(prices, 100_000_000, 2), usage)
      const exact = [...inputMeters, ...outputMeters].reduce(
        (sum, meter) => sum + BigInt(usage[meter]) * pico(prices, meter, 6),
        pico(prices, 'request', 12),
      )
      expect(BigInt(cost.nanoUsd)).toBe((exact + 500n) / 1000n)
      const parts = Object.entries(cost.byMeter)
      expect(parts.reduce((sum, [, nanoUsd]) => sum + nanoUsd, 0)).toBe(cost.nanoUsd)
      for (const [meter, nanoUsd] of parts) {
        expect(Number.isSafeInteger(nanoUsd) && nanoUsd >= 0).toBe(true)
        const meterPico =
          meter === 'request'
            ? pico(prices, 'request', 12)
            : BigInt(usage[meter as keyof Usage]) * pico(prices, meter as keyof Prices, 6)
        // Each part is its own exact amount, rounded down or up.
        expect([meterPico / 1000n, meterPico / 1000n + 1n]).toContain(BigInt(nanoUsd))
      }
    }),
    { numRuns: 500 },
  )
})

it('never falls when tokens are added, over a cliff of higher prices too', () => {
  fc.assert(
    fc.property(
      allPrices,
      usages,
      usages,
      fc.integer({ min: 0, max: 5_000_000 }),
      fc.integer({ min: 1, max: 5 }),
      (prices, part, more, above, times) => {
        const book = bookOf(prices, above, times)
        const [less, sum] = [usageOf(part), usageOf(part)]
        const added = Object.fromEntries(
          Object.entries(more).map(([meter, count]) => [meter, sum[meter as keyof Usage] + count]),
        )
        expect(price(book, usageOf(added)).nanoUsd).toBeGreaterThanOrEqual(price(book, less).nanoUsd)
      },
    ),
    { numRuns: 500 },
  )
})

it('costs twice as much for twice the tokens, to a nano-dollar', () => {
  fc.assert(
    fc.property(allPrices, usages, (prices, part) => {
      const book = bookOf({ ...prices, request: 0 }, 100_000_000, 1)
      const twice = Object.fromEntries(Object.entries(part).map(([meter, count]) => [meter, 2 * count]))
      const once = price(book, usageOf(part)).nanoUsd
      expect(Math.abs(price(book, usageOf(twice)).nanoUsd - 2 * once)).toBeLessThanOrEqual(1)
    }),
    { numRuns: 300 },
  )
})
