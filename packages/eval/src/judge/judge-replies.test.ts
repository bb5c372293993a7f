import type { FakeReply } from '@sluice/core/testing'
import { describe, expect, it } from 'vitest'
import { fakeClients, sentTo, verdict, verdictText } from '../../fixtures/fake-judge.ts'
import { scoreBy, valueBy } from '../../fixtures/scores.ts'
import { judge } from './judge.ts'

const model = 'gpt-5-mini'
const criteria = ['One?']
const [yes, no, unclear] = (['yes', 'no', 'unclear'] as const).map((met) => verdictText({ c1: met })) as [
  string,
  string,
  string,
]

function judged(replies: readonly FakeReply[], votes = 1, nanoUsd?: number) {
  const clients = fakeClients(nanoUsd)
  clients.provider.enqueue(...replies)
  return { ...clients, scorer: judge({ client: clients.openai, model, criteria, votes }) }
}

describe('votes', () => {
  it.each<[string, readonly string[], number | string, object]>([
    ['a majority of yes', [yes, no, yes], 1, { yes: 2, no: 1, unclear: 0 }],
    ['a majority of no', [no, no, yes], 0, { yes: 1, no: 2, unclear: 0 }],
    ['no majority', [yes, no, unclear], 'unclear', { yes: 1, no: 1, unclear: 1 }],
  ])('%s', async (_, replies, value, split) => {
    const { scorer, provider } = judged(replies, 3)
    const score = await scoreBy(scorer, 'out')
    expect(score).toMatchObject(
      typeof value === 'number' ? { status: 'scored', score: value } : { status: 'unscored', reason: value },
    )
    expect(score).toMatchObject({ evidence: { criteria: [{ split }] } })
    provider.expectCalls(3)
  })

  it('are each asked anew by a cache: no two requests are equal, but the same is asked of the same', async () => {
    const first = judged([yes, yes, yes], 3)
    await scoreBy(first.scorer, 'out')
    const again = judged([yes, yes, yes, yes, yes, yes], 3)
    await scoreBy(again.scorer, 'out')
    await scoreBy(again.scorer, 'out', { trial: 1 })
    const bodies = [first, again].map(({ provider }) =>
      provider.calls.map(({ body }) => JSON.stringify(body)).toSorted(),
    )
    expect(new Set(bodies[0]).size).toBe(3)
    expect(new Set(bodies[1]).size).toBe(6)
    expect(bodies[1]).toEqual(expect.arrayContaining(bodies[0] ?? []))
  })

  it('count where one of three gives no verdict, and do not where two give none', async () => {
    expect(await valueBy(judged([{ refusal: 'No.' }, yes, yes], 3).scorer, 'out')).toBe(1)
    expect(await valueBy(judged([{ refusal: 'No.' }, { refusal: 'No.' }, yes], 3).scorer, 'out')).toBe('judge_refused')
    // One of each of those left is no majority.
    expect(await valueBy(judged([{ refusal: 'No.' }, yes, no], 3).scorer, 'out')).toBe('unclear')
  })
})

describe('replies out of form', () => {
  it.each(['The verdict is yes.', '', '{"criteria":[]}', verdictText({ c2: 'yes' }), verdictText({ c1: 'maybe' })])(
    '%j is asked for once more, with the reply shown',
    async (reply) => {
      const { scorer, provider } = judged([reply, yes], 1, 50)
      expect(await scoreBy(scorer, 'out')).toMatchObject({ status: 'scored', score: 1, costNanoUsd: 100 })
      provider.expectCalls(2)
      const { messages } = sentTo(provider)
      expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user'])
      expect(messages[2]?.content).toBe(reply || '(nothing)')
    },
  )

  it('leaves the output unscored when the second is out of form too, and says what it cost', async () => {
    const { scorer, provider } = judged(['yes', 'YES!', yes], 1, 50)
    expect(await scoreBy(scorer, 'out')).toEqual({ status: 'unscored', reason: 'unparseable', costNanoUsd: 100 })
    provider.expectCalls(2)
  })

  it('asks a model of Anthropic again that wrote text in place of the call', async () => {
    const { provider, anthropic } = fakeClients()
    provider.enqueue('I find it met.', { toolCalls: [{ name: 'verdict', arguments: verdict({ c1: 'yes' }) }] })
    expect(await valueBy(judge({ client: anthropic, model: 'claude-haiku-4-5', criteria }), 'out')).toBe(1)
    provider.expectCalls(2)
  })
})

describe('no verdict', () => {
  it.each<[string, FakeReply, string]>([
    ['a refusal', { refusal: 'I cannot judge this.' }, 'judge_refused'],
    ['a filtered answer', { text: yes, finish: 'content_filter' }, 'judge_refused'],
    ['an answer that was cut off', { text: yes, finish: 'length' }, 'judge_cut_off'],
  ])('%s is not asked for again', async (_, reply, reason) => {
    const { scorer, provider } = judged([reply], 1, 50)
    expect(await scoreBy(scorer, 'out')).toEqual({ status: 'unscored', reason, costNanoUsd: 50 })
    provider.expectCalls(1)
  })

  it.each<[string, FakeReply, string]>([
    ['a refusal', { refusal: 'No.' }, 'judge_refused'],
    [
      'an answer that was cut off',
      { toolCalls: [{ name: 'verdict', arguments: {} }], finish: 'length' },
      'judge_cut_off',
    ],
  ])('%s by Anthropic neither', async (_, reply, reason) => {
    const { provider, anthropic } = fakeClients()
    provider.enqueue(reply)
    expect(await valueBy(judge({ client: anthropic, model: 'claude-haiku-4-5', criteria }), 'out')).toBe(reason)
    provider.expectCalls(1)
  })

  it('is "unclear" where the judge could not tell, with its evidence; a part is scored by the rest', async () => {
    expect(await scoreBy(judged([unclear]).scorer, 'out')).toMatchObject({
      status: 'unscored',
      reason: 'unclear',
      evidence: { criteria: [{ met: 'unclear', evidence: 'about c1' }] },
    })
    const { provider, openai } = fakeClients()
    provider.enqueue(verdictText({ c1: 'yes', c2: 'unclear' }))
    expect(await scoreBy(judge({ client: openai, model, criteria: ['One?', 'Two?'] }), 'out')).toMatchObject({
      score: 1,
      label: 'partly_unclear',
    })
  })

  it('throws what the provider throws: a suite knows how to wait and what to call it', async () => {
    const { scorer, provider } = judged([])
    provider.fail('http-429')
    await expect(scoreBy(scorer, 'out')).rejects.toMatchObject({ status: 429 })
  })
})

describe('cost', () => {
  it('is the sum over votes of a client with a price, and absent without one', async () => {
    expect(await scoreBy(judged([yes, yes, yes], 3, 40).scorer, 'out')).toMatchObject({ costNanoUsd: 120 })
    expect(await scoreBy(judged([yes]).scorer, 'out')).not.toHaveProperty('costNanoUsd')
    const { provider, anthropic } = fakeClients(7)
    provider.enqueue({ toolCalls: [{ name: 'verdict', arguments: verdict({ c1: 'yes' }) }] })
    const scorer = judge({ client: anthropic, model: 'claude-haiku-4-5', criteria })
    expect(await scoreBy(scorer, 'out')).toMatchObject({ costNanoUsd: 7 })
  })
})
