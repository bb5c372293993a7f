import { sluice, withReport } from '@sluice/core'
import { openaiChat } from '@sluice/core/apis'
import { createCall } from '@sluice/core/transport'
import { fakeProvider } from '@sluice/core/testing'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { cascade, createCascade } from './cascade.ts'
import type { Estimator } from './estimator.ts'
import { agreement } from './estimators/agreement.ts'
import { format } from './estimators/format.ts'
import { messages, price, says, world } from './testing/set-up.ts'

const steps = ['cheap', 'strong']
const ask = { model: 'auto', messages }

describe('limits of a cascade', () => {
  it('does not ask a step whose expected price goes over the limit, and gives the best answer', async () => {
    const { home, openai } = world()
    home.on('cheap', 'so so')
    const client = openai({ steps, accept: says(0.3), price, maxCostNanoUsd: 5_000 })
    const { value, report } = await withReport(() => client.chat.completions.create(ask))
    expect(value.choices[0]?.message.content).toBe('so so')
    home.expectCalls(1)
    expect(report?.decisions.at(-1)).toMatchObject({
      action: 'fallback',
      reason: 'max_cost',
      details: { target: 'cheap', score: 0.3 },
    })
    expect(report?.attempts).toMatchObject([{ outcome: 'answered' }])
    const enough = openai({ steps, accept: says(0.3), price, maxCostNanoUsd: 1_000_000 })
    expect((await enough.chat.completions.create(ask)).model).toBe('strong')
  })

  it('counts what judges cost', async () => {
    const { home, openai } = world()
    home.on('cheap', '1').on('peer', { text: '2', usage: { outputTokens: 1_000_000 } })
    const options = { steps, price, maxCostNanoUsd: 10_000_000 }
    await openai({ ...options, accept: says(0.3) }).chat.completions.create(ask)
    home.expectCalls(1, 'strong')
    await openai({ ...options, accept: agreement({ of: ['peer'] }) }).chat.completions.create(ask)
    home.expectCalls(1, 'strong')
  })

  it('expects of a step what its judges should cost as well', () => {
    const expected = (accept: Estimator): number =>
      createCascade({ steps, accept, price }).decide(ask).steps[0]?.expectedNanoUsd ?? 0
    // The peer costs twice as much as the cheap step.
    expect(expected(agreement({ of: ['peer'] }))).toBe(3 * expected(says(1)))
  })

  it('shows the failure when the limit leaves nobody to ask', async () => {
    const { home, openai } = world()
    home.fail('http-503', { model: 'cheap' })
    const client = openai({ steps, accept: says(1), price, maxCostNanoUsd: 10 })
    await expect(client.chat.completions.create(ask, { maxRetries: 0 })).rejects.toMatchObject({ status: 503 })
    home.expectCalls(0, 'strong')
  })

  it('says what it saved', async () => {
    const { openai } = world()
    const client = openai({ steps, accept: says(1), price })
    const { report } = await withReport(() => client.chat.completions.create(ask))
    // What the very tokens would have cost at the last step, at 100 times the price.
    const { fresh = 0, output = 0 } = report?.usage ?? {}
    expect(report?.decisions[0]?.savedNanoUsd).toBe(100 * (fresh + 10 * output))
  })

  it('asks nobody else after the deadline', async () => {
    const { clock, home, openai } = world()
    const client = openai({ steps, accept: { ...says(0.3), estimate: async () => (await clock.advance(60_000), 0.3) } })
    const answer = await client.chat.completions.create(ask, { timeout: 30_000 })
    expect(answer.model).toBe('cheap')
    home.expectCalls(0, 'strong')
  })

  it('leaves a step out of calls that its estimator cannot judge', async () => {
    const { openai } = world()
    const client = openai({ steps, accept: format('json') })
    const tools = [{ type: 'function' as const, function: { name: 'look', parameters: { type: 'object' } } }]
    const skipped = async (more: object): Promise<unknown> => {
      const { report } = await withReport(() => client.chat.completions.create({ ...ask, ...more }))
      return [report?.decisions[0]?.action, report?.decisions[0]?.reason, report?.model]
    }
    expect(await skipped({ tools })).toEqual(['skip', 'judges:tools', 'strong'])
    expect(await skipped({ n: 2 })).toEqual(['skip', 'judges:choices', 'strong'])
    const { report } = await withReport(() =>
      client.responses.create({ model: 'auto', input: 'Hi', conversation: 'conv_1' }).catch(() => 0),
    )
    expect(report?.decisions[0]).toMatchObject({ action: 'skip', reason: 'held' })
  })

  it('leaves out steps that cannot take the call, and delivers the last that can', async () => {
    const { openai, away, other } = world()
    const small = away('strong', { capabilities: { contextTokens: 20 } })
    const client = openai({ steps: ['cheap', small], accept: says(0) })
    const long = [{ role: 'user' as const, content: 'word '.repeat(200) }]
    const { value, report } = await withReport(() => client.chat.completions.create({ model: 'auto', messages: long }))
    expect(value.model).toBe('cheap')
    other.expectCalls(0)
    expect(report?.decisions).toMatchObject([
      { action: 'skip', reason: 'context_length' },
      { action: 'accept', reason: 'last' },
    ])
  })

  it('passes over a step that has reached its limits; the last has none', async () => {
    const { openai, away, other, home } = world()
    const cheap = away('cheap', { limits: { requestsPerMinute: 2 } })
    const client = openai({ steps: [cheap, 'strong'], accept: says(1) })
    const models = []
    for (let call = 0; call < 3; call += 1) models.push((await client.chat.completions.create(ask)).model)
    expect(models).toEqual(['cheap', 'cheap', 'strong'])
    other.expectCalls(2)
    home.expectCalls(1)
    const busy = away('cheap', { limits: { concurrency: 1, tokensPerMinute: 1_000_000 } })
    const shared = openai({ steps: [busy, 'strong'], accept: says(1) })
    const both = await Promise.all([1, 2].map(() => shared.chat.completions.create(ask)))
    expect(both.map(({ model }) => model)).toEqual(['cheap', 'strong'])
    expect((await shared.chat.completions.create(ask)).model).toBe('cheap')
  })

  it('asks the step that holds a response what goes on with it', async () => {
    const { openai, away, other, home } = world()
    const apis = ['openai.responses'] as const
    const client = openai({ steps: [away('cheap', { apis }), 'strong'], accept: says(1) })
    const first = await client.responses.create({ model: 'auto', input: 'Hi' })
    const second = await client.responses.create({ model: 'auto', input: 'And?', previous_response_id: first.id })
    expect([first.model, second.model]).toEqual(['cheap', 'cheap'])
    other.expectCalls(2)
    home.expectCalls(0)
  })

  it('works with no client, and tells what it would do', async () => {
    const { away, other } = world()
    const made = createCascade({ steps: [away('cheap'), away('strong')], accept: says(0.1, { name: 'guess' }), price })
    const decision = made.decide({ model: 'auto', messages })
    expect(decision).toMatchObject({
      cascades: true,
      steps: [{ id: 'cheap', estimator: 'guess', threshold: 0.5 }, { id: 'strong' }],
    })
    expect(decision.steps[1]).not.toHaveProperty('estimator')
    expect(decision.steps[1]?.expectedNanoUsd).toBeGreaterThan(100 * (decision.steps[0]?.expectedNanoUsd ?? 0) * 0.99)
    other.expectCalls(0)
    const reply = await made.handle(createCall(openaiChat, { model: 'auto', messages }))
    expect(reply.kind === 'whole' && (await reply.value())['model']).toBe('strong')
    expect(made.stats()).toEqual({
      calls: 1,
      steps: {
        cheap: { asked: 1, delivered: 0, rejected: 1, failed: 0 },
        strong: { asked: 1, delivered: 1, rejected: 0, failed: 0 },
      },
    })
    expect(made.health()).toMatchObject({ cheap: { state: 'healthy' }, strong: { state: 'healthy' } })
    await expect(made.handle(createCall(openaiChat, { model: 'gpt-9', messages }))).rejects.toMatchObject({
      code: 'route.unknown_model',
    })
  })

  it('runs where the client is shared with other calls', async () => {
    const home = fakeProvider()
    const client = sluice(new OpenAI({ apiKey: 'x', fetch: home.fetch }), [cascade({ steps, accept: says(0.6) })])
    const answers = await Promise.all(Array.from({ length: 50 }, () => client.chat.completions.create(ask)))
    expect(new Set(answers.map(({ model }) => model))).toEqual(new Set(['cheap']))
  })
})
