import { describe, expect, it } from 'vitest'
import { evaluateRouting } from './evaluate-routing.ts'
import type { RoutingOutcome } from '../outcomes.ts'
import { syntheticOutcomes } from '../testing/outcomes.ts'

const outcomes = syntheticOutcomes({ labels: true, rows: 300 })
const quick = { resamples: 200 } as const
const byLabel = ({ label }: { readonly label?: string }): number => (label === 'sums' ? 1 : 0)

/** Scores and costs as written: one outcome a row, cheap and dear. */
function pairs(rows: readonly (readonly [cheap: number, dear: number])[]): RoutingOutcome[] {
  return rows.map(([cheap, dear], row) => ({
    id: `${row}`,
    prompt: 'x'.repeat(row),
    models: { cheap: { score: cheap, costUsd: 1, answer: `${cheap}` }, dear: { score: dear, costUsd: 5 } },
  }))
}

describe('evaluateRouting', () => {
  it('has the figures of a hand-made case', () => {
    const result = evaluateRouting(
      pairs([
        [0, 1],
        [1, 1],
        [1, 1],
        [1, 1],
      ]),
      ({ prompt }) => -prompt.length,
      quick,
    )
    expect(result).toMatchObject({ rows: 4, incomplete: 0, weak: 'cheap', strong: 'dear', apgr: 0.875 })
    expect(result.cpt50).toBeCloseTo(0.125, 9)
    expect(result.qualityNeutralCostUsd).toBeCloseTo(2, 9)
    expect(result.costSave).toBeCloseTo(0.6, 9)
    // From (1, 0.75) straight to (2, 1), then level to 5.
    expect(result.aiq).toBeCloseTo((0.875 + 3) / 4, 9)
    expect(result.hull).toEqual({ models: ['cheap', 'dear'], aiq: 0.875 })
    expect(result.oracle).toMatchObject({ apgr: 0.875, score: 1 })
    expect(result.random).toEqual({ apgr: 0.5, cpt50: 0.5, cpt80: 0.8, aiq: 0.875 })
  })

  it('orders random, a good policy and the oracle', () => {
    const good = evaluateRouting(outcomes, byLabel, quick)
    const blind = evaluateRouting(outcomes, () => 0, quick)
    expect(blind).toMatchObject({ apgr: expect.closeTo(0.5, 9), cpt80: expect.closeTo(0.8, 9) })
    expect(good.apgr).toBeGreaterThan(0.65)
    expect(good.oracle.apgr).toBeGreaterThan(good.apgr)
    expect(good.oracle.aiq).toBeGreaterThan(good.aiq ?? 1)
    expect(good.aiq).toBeGreaterThan(blind.aiq ?? 1)
    expect(blind.aiq).toBeCloseTo(blind.hull?.aiq ?? 0, 6)
  })

  it('takes a preference, expected scores and their monotone relatives for the same', () => {
    const preference = evaluateRouting(outcomes, byLabel, quick)
    expect(evaluateRouting(outcomes, (request) => 1_000 * byLabel(request) ** 3 - 7, quick)).toEqual(preference)
    const scores = evaluateRouting(outcomes, (request) => ({ small: 0.5, large: 0.5 + byLabel(request) / 10 }), quick)
    expect([scores.apgr, scores.cpt50, scores.cpt80]).toEqual([preference.apgr, preference.cpt50, preference.cpt80])
  })

  it('holds the figure within its interval, the same one for the same seed', () => {
    const { apgr, aiq = 0, intervals } = evaluateRouting(outcomes, byLabel, quick)
    expect(intervals.apgr?.low).toBeLessThan(apgr)
    expect(intervals.apgr?.high).toBeGreaterThan(apgr)
    expect(intervals.aiq?.low).toBeLessThan(aiq)
    expect(intervals.aiq?.high).toBeGreaterThan(aiq)
    expect(evaluateRouting(outcomes, byLabel, quick).intervals).toEqual(intervals)
    expect(evaluateRouting(outcomes, byLabel, { ...quick, seed: 2 }).intervals).not.toEqual(intervals)
  })

  it('pays for an answer that the policy has seen', () => {
    const rows = pairs([
      [0, 1],
      [1, 1],
      [1, 1],
      [1, 1],
    ])
    const verified = evaluateRouting(rows, ({ answer }) => (answer === '0' ? 1 : 0), { ...quick, answerOf: 'cheap' })
    expect(verified.apgr).toBeCloseTo(0.875, 9)
    // One in four is asked twice: 1 + 5 / 4.
    expect(verified.qualityNeutralCostUsd).toBeCloseTo(2.25, 9)
  })

  it('prunes a dominated model and starts from the cheapest on the hull', () => {
    const three = outcomes.map((outcome) => ({
      ...outcome,
      models: { ...outcome.models, worse: { score: 0, costUsd: 0.01 } },
    }))
    const result = evaluateRouting(three, () => ({ small: 0.6, large: 0.9, worse: 0 }), quick)
    expect(result.singles.map(({ id, onHull }) => [id, onHull])).toEqual([
      ['small', true],
      ['large', true],
      ['worse', false],
    ])
    expect([result.weak, result.strong]).toEqual(['small', 'large'])
  })

  it('has no dollars without costs, and takes them from the options', () => {
    const free = outcomes.map((outcome) => ({
      ...outcome,
      models: { small: { score: outcome.models['small']?.score ?? 0 }, large: { score: 1 } },
    }))
    const without = evaluateRouting(free, byLabel, quick)
    expect(without).not.toHaveProperty('aiq')
    expect(without.singles[0]).not.toHaveProperty('costUsd')
    expect(evaluateRouting(free, byLabel, { ...quick, costsUsd: { small: 1, large: 2 } }).aiq).toBeGreaterThan(0)
  })

  it.each([
    ['a model that is not there', () => evaluateRouting(outcomes, byLabel, { weak: 'tiny' }), 'weak "tiny"'],
    [
      'the same model twice',
      () => evaluateRouting(outcomes, byLabel, { weak: 'large', strong: 'large' }),
      'two different',
    ],
    ['a policy without a number', () => evaluateRouting(outcomes, () => Number.NaN), 'finite number from the policy'],
    ['a policy without a model', () => evaluateRouting(outcomes, () => ({ small: 1 })), 'model "large"'],
    ['an unknown option', () => evaluateRouting(outcomes, byLabel, { seeds: 1 } as never), 'no option "seeds"'],
    ['a bad cost', () => evaluateRouting(outcomes, byLabel, { costsUsd: { small: -1 } }), 'costsUsd of "small"'],
    ['no common rows', () => evaluateRouting(outcomes.slice(0, 0), byLabel), 'at least one outcome'],
  ])('refuses %s', (_, act, message) => {
    expect(act).toThrow(expect.objectContaining({ code: 'config.option', message: expect.stringContaining(message) }))
  })
})
