import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { certifiedScore, leastTrials, type ScoredTrial } from './certified-score.ts'
import { fitLogisticLine, sigmoid } from './logistic-line.ts'
import { normalQuantile, normalShare } from './normal.ts'
import { RiseDetector } from './rise-detector.ts'

/** A stream of draws that is the same each time. */
function draws(seed: number): () => number {
  let state = seed
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
}

describe('the score that is certified', () => {
  const scored = (right: number, wrong: number, score: number): ScoredTrial[] =>
    Array.from({ length: right + wrong }, (_, index) => ({ score, isRight: index >= wrong }))

  it('takes as many trials without an error as the bound does', () => {
    expect([leastTrials(0.01), leastTrials(0.001), leastTrials(0.05)]).toEqual([299, 2_995, 59])
    expect(certifiedScore(scored(298, 0, 0.9), 0.01)).toBeUndefined()
    expect(certifiedScore(scored(299, 0, 0.9), 0.01)).toBe(0.9)
  })

  it('goes as low as the bound holds, equal scores together', () => {
    const trials = [...scored(100, 0, 0.9), ...scored(100, 1, 0.8), ...scored(100, 30, 0.7)]
    expect(certifiedScore(trials, 0.05)).toBe(0.8)
    expect(certifiedScore(scored(50, 10, 0.9), 0.05)).toBeUndefined()
  })

  it('breaks the bound in no more than one of twenty worlds', () => {
    const random = draws(7)
    let broken = 0
    const worlds = 400
    for (let world = 0; world < worlds; world += 1) {
      // Wrong with probability (1 − score)² / 2: above a score s the share of wrong ones is (1 − s)² / 6.
      const trials = Array.from({ length: 600 }, () => {
        const score = random()
        return { score, isRight: random() >= (1 - score) ** 2 / 2 }
      })
      const score = certifiedScore(trials, 0.05)
      if (score !== undefined && (1 - score) ** 2 / 6 > 0.05) broken += 1
    }
    expect(broken / worlds).toBeLessThan(0.05)
  })
})

describe('the detector of a rise', () => {
  it('is patient with what is allowed, and quick with what is not', () => {
    const random = draws(11)
    const runUntilAlarm = (share: number, most: number): number => {
      const detector = new RiseDetector(0.01, 1_000)
      for (let count = 1; count <= most; count += 1) if (detector.saw(random() < share)) return count
      return most
    }
    const mean = (share: number, most: number): number =>
      Array.from({ length: 60 }, () => runUntilAlarm(share, most)).reduce((sum, count) => sum + count, 0) / 60
    expect(mean(0.01, 10_000)).toBeGreaterThan(1_000)
    expect(mean(0.5, 1_000)).toBeLessThan(12)
    expect(mean(0.1, 1_000)).toBeLessThan(80)
  })

  it('notices a rise as fast after a long good time', () => {
    const detector = new RiseDetector(0.01, 1_000)
    for (let count = 0; count < 100_000; count += 1) expect(detector.saw(false)).toBe(false)
    const alarms = Array.from({ length: 5 }, () => detector.saw(true))
    expect(alarms.slice(0, 4).some(Boolean)).toBe(true)
  })
})

describe('the logistic line', () => {
  it('finds the curve that outcomes come from', () => {
    const random = draws(3)
    const trials = Array.from({ length: 4_000 }, () => {
      const similarity = random()
      return { similarity, isRight: random() < sigmoid(15 * (similarity - 0.7)) }
    })
    const { slope, middle, middleError } = fitLogisticLine(trials)
    expect(middle).toBeCloseTo(0.7, 1)
    expect(Math.abs(middle - 0.7)).toBeLessThan(4 * middleError)
    expect(slope).toBeGreaterThan(12)
    expect(slope).toBeLessThan(18)
  })

  it('stays finite where right and wrong are parted cleanly, and where there is nothing', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ similarity: fc.double({ min: -1, max: 1, noNaN: true }), isRight: fc.boolean() }), {
          maxLength: 40,
        }),
        (trials) => {
          const { slope, middle, middleError } = fitLogisticLine(trials)
          expect(slope).toBeGreaterThan(0)
          expect([slope, middle, middleError].every(Number.isFinite)).toBe(true)
          expect(middle >= 0 && middle <= 1 && middleError >= 0).toBe(true)
        },
      ),
    )
    const parted = fitLogisticLine(
      [0.5, 0.6, 0.7, 0.9, 0.95].map((similarity) => ({ similarity, isRight: similarity > 0.8 })),
    )
    expect(parted.middle).toBeGreaterThan(0.7)
    expect(parted.middle).toBeLessThan(0.9)
  })
})

describe('the normal distribution', () => {
  it('agrees with published tables', () => {
    expect(normalShare(1.959964)).toBeCloseTo(0.975, 6)
    expect(normalQuantile(0.95)).toBeCloseTo(1.644854, 5)
    expect(normalQuantile(0.001)).toBeCloseTo(-3.090232, 4)
  })
})
