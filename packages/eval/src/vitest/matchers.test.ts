import { sluice } from '@sluice/core'
import { fakeProvider } from '@sluice/core/testing'
import OpenAI from 'openai'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runOf } from '../../fixtures/run-of.ts'
import { judge } from '../judge/judge.ts'
import { exact, includes } from '../score/text-scorers.ts'
import type { EvalRun } from '../suite/run-file.ts'
import { evalMatchers } from './matchers.ts'

expect.extend(evalMatchers)

const provider = fakeProvider()
const openai = sluice(new OpenAI({ apiKey: 'test', fetch: provider.fetch }), [])
const of = { case: { input: 'How long?', expected: '30 days' } }

describe('evalMatchers', () => {
  it('toScore takes text, an answer as the SDK gives it, and a least score', async () => {
    await expect('It takes 30 days.').toScore(includes(), of)
    await expect('It takes a week.').not.toScore(includes(), of)
    provider.on(/How long/, 'It takes 30 days.')
    const answer = await openai.chat.completions.create({
      model: 'm',
      messages: [{ role: 'user', content: 'How long?' }],
    })
    await expect(answer).toScore(includes(), of)
    await expect(answer).not.toScore(exact(), of)
    await expect('anything').toScore(exact(), { ...of, least: 0 })
    await expect(expect('no').toScore(exact(), of)).rejects.toThrow(/"exact" gave 0 .*; wanted at least 1/)
    // What has no score has not passed.
    await expect(expect('no').toScore(exact())).rejects.toThrow('"exact" gave no score (no_expected)')
  })

  it('toPassJudge asks a judge', async () => {
    const verdict = (met: string): string => JSON.stringify({ criteria: [{ id: 'c1', evidence: 'words', met }] })
    const tone = judge({ client: openai, model: 'judge', criteria: ['Is the tone right?'], name: 'tone' })
    provider.on('judge', verdict('yes'))
    await expect('Thank you for asking.').toPassJudge(tone, { input: 'How long?' })
    provider.on('judge', verdict('no'))
    await expect(expect('What now.').toPassJudge(tone)).rejects.toThrow(/"tone" gave 0 .*words/)
    provider.on('judge', verdict('unclear'))
    await expect(expect('Hm.').toPassJudge(tone)).rejects.toThrow('"tone" gave no score (unclear)')
  })

  it('toNotRegress holds a run against another, or against a file', () => {
    const runWith = (passes: number): EvalRun =>
      runOf({
        cases: Array.from({ length: 40 }, (_, index) => ({ id: `c${index}`, scores: [index < passes ? 1 : 0] })),
      })
    const file = join(mkdtempSync(join(tmpdir(), 'matchers-')), 'baseline.jsonl')
    const { header, trials, footer } = runWith(40)
    writeFileSync(file, [header, ...trials, footer].map((line) => JSON.stringify(line)).join('\n'))
    expect(runWith(40)).toNotRegress(file)
    expect(runWith(20)).not.toNotRegress(file)
    expect(runWith(30)).toNotRegress(runWith(40), { margin: 0.5 })
    expect(() => expect(runWith(20)).toNotRegress(file)).toThrow(/verdict: REGRESSED on pass/)
  })
})
