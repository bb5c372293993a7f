import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fitThreshold, splitCases } from './calibrate.ts'
import { fitIsotonic, isotonicScore } from './isotonic.ts'
import { seeded } from './seeded.ts'
import { pickThreshold, resultOf, type ThresholdCase } from './threshold.ts'

/** Cases whose confidence is the true chance of being right. */
function honestCases(count: number, seed = 1): ThresholdCase[] {
  const random = seeded(seed)
  return Array.from({ length: count }, () => {
    const confidence = random()
    return { confidence, score: Number(random() < confidence), costUsd: 1, escalatedCostUsd: 9 }
  })
}

const cases = fc.array(
  fc.record({
    confidence: fc.integer({ min: 0, max: 5 }),
    score: fc.constantFrom(0, 0.5, 1),
    escalatedScore: fc.constantFrom(0, 1),
  }),
  { minLength: 1, maxLength: 20 },
)

describe('pickThreshold', () => {
  it('escalates as little as any threshold that keeps the score', () => {
    fc.assert(
      fc.property(cases, fc.constantFrom(0.25, 0.5, 0.75), (list, minScore) => {
        const picked = pickThreshold(list, { minScore })
        const all = [0, 1, 2, 3, 4, 5, 6].map((threshold) => resultOf(list, threshold))
        expect(resultOf(list, picked.threshold)).toMatchObject({ score: picked.score, escalated: picked.escalated })
        const met = all.filter(({ score }) => score >= minScore)
        if (met.length > 0) expect(picked.score).toBeGreaterThanOrEqual(minScore)
        for (const other of met) expect(picked.escalated).toBeLessThanOrEqual(other.escalated)
      }),
    )
  })

  it('gets the best score for a share or a cost', () => {
    const list = honestCases(400)
    const shared = pickThreshold(list, { maxEscalated: 0.3 })
    expect(shared.escalated).toBeLessThanOrEqual(0.3)
    expect(shared.escalated).toBeGreaterThan(0.25)
    expect(pickThreshold(list, { maxCostUsd: 3.7 }).costUsd).toBeLessThanOrEqual(3.7)
    expect(pickThreshold(list, { maxEscalated: 0 }).escalated).toBe(0)
    expect(pickThreshold(list, { maxEscalated: 1 }).score).toBe(1)
  })

  it('asks for a margin when it is to be surer', () => {
    const list = honestCases(400)
    const bare = pickThreshold(list, { minScore: 0.85 })
    const sure = pickThreshold(list, { minScore: 0.85 }, { assurance: 0.95 })
    expect(sure.threshold).toBeGreaterThan(bare.threshold)
  })

  it('keeps nothing where nothing is good enough, in a number that JSON carries', () => {
    const picked = pickThreshold([{ confidence: 1, score: 0.5 }], { minScore: 0.9 })
    expect(JSON.parse(JSON.stringify(picked))).toEqual({ threshold: Number.MAX_VALUE, score: 1, escalated: 1 })
  })

  it.each([
    [[], { minScore: 1 }, 'at least one case'],
    [[{ confidence: Number.NaN, score: 1 }], { minScore: 1 }, 'finite confidence in case 0'],
    [honestCases(5), {}, 'needs one goal'],
    [honestCases(5), { minScore: 1, maxEscalated: 1 }, 'needs one goal'],
    [honestCases(5), { maxEscalated: 2 }, 'maxEscalated must be'],
    [honestCases(5), { maxCostUsd: -1 }, 'maxCostUsd must be'],
  ])('refuses bad input %#', (list, goal, message) => {
    expect(() => pickThreshold(list, goal)).toThrow(
      expect.objectContaining({ code: 'config.option', message: expect.stringContaining(message) }),
    )
  })
})

describe('fitThreshold', () => {
  it('carries over to the cases it was not picked on', () => {
    const misses = Array.from({ length: 20 }, (_, seed) => {
      const fitted = fitThreshold(honestCases(600, seed), { minScore: 0.85 }, { seed, resamples: 100 })
      expect(fitted.picked.cases + fitted.heldOut.cases).toBe(600)
      expect(fitted.picked.score).toBeGreaterThanOrEqual(0.85)
      return fitted.heldOut.violation
    })
    expect(misses.reduce((sum, miss) => sum + miss, 0) / misses.length).toBeLessThan(0.02)
  })

  it('misses less often with assurance', () => {
    const violated = (assurance: number): number =>
      Array.from({ length: 24 }, (_, seed) =>
        fitThreshold(honestCases(200, seed), { minScore: 0.85 }, { seed, assurance, resamples: 100 }),
      ).filter(({ heldOut }) => heldOut.violation > 0).length
    expect(violated(0.95)).toBeLessThan(violated(0.5) / 2)
  })

  it('reports cost, share and their intervals', () => {
    const { heldOut, threshold } = fitThreshold(honestCases(400), { maxEscalated: 0.4 }, { resamples: 200 })
    expect(heldOut.costUsd).toBeCloseTo(1 + 9 * heldOut.escalated, 9)
    expect(heldOut.intervals.escalated.low).toBeLessThan(heldOut.escalated)
    expect(heldOut.intervals.costUsd?.high).toBeGreaterThan(heldOut.costUsd ?? 0)
    expect(threshold).toBeCloseTo(0.4, 1)
  })

  it('refuses too few cases and unknown options', () => {
    expect(() => fitThreshold(honestCases(5), { minScore: 1 })).toThrow('at least 10 cases')
    expect(() => fitThreshold(honestCases(50), { minScore: 1 }, { part: 1 } as never)).toThrow('no option "part"')
    expect(() => fitThreshold(honestCases(50), { minScore: 1 }, { share: 1 })).toThrow('share must be')
  })
})

describe('splitCases', () => {
  it('keeps every case once and groups together', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b', 'c', undefined), { minLength: 4, maxLength: 30 }),
        fc.integer(),
        (groups, seed) => {
          const list = groups.map((group, index) => ({ group, index }))
          const [first, second] = splitCases(list, { seed: seed % 1_000, groupOf: ({ group }) => group })
          expect([...first, ...second].map(({ index }) => index).sort((a, b) => a - b)).toEqual(
            list.map(({ index }) => index),
          )
          for (const group of ['a', 'b', 'c'])
            expect(first.some((each) => each.group === group) && second.some((each) => each.group === group)).toBe(
              false,
            )
        },
      ),
    )
  })

  it('takes the share asked for', () => {
    expect(splitCases(honestCases(100), { share: 0.3 }).map((part) => part.length)).toEqual([30, 70])
  })
})

describe('fitIsotonic', () => {
  it('never falls, keeps the mean and leaves what is ordered', () => {
    const list = honestCases(300)
    const line = fitIsotonic(list)
    expect(line.scores).toEqual(line.scores.toSorted((a, b) => a - b))
    expect(line.confidences).toEqual(line.confidences.toSorted((a, b) => a - b))
    expect(isotonicScore(line, 0.8)).toBeCloseTo(0.8, 0)
    expect(isotonicScore(line, -5)).toBe(line.scores[0])
    expect(isotonicScore(line, 5)).toBe(line.scores.at(-1))
    expect(
      fitIsotonic([
        { confidence: 1, score: 0 },
        { confidence: 2, score: 1 },
      ]),
    ).toEqual({ confidences: [1, 2], scores: [0, 1] })
  })

  it('pools what is out of order', () => {
    const line = fitIsotonic([
      { confidence: 1, score: 1 },
      { confidence: 3, score: 0 },
    ])
    expect(line).toEqual({ confidences: [2], scores: [0.5] })
    expect(() => fitIsotonic([])).toThrow('at least one case')
    expect(() => fitIsotonic([{ confidence: Number.NaN, score: 0 }])).toThrow('finite numbers in case 0')
  })
})
