import { withReport } from '@sluice/core'
import { openaiChat } from '@sluice/core/apis'
import { createCall } from '@sluice/core/transport'
import { describe, expect, it } from 'vitest'
import { createCascade } from './cascade.ts'
import { agreement } from './estimators/agreement.ts'
import { all } from './estimators/combine.ts'
import { countedSignal, messages, says, world } from './testing/set-up.ts'
import { verify } from './estimators/verify.ts'

const steps = ['cheap', 'strong']
const right = verify(({ text }) => text === '42')

describe('cascade', () => {
  it('gives a cheap answer that is accepted, and asks nobody else', async () => {
    const { home, openai } = world()
    home.on('cheap', '42')
    const client = openai({ steps, accept: right })
    const { value, report } = await withReport(() => client.chat.completions.create({ model: 'auto', messages }))
    expect([value.model, value.choices[0]?.message.content]).toEqual(['cheap', '42'])
    home.expectCalls(1)
    expect(report?.attempts).toMatchObject([
      { target: 'cheap', model: 'cheap', reason: 'cascade', outcome: 'answered' },
    ])
    expect(report?.decisions).toEqual([
      {
        by: 'cascade',
        action: 'accept',
        reason: 'passed',
        details: { step: 0, target: 'cheap', score: 1, threshold: 0.5 },
      },
    ])
  })

  it('asks the last step when an answer is not accepted, and accounts for both', async () => {
    const { home, openai } = world()
    home.on('cheap', '41').on('strong', 'It is 42, surely.')
    const client = openai({ steps, accept: right })
    const { value, report } = await withReport(() => client.chat.completions.create({ model: 'strong', messages }))
    expect([value.model, value.choices[0]?.message.content]).toEqual(['strong', 'It is 42, surely.'])
    expect(report?.attempts).toMatchObject([
      { target: 'cheap', outcome: 'rejected' },
      { target: 'strong', outcome: 'answered' },
    ])
    const costs = report?.attempts.map(({ cost }) => cost?.nanoUsd ?? 0) ?? []
    const tokens = home.calls.map(({ usage }) => (usage?.inputTokens ?? 0) + 10 * (usage?.outputTokens ?? 0))
    expect(costs).toEqual([tokens[0], 100 * (tokens[1] ?? 0)])
    expect(report?.cost?.nanoUsd).toBe((costs[0] ?? 0) + (costs[1] ?? 0))
    expect(report?.decisions.map(({ action, reason }) => [action, reason])).toEqual([
      ['escalate', 'not_passed'],
      ['accept', 'last'],
    ])
  })

  it.each([
    ['at the threshold', 0.7, 'cheap'],
    ['below it', 0.69, 'strong'],
  ])('accepts %s', async (_, score, model) => {
    const { openai } = world()
    const client = openai({ steps, accept: says(score), floor: 0.7 })
    expect((await client.chat.completions.create({ model: 'auto', messages })).model).toBe(model)
  })

  it('takes the threshold of the step before the floor, and thresholds before both', async () => {
    const { openai } = world()
    const own = { target: 'cheap', accept: says(0.6), threshold: 0.5 }
    const ask = async (options: object): Promise<string> =>
      (
        await openai({ steps: [own, 'strong'], floor: 0.9, ...options }).responses.create({
          model: 'auto',
          input: 'Hi',
        })
      ).model
    expect(await ask({})).toBe('cheap')
    expect(await ask({ thresholds: [0.8] })).toBe('strong')
  })

  it('leaves out a step whose threshold is null', async () => {
    const { home, openai } = world()
    const client = openai({ steps, accept: says(1), thresholds: [null] })
    const { report } = await withReport(() => client.chat.completions.create({ model: 'auto', messages }))
    home.expectCalls(0, 'cheap')
    expect(report?.decisions[0]).toMatchObject({ action: 'skip', reason: 'left_out' })
  })

  it('goes through three steps', async () => {
    const { home, openai } = world()
    const client = openai({
      steps: [{ target: 'cheap', accept: says(0.2) }, { target: 'peer', accept: says(0.9) }, 'strong'],
    })
    const answer = await client.chat.completions.create({ model: 'auto', messages })
    expect(answer.model).toBe('peer')
    expect(home.calls.map(({ model }) => model)).toEqual(['cheap', 'peer'])
  })

  it('leaves other models to the client, or cascades or refuses them', async () => {
    const { openai } = world()
    const ask = (otherModels?: 'pass' | 'cascade' | 'refuse'): Promise<{ model: string }> =>
      openai({ steps, accept: says(1), ...(otherModels && { otherModels }) }).chat.completions.create({
        model: 'gpt-5',
        messages,
      })
    expect((await ask()).model).toBe('gpt-5')
    expect((await ask('cascade')).model).toBe('cheap')
    await expect(ask('refuse')).rejects.toMatchObject({ status: 404, code: 'route.unknown_model' })
  })

  it('lets embeddings pass', async () => {
    const { home, openai } = world()
    const client = openai({ steps, accept: says(1), otherModels: 'cascade' })
    await client.embeddings.create({ model: 'text-embedding-3-small', input: 'x' })
    expect(home.lastCall?.api).toBe('openai.embeddings')
  })

  it('asks a step in another dialect, from both SDKs', async () => {
    const { claude, openai, anthropic, away, other, claudeTarget } = world()
    const toClaude = openai({ steps: ['cheap', claudeTarget('claude-strong')], accept: says(0) })
    const answer = await toClaude.chat.completions.create({ model: 'auto', messages })
    expect(answer).toMatchObject({ model: 'claude-strong', object: 'chat.completion' })
    expect(claude.lastCall?.api).toBe('anthropic.messages')

    other.on('cheap', '42')
    const fromClaude = anthropic({ steps: [away('cheap'), 'claude-strong'], accept: right })
    const message = await fromClaude.messages.create({ model: 'auto', max_tokens: 100, messages })
    expect(message).toMatchObject({ model: 'cheap', type: 'message', content: [{ type: 'text', text: '42' }] })
    expect(other.lastCall?.api).toMatch(/^openai/)
  })

  it.each([0, 1, Number.NaN])('leaves no listener behind, whatever is made of the answer: %d', async (score) => {
    const { away, other, claudeTarget } = world()
    const accept = all(says(score), agreement({ of: [claudeTarget('claude-strong')] }))
    const made = createCascade({ steps: [away('cheap'), away('strong')], accept })
    const { controller, listeners } = countedSignal()
    for (const fault of [undefined, 'http-500', 'cut'] as const)
      for (const stream of [false, true]) {
        if (fault) other.fail(fault, { model: 'cheap', times: 1 })
        const call = createCall(openaiChat, { model: 'auto', messages, stream }, { signal: controller.signal })
        const reply = await made.handle(call)
        if (reply.kind === 'stream') for await (const _ of reply.events()) void _
        expect(listeners()).toBe(0)
      }
  })
})
