import type { JsonObject } from '@sluice/core'
import { describe, expect, it } from 'vitest'
import {
  acme,
  cachedClients,
  chat,
  chatAnswer,
  chatQuery,
  decisionsOf,
  outcomeOf,
  plainCache,
} from './cache-fixture.ts'
import type { CacheOptions } from './cache-options.ts'
import type { SemanticFound, SemanticHost, SemanticOption, SemanticQuery, SemanticTier } from './semantic/tier.ts'
import type { StoreKey } from './store/store.ts'

/** A tier that takes every question of a partition for the same, and tells what it was asked. */
function anyLikeness(wantsAudit = false) {
  const seen = { queries: [] as SemanticQuery[], audited: [] as string[], learned: [] as string[], explained: 0 }
  const known = new Map<string, StoreKey>()
  const open = (host: SemanticHost): SemanticTier => {
    const find = async (query: SemanticQuery): Promise<SemanticFound> => {
      seen.queries.push(query)
      const key = known.get(query.partition)
      if (!key) return { outcome: 'miss', reason: 'no_neighbour', trace: {} }
      const { entry, generations } = await host.read(key, query.signal)
      const trace = { nearest: { id: key.id, similarity: 0.9 }, policy: 'any', numbers: { similarity: 0.9 } }
      if (!entry) return { outcome: 'miss', reason: 'no_neighbour', trace }
      const found = { key, entry, generations }
      return { outcome: 'hit', hitId: `hit of ${entry.semantic?.text}`, found, reason: 'semantic', trace, wantsAudit }
    }
    return {
      find,
      explain: async (query) => {
        seen.explained += 1
        return find(query)
      },
      describe: async ({ text }) => ({ text, group: 'g', rejected: [] }),
      learn: async ({ partition, key, text }, entry) => {
        if (entry.semantic?.text !== text) throw new Error('not stored with its part')
        seen.learned.push(text)
        known.set(partition, key)
      },
      audited: async (hitId, fresh) => void seen.audited.push(`${hitId}: ${String(fresh['id'])}`),
      reject: async (hitId) => hitId.startsWith('hit') && known.clear() === undefined,
      stats: () => ({ lookups: seen.queries.length }) as never,
    }
  }
  return { seen, semantic: { id: 'semantic', open } as SemanticOption }
}

const asking = (content: unknown, more: JsonObject = {}) =>
  chatQuery({ messages: [{ role: 'user', content }], ...more })

function world(options: Partial<CacheOptions> = {}) {
  const { semantic, seen } = anyLikeness()
  return { ...plainCache({ semantic, ...options }), seen }
}

describe('a cache with a semantic tier', () => {
  it('serves what is alike when it has not the very same, and says by which numbers', async () => {
    const { answers, seen } = world()
    await answers.store(asking('How long?'), { answer: chatAnswer() }, acme)
    expect(seen.learned).toEqual(['How long?'])
    expect(await outcomeOf(answers, asking('How long?'))).toBe('hit exact')
    expect(seen.queries).toHaveLength(0)
    expect(await answers.lookup(asking('How many days?'), acme)).toMatchObject({
      outcome: 'hit',
      reason: 'semantic',
      hitId: 'hit of How long?',
      entry: { answer: { id: 'c1' } },
      semantic: { policy: 'any', numbers: { similarity: 0.9 } },
    })
    expect(await answers.explain(asking('How much?'), acme)).toMatchObject({ reason: 'semantic' })
    expect(seen.explained).toBe(1)
    expect(answers.stats()).toMatchObject({ hits: 2, semanticHits: 1, misses: 0, semantic: { lookups: 2 } })
  })

  it('keeps apart by everything but the text: tenant, model, system prompt, tools, parameters, dialect', async () => {
    const { answers } = world()
    await answers.store(asking('How long?'), { answer: chatAnswer() }, acme)
    const system = [
      { role: 'system', content: 'Be rude.' },
      { role: 'user', content: 'How much?' },
    ]
    for (const change of [{ model: 'other' }, { temperature: 0 }, { tools: [] }, { messages: system }, { seed: 1 }])
      expect(await outcomeOf(answers, asking('How much?', change))).toBe('miss absent')
    expect(await outcomeOf(answers, asking('How much?'), { tenant: 'other' })).toBe('miss absent')
    expect(await outcomeOf(answers, asking([{ type: 'text', text: 'How much?' }]))).toBe('miss absent')
    expect(await outcomeOf(answers, asking('How much?'))).toBe('hit semantic')
  })

  it.each<[string, JsonObject]>([
    [
      'a conversation',
      {
        messages: [
          { role: 'user', content: 'a' },
          { role: 'assistant', content: 'b' },
          { role: 'user', content: 'c' },
        ],
      },
    ],
    [
      'results of tools',
      {
        messages: [
          { role: 'user', content: 'a' },
          { role: 'tool', tool_call_id: 'x', content: 'b' },
        ],
      },
    ],
    [
      'two texts',
      {
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'a' },
              { type: 'text', text: 'b' },
            ],
          },
        ],
      },
    ],
    ['an image', { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:,a' } }] }] }],
    ['several answers', { n: 2 }],
    ['nothing', { messages: [] }],
  ])('asks it nothing about %s', async (_, change) => {
    const { answers, seen } = world()
    expect(await outcomeOf(answers, chatQuery(change))).toBe('miss absent')
    await answers.store(chatQuery({ ...change, n: 1 }), { answer: chatAnswer() }, acme)
    expect(seen.queries.length + seen.learned.length).toBeLessThanOrEqual('n' in change ? 1 : 0)
  })

  it('gives nothing alike that is over, invalidated or rejected', async () => {
    const { answers, clock } = world({ staleWhileRevalidateMs: 60_000 })
    const learn = () => answers.store(asking('How long?'), { answer: chatAnswer() }, acme)
    await learn()
    expect(await outcomeOf(answers, asking('How much?'))).toBe('hit semantic')
    expect(await answers.reject('hit of How long?')).toBe(true)
    expect(await outcomeOf(answers, asking('How much?'))).toBe('miss absent')
    await learn()
    await answers.invalidate({ tenant: 'acme' })
    expect(await outcomeOf(answers, asking('How much?'))).toBe('miss absent')
    await learn()
    await clock.advance(60_000)
    expect(await outcomeOf(answers, asking('How much?'))).toBe('miss absent')
  })

  it('goes on without a tier that fails', async () => {
    const { semantic } = anyLikeness()
    const fail = async (): Promise<never> => {
      throw new Error('no model')
    }
    const broken: SemanticOption = {
      ...semantic,
      open: (host) => ({ ...semantic.open(host), find: fail, describe: fail }),
    }
    const { answers } = plainCache({ semantic: broken })
    expect(await answers.lookup(asking('a'), acme)).toMatchObject({ outcome: 'miss', semantic: { reason: 'failed' } })
    expect(await answers.store(asking('a'), { answer: chatAnswer() }, acme)).toEqual({ stored: true })
    expect(await outcomeOf(answers, asking('a'))).toBe('hit exact')
  })
})

describe('cache() with a semantic tier', () => {
  const ask = ({ openai }: ReturnType<typeof cachedClients>, content: string) =>
    openai.chat.completions.create({ ...chat, messages: [{ role: 'user', content }] }).withResponse()

  it('marks what is alike, and names the serving', async () => {
    const { semantic } = anyLikeness()
    const clients = cachedClients({ cache: { semantic } })
    await ask(clients, 'How long?')
    await clients.answers.idle()
    const { response } = await ask(clients, 'How many days?')
    expect(response.headers.get('x-sluice-cache')).toBe('semantic')
    expect(response.headers.get('x-sluice-cache-hit-id')).toBe('hit of How long?')
    expect(await decisionsOf(() => ask(clients, 'How much?'))).toEqual(['hit semantic'])
    clients.provider.expectCalls(1)
  })

  it('asks the provider in the background where a hit is to be audited, and keeps that answer', async () => {
    const { semantic, seen } = anyLikeness(true)
    const clients = cachedClients({ cache: { semantic } })
    await ask(clients, 'How long?')
    await clients.answers.idle()
    const { response } = await ask(clients, 'How many days?')
    expect(response.headers.get('x-sluice-cache')).toBe('semantic')
    await clients.answers.idle()
    clients.provider.expectCalls(2)
    expect(seen.audited).toEqual([expect.stringMatching(/^hit of How long\?: chatcmpl-/)])
    const { response: again } = await ask(clients, 'How many days?')
    expect(again.headers.get('x-sluice-cache')).toBe('hit')
  })
})
