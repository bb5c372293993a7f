import { describe, expect, it } from 'vitest'
import { hostileTexts } from '../../fixtures/hostile-texts.ts'
import { runOf } from '../../fixtures/run-of.ts'
import { compare } from '../compare/compare.ts'
import { gate } from '../compare/gate.ts'
import { githubSummary } from './github.ts'

const bad = (text: string): ReturnType<typeof runOf> =>
  runOf({
    name: text,
    scorers: { [text]: '1' },
    cases: Array.from({ length: 30 }, (_, index) => ({
      id: `${text}${index}`,
      scores: [0, 0, 0, 0, 0, 0],
      tags: [text],
    })),
  })

describe('githubSummary', () => {
  it.each(hostileTexts)('shows as text, and as nothing else: %j', (text) => {
    const run = bad(text)
    const baseline = {
      ...run,
      trials: run.trials.map((trial) => ({ ...trial, scores: { [text]: { status: 'scored' as const, score: 1 } } })),
    }
    const comparison = compare(run, baseline)
    const summary = githubSummary({ run, baseline, comparison, gate: gate(run, comparison, { mustPass: [text] }) })
    expect(summary).toContain('**regressed**')
    expect(summary).not.toContain('<')
    // Mentions, issues and addresses are found in the page that Markdown makes: references count as what they stand for.
    const page = summary.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    expect(page).not.toMatch(/@[a-z\d]/i)
    expect(page).not.toMatch(/#\d/)
    expect(page).not.toMatch(/https?:\/\/|www\./)
    expect(summary).not.toMatch(/`|\$x\$/)
    expect(summary.match(/\*\*/g)).toHaveLength(2)
    // Every row of the table has as many cells as its head.
    const rows = summary.split('\n').filter((line) => line.startsWith('|'))
    expect(rows).toHaveLength(3)
    for (const row of rows) expect(row.split('|')).toHaveLength(7)
  })

  it('has a heading, a table and what changed, and stays short', () => {
    const run = bad('score')
    const summary = githubSummary({ run })
    expect(summary.split('\n').slice(0, 5)).toEqual([
      '### score: 30 cases',
      '',
      '| scorer | mean |  |',
      '| --- | --- | --- |',
      '| score | 0.000 [0.000, 0.000] |  |',
    ])
    const baseline = {
      ...run,
      trials: run.trials.map((trial) => ({ ...trial, scores: { score: { status: 'scored' as const, score: 1 } } })),
    }
    const comparison = compare(run, baseline)
    const long = githubSummary({ run, baseline, comparison, gate: gate(run, comparison) })
    expect(long).toContain('- broken: score0 by score (6/6 → 0/6)')
    expect(long).toMatch(/^- gate: .score. regressed\.$/m)
    expect(long.split('\n').length).toBeLessThan(40)
  })
})
