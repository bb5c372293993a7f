import fc from 'fast-check'
import { lbeta } from 'lib-r-math.js'
import { describe, expect, it } from 'vitest'
import { seededRandom } from './random.ts'
import { betaBinomialLogE, bettingFactor, fallDetector, normalMixtureRatio } from './sequential.ts'

const refusal = expect.objectContaining({ code: 'eval.out_of_range' })

describe('betaBinomialLogE', () => {
  it('is the mixture over all rates, as R has the beta function', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.nat(500), fc.double({ min: 0.01, max: 0.99, noNaN: true }), (s, f, rate) => {
        const expected = lbeta(s + 1, f + 1) - s * Math.log(rate) - f * Math.log(1 - rate)
        expect(betaBinomialLogE(s, f, rate)).toBeCloseTo(expected, 9)
      }),
    )
  })

  it('is worth 1 before anything, and on average ever after', () => {
    expect(betaBinomialLogE(0, 0, 0.3)).toBeCloseTo(0, 12)
    // Sum over all outcomes of eight trials.
    const [n, rate] = [8, 0.3]
    let mean = 0
    let ways = 1
    for (let s = 0; s <= n; s += 1) {
      mean += ways * rate ** s * (1 - rate) ** (n - s) * Math.exp(betaBinomialLogE(s, n - s, rate))
      ways = (ways * (n - s)) / (s + 1)
    }
    expect(mean).toBeCloseTo(1, 12)
    for (const bad of [0, 1, Number.NaN]) expect(() => betaBinomialLogE(1, 1, bad)).toThrow(refusal)
    expect(() => betaBinomialLogE(1.5, 1, 0.5)).toThrow(refusal)
  })
})

it('weighs a normal mixture', () => {
  const of = { variance: 1, tau2: 1, n: 3, mean: 2, theta0: 0 }
  // √(1 / 4) × exp(9 × 4 / (2 × 4)).
  expect(normalMixtureRatio(of)).toBeCloseTo(0.5 * Math.exp(4.5), 9)
  expect(normalMixtureRatio({ ...of, n: 0 })).toBe(1)
  expect(() => normalMixtureRatio({ ...of, tau2: 0 })).toThrow(refusal)
  expect(() => normalMixtureRatio({ ...of, variance: -1 })).toThrow(refusal)
})

describe('fallDetector', () => {
  it('bets: no factor below 0, and a fair one on average', () => {
    expect(bettingFactor(0, 0.9, 1)).toBeCloseTo(1.9, 12)
    expect(0.9 * bettingFactor(1, 0.9, 4) + 0.1 * bettingFactor(0, 0.9, 4)).toBeCloseTo(1, 12)
    const detector = fallDetector(0.1)
    for (let count = 0; count < 100; count += 1) expect(detector.add(1)).toBeGreaterThanOrEqual(0)
  })

  it('raises no alarm while all is well, and soon one after a fall', () => {
    const random = seededRandom(7)
    const detector = fallDetector(0.9)
    for (let count = 0; count < 2_000; count += 1) detector.add(random() < 0.93 ? 1 : 0)
    expect(detector.evidence).toBeLessThan(2_000)
    let delay = 0
    while (detector.evidence < 2_000 && delay < 1_000) {
      detector.add(random() < 0.6 ? 1 : 0)
      delay += 1
    }
    expect(delay).toBeLessThan(80)
    detector.reset()
    expect(detector.evidence).toBe(0)
  })

  it('refuses what it cannot watch', () => {
    for (const bad of [0, 1, Number.NaN]) expect(() => fallDetector(bad)).toThrow(refusal)
    for (const bad of [-0.1, 1.1, Number.NaN]) expect(() => fallDetector(0.5).add(bad)).toThrow(refusal)
  })
})
