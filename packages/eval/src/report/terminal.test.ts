import { describe, expect, it } from 'vitest'
import { runOf } from '../../fixtures/run-of.ts'
import { compare } from '../compare/compare.ts'
import { gate } from '../compare/gate.ts'
import type { Score } from '../score/scorer.ts'
import type { EvalRun } from '../suite/run-file.ts'
import { terminalReport } from './terminal.ts'

/** Cases of which every `every`-th fails. */
function manyCases(count: number, every: number, repeats = 1): EvalRun {
  return runOf({
    name: 'many',
    cases: Array.from({ length: count }, (_, index) => ({
      id: `case-${index}`,
      scores: Array.from({ length: repeats }, () => (index % every === 0 ? 0 : 1)),
    })),
  })
}

const escape = '\u001B'

describe('terminalReport', () => {
  it('stays on one screen for 5,000 cases, however many broke', () => {
    const [run, baseline] = [manyCases(5_000, 3, 6), manyCases(5_000, 5_001, 6)]
    const comparison = compare(run, baseline)
    expect(comparison.cases.length).toBeGreaterThan(1_000)
    const report = terminalReport({ run, baseline, comparison, gate: gate(run, comparison) }, { color: false })
    const lines = report.trimEnd().split('\n')
    expect(lines.length).toBeLessThanOrEqual(30)
    expect(report).toContain(`  and ${comparison.cases.length - 10} more\n`)
    expect(lines.filter((line) => line.startsWith('  gate: '))).toHaveLength(7)
    expect(lines.at(-2)).toMatch(/^verdict: REGRESSED on pass/)
  })

  it('colours what is decided, and nothing else', () => {
    const baseline = manyCases(60, 61)
    const coloured = (run: EvalRun): string => {
      const comparison = compare(run, baseline)
      const report = terminalReport({ run, baseline, comparison }, { color: true })
      return report.replaceAll(`${escape}[1m`, '').replaceAll(`${escape}[22m`, '')
    }
    expect(coloured(manyCases(60, 2))).toContain(`${escape}[31mREGRESSED p`)
    const inconclusive = coloured(manyCases(60, 59))
    expect(inconclusive).toMatch(/ {3}inconclusive\n/)
    expect(inconclusive).not.toContain(`${escape}[31m`)
    expect(inconclusive).not.toContain(`${escape}[32m`)
    const same = coloured(baseline)
    expect(same.split(escape)).toHaveLength(3)
    expect(same).toContain(`${escape}[32mverdict: not-worse`)
  })

  it('is plain where NO_COLOR is set, or nobody looks', () => {
    const run = manyCases(60, 2)
    const comparison = compare(run, manyCases(60, 61))
    expect(terminalReport({ run, comparison }, { color: false })).not.toContain(escape)
    // The output of a test is no terminal.
    expect(terminalReport({ run, comparison })).not.toContain(escape)
  })

  it('passes on no control character of data', () => {
    const evil = `a${escape}[2J\u0007\r\n\u202Eb\u0000${escape}]0;title\u0007`
    const failed: Score = { status: 'unscored', reason: evil }
    const cases = Array.from({ length: 40 }, (_, index) => ({
      id: `${evil}${index}`,
      tags: [evil],
      scores: [1, 1, 1, 1, 1, 1],
    }))
    const run = runOf({ name: evil, scorers: { [evil]: '1' }, cases, judgeModels: [evil] })
    const worse = runOf({
      name: evil,
      scorers: { [evil]: '1' },
      judgeModels: [`${evil}2`],
      cases: cases.map((entry, index) => ({
        ...entry,
        scores: index < 5 ? [0, 0, 0, 0, 0, 0] : [1, 1, 1, 1, 1, failed],
      })),
    })
    const labelled = { ...run, header: { ...run.header, labels: { commit: evil } } }
    const comparison = compare(worse, labelled)
    expect(comparison.cases.length).toBeGreaterThan(0)
    const report = terminalReport(
      { run: worse, baseline: labelled, comparison, gate: gate(worse, comparison, { mustPass: [evil] }) },
      { color: false },
    )
    expect(report.replaceAll('\n', '')).not.toMatch(/\p{C}/u)
    expect(report.split('\n').some((line) => line.startsWith('b'))).toBe(false)
  })

  it('says that a percentile needs more samples, and what would settle it', () => {
    const run = manyCases(40, 20)
    const comparison = compare(run, manyCases(40, 41))
    const report = terminalReport({ run, comparison }, { color: false })
    expect(report).toContain('p99 n too small (needs 299)')
    expect(report).toMatch(/what would settle it: pass: \d+ cases/)
    expect(report).toMatch(/falls that this comparison sees \(80 %\), in points: pass \d/)
    expect(() => terminalReport({ run }, { colour: false } as never)).toThrow('"colour" must be left out')
  })
})
