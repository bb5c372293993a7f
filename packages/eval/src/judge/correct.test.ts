import { describe, expect, it } from 'vitest'
import { runOf } from '../../fixtures/run-of.ts'
import { correctedMean, type RunLabel } from './correct.ts'

/** A lenient judge: it passes every good output and half of the bad ones. 60 % are good. */
const truth = (index: number): number => Number(index % 10 < 6)
const judged = (index: number): number => Number(index % 10 < 8)
const run = runOf({
  cases: Array.from({ length: 1_000 }, (_, index) => ({ id: `case ${index}`, scores: [judged(index)] })),
})
/** Of every seventh case: as good as drawn at random here. */
const labels: readonly RunLabel[] = Array.from({ length: 1_000 }, (_, index) => index)
  .filter((index) => index % 7 === 0)
  .map((index) => ({ id: `case ${index}`, label: truth(index) === 1 }))

describe('correctedMean', () => {
  it('gives what people would have said, where the judge alone is off', () => {
    const { mean, low, high } = correctedMean(run, 'pass', labels)
    expect(mean).toBeCloseTo(0.6, 1)
    expect(low).toBeLessThan(0.6)
    expect(high).toBeGreaterThan(0.6)
    expect(high).toBeLessThan(0.8)
  })

  it('takes another level', () => {
    const wide = correctedMean(run, 'pass', labels, { level: 0.99 })
    const narrow = correctedMean(run, 'pass', labels, { level: 0.8 })
    expect(wide.high - wide.low).toBeGreaterThan(narrow.high - narrow.low)
  })

  it('finds labels by case and trial, and leaves out outputs without a score and labels without an output', () => {
    const repeated = runOf({
      cases: Array.from({ length: 300 }, (_, index) => ({
        id: `case ${index}`,
        scores: [1, index < 10 ? ({ status: 'unscored', reason: 'unclear' } as const) : 0],
      })),
    })
    const second = Array.from({ length: 150 }, (_, index) => ({ id: `case ${index}`, trial: 1, label: 0 }))
    const elsewhere = { id: 'no such case', label: 1 }
    const { mean } = correctedMean(repeated, 'pass', [...second, elsewhere])
    const first = second.map(({ id }) => ({ id, label: 0 }))
    expect(mean).toBeLessThan(
      correctedMean(
        repeated,
        'pass',
        first.map((label) => ({ ...label, label: 1 })),
      ).mean,
    )
    expect(() => correctedMean(repeated, 'pass', second.slice(0, 105))).toThrow(
      expect.objectContaining({ code: 'eval.too_few_labels', details: { labelled: 95, needs: 100 } }),
    )
  })

  it('refuses fewer than 100 labels, a scorer that did not run, labels that are none, and labels of all', () => {
    const failing = (make: () => unknown, code: string): void => expect(make).toThrow(expect.objectContaining({ code }))
    failing(() => correctedMean(run, 'pass', labels.slice(0, 99)), 'eval.too_few_labels')
    failing(() => correctedMean(run, 'fail', labels), 'config.option')
    failing(() => correctedMean(run, 'pass', [...labels, { id: 'case 1', label: 4 }]), 'config.option')
    const all = run.trials.map(({ id }) => ({ id, label: 1 }))
    failing(() => correctedMean(run, 'pass', all), 'eval.out_of_range')
  })
})
