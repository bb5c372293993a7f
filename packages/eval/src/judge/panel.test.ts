import { describe, expect, it } from 'vitest'
import { fakeClients, verdict, verdictText } from '../../fixtures/fake-judge.ts'
import { fixedScorer, scoreBy, valueBy } from '../../fixtures/scores.ts'
import { judge } from './judge.ts'
import { panel } from './panel.ts'
import type { Score } from '../score/scorer.ts'

const members = (...scores: readonly (number | Score)[]) =>
  scores.map((score, index) => fixedScorer(score, `j${index}`))
const none: Score = { status: 'unscored', reason: 'unclear' }

describe('panel', () => {
  it.each<[readonly (number | Score)[], number | string, string | undefined]>([
    [[1, 0, 1], 1, 'split'],
    [[0, 0.25, 0.5], 0.25, undefined],
    [[1, 0.5], 0.75, undefined],
    [[1, 0], 0.5, 'split'],
    [[1, none, 0.75], 0.875, undefined],
    [[1, none], 'no_quorum', undefined],
    [[1, none, none], 'no_quorum', undefined],
    [[{ status: 'errored', error: 'down' }, 1, 1], 1, undefined],
  ])('of %j is %j', async (scores, value, label) => {
    const score = await scoreBy(panel(members(...scores)), 'out')
    expect(score).toMatchObject(
      typeof value === 'number' ? { status: 'scored', score: value } : { status: 'unscored', reason: value },
    )
    expect('label' in score ? score.label : undefined).toBe(label)
  })

  it('joins judges of two makers, with what each said and the cost of all', async () => {
    const { provider, openai, anthropic } = fakeClients(20)
    provider
      .on('gpt-5-mini', verdictText({ c1: 'yes', c2: 'no' }))
      .on('claude-haiku-4-5', { toolCalls: [{ name: 'verdict', arguments: verdict({ c1: 'yes', c2: 'yes' }) }] })
    const criteria = ['One?', 'Two?']
    const both = panel([
      judge({ client: openai, model: 'gpt-5-mini', criteria, name: 'gpt' }),
      judge({ client: anthropic, model: 'claude-haiku-4-5', criteria, name: 'claude' }),
    ])
    expect(both).toMatchObject({ name: 'panel', isJudge: true, models: ['gpt-5-mini', 'claude-haiku-4-5'] })
    expect(await scoreBy(both, 'out')).toMatchObject({
      score: 0.75,
      costNanoUsd: 40,
      evidence: { gpt: { score: 0.5 }, claude: { score: 1 } },
    })
  })

  it('says what judges without a verdict cost', async () => {
    const paid = fixedScorer({ ...none, costNanoUsd: 5 }, 'paid')
    expect(await scoreBy(panel([paid, fixedScorer(none)]), 'out')).toMatchObject({
      reason: 'no_quorum',
      costNanoUsd: 5,
    })
  })

  it('has a version made of its members', () => {
    const [first, second] = members(1, 1) as [ReturnType<typeof fixedScorer>, ReturnType<typeof fixedScorer>]
    expect(panel([first, second]).version).not.toBe(panel([first, { ...second, version: '2' }]).version)
    expect(panel([first, second], { name: 'jury' }).name).toBe('jury')
  })

  it.each<[string, () => unknown]>([
    ['one judge', () => panel(members(1))],
    ['no list', () => panel(undefined as never)],
    ['equal names', () => panel([fixedScorer(1), fixedScorer(0)])],
    ['an unknown option', () => panel(members(1, 1), { quorum: 2 } as never)],
  ])('refuses %s', (_, make) => {
    expect(make).toThrow(expect.objectContaining({ code: 'config.option' }))
  })

  it('takes a score between two whose order does not count', async () => {
    expect(await valueBy(panel(members(0.9, 0.1, 0.4, 0.2)), 'out')).toBeCloseTo(0.3, 12)
  })
})
