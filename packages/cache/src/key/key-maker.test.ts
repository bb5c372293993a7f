import type { CallContext, JsonObject } from '@sluice/core'
import { openaiResponses } from '@sluice/core/apis'
import { describe, expect, it } from 'vitest'
import { acme, chatAnswer, chatQuery, outcomeOf, plainCache } from '../cache-fixture.ts'
import type { CacheOptions } from '../cache-options.ts'
import { createCache, type Cache } from '../create-cache.ts'
import { memoryStore } from '../store/memory-store.ts'
import type { Store } from '../store/store.ts'
import { ignoredFields, type CacheQuery } from './query.ts'

const keyOf = async (query: CacheQuery, options: Partial<CacheOptions> = {}, context = acme): Promise<string> => {
  const found = await plainCache(options).answers.explain(query, context)
  return 'key' in found ? found.key : found.reason
}
const keyFor = (change: JsonObject): Promise<string> => keyOf(chatQuery(change) as never)

describe('the key', () => {
  it.each<[JsonObject, JsonObject]>([
    [{ temperature: undefined }, { temperature: 0 }],
    [{ temperature: 0 }, { temperature: 0.1 }],
    [{ seed: 1 }, { seed: '1' }],
    [{ messages: [{ role: 'user', content: 'a b' }] }, { messages: [{ role: 'user', content: 'a  b' }] }],
    [{ messages: [{ role: 'user', content: 'a' }] }, { messages: [{ role: 'system', content: 'a' }] }],
    [{ messages: [{ role: 'user', content: '\u00e9' }] }, { messages: [{ role: 'user', content: 'e\u0301' }] }],
    [{ tools: [] }, {}],
    [{ stop: null }, {}],
    [{ unknown_field: 1 }, {}],
    [{ x: ['a', 'b'] }, { x: ['b', 'a'] }],
    [{ x: ['a', 'b'] }, { x: ['a,b'] }],
    [{ x: { a: 1 } }, { x: [['a', 1]] }],
    [JSON.parse('{"__proto__":{"x":1}}') as JsonObject, {}],
  ])('differs between %j and %j', async (a, b) => {
    expect(await keyFor(a)).not.toBe(await keyFor(b))
  })

  it('is the same whatever order the fields are in, and -0 is 0', async () => {
    expect(await keyFor({ a: 1, b: { c: 2, d: 3 } })).toBe(await keyFor({ b: { d: 3, c: 2 }, a: 1 }))
    expect(await keyFor({ seed: -0 })).toBe(await keyFor({ seed: 0 }))
  })

  it('leaves out how the answer is delivered, and who asked', async () => {
    const bare = await keyFor({})
    for (const field of ignoredFields) expect(await keyFor({ [field]: true })).toBe(bare)
    expect([...ignoredFields]).toContain('stream')
    expect([...ignoredFields]).not.toContain('temperature')
  })

  it('holds dialect, address and the headers that change the API', async () => {
    const url = 'https://api.example.com/v1/chat/completions'
    const query = chatQuery() as unknown as CacheQuery
    const variants: CacheQuery[] = [
      query,
      { ...query, url },
      { ...query, url: `${url}?api-version=2` },
      { ...query, url: url.replace('api.', 'eu.') },
      { ...query, url, headers: new Headers({ 'openai-beta': 'x=1' }) },
      { ...query, api: openaiResponses as never },
    ]
    expect(new Set(await Promise.all(variants.map((each) => keyOf(each)))).size).toBe(variants.length)
    const same = {
      ...query,
      url: url.replace('https://', 'http://u:p@') + '#x',
      headers: new Headers({ authorization: 'Bearer x' }),
    }
    expect(await keyOf(same)).toBe(await keyOf(variants[1] as CacheQuery))
  })

  it('depends on the secret, where there is one', async () => {
    const query = chatQuery() as unknown as CacheQuery
    const keys = await Promise.all([
      keyOf(query),
      keyOf(query, { keySecret: 'a secret of some length' }),
      keyOf(query, { keySecret: 'another secret of some length' }),
    ])
    // The tenant's part as well as the request's.
    for (const part of [0, 1]) expect(new Set(keys.map((key) => key.split('.')[part])).size).toBe(3)
    expect(keys.join()).not.toContain('acme')
  })

  it.each<[string, JsonObject]>([
    ['stateful', { store: true }],
    ['stateful', { background: true }],
    ['stateful', { previous_response_id: 'resp_1' }],
    ['stateful', { conversation: { id: 'conv_1' } }],
    ['stateful', { container: 'c_1' }],
    ['stateful', { prompt: { id: 'pmpt_1' } }],
    ['stateful', { input: [{ type: 'item_reference', id: 'msg_1' }] }],
    ['failed', { messages: 7n }],
    ['failed', { temperature: Number.NaN }],
  ])('is not made for a call that is %s: %o', async (reason, change) => {
    expect(await outcomeOf(plainCache().answers, chatQuery(change))).toBe(`bypass ${reason}`)
  })

  it.each<[JsonObject]>([
    [{ store: false, previous_response_id: null }],
    [{ prompt: { id: 'pmpt_1', version: '3' } }],
    [{ messages: [{ role: 'tool', tool_call_id: 'a', content: '21 °C' }] }],
  ])('is made for %o', async (change) => {
    expect(await outcomeOf(plainCache().answers, chatQuery(change))).toBe('miss absent')
  })

  it('belongs to one request: an entry of another one that lies there is not served', async () => {
    const { peek: _, ...memory } = memoryStore()
    const get: Store['get'] = async (...asked) => {
      const found = await memory.get(...asked)
      return { ...found, entry: found.entry && { ...found.entry, check: 'of another request' } }
    }
    const forged = createCache({ ttlMs: 60_000, tenant: 'context', store: { ...memory, get } })
    await forged.store(chatQuery(), { answer: chatAnswer() }, acme)
    expect(await outcomeOf(forged)).toBe('miss mismatch')
    expect(forged.stats()).toMatchObject({ hits: 0, mismatches: 1 })
  })
})

describe('the tenant', () => {
  const stored = async (tenant: CacheOptions['tenant'] = 'context'): Promise<Cache> => {
    const { answers } = plainCache({ tenant })
    await answers.store(chatQuery(), { answer: chatAnswer() }, { tenant: 'acme', user: 'ada', tags: ['faq'] })
    return answers
  }

  it('is that of the context, and required', async () => {
    const answers = await stored()
    expect(await outcomeOf(answers, chatQuery(), { tenant: 'acme', user: 'bob' })).toBe('hit exact')
    expect(await outcomeOf(answers, chatQuery(), { tenant: 'other' })).toBe('miss absent')
    expect(await outcomeOf(answers, chatQuery(), {})).toBe('bypass no_tenant')
    expect(await outcomeOf(answers, chatQuery(), { tenant: '' })).toBe('bypass no_tenant')
    const refused = { stored: false, reason: 'no_tenant' }
    expect(await answers.store(chatQuery(), { answer: chatAnswer() }, {})).toEqual(refused)
  })

  it('may be everyone', async () => {
    const answers = await stored('shared')
    expect(await outcomeOf(answers, chatQuery(), {})).toBe('hit exact')
    expect(await outcomeOf(answers, chatQuery(), { tenant: 'other' })).toBe('hit exact')
  })

  it('may be named by a function', async () => {
    const answers = await stored(({ user, tags }: CallContext) => (tags?.includes('faq') ? 'shared' : user))
    expect(await outcomeOf(answers, chatQuery(), { tags: ['faq'] })).toBe('hit exact')
    expect(await outcomeOf(answers, chatQuery(), { user: 'ada' })).toBe('miss absent')
    expect(await outcomeOf(answers, chatQuery(), {})).toBe('bypass no_tenant')
  })

  it('of the name "shared" is not everyone', async () => {
    const query = chatQuery() as unknown as CacheQuery
    expect(await keyOf(query, { tenant: 'shared' })).not.toBe(await keyOf(query, { tenant: () => 'shared' }))
  })

  it('that cannot be named is a bypass', async () => {
    const { answers } = plainCache({
      tenant: () => {
        throw new Error('no directory')
      },
    })
    expect(await outcomeOf(answers)).toBe('bypass failed')
    const refused = { stored: false, reason: 'failed' }
    expect(await answers.store(chatQuery(), { answer: chatAnswer() }, acme)).toEqual(refused)
  })
})
