import { describe, expect, it } from 'vitest'
import { runOf, type CaseOf } from '../../fixtures/run-of.ts'
import type { EvalRun } from '../suite/run-file.ts'
import { compare } from './compare.ts'
import { gate, type GateOptions } from './gate.ts'

const unscored = { status: 'unscored', reason: 'judge_refused' } as const
const run = (count: number, of: (index: number) => Partial<CaseOf>): EvalRun =>
  runOf({ cases: Array.from({ length: count }, (_, index) => ({ id: `${index}`, scores: [1], ...of(index) })) })
const perfect = run(50, () => ({}))
const failing = (count: number): EvalRun => run(50, (index) => ({ scores: [index < count ? 0 : 1] }))
const code = (of: EvalRun, baseline?: EvalRun, options?: GateOptions): number =>
  gate(of, baseline && compare(of, baseline), options).exitCode

describe('gate', () => {
  it('lets through what is fine', () => {
    expect(gate(perfect)).toEqual({ ok: true, exitCode: 0, reasons: [] })
    expect(gate(perfect, compare(perfect, perfect))).toEqual({ ok: true, exitCode: 0, reasons: [] })
    expect(code(perfect, failing(20))).toBe(0)
  })

  it('fails when too many have no score', () => {
    const some = (count: number): EvalRun => run(50, (index) => ({ scores: [index < count ? unscored : 1] }))
    expect([code(some(1)), code(some(2)), code(some(2), undefined, { maxUnscored: 0.04 })]).toEqual([0, 2, 0])
    expect(gate(some(2)).reasons[0]).toContain('4.0 %')
    const nothing = { ...perfect, trials: [] }
    expect(gate(nothing, undefined, { minimum: { pass: 0.5 } }).exitCode).toBe(1)
  })

  it('fails when a case that must pass did not, in any trial', () => {
    const tagged = (scores: CaseOf['scores']): EvalRun =>
      run(50, (index) => (index === 7 ? { tags: ['safety'], scores } : {}))
    const must = { mustPass: ['safety'], maxUnscored: 1 }
    expect(code(tagged([1, 1, 1]), undefined, must)).toBe(0)
    expect(code(tagged([1, 0, 1]), undefined, must)).toBe(1)
    expect(code(tagged([unscored]), undefined, must)).toBe(1)
    expect(code(tagged([0.6]), undefined, { ...must, passAt: 0.7 })).toBe(1)
    expect(code(tagged([0]), undefined, { mustPass: ['other'] })).toBe(0)
    expect(gate(tagged([0]), undefined, must).reasons).toEqual(['Cases that must pass did not: 7.'])
  })

  it('fails below a minimum', () => {
    expect(code(failing(5), undefined, { minimum: { pass: 0.9 } })).toBe(0)
    expect(code(failing(6), undefined, { minimum: { pass: 0.9 } })).toBe(1)
  })

  it('fails for a regression, and for a case that broke', () => {
    expect(code(failing(10), perfect)).toBe(1)
    const many = (passed: number): EvalRun =>
      run(50, (index) => (index === 3 ? { scores: Array.from({ length: 12 }, () => passed) } : {}))
    const comparison = compare(many(0), many(1))
    expect(comparison.verdict).toBe('inconclusive')
    expect(gate(many(0), comparison)).toMatchObject({
      exitCode: 1,
      reasons: ['Case 3 broke by "pass".', expect.any(String)],
    })
  })

  it('fails for cases that were lost, unless told not to', () => {
    const shorter = { ...perfect, trials: perfect.trials.slice(3) }
    expect(code(shorter, perfect)).toBe(2)
    expect(code(shorter, perfect, { failOnLostCases: false })).toBe(0)
  })

  it('says that a comparison is inconclusive, and fails for it when told to', () => {
    const comparison = compare(failing(2), perfect)
    expect(gate(failing(2), comparison)).toMatchObject({
      ok: true,
      exitCode: 0,
      reasons: [expect.stringMatching(/inconclusive/)],
    })
    expect(gate(failing(2), comparison, { onInconclusive: 'fail' })).toMatchObject({ ok: false, exitCode: 3 })
    // A regression says more than that nothing is known.
    const both = {
      ...comparison,
      metrics: comparison.metrics.map((metric) => ({ ...metric, verdict: 'regressed' as const })),
    }
    expect(gate(failing(2), both, { onInconclusive: 'fail' }).exitCode).toBe(1)
  })

  it.each<[string, GateOptions]>([
    ['an option that there is none of', { strict: true } as never],
    ['a share above 1', { maxUnscored: 2 }],
    ['a mark below 0', { mustPass: ['safety'], passAt: -1 }],
    ['another word', { onInconclusive: 'rerun' as never }],
    ['a minimum of a scorer that there is none of', { minimum: { tone: 0.9 } }],
    ['a minimum above all scores', { minimum: { pass: 90 } }],
  ])('refuses %s', (_, options) => {
    const tagged = run(2, () => ({ tags: ['safety'] }))
    expect(() => gate(tagged, undefined, options)).toThrow(expect.objectContaining({ code: 'config.option' }))
  })
})
