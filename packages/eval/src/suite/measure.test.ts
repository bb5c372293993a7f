import Anthropic from '@anthropic-ai/sdk'
import { defineMiddleware, sluice, wholeReply, type Middleware, type Pricer } from '@sluice/core'
import { fakeClock, fakeProvider } from '@sluice/core/testing'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import type { Scorer } from '../score/scorer.ts'
import { defineSuite, type RunOptions, type SuiteOptions } from './suite.ts'
import { failureOf } from './measure.ts'
import type { EvalRun } from './run-file.ts'

const provider = fakeProvider()
provider.on(() => true, { text: 'Refunds take five days.', usage: { inputTokens: 100, outputTokens: 10 } })
const keys = { apiKey: 'none', fetch: provider.fetch, maxRetries: 0 }

/** A micro-dollar a token. */
const price: Pricer = (usage, { model }) =>
  model === 'unheard-of' ? { unpriced: 'no price' } : { nanoUsd: (usage.fresh + usage.output) * 1_000, byMeter: {} }
const openai = sluice(new OpenAI(keys), [], { price })
const anthropic = sluice(new Anthropic(keys), [], { price })
const messages = [{ role: 'user' as const, content: 'How long does a refund take?' }]
const ask = (model = 'gpt-5-mini') => openai.chat.completions.create({ model, messages })

const includesFive: Scorer = {
  name: 'five',
  version: '1',
  score: ({ text }) => ({ status: 'scored', score: text.includes('five') ? 1 : 0 }),
}
const runOf = async (
  target: SuiteOptions['target'],
  options: Partial<SuiteOptions> = {},
  how: RunOptions = {},
): Promise<EvalRun> =>
  defineSuite('measured', { cases: [{ id: 'refund', input: 'x' }], target, scorers: [includesFive], ...options }).run(
    how,
  )

describe('measures of a trial', () => {
  it.each<[string, SuiteOptions['target']]>([
    ['chat completions', () => ask()],
    ['responses', () => openai.responses.create({ model: 'gpt-5-mini', input: 'How long does a refund take?' })],
    ['messages', () => anthropic.messages.create({ model: 'gpt-5-mini', max_tokens: 99, messages })],
  ])('are those of its call: %s', async (_, target) => {
    const { trials, footer } = await runOf(target)
    expect(trials[0]?.measures).toEqual({
      latencyMs: expect.any(Number),
      inputTokens: 100,
      outputTokens: 10,
      costNanoUsd: 110_000,
      models: ['gpt-5-mini'],
      isCached: false,
    })
    // The answer itself is the output, and its text is what is scored.
    expect(trials[0]?.scores['five']).toMatchObject({ score: 1 })
    expect(footer).toMatchObject({ targetNanoUsd: 110_000, unpriced: 0 })
  })

  it('have the time to the first token of a stream', async () => {
    const { trials } = await runOf(async () => {
      let text = ''
      const stream = await openai.chat.completions.create({ model: 'gpt-5-mini', messages, stream: true })
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? ''
      return text
    })
    expect(trials[0]?.output).toBe('Refunds take five days.')
    expect(trials[0]?.measures.ttftMs).toBeTypeOf('number')
    expect(trials[0]?.measures).toMatchObject({ outputTokens: 10, costNanoUsd: 110_000 })
  })

  it('are the sum of several calls, those of a target that then failed too', async () => {
    const both = async (): Promise<string> => {
      await Promise.all([ask(), ask('gpt-5-nano')])
      return 'five'
    }
    expect((await runOf(both)).trials[0]?.measures).toMatchObject({
      inputTokens: 200,
      costNanoUsd: 220_000,
      models: ['gpt-5-mini', 'gpt-5-nano'],
    })
    const failed = await runOf(async () => {
      await both()
      throw new Error('and then this')
    })
    expect(failed.trials[0]).toMatchObject({ error: { message: 'and then this' }, measures: { costNanoUsd: 220_000 } })
    expect(failed.footer?.targetNanoUsd).toBe(220_000)
  })

  it('have no cost where a part has no price, and the run says of how many', async () => {
    const { trials, footer } = await runOf(async () => {
      await ask()
      return ask('unheard-of')
    })
    expect(trials[0]?.measures).not.toHaveProperty('costNanoUsd')
    expect(footer).toMatchObject({ targetNanoUsd: 0, unpriced: 1 })
  })

  it('say so when nothing was sent', async () => {
    const cached: Middleware = defineMiddleware({ name: 'cached' }, async (call, next) => {
      known ??= await ((await next(call)) as { value(): Promise<unknown> }).value()
      return wholeReply(call.api, known as never)
    })
    let known: unknown
    const client = sluice(new OpenAI(keys), [cached], { price })
    const target = () => client.chat.completions.create({ model: 'gpt-5-mini', messages })
    expect((await runOf(target)).trials[0]?.measures.isCached).toBe(false)
    expect((await runOf(target)).trials[0]?.measures.isCached).toBe(true)
    expect((await runOf(() => 'five')).trials[0]?.measures).toEqual({
      latencyMs: expect.any(Number),
      models: [],
      isCached: false,
    })
  })

  it('do not wait for ever for a stream that nobody reads', async () => {
    const clock = fakeClock()
    const target = async (): Promise<string> => {
      await openai.chat.completions.create({ model: 'gpt-5-mini', messages, stream: true })
      return 'five'
    }
    const { trials } = await clock.run(runOf(target, { timeoutMs: 10_000 }, { clock }))
    expect(trials[0]).toMatchObject({ output: 'five', scores: { five: { score: 1 } } })
  })
})

describe('a budget', () => {
  const cases = Array.from({ length: 20 }, (_, index) => ({ id: `${index}`, input: 'x' }))
  const judge: Scorer = {
    name: 'judge',
    version: '1',
    isJudge: true,
    score: () => ({ status: 'scored', score: 1, costNanoUsd: 50_000 }),
  }

  it('of the target ends the run', async () => {
    // Each costs 0.00011 USD.
    const { trials, footer } = await runOf(() => ask(), { cases, concurrency: 1, budget: { targetUsd: 0.001 } })
    expect(footer).toMatchObject({ ended: 'budget', targetNanoUsd: 1_100_000 })
    expect(trials).toHaveLength(10)
  })

  it('of the target counts what is under way', async () => {
    const { trials } = await runOf(() => ask(), { cases, concurrency: 4, budget: { targetUsd: 0.001 } })
    // As many as one after the other: what is under way is expected to cost what others did.
    expect(trials).toHaveLength(10)
  })

  it('of nothing begins nothing', async () => {
    const { trials, footer } = await runOf(() => ask(), { cases, budget: { targetUsd: 0 } })
    expect([trials.length, footer?.ended]).toEqual([0, 'budget'])
  })

  it('of judges leaves outputs unscored, and the run goes on', async () => {
    const options = { cases, concurrency: 1, scorers: [includesFive, judge], budget: { judgeUsd: 0.000_2 } }
    const { trials, footer } = await runOf(() => ask(), options)
    expect(footer).toMatchObject({ ended: 'complete', judgeNanoUsd: 200_000, targetNanoUsd: 2_200_000 })
    expect(trials.map(({ scores }) => scores['judge']?.status)).toEqual([
      ...Array.from({ length: 4 }, () => 'scored'),
      ...Array.from({ length: 16 }, () => 'unscored'),
    ])
    expect(trials[4]?.scores['judge']).toEqual({ status: 'unscored', reason: 'judge_budget' })
    expect(trials.every(({ scores }) => scores['five']?.status === 'scored')).toBe(true)
  })
})

it('names failures as a program and a person need them, and no longer', () => {
  class RateLimitError extends Error {}
  expect(failureOf(new RateLimitError('x'.repeat(900)))).toEqual({ name: 'RateLimitError', message: 'x'.repeat(500) })
  expect(failureOf(Object.assign(new TypeError('t'), { code: 42 }))).toEqual({ name: 'TypeError', message: 't' })
  expect(failureOf(undefined)).toEqual({ name: 'Error', message: 'undefined' })
})
