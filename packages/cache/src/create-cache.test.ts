import type { CallContext, Clock, JsonObject, RequestOf } from '@sluice/core'
import { openaiChat, openaiEmbeddings, openaiResponses } from '@sluice/core/apis'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from './canonical.ts'
import { createCache, type Cache, type CacheOptions } from './create-cache.ts'
import { ignoredFields, type CacheQuery } from './query.ts'

type Chat = 'openai.chat'
const context = { tenant: 'acme' }
const request: RequestOf<Chat> = { model: 'gpt-5-mini', messages: [{ role: 'user', content: 'Hi' }], temperature: 0.5 }
const query = (change: JsonObject = {}): CacheQuery<Chat> => ({ api: openaiChat, request: { ...request, ...change } })

const choice = (change: JsonObject = {}, message: JsonObject = {}) => ({
  index: 0,
  finish_reason: 'stop',
  message: { role: 'assistant', content: 'Hello', ...message },
  ...change,
})
const answerOf = (...choices: JsonObject[]) =>
  ({
    id: 'c1',
    model: 'gpt-5-mini',
    choices,
    usage: { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 },
  }) as never

function testClock(): Clock & { pass(ms: number): void } {
  let nowMs = 1_000_000
  return { now: () => nowMs, sleep: async () => undefined, pass: (ms) => (nowMs += ms) }
}

function setUp(options: Partial<CacheOptions> = {}) {
  const clock = testClock()
  return { clock, answers: createCache({ ttlMs: 60_000, clock, ...options }) }
}

const outcome = async (answers: Cache, asked: CacheQuery<Chat>, who: CallContext = context): Promise<string> => {
  const { outcome, reason } = await answers.lookup(asked, who)
  return `${outcome} ${reason}`
}

describe('createCache', () => {
  it('gives back what was stored, and only that', async () => {
    const { answers, clock } = setUp()
    expect(await outcome(answers, query())).toBe('miss absent')
    const headers = new Headers({ 'x-request-id': 'req_1', 'x-ratelimit-remaining-requests': '9' })
    expect(
      await answers.store(query(), { answer: answerOf(choice()), boundaries: [['0.content', 5]], headers }, context),
    ).toEqual({ stored: true })
    expect(await answers.lookup(query(), context)).toEqual({
      outcome: 'hit',
      reason: 'exact',
      key: expect.stringMatching(/^[\w-]{43}$/),
      entry: {
        answer: answerOf(choice()),
        boundaries: [['0.content', 5]],
        requestIds: { 'x-request-id': 'req_1' },
        storedAtMs: clock.now(),
        expiresAtMs: clock.now() + 60_000,
        bytes: expect.any(Number),
      },
    })
    expect(answers.stats()).toEqual({
      hits: 1,
      misses: 1,
      bypasses: 0,
      stores: 1,
      entries: 1,
      bytes: expect.any(Number),
    })
  })

  it('explains without counting', async () => {
    const { answers } = setUp()
    await answers.store(query(), { answer: answerOf(choice()) }, context)
    expect(await answers.explain(query(), context)).toMatchObject({ outcome: 'hit', reason: 'exact' })
    expect(await answers.explain(query(), {})).toEqual({ outcome: 'bypass', reason: 'no_tenant' })
    expect(answers.stats()).toMatchObject({ hits: 0, misses: 0, bypasses: 0 })
  })

  it('forgets after the time to live, which being served does not extend', async () => {
    const { answers, clock } = setUp()
    await answers.store(query(), { answer: answerOf(choice()) }, context)
    clock.pass(59_999)
    expect(await outcome(answers, query())).toBe('hit exact')
    clock.pass(1)
    expect(await answers.explain(query(), context)).toMatchObject({ outcome: 'miss', reason: 'expired' })
    expect(await outcome(answers, query())).toBe('miss expired')
    expect(await outcome(answers, query())).toBe('miss absent')
  })

  it('drops what was used longest ago to stay within its bytes', async () => {
    const { answers } = setUp({ maxBytes: 6_000 })
    const asked = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((content) =>
      query({ messages: [{ role: 'user', content }] }),
    )
    for (const each of asked) {
      await answers.store(each, { answer: answerOf(choice({}, { content: 'x'.repeat(400) })) }, context)
      await answers.lookup(asked[0] as CacheQuery<Chat>, context)
      expect(answers.stats().bytes).toBeLessThanOrEqual(6_000)
    }
    expect(await outcome(answers, asked[0] as CacheQuery<Chat>)).toBe('hit exact')
    expect(await outcome(answers, asked[1] as CacheQuery<Chat>)).toBe('miss absent')
    expect(await outcome(answers, asked[7] as CacheQuery<Chat>)).toBe('hit exact')
    expect(
      await answers.store(query(), { answer: answerOf(choice({}, { content: 'x'.repeat(9_000) })) }, context),
    ).toEqual({ stored: false, reason: 'too_large' })
  })

  it('keeps a copy that nobody can change', async () => {
    const { answers } = setUp()
    const answer = structuredClone(answerOf(choice())) as { choices: { message: { content: string } }[] }
    await answers.store(query(), { answer: answer as never }, context)
    answer.choices.length = 0
    const found = await answers.lookup(query(), context)
    const kept = found.outcome === 'hit' ? found.entry.answer : undefined
    expect(kept?.choices[0]?.message.content).toBe('Hello')
    expect(() => Object.assign(kept?.choices[0]?.message ?? {}, { content: 'Bye' })).toThrow(TypeError)
  })

  it.each([
    ['length', choice({ finish_reason: 'length' })],
    ['content_filter', choice({ finish_reason: 'content_filter' })],
    ['unfinished', choice({ finish_reason: null })],
    ['empty', choice({}, { content: ' \n' })],
    ['empty', choice({}, { content: null })],
    ['refusal', choice({}, { content: null, refusal: 'No.' })],
    ['other', choice({ finish_reason: 'max_rounds' })],
  ])('does not keep an answer that is %s', async (reason, bad) => {
    const { answers } = setUp()
    expect(await answers.store(query(), { answer: answerOf(bad) }, context)).toEqual({ stored: false, reason })
    expect(await answers.store(query(), { answer: answerOf(choice(), { ...bad, index: 1 }) }, context)).toEqual({
      stored: false,
      reason,
    })
    expect(answers.stats().entries).toBe(0)
  })

  it('does not keep errors, missing choices or nothing at all', async () => {
    const { answers } = setUp()
    expect(await answers.store(query(), { answer: { error: { message: 'no', code: 'x' } } as never }, context)).toEqual(
      { stored: false, reason: 'error' },
    )
    expect(await answers.store(query({ n: 2 }), { answer: answerOf(choice()) }, context)).toEqual({
      stored: false,
      reason: 'unfinished',
    })
    expect(await answers.store(query(), { answer: answerOf() }, context)).toEqual({ stored: false, reason: 'empty' })
    expect(
      await answers.store(
        { api: openaiEmbeddings, request: { model: 'e', input: 'x' } },
        { answer: { data: [] } as never },
        context,
      ),
    ).toMatchObject({ reason: 'empty' })
    expect(await answers.store(query(), { answer: null as never }, context)).toEqual({
      stored: false,
      reason: 'failed',
    })
  })

  it('keeps tool calls, whatever the finish reason of the server', async () => {
    const { answers } = setUp()
    const calls = {
      content: null,
      tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }],
    }
    expect(
      await answers.store(query(), { answer: answerOf(choice({ finish_reason: 'tool_calls' }, calls)) }, context),
    ).toEqual({ stored: true })
    expect(await answers.store(query(), { answer: answerOf(choice({}, calls)) }, context)).toEqual({ stored: true })
  })

  it('does not serve an answer without usage to a call that gets usage', async () => {
    const { answers } = setUp()
    const { usage: _, ...answer } = answerOf(choice()) as JsonObject
    await answers.store(query({ stream: true }), { answer: answer as never }, context)
    expect(await outcome(answers, query({ stream: true }))).toBe('hit exact')
    expect(await outcome(answers, query())).toBe('miss no_usage')
    expect(await outcome(answers, query({ stream: true, stream_options: { include_usage: true } }))).toBe(
      'miss no_usage',
    )
  })
})

describe('the tenant', () => {
  const stored = async (tenant?: CacheOptions['tenant']): Promise<Cache> => {
    const { answers } = setUp(tenant && { tenant })
    await answers.store(query(), { answer: answerOf(choice()) }, { tenant: 'acme', user: 'ada', tags: ['faq'] })
    return answers
  }

  it('is that of the context unless told otherwise, and required', async () => {
    const answers = await stored()
    expect(await outcome(answers, query(), { tenant: 'acme', user: 'bob' })).toBe('hit exact')
    expect(await outcome(answers, query(), { tenant: 'other' })).toBe('miss absent')
    expect(await outcome(answers, query(), {})).toBe('bypass no_tenant')
    expect(await answers.store(query(), { answer: answerOf(choice()) }, {})).toEqual({
      stored: false,
      reason: 'no_tenant',
    })
  })

  it('may be everyone', async () => {
    const answers = await stored('shared')
    expect(await outcome(answers, query(), {})).toBe('hit exact')
    expect(await outcome(answers, query(), { tenant: 'other' })).toBe('hit exact')
  })

  it('may be named by a function', async () => {
    const answers = await stored(({ user, tags }) => (tags?.includes('faq') ? 'shared' : user))
    expect(await outcome(answers, query(), { tags: ['faq'] })).toBe('hit exact')
    expect(await outcome(answers, query(), { user: 'ada' })).toBe('miss absent')
    expect(await outcome(answers, query(), {})).toBe('bypass no_tenant')
    const everyone = createCache({ ttlMs: 1, tenant: 'shared' })
    const named = createCache({ ttlMs: 1, tenant: () => 'shared' })
    const keys = await Promise.all([everyone, named].map((each) => each.lookup(query())))
    expect(new Set(keys.map((found) => 'key' in found && found.key)).size).toBe(2)
  })

  it('that cannot be named is a bypass', async () => {
    const { answers } = setUp({
      tenant: () => {
        throw new Error('no directory')
      },
    })
    expect(await outcome(answers, query())).toBe('bypass failed')
  })
})

describe('the key', () => {
  const json = fc.jsonValue({ maxDepth: 3 })
  const keyFor = async (request: JsonObject): Promise<string> => {
    const found = await setUp().answers.lookup(
      { api: openaiChat, request: { model: 'm', messages: [], ...request } as never },
      context,
    )
    return 'key' in found ? found.key : found.reason
  }
  const shuffled = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shuffled)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value)
        .toReversed()
        .map(([name, field]) => [name, shuffled(field)]),
    )
  }

  it('is the same whatever the order of fields, and another for any other value', async () => {
    await fc.assert(
      fc.asyncProperty(json, json, async (a, b) => {
        expect(await keyFor({ x: a })).toBe(await keyFor({ x: shuffled(a) }))
        expect((await keyFor({ x: a })) === (await keyFor({ x: b }))).toBe(canonicalJson(a) === canonicalJson(b))
      }),
    )
  })

  it.each([
    [{ temperature: undefined }, { temperature: 0 }],
    [{ temperature: 0 }, { temperature: 0.1 }],
    [{ seed: 1 }, { seed: '1' }],
    [{ messages: [{ role: 'user', content: 'a b' }] }, { messages: [{ role: 'user', content: 'a  b' }] }],
    [{ messages: [{ role: 'user', content: 'a' }] }, { messages: [{ role: 'system', content: 'a' }] }],
    [{ tools: [] }, {}],
    [{ stop: null }, {}],
    [{ unknown_field: 1 }, {}],
    [{ x: ['a', 'b'] }, { x: ['b', 'a'] }],
    [{ x: { a: 1 } }, { x: [['a', 1]] }],
  ])('differs between %j and %j', async (a, b) => {
    expect(await keyFor(a)).not.toBe(await keyFor(b))
  })

  it('leaves out how the answer is delivered and who asked', async () => {
    const bare = await keyFor({})
    for (const field of ignoredFields) expect(await keyFor({ [field]: true })).toBe(bare)
    expect(ignoredFields.size).toBe(7)
  })

  it('holds dialect, address and the headers that change the API', async () => {
    const url = 'https://api.example.com/v1/chat/completions'
    const variants: CacheQuery[] = [
      query(),
      { ...query(), url },
      { ...query(), url: `${url}?api-version=2` },
      { ...query(), url: url.replace('api.', 'eu.') },
      { ...query(), url, headers: new Headers({ 'openai-beta': 'x=1' }) },
      { api: openaiResponses, request: request as never },
    ]
    const keyed = async (each: CacheQuery): Promise<string> => {
      const found = await setUp().answers.explain(each, context)
      return 'key' in found ? found.key : found.reason
    }
    expect(new Set(await Promise.all(variants.map(keyed))).size).toBe(variants.length)
    const same = {
      ...query(),
      url: url.replace('https://', 'http://u:p@') + '#x',
      headers: new Headers({ authorization: 'Bearer x' }),
    }
    expect(await keyed(same)).toBe(await keyed(variants[1] as CacheQuery))
  })

  it.each([
    ['stateful', { store: true }],
    ['stateful', { background: true }],
    ['stateful', { previous_response_id: 'resp_1' }],
    ['stateful', { conversation: { id: 'conv_1' } }],
    ['stateful', { container: 'c_1' }],
    ['tool_results', { messages: [{ role: 'tool', tool_call_id: 'a', content: '21 °C' }] }],
    ['failed', { messages: 7n }],
  ])('is not made for a call that is %s: %o', async (reason, change) => {
    expect(await outcome(setUp().answers, query(change))).toBe(`bypass ${reason}`)
  })

  it('is made for one that says it is not', async () => {
    expect(await outcome(setUp().answers, query({ store: false, previous_response_id: null }))).toBe('miss absent')
  })
})

describe('createCache options', () => {
  it.each([
    [undefined, 'needs options'],
    [{}, '"ttlMs"'],
    [{ ttlMs: 0 }, '"ttlMs"'],
    [{ ttlMs: Infinity }, '"ttlMs"'],
    [{ ttlMs: 1, tenant: 'acme' }, '"tenant"'],
    [{ ttlMs: 1, maxBytes: 0.5 }, '"maxBytes"'],
    [{ ttlMs: 1, clock: {} }, '"clock"'],
    [{ ttlMs: 1, ttl: 5 }, 'no option "ttl"'],
  ])('refuses %j', (options, message) => {
    expect(() => createCache(options as never)).toThrow(
      expect.objectContaining({ code: 'config.option', message: expect.stringContaining(message) }),
    )
  })
})
