import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { apgr, cpt, gainCurve, rank } from './gain-curve.ts'

const rows = fc
  .array(fc.record({ preference: fc.integer({ min: -3, max: 3 }), gain: fc.constantFrom(-1, 0, 1) }), {
    minLength: 1,
    maxLength: 40,
  })
  .filter((list) => list.reduce((sum, { gain }) => sum + gain, 0) > 0)

function curveOf(preferences: readonly number[], gains: readonly number[]): ReturnType<typeof gainCurve> {
  return gainCurve(rank(preferences), gains)
}

describe('gainCurve', () => {
  it('has the closed form of a rank statistic', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const [preferences, gains] = [list.map((row) => row.preference), list.map((row) => row.gain)]
        const total = gains.reduce<number>((sum, gain) => sum + gain, 0)
        let expected = 0
        for (const [row, gain] of gains.entries()) {
          const before = preferences.filter((each) => each > (preferences[row] as number)).length
          const tied = preferences.filter((each) => each === preferences[row]).length
          expected += (gain / total) * (1 - (before + tied / 2) / gains.length)
        }
        expect(apgr(curveOf(preferences, gains))).toBeCloseTo(expected, 9)
      }),
    )
  })

  it('gives a policy without preferences the figures of chance', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const curve = curveOf(
          list.map(() => 7),
          list.map(({ gain }) => gain),
        )
        expect(apgr(curve)).toBeCloseTo(0.5, 9)
        expect(cpt(curve, 0.5)).toBeCloseTo(0.5, 9)
        expect(cpt(curve, 0.8)).toBeCloseTo(0.8, 9)
      }),
    )
  })

  it('does not change under monotone transformations of the preference', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const [preferences, gains] = [list.map((row) => row.preference), list.map((row) => row.gain)]
        const transformed = curveOf(
          preferences.map((each) => Math.exp(each) * 10 - 4),
          gains,
        )
        expect(transformed).toEqual(curveOf(preferences, gains))
      }),
    )
  })

  it('is bounded by the oracle, and the reverse policy mirrors it', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const [preferences, gains] = [list.map((row) => row.preference), list.map((row) => row.gain)]
        const area = apgr(curveOf(preferences, gains))
        const oracle = curveOf(gains, gains)
        expect(area).toBeLessThanOrEqual(apgr(oracle) + 1e-9)
        expect(
          apgr(
            curveOf(
              preferences.map((each) => -each),
              gains,
            ),
          ),
        ).toBeCloseTo(1 - area, 9)
        for (const part of [0.5, 0.8])
          expect(cpt(oracle, part)).toBeLessThanOrEqual(cpt(curveOf(preferences, gains), part) + 1e-9)
      }),
    )
  })

  it('counts a row as often as its weight says', () => {
    const weighted = gainCurve(rank([3, 2, 1]), [1, 0, 1], [2, 0, 1])
    expect(weighted).toEqual(curveOf([3, 3, 1], [1, 1, 1]))
  })

  it('recovers all of one gain with the one right call', () => {
    const curve = curveOf([9, 1, 1, 1], [1, 0, 0, 0])
    expect(apgr(curve)).toBeCloseTo(1 - 0.25 / 2, 9)
    expect(cpt(curve, 0.8)).toBeCloseTo(0.2, 9)
  })

  it('has no figures where there is no gap', () => {
    const curve = curveOf([1, 2], [1, -1])
    expect(apgr(curve)).toBeNaN()
    expect(cpt(curve, 0.5)).toBeNaN()
  })
})
