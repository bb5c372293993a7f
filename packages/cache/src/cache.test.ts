import Anthropic from '@anthropic-ai/sdk'
import {
  onReport,
  sluice,
  withContext,
  withReport,
  type CallReport,
  type Middleware,
  type SluiceOptions,
} from '@sluice/core'
import { fakeProvider, type FakeProvider } from '@sluice/core/testing'
import OpenAI from 'openai'
import { describe, expect, it, vi } from 'vitest'
import { cache } from './cache.ts'
import type { CacheOptions } from './cache-options.ts'
import { createCache, type Cache } from './create-cache.ts'

const model = 'gpt-5-mini'
const messages = [{ role: 'user' as const, content: 'How long does a card take?' }]
const params = { model, messages }

interface SetUp {
  readonly provider: FakeProvider
  readonly openai: OpenAI
  readonly anthropic: Anthropic
}

function setUp(options: Partial<CacheOptions> | Cache = {}, more: SluiceOptions = {}, inner: Middleware[] = []): SetUp {
  const provider = fakeProvider()
  const middleware = [cache('lookup' in options ? options : { ttlMs: 60_000, tenant: 'shared', ...options }), ...inner]
  const openai = sluice(new OpenAI({ apiKey: 'test', fetch: provider.fetch }), middleware, more)
  const anthropic = sluice(new Anthropic({ apiKey: 'test', fetch: provider.fetch }), middleware, more)
  return { provider, openai, anthropic }
}

async function chunksOf<T>(stream: PromiseLike<AsyncIterable<T>>): Promise<T[]> {
  const chunks: T[] = []
  for await (const chunk of await stream) chunks.push(chunk)
  return chunks
}

async function decisions(run: () => PromiseLike<unknown>): Promise<string[]> {
  const { settled } = await withReport(async () => void (await run()))
  return (await settled).flatMap((report) => report.decisions.map(({ action, reason }) => `${action} ${reason}`))
}

/** One answer, asked for in every way that its SDK has. */
const dialects: [string, { [way: string]: (clients: SetUp) => Promise<unknown> }][] = [
  [
    'chat completions',
    {
      whole: ({ openai }) => openai.chat.completions.create(params),
      stream: ({ openai }) => chunksOf(openai.chat.completions.create({ ...params, stream: true })),
      'stream with usage': ({ openai }) =>
        chunksOf(openai.chat.completions.create({ ...params, stream: true, stream_options: { include_usage: true } })),
      helper: ({ openai }) => openai.chat.completions.stream(params).finalChatCompletion(),
    },
  ],
  [
    'responses',
    {
      whole: ({ openai }) => openai.responses.create({ model, input: 'Hi' }),
      stream: ({ openai }) => chunksOf(openai.responses.create({ model, input: 'Hi', stream: true })),
      helper: ({ openai }) => openai.responses.stream({ model, input: 'Hi' }).finalResponse(),
    },
  ],
  [
    'completions',
    {
      whole: ({ openai }) => openai.completions.create({ model, prompt: 'Hi', max_tokens: 200 }),
      stream: ({ openai }) =>
        chunksOf(openai.completions.create({ model, prompt: 'Hi', max_tokens: 200, stream: true })),
    },
  ],
  [
    'messages',
    {
      whole: ({ anthropic }) => anthropic.messages.create({ model, max_tokens: 200, messages }),
      stream: ({ anthropic }) =>
        chunksOf(anthropic.messages.create({ model, max_tokens: 200, messages, stream: true })),
      helper: ({ anthropic }) => anthropic.messages.stream({ model, max_tokens: 200, messages }).finalMessage(),
    },
  ],
]

/** What a bare client would have got in the same way from the same provider. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

describe.each(dialects)('cache of %s', (_, ways) => {
  const names = Object.keys(ways)
  const pairs = names.flatMap((first) => names.map((second) => [first, second] as const))

  it.each(pairs)('%s, then %s: asks the provider once', async (first, second) => {
    const clients = setUp()
    const before = plain(await ways[first]?.(clients))
    const after = plain(await ways[second]?.(clients))
    clients.provider.expectCalls(1)
    if (first === second) expect(meant(after)).toEqual(meant(before))
    // The same request, asked of another provider with the same seed, gives the same answer but for its ids.
    const expected = plain(await ways[second]?.(setUp()))
    if (Array.isArray(after)) expect(gist(after)).toEqual(gist(expected))
    else expect(meant(after, own)).toEqual(meant(expected, own))
  })
})

/** What a stream of any dialect comes to, however it is cut. */
function gist(events: unknown): unknown {
  const text: string[] = []
  const rest: Record<string, unknown> = {}
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(visit)
    if (typeof value !== 'object' || value === null) return
    for (const [name, field] of Object.entries(value)) {
      if (typeof field === 'string' && /^(content|delta|text)$/.test(name)) text.push(field)
      else if (/reason|usage|^status$/.test(name) && field !== null) rest[name] = field
      else visit(field)
    }
  }
  // Responses repeat the text when a part is over.
  visit((events as { type?: string }[]).filter(({ type }) => !/done|completed|in_progress|created/.test(type ?? '')))
  return [text.join(''), rest]
}

/** What differs between two calls of one request: neither has the other's ids and times. */
const own = /^(id|item_id|created|created_at|completed_at|_request_id|request_id|obfuscation)$/

/** The value without fields that say nothing, such as `logprobs: null` in every chunk, and without those of these names. */
function meant(value: unknown, without: RegExp = /^$/): unknown {
  if (Array.isArray(value)) return value.map((item) => meant(item, without))
  if (typeof value !== 'object' || value === null) return value
  const isMeant = ([name, field]: [string, unknown]): boolean =>
    !without.test(name) && field !== null && !(Array.isArray(field) && field.length === 0)
  return Object.fromEntries(
    Object.entries(value)
      .filter(isMeant)
      .map(([name, field]) => [name, meant(field, without)]),
  )
}

describe('cache', () => {
  it('caches embeddings, vectors intact', async () => {
    const { openai, provider } = setUp()
    const asked = { model: 'text-embedding-3-small', input: ['one', 'two'] }
    const first = await openai.embeddings.create(asked)
    const second = await openai.embeddings.create(asked)
    expect(second).toEqual(first)
    expect(second.data[1]?.embedding.length).toBeGreaterThan(100)
    provider.expectCalls(1)
  })

  it('serves structured outputs and tool calls to the helpers that parse them', async () => {
    const { openai, provider } = setUp()
    const response_format = {
      type: 'json_schema' as const,
      json_schema: {
        name: 'a',
        strict: true,
        schema: {
          type: 'object',
          properties: { days: { type: 'integer' } },
          required: ['days'],
          additionalProperties: false,
        },
      },
    }
    const tools = [
      {
        type: 'function' as const,
        function: {
          name: 'look_up',
          strict: true,
          parameters: { type: 'object', properties: {}, additionalProperties: false },
        },
      },
    ]
    const parse = (): Promise<unknown> => openai.chat.completions.parse({ ...params, response_format })
    const call = (): Promise<unknown> =>
      openai.chat.completions.stream({ ...params, tools, tool_choice: 'required' }).finalChatCompletion()
    expect(await parse()).toEqual(await parse())
    expect(await parse()).toMatchObject({ choices: [{ message: { content: expect.stringContaining('days') } }] })
    expect(await call()).toEqual(await call())
    expect(await call()).toMatchObject({
      choices: [{ finish_reason: 'tool_calls', message: { tool_calls: [{ function: { name: 'look_up' } }] } }],
    })
    provider.expectCalls(2)
  })

  it('marks a hit and keeps the request id of the original', async () => {
    const { openai, provider } = setUp()
    const { response: first, request_id } = await openai.chat.completions.create(params).withResponse()
    const { data, response } = await openai.chat.completions.create(params).withResponse()
    expect(first.headers.get('x-sluice-cache')).toBeNull()
    expect(response.headers.get('x-sluice-cache')).toBe('hit')
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(data).toHaveProperty('_request_id', request_id)
    expect(request_id).toBe(provider.lastCall?.id)
    const stream = await openai.chat.completions.create({ ...params, stream: true }).asResponse()
    expect(stream.headers.get('content-type')).toContain('text/event-stream')
    expect(stream.headers.get('x-sluice-cache')).toBe('hit')
    await stream.body?.cancel()
  })

  it('replays a stream as it was cut', async () => {
    const { openai, provider } = setUp()
    provider.enqueue({ chunks: ['Five', ' to seven', ' days.'] })
    const contents = async (): Promise<unknown[]> => {
      const chunks = await chunksOf(openai.chat.completions.create({ ...params, stream: true }))
      return chunks.map((chunk) => chunk.choices[0]?.delta.content).filter(Boolean)
    }
    expect(await contents()).toEqual(['Five', ' to seven', ' days.'])
    expect(await contents()).toEqual(['Five', ' to seven', ' days.'])
    provider.expectCalls(1)
  })

  it('keeps tenants apart', async () => {
    const { openai, provider } = setUp(createCache({ ttlMs: 60_000, tenant: 'context' }))
    const ask = (): Promise<unknown> => openai.chat.completions.create(params)
    await withContext({ tenant: 'a' }, ask)
    await withContext({ tenant: 'b' }, ask)
    await withContext({ tenant: 'a' }, ask)
    provider.expectCalls(2)
    await ask()
    await ask()
    provider.expectCalls(4)
  })

  it('notes what it did and why', async () => {
    const { openai, provider } = setUp({}, { context: { tenant: 'a' } })
    const whole = (): Promise<unknown> => openai.chat.completions.create(params)
    const streamed = (): Promise<unknown> => chunksOf(openai.responses.create({ model, input: 'x', stream: true }))
    expect(await decisions(whole)).toEqual(['miss absent', 'store exact'])
    expect(await decisions(whole)).toEqual(['hit exact'])
    expect(await decisions(streamed)).toEqual(['miss absent', 'store exact'])
    expect(await decisions(streamed)).toEqual(['hit exact'])
    expect(await decisions(() => openai.responses.create({ model, input: 'x', store: true }))).toEqual([
      'bypass stateful',
    ])
    provider.enqueue({ text: 'cut', finish: 'length' })
    expect(await decisions(() => openai.responses.create({ model, input: 'y' }))).toEqual([
      'miss absent',
      'skip length',
    ])
  })

  it('says what a hit saved', async () => {
    const price = (usage: { output: number }) => ({ nanoUsd: usage.output * 2_000, byMeter: {} })
    const { openai } = setUp({ price })
    const { usage } = await openai.chat.completions.create(params)
    const { report } = await withReport(() => openai.chat.completions.create(params))
    expect(report?.decisions).toEqual([
      { by: 'cache', action: 'hit', reason: 'exact', savedNanoUsd: (usage?.completion_tokens ?? 0) * 2_000 },
    ])
    expect(report?.attempts).toEqual([])

    for (const broken of [
      () => ({ unpriced: 'no idea' }),
      () => {
        throw new Error('no table')
      },
    ]) {
      const { openai: other } = setUp({ price: broken })
      await other.chat.completions.create(params)
      const { report: unpriced } = await withReport(() => other.chat.completions.create(params))
      expect(unpriced?.decisions).toEqual([{ by: 'cache', action: 'hit', reason: 'exact' }])
    }
  })

  it.each([
    'http-503',
    'error-in-stream',
    'content-filter-finish',
    'cut',
    'truncated',
    'late-error-in-stream',
  ] as const)('keeps nothing of %s', async (fault) => {
    const { openai, provider } = setUp()
    provider.fail(fault, { times: 2 })
    const options = { maxRetries: 0 }
    await chunksOf(openai.chat.completions.create({ ...params, stream: true }, options)).catch(() => undefined)
    await openai.chat.completions.create(params, options).catch(() => undefined)
    provider.expectCalls(2)
    await openai.chat.completions.create(params)
    provider.expectCalls(3)
  })

  it('keeps a stream that is left after its last event, and none that is left before', async () => {
    const { openai, anthropic, provider } = setUp()
    const reports: CallReport[] = []
    const stop = onReport((report) => reports.push(report))
    for await (const _ of await openai.chat.completions.create({ ...params, stream: true })) break
    for await (const event of await anthropic.messages.create({ model, max_tokens: 200, messages, stream: true })) {
      if (event.type === 'message_stop') break
    }
    await vi.waitUntil(() => reports.length === 2, { timeout: 60_000 })
    stop()
    expect(reports[0]?.decisions.at(-1)).toMatchObject({ action: 'skip', reason: 'abandoned' })
    await openai.chat.completions.create(params)
    await anthropic.messages.create({ model, max_tokens: 200, messages })
    provider.expectCalls(3)
  })

  it.each(['before', 'after'])("closes the provider's stream when the consumer leaves %s reading", async (when) => {
    const { openai, provider } = setUp()
    const response = await openai.chat.completions.create({ ...params, stream: true }).asResponse()
    const reader = response.body?.getReader()
    if (when === 'after') await reader?.read()
    await reader?.cancel()
    await provider.settled()
    expect(provider.lastCall?.outcome).toBe('cancelled')
  })

  it('repeats fields of the call that asks, not of the one that was stored', async () => {
    const { openai, provider } = setUp()
    const ask = (more: object): Promise<unknown> => openai.responses.create({ model, input: 'x', ...more })
    const respond = { metadata: { order: '1' }, user: 'ada' }
    provider.on(
      () => true,
      () =>
        Response.json({
          id: 'resp_1',
          object: 'response',
          model,
          status: 'completed',
          output: [
            {
              type: 'message',
              id: 'm',
              role: 'assistant',
              status: 'completed',
              content: [{ type: 'output_text', text: 'Hi', annotations: [] }],
            },
          ],
          usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2 },
          ...respond,
        }),
    )
    expect(await ask(respond)).toMatchObject(respond)
    expect(await ask({ metadata: { order: '2' } })).toMatchObject({
      id: 'resp_1',
      metadata: { order: '2' },
      user: null,
    })
    expect(await ask({ user: 'bob' })).toMatchObject({ id: 'resp_1', metadata: {}, user: 'bob' })
    provider.expectCalls(1)
  })

  it('leaves usage out of a stream that did not ask for it', async () => {
    const { openai, provider } = setUp({}, { streamUsage: false })
    await openai.chat.completions.create(params)
    const chunks = await chunksOf(openai.chat.completions.create({ ...params, stream: true }))
    provider.expectCalls(1)
    expect(chunks.filter(({ usage }) => usage)).toEqual([])
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('stop')
  })

  it('lets neither the application nor other middleware change what it keeps', async () => {
    const answers = createCache({ ttlMs: 60_000, tenant: 'shared' })
    const provider = fakeProvider()
    const meddler: Middleware = async (call, next) => {
      const reply = await next(call)
      const value = reply.kind === 'whole' && (await reply.value())
      expect(() => Object.assign(value || {}, { model: 'other' })).toThrow(TypeError)
      return reply
    }
    const openai = sluice(new OpenAI({ apiKey: 'test', fetch: provider.fetch }), [meddler, cache(answers)])
    for (let call = 0; call < 3; call += 1) {
      const completion = await openai.chat.completions.create(params)
      expect(completion).toMatchObject({ model, choices: [{ index: 0 }] })
      completion.choices.length = 0
    }
    provider.expectCalls(1)
    expect(answers.stats()).toMatchObject({ hits: 2, stores: 1 })
  })

  it('lets the provider judge a request that it cannot read', async () => {
    const { openai, provider } = setUp()
    const bad = openai.chat.completions.create({ model, messages: 'Hi' as never })
    await expect(bad).rejects.toThrow(OpenAI.BadRequestError)
    provider.expectCalls(1)
  })
})
