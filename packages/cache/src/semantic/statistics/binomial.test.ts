import { describe, expect, it } from 'vitest'
import { lowerBound, upperBound } from './binomial.ts'

/** P(X ≤ successes) of a binomial, term by term, in logarithms: the terms themselves may be too small to tell from 0. */
function atMost(successes: number, trials: number, share: number): number {
  let logTerm = trials * Math.log1p(-share)
  let sum = Math.exp(logTerm)
  for (let count = 1; count <= successes; count += 1) {
    logTerm += Math.log((trials - count + 1) / count) + Math.log(share) - Math.log1p(-share)
    sum += Math.exp(logTerm)
  }
  return sum
}

describe('bounds of a share', () => {
  it('knows the sample sizes that certify without an error', () => {
    expect(upperBound(0, 299)).toBeLessThanOrEqual(0.01)
    expect(upperBound(0, 298)).toBeGreaterThan(0.01)
    expect(upperBound(0, 2_995)).toBeLessThanOrEqual(0.001)
    expect(upperBound(0, 2_994)).toBeGreaterThan(0.001)
  })

  it.each([
    [1, 10, 0.95, 0.3942],
    [3, 50, 0.95, 0.1478],
    [10, 100, 0.975, 0.1762],
  ])('agrees with published tables: %d of %d at %d', (wrong, trials, confidence, upper) => {
    expect(upperBound(wrong, trials, confidence)).toBeCloseTo(upper, 4)
  })

  it('is where the binomial leaves just the rest of the confidence', () => {
    for (const [wrong, trials] of [
      [1, 7],
      [4, 400],
      [30, 1_000],
      [299, 300],
      [50, 5_000],
    ] as const)
      for (const confidence of [0.8, 0.95, 0.999]) {
        expect(atMost(wrong, trials, upperBound(wrong, trials, confidence))).toBeCloseTo(1 - confidence, 8)
        expect(1 - atMost(wrong - 1, trials, lowerBound(wrong, trials, confidence))).toBeCloseTo(1 - confidence, 8)
      }
  })

  it('says nothing without trials, and all of an end', () => {
    expect([lowerBound(0, 0), upperBound(0, 0)]).toEqual([0, 1])
    expect(upperBound(5, 5)).toBe(1)
    expect(lowerBound(5, 5)).toBeCloseTo(0.05 ** (1 / 5), 12)
  })
})
