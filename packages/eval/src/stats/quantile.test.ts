import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { binomialCdf } from './binomial.ts'
import { quantile } from './quantile.ts'

const upTo = (n: number): number[] => Array.from({ length: n }, (_, index) => index + 1)

/** P(low ≤ B ≤ high - 1) in exact rational arithmetic, q = numerator / denominator. */
function coverage(n: number, numerator: bigint, denominator: bigint, low: number, high: number): number {
  let ways = 1n
  let inside = 0n
  for (let k = 0; k <= n; k += 1) {
    if (k >= low && k < high) inside += ways * numerator ** BigInt(k) * (denominator - numerator) ** BigInt(n - k)
    ways = (ways * BigInt(n - k)) / BigInt(k + 1)
  }
  return Number((inside * 10n ** 18n) / denominator ** BigInt(n)) / 1e18
}

describe('quantile', () => {
  it('has the value of type 7, whatever the order', () => {
    const samples = [3, 6, 7, 8, 8, 10, 13, 15, 16, 20]
    // Values of numpy.quantile(samples, q), method "linear".
    for (const [q, value] of [
      [0.25, 7.25],
      [0.3, 7.7],
      [0.5, 9],
      [0.7, 13.6],
    ] as const) {
      expect(quantile(samples.toReversed(), q, { confidence: 0.5 })).toMatchObject({ value: expect.closeTo(value, 12) })
    }
  })

  it('has the ranks that the binomial distribution gives', () => {
    // Twenty samples, median: P(6 ≤ B ≤ 14) = 0.9586; ten: P(2 ≤ B ≤ 8) = 0.9785. Both are in any textbook table.
    expect(quantile(upTo(20), 0.5)).toEqual({ value: 10.5, low: 6, high: 15 })
    expect(quantile(upTo(10), 0.5)).toEqual({ value: 5.5, low: 2, high: 9 })
    expect(quantile(upTo(100), 0.95)).toEqual({ value: expect.closeTo(95.05, 9), low: 90, high: 100 })
  })

  it('says how many samples it takes when there are too few', () => {
    // The fewest n with qⁿ + (1 - q)ⁿ ≤ 0.05.
    expect(quantile(upTo(5), 0.5)).toEqual({ tooFew: true, needs: 6 })
    expect(quantile(upTo(58), 0.95)).toEqual({ tooFew: true, needs: 59 })
    expect(quantile(upTo(298), 0.99)).toEqual({ tooFew: true, needs: 299 })
    expect(quantile([], 0.01)).toEqual({ tooFew: true, needs: 299 })
    expect(quantile(upTo(59), 0.95)).toMatchObject({ high: 59 })
    expect(quantile(upTo(299), 0.99)).toMatchObject({ high: 299 })
    expect(quantile(upTo(299), 0.01)).toMatchObject({ low: 1 })
    expect(quantile([], 0.5, { confidence: 0.5 })).toEqual({ tooFew: true, needs: 2 })
    expect(quantile([], 0.999999, { confidence: 0.99 })).toEqual({ tooFew: true, needs: 4_605_168 })
  })

  it('covers the quantile as promised, with ranks that could not be closer by the rule of equal tails', () => {
    fc.assert(
      fc.property(fc.integer({ min: 6, max: 160 }), fc.integer({ min: 1, max: 99 }), (n, percent) => {
        const result = quantile(upTo(n), percent / 100)
        if ('tooFew' in result) {
          expect(result.needs).toBeGreaterThan(n)
          return
        }
        const { low, high, value } = result
        expect(value).toBeGreaterThanOrEqual(low)
        expect(value).toBeLessThanOrEqual(high)
        const q = BigInt(percent)
        expect(coverage(n, q, 100n, low, high)).toBeGreaterThanOrEqual(0.95)
        if (low > 1 && high < n) {
          expect(coverage(n, q, 100n, low + 1, n + 1)).toBeLessThan(0.975)
          expect(coverage(n, q, 100n, 0, high - 1)).toBeLessThan(0.975)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('stays exact for many samples', () => {
    const result = quantile(upTo(100_000), 0.99)
    // The normal approximation of the ranks: 99,000 ± 1.96 × √990.
    expect(result).toMatchObject({ low: expect.closeTo(98_939, -1), high: expect.closeTo(99_062, -1) })
  })

  it('leaves the samples as they are', () => {
    const samples = Object.freeze([5, 1, 4, 2, 3, 6])
    expect(quantile(samples, 0.5)).toMatchObject({ low: 1, high: 6 })
  })

  it.each([
    ['q', () => quantile([1], 0)],
    ['q', () => quantile([1], Number.NaN)],
    ['confidence', () => quantile([1], 0.5, { confidence: 1 })],
    ['samples', () => quantile([1, Number.NaN], 0.5)],
  ])('refuses a %s out of range', (name, run) => {
    expect(run).toThrow(expect.objectContaining({ code: 'eval.out_of_range', details: { name } }))
  })
})

describe('binomialCdf', () => {
  it('is exact where it can be counted', () => {
    expect([...binomialCdf(4, 0.5)]).toEqual([1, 5, 11, 15, 16].map((count) => expect.closeTo(count / 16, 14)))
  })

  it('neither underflows nor overflows', () => {
    const cdf = binomialCdf(200_000, 0.5)
    expect(cdf[0]).toBe(0)
    expect(cdf[99_999]).toBeCloseTo(0.5 - 0.5 / Math.sqrt(Math.PI * 100_000), 6)
    expect(cdf[200_000]).toBeCloseTo(1, 9)
  })
})
