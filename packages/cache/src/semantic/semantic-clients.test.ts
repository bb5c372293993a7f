import OpenAI from 'openai'
import { sluice, withContext, type JsonObject } from '@sluice/core'
import { fakeProvider } from '@sluice/core/testing'
import { describe, expect, it } from 'vitest'
import {
  cachedClients,
  decisionsOf,
  eventsOf,
  reportsOf,
  type ClientWorld,
  type ClientWorldOptions,
} from '../cache-fixture.ts'
import { lexicalEmbedder } from '../embed/lexical-embedder.ts'
import { openaiEmbedder } from '../embed/openai-embedder.ts'
import { consensus } from './policies/consensus.ts'
import { answerJudge, judge } from './policies/judge.ts'
import { threshold } from './policies/threshold.ts'
import type { SemanticOptions } from './options.ts'
import { semantic } from './semantic.ts'

const model = 'gpt-5-mini'
const stored = 'How do I change the PIN of a card?'
const alike = 'So how do I change the PIN of a card, please?'

function world(tier: Partial<SemanticOptions> = {}, more: ClientWorldOptions = {}): ClientWorld {
  const option = semantic({ embedder: lexicalEmbedder(), policy: threshold(0.6), auditShare: 0, ...tier })
  const clients = cachedClients({ ...more, cache: { semantic: option, ...more.cache } })
  clients.provider.on(/PIN/i, 'In the app, under security.')
  return clients
}

const asking = (content: string): { model: string; messages: { role: 'user'; content: string }[] } => ({
  model,
  messages: [{ role: 'user', content }],
})

describe('a semantic tier behind real clients', () => {
  it('answers a question that is alike, whole and streamed, in every dialect', async () => {
    const { openai, anthropic, answers, provider } = world()
    const ways: Readonly<Record<string, (text: string) => Promise<string | null | undefined>>> = {
      chat: async (text) => (await openai.chat.completions.create(asking(text))).choices[0]?.message.content,
      responses: async (text) => (await openai.responses.create({ model, input: text })).output_text,
      messages: async (text) => {
        const { content } = await anthropic.messages.create({ ...asking(text), max_tokens: 100 })
        return content[0]?.type === 'text' ? content[0].text : undefined
      },
    }
    for (const [name, say] of Object.entries(ways)) {
      const first = await say(stored)
      await answers.idle()
      const calls = provider.calls.length
      expect(await say(alike), name).toBe(first)
      expect(provider.calls.length, name).toBe(calls)
    }
    const streamed = await openai.chat.completions.stream(asking(`Hello, ${stored}`)).finalChatCompletion()
    expect(streamed.choices[0]?.message.content).toBe('In the app, under security.')
    expect(answers.stats().semantic).toMatchObject({ hits: 4 })
  })

  it('replays a stream at the boundaries of the one that was recorded', async () => {
    const { openai, answers, provider } = world()
    const recorded = await eventsOf(openai.chat.completions.create({ ...asking(stored), stream: true }))
    await answers.idle()
    const replayed = await eventsOf(openai.chat.completions.create({ ...asking(alike), stream: true }))
    const text = (events: typeof recorded): unknown[] =>
      events.map(({ choices }) => choices[0]?.delta.content ?? null).filter(Boolean)
    expect(text(replayed)).toEqual(text(recorded))
    expect(text(recorded).length).toBeGreaterThan(2)
    provider.expectCalls(1)
  })

  it('says in headers and report what it did, with a name to reject it by', async () => {
    const { openai, answers } = world()
    await openai.chat.completions.create(asking(stored))
    await answers.idle()
    const { response } = await openai.chat.completions.create(asking(alike)).withResponse()
    expect(response.headers.get('x-sluice-cache')).toBe('semantic')
    const hitId = response.headers.get('x-sluice-cache-hit-id') ?? ''
    expect(await answers.reject(hitId)).toBe(true)
    expect(await decisionsOf(() => openai.chat.completions.create(asking(alike)))).toEqual([
      'miss absent',
      'store exact',
    ])
    const [report] = await reportsOf(() => openai.chat.completions.create(asking(`Hello, ${stored}`)))
    expect(report?.decisions[0]).toMatchObject({
      by: 'cache',
      action: 'hit',
      reason: 'semantic',
      details: { policy: 'threshold', similarity: expect.any(Number), hitId: expect.any(String) },
    })
  })

  it('keeps tenants apart, also those whose questions are alike', async () => {
    const { openai, answers, provider } = world({ policy: threshold(0.1) }, { cache: { tenant: 'context' } })
    await withContext({ tenant: 'acme' }, () => openai.chat.completions.create(asking(stored)))
    await answers.idle()
    await withContext({ tenant: 'globex' }, () => openai.chat.completions.create(asking(alike)))
    provider.expectCalls(2)
    await answers.idle()
    await withContext({ tenant: 'acme' }, () => openai.chat.completions.create(asking(`Hello, ${stored}`)))
    provider.expectCalls(2)
  })

  it.each<[string, JsonObject]>([
    ['model', { model: 'gpt-5-nano' }],
    [
      'system prompt',
      {
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: alike },
        ],
      },
    ],
    ['temperature', { temperature: 0.3 }],
    ['answer format', { response_format: { type: 'json_object' } }],
    [
      'tools',
      { tools: [{ type: 'function', function: { name: 'pin', parameters: { type: 'object', properties: {} } } }] },
    ],
    ['number of answers', { n: 2 }],
    [
      'an earlier turn',
      {
        messages: [
          { role: 'user', content: 'Hi' },
          { role: 'assistant', content: 'Hello' },
          { role: 'user', content: alike },
        ],
      },
    ],
    ['a field that nobody knows', { some_field: 1 }],
  ])('does not answer a request of another %s', async (_, change) => {
    const { openai, answers, provider } = world({ policy: threshold(0.1) })
    await openai.chat.completions.create(asking(stored))
    await answers.idle()
    await openai.chat.completions.create({ ...asking(alike), ...change } as never)
    provider.expectCalls(2)
  })

  it('asks the provider too for an audit, in the background, and learns from it', async () => {
    const { openai, answers, provider } = world({ auditShare: 1 })
    provider.on(/./, 'billing')
    await openai.chat.completions.create(asking(stored))
    await answers.idle()
    provider.on(/./, 'refund')
    const served = await openai.chat.completions.create(asking(alike))
    expect(served.choices[0]?.message.content).toBe('billing')
    await answers.idle()
    provider.expectCalls(2)
    expect(answers.stats().semantic).toMatchObject({ hits: 1, audited: 1, wrong: 1 })
    // The audit's answer is kept: the very question is answered rightly from now on.
    expect((await openai.chat.completions.create(asking(alike))).choices[0]?.message.content).toBe('refund')
    provider.expectCalls(2)
  })

  it('explains a veto', async () => {
    const { openai, answers } = world()
    await openai.chat.completions.create(asking('How do I turn on dark mode in the app?'))
    await answers.idle()
    const { openaiChat } = await import('@sluice/core/apis')
    const asked = {
      api: openaiChat,
      request: asking('How do I turn off dark mode in the app?'),
      url: 'https://api.openai.com/v1/chat/completions',
    }
    const told = await answers.explain(asked)
    expect(told).toMatchObject({ outcome: 'miss', semantic: { reason: 'vetoed', vetoDetails: expect.any(Array) } })
  })

  it('forgets what is invalidated', async () => {
    const { openai, answers, provider } = world({}, { cache: { tags: () => ['manual'] } })
    await openai.chat.completions.create(asking(stored))
    await answers.idle()
    await answers.invalidate({ tags: ['manual'] })
    await openai.chat.completions.create(asking(alike))
    provider.expectCalls(2)
  })

  it('is a miss, and no failed call, when the embedder is down', async () => {
    const { openai, answers, provider } = world({
      embedder: { id: 'down', dimensions: 4, embed: () => Promise.reject(new Error('down')) },
    })
    await openai.chat.completions.create(asking(stored))
    await openai.chat.completions.create(asking(alike))
    await answers.idle()
    provider.expectCalls(2)
    expect(answers.stats().semantic?.misses).toEqual({ failed: 2 })
  })
})

describe('with models of their own', () => {
  /** A model that says yes when both questions are about the PIN. */
  function judging(): OpenAI {
    const provider = fakeProvider()
    provider.on(/./, ({ lastUserText }) => ((lastUserText.match(/PIN/g) ?? []).length >= 2 ? 'Yes.' : 'no'))
    return new OpenAI({ apiKey: 'test', fetch: provider.fetch })
  }

  it('a judge decides what is served', async () => {
    const { openai, answers, provider } = world({
      policy: judge({ client: judging(), model: 'gpt-5-nano' }, { minSimilarity: 0.2 }),
    })
    await openai.chat.completions.create(asking(stored))
    await answers.idle()
    await openai.chat.completions.create(asking('So how do I change a PIN of a card?'))
    provider.expectCalls(1)
    await openai.chat.completions.create(asking('How do I change the colour of a card?'))
    provider.expectCalls(2)
  })

  it('a judge of answers makes prose agree, so that there can be a consensus', async () => {
    const { openai, answers, provider } = world({
      policy: consensus({ k: 2, minShare: 0.5 }),
      sameAnswer: answerJudge({ client: judging(), model: 'gpt-5-nano' }),
    })
    const questions = [
      stored,
      'So how do I change the PIN of a card?',
      'How would I change the PIN of a card?',
      'And how do I change the PIN of a card?',
    ]
    for (const [index, text] of questions.entries()) {
      provider.on(/./, `You change it in the app, under security, in way number ${index} of doing so.`)
      await openai.chat.completions.create(asking(text))
      await answers.idle()
    }
    expect(answers.stats().semantic?.promoted).toBeGreaterThanOrEqual(1)
    expect(answers.stats().semantic?.hits).toBeGreaterThanOrEqual(1)
  })

  it('embeddings come from the client that the application has', async () => {
    const embedding = fakeProvider()
    const client = sluice(new OpenAI({ apiKey: 'test', fetch: embedding.fetch }), [])
    const { openai, answers } = world({
      embedder: openaiEmbedder(client, 'text-embedding-3-small'),
      policy: threshold(-1),
    })
    await openai.chat.completions.create(asking(stored))
    await answers.idle()
    await openai.chat.completions.create(asking(alike))
    await answers.idle()
    expect(embedding.calls.length).toBe(2)
    expect(answers.stats().semantic).toMatchObject({ lookups: 2, hits: 1 })
  })
})
