import { describe, expect, it } from 'vitest'
import { runOf } from '../../fixtures/run-of.ts'
import { casesNeeded, detectableDifference } from '../stats/power.ts'
import { seededRandom } from '../stats/random.ts'
import { noiseFloor, planSuite } from './noise.ts'

const pilot = runOf({
  cases: [
    { id: 'coin', scores: [1, 0] },
    { id: 'sure', scores: [1, 1] },
    { id: 'hard', scores: [0, 0] },
    { id: 'other coin', scores: [0, 1] },
  ],
})

describe('noiseFloor', () => {
  it('is the variance of repeats, and what two runs differ by for it', () => {
    expect(noiseFloor(pilot)).toEqual([
      {
        scorer: 'pass',
        cases: 4,
        repeats: 2,
        withinVariance: 0.25,
        differenceSd: Math.sqrt((2 * 0.25) / (2 * 4)),
        flaky: ['coin', 'other coin'],
      },
    ])
  })

  it('foretells how far two runs of the same are apart', () => {
    const random = seededRandom(5)
    const runs = Array.from({ length: 200 }, () => {
      const of = () =>
        runOf({
          cases: Array.from({ length: 30 }, (_, index) => ({
            id: `${index}`,
            scores: [0, 0].map(() => (random() < 0.7 ? 1 : 0)),
          })),
        })
      const mean = ({ trials }: ReturnType<typeof of>): number =>
        trials.reduce((total, { scores }) => total + (scores['pass'] as { score: number }).score, 0) / trials.length
      const [first, second] = [of(), of()]
      return { difference: mean(first) - mean(second), sd: noiseFloor(first)[0]?.differenceSd as number }
    })
    const seen = Math.sqrt(runs.reduce((total, { difference }) => total + difference ** 2, 0) / runs.length)
    const foretold = runs.reduce((total, { sd }) => total + sd, 0) / runs.length
    expect(seen / foretold).toBeGreaterThan(0.85)
    expect(seen / foretold).toBeLessThan(1.15)
  })

  it('is not to be seen in one trial a case', () => {
    const once = runOf({ cases: [{ id: 'a', scores: [1] }] })
    expect(() => noiseFloor(once)).toThrow(expect.objectContaining({ code: 'eval.needs_repeats' }))
    const unscored = runOf({ cases: [{ id: 'a', scores: [{ status: 'unscored', reason: 'x' }] }] })
    expect(noiseFloor(unscored)).toEqual([])
  })
})

describe('planSuite', () => {
  it('says how many cases and repeats it takes', () => {
    const [plan] = planSuite(pilot, { difference: 0.1, repeats: [1, 4] })
    // The means of the cases are 0.5, 1, 0, 0.5: of variance 1/6, half of which is thought to be the change's.
    expect(plan).toMatchObject({ scorer: 'pass', betweenVariance: 1 / 12, withinVariance: 0.25 })
    for (const { repeats, cases, detectable } of plan?.options ?? []) {
      const setting = {
        betweenVariance: 1 / 12,
        withinVariances: [0.25, 0.25] as const,
        repeats: [repeats, repeats] as const,
        sides: 'one' as const,
      }
      expect(cases).toBe(Math.ceil(casesNeeded(0.1, setting)))
      expect(detectable).toBe(detectableDifference(4, setting))
    }
    expect(plan?.options.map(({ repeats }) => repeats)).toEqual([1, 4])
  })

  it('takes what is known better, and refuses what cannot be', () => {
    expect(planSuite(pilot, { betweenVariance: 0 })[0]?.betweenVariance).toBe(0)
    expect(planSuite(pilot)[0]?.options).toHaveLength(5)
    for (const options of [{ difference: 0 }, { alpha: 1 }, { power: 0 }, { repeats: [0] }, { betweenVariance: -1 }])
      expect(() => planSuite(pilot, options)).toThrow(expect.objectContaining({ code: 'eval.out_of_range' }))
    expect(() => planSuite(pilot, { cases: 4 } as never)).toThrow(expect.objectContaining({ code: 'config.option' }))
  })
})
