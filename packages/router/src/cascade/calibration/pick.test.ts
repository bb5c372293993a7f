import { describe, expect, it } from 'vitest'
import type { RecordedCase } from './cases.ts'
import { pickForCost, pickForFloor } from './pick.ts'

/** `count` cases with an estimate, of which `right` have a good cheap answer; the strong one is always good. */
function level(estimate: number, count: number, right: number): RecordedCase[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `${estimate} ${index}`,
    steps: [
      { quality: index < right ? 1 : 0, costNanoUsd: 1, estimate },
      { quality: 1, costNanoUsd: 10 },
    ],
  }))
}

const goal = { confidence: 0.9, seed: 1 }

describe('picking thresholds', () => {
  it('stops at the first that fails, though one behind it would pass', () => {
    // Of 1,100 the strong model has 20 wrong. Accepting down to 0.9 adds 20, and accepting all takes the strong one's away.
    const easy = level(0.3, 1_000, 1_000).map(({ id, steps: [cheap, strong] }, index): RecordedCase => {
      return { id, steps: [cheap!, { ...strong!, quality: index < 20 ? 0 : 1 }] }
    })
    const cases = [...level(0.9, 100, 80), ...easy]
    expect(pickForFloor(cases, 2, { ...goal, floor: 0.97 })).toEqual({ thresholds: [null], isAssured: true })
    expect(pickForFloor(cases, 2, { ...goal, floor: 0.95 })).toEqual({ thresholds: [0.3], isAssured: true })
  })

  it('takes the cheapest of those that keep the floor', () => {
    const cases = [...level(0.9, 200, 200), ...level(0.5, 200, 190), ...level(0.1, 200, 0)]
    expect(pickForFloor(cases, 2, { ...goal, floor: 0.95 })).toEqual({ thresholds: [0.3], isAssured: true })
    // Nobody's answers are accepted at so little use: asking first would cost more.
    const useless = level(0.5, 200, 0)
    expect(pickForFloor(useless, 2, { ...goal, floor: 0.95 })).toEqual({ thresholds: [null], isAssured: true })
  })

  it('takes the best quality within a cost, or the cheapest', () => {
    const cases = [...level(0.9, 100, 90), ...level(0.1, 100, 10)]
    expect(pickForCost(cases, 2, 0.65)).toEqual({ thresholds: [0.5], isAssured: true })
    expect(pickForCost(cases, 2, 1)).toEqual({ thresholds: [null], isAssured: true })
    expect(pickForCost(cases, 2, 0.05)).toEqual({ thresholds: [0.1], isAssured: false })
  })
})
