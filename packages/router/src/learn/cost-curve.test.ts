import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { averageScore, choose, costOf, scoreAt, upperHull } from './cost-curve.ts'

const points = fc.array(
  fc.record({ costUsd: fc.integer({ min: 1, max: 50 }), score: fc.integer({ min: 0, max: 50 }) }),
  { minLength: 1, maxLength: 12 },
)

describe('upperHull', () => {
  it('lies on or above every point and never falls', () => {
    fc.assert(
      fc.property(points, (list) => {
        const hull = upperHull(list)
        for (const { costUsd, score } of list) expect(scoreAt(hull, costUsd)).toBeGreaterThanOrEqual(score - 1e-9)
        for (const [index, point] of hull.entries()) {
          expect(list).toContainEqual(point)
          if (index > 0) expect(point.score).toBeGreaterThan(hull[index - 1]?.score ?? 0)
        }
      }),
    )
  })

  it('leaves out what is dominated or below a mix', () => {
    const hull = upperHull([
      { costUsd: 1, score: 0 },
      { costUsd: 2, score: 0.4 },
      { costUsd: 3, score: 1 },
      { costUsd: 4, score: 0.9 },
    ])
    expect(hull.map(({ costUsd }) => costUsd)).toEqual([1, 3])
    expect(costOf(hull, 0.5)).toBeCloseTo(2, 9)
    expect(costOf(hull, 1.1)).toBeUndefined()
  })
})

describe('averageScore', () => {
  it('is the mean height of a straight line', () => {
    const hull = [
      { costUsd: 0, score: 0 },
      { costUsd: 10, score: 1 },
    ]
    expect(averageScore(hull, 0, 10)).toBeCloseTo(0.5, 9)
    expect(averageScore(hull, 0, 20)).toBeCloseTo(0.75, 9)
    expect(averageScore(hull, 10, 10)).toBe(1)
  })
})

describe('choose', () => {
  const believed = {
    scores: [
      [0.5, 0.5],
      [0.6, 0.9],
    ],
    costs: [
      [1, 1],
      [3, 3],
    ],
  }
  it('takes the best at no price, the cheapest at any, and weighs between', () => {
    expect([...choose(believed, 0)]).toEqual([1, 1])
    expect([...choose(believed, 0.1)]).toEqual([0, 1])
    expect([...choose(believed, Number.POSITIVE_INFINITY)]).toEqual([0, 0])
  })

  it('takes the cheaper of equals', () => {
    expect([...choose({ scores: [[1], [1]], costs: [[2], [1]] }, 0)]).toEqual([1])
  })
})
