import fc from 'fast-check'
import { dbinom, lbeta, lchoose, lgamma, pgamma, pnorm, qnorm } from 'lib-r-math.js'
import { describe, expect, it } from 'vitest'
import {
  betaInc,
  betaQuantile,
  gammaQ,
  logBeta,
  logChoose,
  logGamma,
  normCdf,
  normQuantile,
  tCdf,
  tQuantile,
} from './special.ts'

/** Equal to 1e-9, absolutely for small numbers and relatively for large ones. */
function same(ours: number, theirs: number): void {
  expect(Math.abs(ours - theirs)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(theirs)))
}

const real = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true })
const shape = real(0.3, 200)
const share = real(1e-6, 1 - 1e-6)
const runs = { numRuns: 300 }

describe('beside R', () => {
  it('logarithms of gamma, beta and binomial coefficients', () => {
    fc.assert(
      fc.property(real(0.01, 5_000), real(0.1, 500), (x, y) => {
        same(logGamma(x), lgamma(x))
        same(logBeta(Math.max(0.1, x), y), lbeta(Math.max(0.1, x), y))
      }),
      runs,
    )
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3_000 }), fc.nat(3_000), (n, k) => {
        const chosen = Math.min(n, k)
        same(logChoose(n, chosen), lchoose(n, chosen))
      }),
      runs,
    )
  })

  it('normal distribution and its quantiles', () => {
    fc.assert(
      fc.property(real(-12, 12), (z) => same(normCdf(z), pnorm(z))),
      runs,
    )
    fc.assert(
      fc.property(share, (p) => same(normQuantile(p), qnorm(p))),
      runs,
    )
    expect(normQuantile(1e-12)).toBeCloseTo(qnorm(1e-12), 9)
  })

  it('beta distribution, as sums of the binomial one', () => {
    // The port's own pbeta, and with it its pt, pbinom and their quantiles, are off by up to 6e-4: its dbinom is not.
    const whole = fc.integer({ min: 1, max: 100 })
    fc.assert(
      fc.property(real(0, 1), whole, whole, (x, a, b) => {
        let tail = 0
        for (let k = a; k < a + b; k += 1) tail += dbinom(k, a + b - 1, x)
        same(betaInc(x, a, b), tail)
      }),
      runs,
    )
  })

  it('upper tail of the gamma distribution', () => {
    fc.assert(
      fc.property(real(0.3, 100), real(0, 200), (a, x) => same(gammaQ(a, x), 1 - pgamma(x, a))),
      runs,
    )
  })
})

it('has the beta distribution of shapes that are not whole, as its power series', () => {
  fc.assert(
    fc.property(real(0, 0.9), real(0.3, 60), real(0.3, 3), (x, a, b) => {
      // NIST DLMF, 8.17.7 with 15.2.1.
      let [sum, term] = [0, 1]
      for (let n = 0; n < 20_000 && Math.abs(term) > 1e-18; n += 1) {
        sum += (term * a) / (a + n)
        term *= ((n + 1 - b) / (n + 1)) * x
      }
      same(betaInc(x, a, b), (sum * x ** a * Math.exp(-lbeta(a, b))) / a)
    }),
    runs,
  )
})

it("has Student's distribution of whole degrees of freedom, as its finite sums", () => {
  fc.assert(
    fc.property(real(-40, 40), fc.integer({ min: 1, max: 300 }), (t, df) => {
      // Abramowitz, Stegun, 26.7.3 and 26.7.4.
      const angle = Math.atan(t / Math.sqrt(df))
      const [sine, cosine] = [Math.sin(angle), Math.cos(angle)]
      const isOdd = df % 2 === 1
      let [sum, term] = [0, isOdd ? cosine : 1]
      for (let k = isOdd ? 1 : 0; k <= df - 2; k += 2) {
        sum += term
        term *= ((k + 1) / (k + 2)) * cosine ** 2
      }
      const inside = isOdd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum
      same(tCdf(t, df), 0.5 + inside / 2)
    }),
    runs,
  )
  // Close to the middle no digit is lost.
  expect(tCdf(1e-9, 7) - 0.5).toBeCloseTo(3.849_9e-10, 13)
})

describe('published tables', () => {
  it('have these quantiles', () => {
    // Any table of the normal distribution and of Student's t.
    expect(normQuantile(0.975)).toBeCloseTo(1.959_963_984_540_054, 12)
    expect(normQuantile(0.995)).toBeCloseTo(2.575_829_303_548_9, 12)
    expect(tQuantile(0.975, 1)).toBeCloseTo(12.706_204_736_174_7, 9)
    expect(tQuantile(0.975, 10)).toBeCloseTo(2.228_138_851_986_27, 12)
    expect(tQuantile(0.95, 29)).toBeCloseTo(1.699_127_026_533_5, 10)
    expect(normQuantile(0.5)).toBe(0)
    expect(tQuantile(0.5, 3)).toBe(0)
  })
})

it('quantiles undo the distribution', () => {
  fc.assert(
    fc.property(share, shape, shape, (p, a, b) => {
      // Close to 1 a quantile has no more digits than its distance from 1 leaves it.
      const x = betaQuantile(p, a, b)
      if (x < 0.999) expect(betaInc(x, a, b)).toBeCloseTo(p, 10)
      expect(tCdf(tQuantile(p, a), a)).toBeCloseTo(p, 10)
      expect(normCdf(normQuantile(p))).toBeCloseTo(p, 12)
    }),
    runs,
  )
  expect([betaQuantile(0, 2, 3), betaQuantile(1, 2, 3)]).toEqual([0, 1])
})

it.each([
  ['betaInc below 0', () => betaInc(-0.1, 1, 1)],
  ['betaInc of NaN', () => betaInc(Number.NaN, 1, 1)],
  ['betaInc without a shape', () => betaInc(0.5, 0, 1)],
  ['betaQuantile above 1', () => betaQuantile(1.1, 1, 1)],
  ['normQuantile of 0', () => normQuantile(0)],
  ['normQuantile of 1', () => normQuantile(1)],
  ['tQuantile of 0', () => tQuantile(0, 5)],
  ['tQuantile without freedom', () => tQuantile(0.5, 0)],
  ['tCdf without freedom', () => tCdf(1, -1)],
])('refuses %s', (_, run) => {
  expect(run).toThrow(expect.objectContaining({ code: 'eval.out_of_range' }))
})
