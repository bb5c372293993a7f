// A suite as vitest tests: one a case, and one that fails when the suite is worse than its baseline. It runs with the other
// tests of an application, here over a fake provider; in yours with recordedCalls(), offline as well.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sluice } from '@sluice/core'
import { fakeProvider } from '@sluice/core/testing'
import { defineSuite, finishedBy, includes, maxTokens, readRun, type Suite } from '@sluice/eval'
import { describeEval, evalMatchers } from '@sluice/eval/vitest'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'

expect.extend(evalMatchers)

const provider = fakeProvider()
provider
  .on(/refund/i, 'A refund takes 30 days.')
  .on(/deliver/i, 'We deliver within 3 days.')
  .on(/cancel/i, 'You can cancel until it ships.')
const openai = sluice(new OpenAI({ apiKey: 'none', fetch: provider.fetch }), [])

/** The code under test: the prompt is what changes from version to version. */
async function answer(question: string, prompt = 'Answer in one sentence.'): Promise<OpenAI.ChatCompletion> {
  return await openai.chat.completions.create({
    model: 'gpt-5-mini',
    messages: [
      { role: 'system', content: prompt },
      { role: 'user', content: question },
    ],
  })
}

function supportSuite(target: (question: string) => Promise<unknown>): Suite<string, unknown, string> {
  return defineSuite('support', {
    cases: [
      { id: 'refund', input: 'How long does a refund take?', expected: '30 days', tags: ['money'] },
      { id: 'refund, informal', input: 'wheres my refund', expected: '30 days', tags: ['money'] },
      { id: 'delivery', input: 'When do you deliver?', expected: '3 days' },
      { id: 'cancelling', input: 'Can I cancel?', expected: 'until it ships' },
    ],
    target,
    scorers: [includes(), finishedBy(['stop']), maxTokens(60)],
    repeats: 2,
  })
}

const suite = supportSuite((question) => answer(question))

await describeEval(suite, {
  // Every case must pass in all its trials; without `passAt`, only the statistics of the whole suite decide.
  passAt: 1,
  gate: { mustPass: ['money'] },
})

describe('a change of the prompt', () => {
  it('is held against the run of the old one', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'support-')), 'baseline.jsonl')
    await suite.run({ file })
    const candidate = supportSuite((question) => answer(question, 'Answer briefly.'))
    expect(await candidate.run()).toNotRegress(file, { margin: 0.05 })
    expect(readRun(file).trials).toHaveLength(8)
  })

  it('may be tried on a single answer', async () => {
    await expect(await answer('A refund?')).toScore(includes(), { case: { input: 'A refund?', expected: '30 days' } })
  })
})
