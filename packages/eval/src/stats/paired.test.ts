import fc from 'fast-check'
import { dbinom } from 'lib-r-math.js'
import { describe, expect, it } from 'vitest'
import { meanInterval, sum } from './mean.ts'
import { mcNemar, pairedShares, pairedT, signFlip } from './paired.ts'
import { tCdf, tQuantile } from './special.ts'

const numbers = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 2, maxLength: 60 })
const refusal = expect.objectContaining({ code: 'eval.out_of_range' })

describe('pairedT', () => {
  it("has the values of Student's own table of hours of sleep", () => {
    // "Student" (1908): additional hours by two drugs, the same ten patients; R's t.test of the differences.
    const differences = [1.2, 2.4, 1.3, 1.3, 0, 1, 1.8, 0.8, 4.6, 1.4]
    const { mean, t, p, df, low, high } = pairedT(differences)
    expect(mean).toBeCloseTo(1.58, 12)
    expect(t).toBeCloseTo(4.062_127_683_382_037, 9)
    expect(p).toBeCloseTo(0.002_832_890_197_384, 9)
    expect(df).toBe(9)
    expect(low).toBeCloseTo(0.700_114_2, 6)
    expect(high).toBeCloseTo(2.459_885_8, 6)
  })

  it('is t, p and interval as the formulas have them', () => {
    fc.assert(
      fc.property(numbers, fc.double({ min: 0.5, max: 0.999, noNaN: true }), (values, level) => {
        const result = pairedT(values, { level })
        const [n, mean] = [values.length, values.reduce((total, value) => total + value, 0) / values.length]
        const error = Math.sqrt(values.reduce((total, value) => total + (value - mean) ** 2, 0) / (n - 1) / n)
        fc.pre(error > 1e-6)
        expect(result.p).toBeCloseTo(2 * tCdf(-Math.abs(mean / error), n - 1), 9)
        expect(result.high - result.mean).toBeCloseTo(tQuantile(0.5 + level / 2, n - 1) * error, 8)
      }),
    )
  })

  it('is certain of differences that are all alike, and knows nothing of one', () => {
    expect(pairedT([0.5, 0.5, 0.5])).toMatchObject({ t: Infinity, p: 0, low: 0.5, high: 0.5 })
    expect(pairedT([0, 0])).toMatchObject({ t: 0, p: 1 })
    expect(pairedT([0.5])).toMatchObject({ p: Number.NaN, low: -Infinity, high: Infinity })
  })

  it('widens with clusters of values that move together', () => {
    const values = [1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0]
    const clusters = values.map((_, index) => `document ${Math.floor(index / 3)}`)
    const [alone, together] = [meanInterval(values), meanInterval(values, { clusters })]
    // Three copies of four values are four values.
    expect(together.standardError).toBeCloseTo(meanInterval([1, 0, 1, 0]).standardError, 12)
    expect(together.df).toBe(3)
    expect(together.standardError).toBeGreaterThan(alone.standardError)
    // Each its own cluster is no cluster at all.
    expect(meanInterval(values, { clusters: values.map((_, index) => `${index}`) })).toEqual(alone)
  })

  it('refuses what is no list of numbers', () => {
    expect(() => pairedT([])).toThrow(refusal)
    expect(() => pairedT([1, Number.NaN])).toThrow(refusal)
    expect(() => pairedT([1, 2], { clusters: ['a'] })).toThrow(refusal)
    expect(() => pairedT([1, 2], { level: 1 })).toThrow(refusal)
  })
})

it('adds a million small numbers up without losing any', () => {
  expect(sum(Array.from({ length: 1_000_000 }, () => 0.1))).toBe(100_000)
  expect(sum([1e16, 1, -1e16])).toBe(1)
})

describe('signFlip', () => {
  it("is exact for few: Darwin's maize, as Fisher worked it out", () => {
    // Fisher (1935), section 21: 1,726 of the 32,768 ways are at least as far from 0 as 314 eighths of an inch.
    const darwin = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]
    expect(signFlip(darwin).p).toBe(1_726 / 32_768)
  })

  it('comes close to the exact value by random flips, and is never 0', () => {
    const few = [0.9, 0.4, -0.2, 0.7, 0.1, 0.3, -0.5, 0.6]
    const exact = signFlip(few).p
    // Pairs that cancel each other leave the total's place among all ways nearly as it was.
    const many = [...few, ...Array.from({ length: 9 }, () => 1e-9)]
    expect(signFlip(many, { resamples: 20_000 }).p).toBeCloseTo(exact, 1)
    expect(
      signFlip(
        Array.from({ length: 40 }, () => 1),
        { resamples: 999 },
      ).p,
    ).toBe(1 / 1_000)
    expect(signFlip(many, { seed: 3 })).toEqual(signFlip(many, { seed: 3 }))
  })

  it('says nothing of no differences, and refuses what are none', () => {
    expect(signFlip([0, 0])).toEqual({ p: 1 })
    expect(() => signFlip([Infinity])).toThrow(refusal)
    expect(() => signFlip([1], { resamples: 0 })).toThrow(refusal)
  })
})

describe('mcNemar', () => {
  it("is the binomial distribution's, as R has it", () => {
    fc.assert(
      fc.property(fc.nat(200), fc.nat(200), (b, c) => {
        fc.pre(b + c > 0)
        const [k, n] = [Math.min(b, c), b + c]
        let atMost = 0
        for (let passes = 0; passes <= k; passes += 1) atMost += dbinom(passes, n, 0.5)
        const below = atMost - dbinom(k, n, 0.5)
        const { exactP, midP } = mcNemar({ b, c })
        expect(exactP).toBeCloseTo(Math.min(1, 2 * atMost), 9)
        expect(midP).toBeCloseTo(Math.min(1, atMost + below), 9)
      }),
    )
  })

  it('has the values of a textbook', () => {
    // Agresti, Categorical Data Analysis: approval of a prime minister, 150 and 86 changed their minds.
    expect(mcNemar({ b: 86, c: 150 }).chiSquared).toBeCloseTo((64 - 1) ** 2 / 236, 12)
    // Fagerland et al. (2013), table 1: airway hyper-responsiveness before and after, 1 and 7.
    expect(mcNemar({ b: 1, c: 7 }).exactP).toBeCloseTo(0.070_312_5, 12)
    expect(mcNemar({ b: 1, c: 7 }).midP).toBeCloseTo(0.039_062_5, 12)
    expect(mcNemar({ b: 0, c: 0 })).toEqual({ exactP: 1, midP: 1, chiSquared: 0 })
    expect(mcNemar({ b: 5, c: 5 })).toMatchObject({ chiSquared: 0, exactP: 1 })
    expect(() => mcNemar({ b: 1.5, c: 0 })).toThrow(refusal)
  })
})

describe('pairedShares', () => {
  it('has the interval that Newcombe gives for his method 10', () => {
    // Fagerland, Lydersen, Laake (2014), the same study: the difference of 1/21 + … is −0.2857, −0.507 to −0.026.
    const { difference, low, high } = pairedShares({ both: 1, onlyFirst: 1, onlySecond: 7, neither: 12 })
    expect(difference).toBeCloseTo(-0.285_714, 6)
    expect(low).toBeCloseTo(-0.507, 2)
    expect(high).toBeCloseTo(-0.026, 2)
  })

  it('turns round with its sides, and stays inside −1 to 1', () => {
    const count = fc.nat(60)
    fc.assert(
      fc.property(count, count, count, count, (both, onlyFirst, onlySecond, neither) => {
        fc.pre(both + onlyFirst + onlySecond + neither > 0)
        const one = pairedShares({ both, onlyFirst, onlySecond, neither })
        const other = pairedShares({ both, onlyFirst: onlySecond, onlySecond: onlyFirst, neither })
        expect(one.low).toBeCloseTo(-other.high, 9)
        expect(one.low).toBeLessThanOrEqual(one.difference + 1e-12)
        expect(one.high).toBeGreaterThanOrEqual(one.difference - 1e-12)
        expect(one.low).toBeGreaterThanOrEqual(-1 - 1e-12)
        expect(one.high).toBeLessThanOrEqual(1 + 1e-12)
      }),
    )
  })

  it('refuses no pairs and halves', () => {
    expect(() => pairedShares({ both: 0, onlyFirst: 0, onlySecond: 0, neither: 0 })).toThrow(refusal)
    expect(() => pairedShares({ both: 0.5, onlyFirst: 0, onlySecond: 0, neither: 1 })).toThrow(refusal)
  })
})
