import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { SluiceError } from '../../errors.ts'
import { fakeClock } from '../fake-clock.ts'
import { fakeProvider, type FakeProvider } from './fake-provider.ts'
import { fakeFaults, type FakeFaultName } from './faults.ts'
import { transports, type TestClients } from './test-clients.ts'

const messages = [{ role: 'user' as const, content: 'Where is my refund?' }]

/** What an SDK made of a call: the last thing that it delivered, or its error's class, status and code. */
async function outcome(run: () => Promise<unknown>): Promise<string> {
  try {
    return `ok ${String(await run())}`
  } catch (error) {
    const { constructor, status, code, type, cause } = error as Record<
      string,
      { name?: string; cause?: { code: string } }
    >
    const below = cause?.cause?.code
    return [constructor?.name, status, code ?? type, below]
      .filter((part) => part !== undefined && part !== null)
      .join(' ')
  }
}

const calls: Readonly<Record<string, (clients: TestClients) => Promise<unknown>>> = {
  chat: async ({ openai }) =>
    (await openai.chat.completions.create({ model: 'gpt-5', messages })).choices?.[0]?.finish_reason,
  chatStream: async ({ openai }) => {
    let last
    for await (const chunk of await openai.chat.completions.create({ model: 'gpt-5', messages, stream: true })) {
      last = chunk.choices[0]?.finish_reason
    }
    return last
  },
  messages: async ({ anthropic }) =>
    (await anthropic.messages.create({ model: 'claude-haiku-4-5', max_tokens: 900, messages })).stop_reason,
  messagesStream: async ({ anthropic }) => {
    let last
    const params = { model: 'claude-haiku-4-5', max_tokens: 900, messages, stream: true } as const
    for await (const event of await anthropic.messages.create(params)) {
      last = event.type === 'message_delta' ? event.delta.stop_reason : event.type
    }
    return last
  },
  responsesStream: async ({ openai }) => {
    let last
    for await (const event of await openai.responses.create({ model: 'gpt-5', input: 'x', stream: true }))
      last = event.type
    return last
  },
  embeddings: async ({ openai }) =>
    (await openai.embeddings.create({ model: 'text-embedding-3-small', input: 'x' })).data?.length,
}

type Seen = readonly [
  chat: string,
  chatStream: string,
  messages: string,
  messagesStream: string,
  responsesStream: string,
  embeddings: string,
]

/** The same error in every dialect but for the class and code that Anthropic's SDK has for it. */
function errors(openai: string, anthropic: string): Seen {
  return [openai, openai, anthropic, anthropic, openai, openai]
}

const cutOff = 'SyntaxError'
const broken = 'TypeError'

const table: Readonly<Record<Exclude<FakeFaultName, 'silence' | 'stall' | 'slow-first-token' | 'flapping'>, Seen>> = {
  'http-500': errors('InternalServerError 500 server_error', 'InternalServerError 500 api_error'),
  'http-503': errors('InternalServerError 503 server_error', 'ServiceUnavailableError 503 api_error'),
  'http-529': errors('InternalServerError 529 server_error', 'OverloadedError 529 overloaded_error'),
  'http-429': errors('RateLimitError 429 rate_limit_exceeded', 'RateLimitError 429 rate_limit_error'),
  quota: errors('RateLimitError 429 insufficient_quota', 'RateLimitError 429 rate_limit_error'),
  unauthorized: errors('AuthenticationError 401 invalid_api_key', 'AuthenticationError 401 authentication_error'),
  'payment-required': errors('APIError 402 billing_hard_limit_reached', 'PaymentRequiredError 402 billing_error'),
  forbidden: errors(
    'PermissionDeniedError 403 unsupported_country_region_territory',
    'PermissionDeniedError 403 permission_error',
  ),
  'not-found': errors('NotFoundError 404 model_not_found', 'NotFoundError 404 not_found_error'),
  'bad-request': errors('BadRequestError 400 invalid_request_error', 'BadRequestError 400 invalid_request_error'),
  unprocessable: errors(
    'UnprocessableEntityError 422 unprocessable_entity',
    'UnprocessableEntityError 422 invalid_request_error',
  ),
  'context-length': errors('BadRequestError 400 context_length_exceeded', 'BadRequestError 400 invalid_request_error'),
  'content-filter': errors('BadRequestError 400 content_filter', 'BadRequestError 400 invalid_request_error'),
  html: errors('InternalServerError 502', 'InternalServerError 502'),
  'reset-before-headers': errors('APIConnectionError ECONNRESET', 'APIConnectionError ECONNRESET'),
  cut: errors(broken, broken),
  // Both SDKs take a stream that ends without its terminal event for a whole one.
  truncated: [cutOff, 'ok null', cutOff, 'ok content_block_delta', 'ok response.output_text.delta', cutOff],
  'empty-body': [broken, 'ok undefined', cutOff, 'ok undefined', 'ok undefined', broken],
  'malformed-chunk': errors(cutOff, cutOff),
  'missing-done': ['ok stop', 'ok stop', 'ok end_turn', 'ok end_turn', 'ok response.completed', 'ok 1'],
  'error-in-stream': [
    'ok undefined',
    'APIError server_error',
    'ok undefined',
    'APIError overloaded_error',
    'APIError server_error',
    'ok undefined',
  ],
  'late-error-in-stream': [
    'ok undefined',
    'APIError server_error',
    'ok undefined',
    'APIError overloaded_error',
    'APIError server_error',
    'ok undefined',
  ],
  'content-filter-finish': [
    'ok content_filter',
    'ok content_filter',
    'ok refusal',
    'ok message_stop',
    'ok response.incomplete',
    'ok 1',
  ],
}

const harmless = new Set<string>(['missing-done', 'content-filter-finish'])

describe.each(transports)('a fault as the SDKs see it, $name', ({ open }) => {
  it.each(Object.entries(table))('%s', async (fault, expected) => {
    const provider = fakeProvider().fail(fault as FakeFaultName)
    await using clients = await open(provider)
    const seen: string[] = []
    for (const run of Object.values(calls)) seen.push(await outcome(() => run(clients)))
    expect(Object.fromEntries(Object.keys(calls).map((name, i) => [name, seen[i]]))).toEqual(
      Object.fromEntries(Object.keys(calls).map((name, i) => [name, expected[i]])),
    )
    await provider.settled()
    expect(provider.calls.map((call) => [call.fault, call.outcome])).toEqual(
      expected.map(() => [fault, harmless.has(fault) ? 'finished' : 'failed']),
    )
  })

  it('silence: nothing comes until the caller gives up', async () => {
    const provider = fakeProvider().fail('silence')
    await using clients = await open(provider)
    const abort = new AbortController()
    const answer = outcome(() =>
      clients.openai.chat.completions.create({ model: 'gpt-5', messages }, { signal: abort.signal }),
    )
    await reached(provider)
    abort.abort()
    expect(await answer).toBe('APIUserAbortError')
    await provider.settled()
    expect(provider.lastCall).toMatchObject({ outcome: 'cancelled', status: undefined, fault: 'silence' })
  })

  it('stall: half of the answer comes, then nothing until the caller gives up', async () => {
    const provider = fakeProvider().fail('stall', { afterTokens: 3 })
    await using clients = await open(provider)
    const abort = new AbortController()
    const stream = await clients.openai.chat.completions.create(
      { model: 'gpt-5', messages, stream: true },
      { signal: abort.signal },
    )
    let text = ''
    const reading = (async () => {
      for await (const chunk of stream) {
        text += chunk.choices[0]?.delta.content ?? ''
        if (text.split(' ').length === 3) setImmediate(() => abort.abort())
      }
    })()
    await reading.catch(() => {})
    await provider.settled()
    expect(text).not.toBe('')
    expect(provider.lastCall).toMatchObject({ outcome: 'cancelled', status: 200, answerText: text })
  })

  it('stall: a whole answer stops in its middle', async () => {
    const provider = fakeProvider().fail('stall')
    await using clients = await open(provider)
    const abort = new AbortController()
    const answer = outcome(() =>
      clients.anthropic.messages.create(
        { model: 'claude-haiku-4-5', max_tokens: 9, messages },
        { signal: abort.signal },
      ),
    )
    await reached(provider, 1)
    abort.abort()
    // The first before the client has the headers, the second after.
    expect(await answer).toMatch(/^(APIUserAbortError|DOMException 20)$/)
    await provider.settled()
    expect(provider.lastCall?.outcome).toBe('cancelled')
  })

  it('slow-first-token: the headers come at once, the first token late', async () => {
    const clock = fakeClock()
    const provider = fakeProvider({ clock }).fail('slow-first-token', { delayMs: 3000 })
    await using clients = await open(provider)
    const stream = await clients.openai.chat.completions.create({ model: 'gpt-5', messages, stream: true })
    let chunks = 0
    const reading = (async () => {
      for await (const _ of stream) chunks++
    })()
    while (clock.pendingSleeps === 0) await new Promise(setImmediate)
    await clock.advance(2999)
    expect(chunks).toBe(0)
    await clock.advance(1)
    await reading
    expect(chunks).toBeGreaterThan(50)
    expect(provider.lastCall?.outcome).toBe('finished')
  })
})

/** Waits until the provider has the call and has sent so much of it. */
async function reached(provider: FakeProvider, chunks = 0): Promise<void> {
  while (!provider.lastCall?.fault || provider.lastCall.chunksSent < chunks) await new Promise(setImmediate)
}

describe('which calls a fault strikes', () => {
  const ask = async (provider: FakeProvider, model = 'gpt-5', headers = {}): Promise<number> => {
    const body = JSON.stringify({ model, messages })
    const response = await provider.fetch('http://test/v1/chat/completions', { method: 'POST', body, headers })
    await response.text()
    return response.status
  }
  const many = async (provider: FakeProvider, count: number): Promise<number[]> => {
    const statuses = []
    for (let i = 0; i < count; i++) statuses.push(await ask(provider))
    return statuses
  }

  it('has a name in the table for every fault', () => {
    expect([...Object.keys(table), 'silence', 'stall', 'slow-first-token', 'flapping'].sort()).toEqual(
      [...fakeFaults].sort(),
    )
  })

  it('ends after `times`, and begins after `after`', async () => {
    const provider = fakeProvider({ faults: [{ fault: 'http-503', after: 1, times: 2 }] })
    expect(await many(provider, 5)).toEqual([200, 503, 503, 200, 200])
  })

  it('draws `rate` from the seed', async () => {
    const run = (seed: number): Promise<number[]> =>
      many(fakeProvider({ seed, faults: [{ fault: 'http-500', rate: 0.3 }] }), 200)
    const [one, again, other] = [await run(7), await run(7), await run(8)]
    expect(one).toEqual(again)
    expect(one).not.toEqual(other)
    const failed = one.filter((status) => status === 500).length
    expect(failed).toBeGreaterThan(40)
    expect(failed).toBeLessThan(80)
  })

  it('keeps to its models and to `when`', async () => {
    const provider = fakeProvider({
      faults: [
        { fault: 'http-503', models: ['gpt-5'] },
        { fault: 'http-429', when: (request) => request.headers['x-tenant'] === 'b' },
      ],
    })
    expect(await ask(provider)).toBe(503)
    expect(await ask(provider, 'gpt-5-mini')).toBe(200)
    expect(await ask(provider, 'gpt-5-mini', { 'x-tenant': 'b' })).toBe(429)
  })

  it('can be asked for by one request alone', async () => {
    const provider = fakeProvider()
    expect(await ask(provider, 'gpt-5', { 'x-fake-fault': 'http-529' })).toBe(529)
    expect(await ask(provider)).toBe(200)
    expect(await ask(provider, 'gpt-5', { 'x-fake-fault': 'no-such' })).toBe(400)
  })

  it('flaps by the clock: up first, then down', async () => {
    const clock = fakeClock()
    const provider = fakeProvider({ clock, faults: [{ fault: 'flapping', upMs: 1000, downMs: 500 }] })
    const seen = []
    for (let i = 0; i < 7; i++) {
      seen.push(await ask(provider))
      await clock.advance(250 * (i % 2 === 0 ? 2 : 3))
    }
    // at 0, 500, 1250, 1750, 2500, 3000, 3750 ms
    expect(seen).toEqual([200, 200, 503, 200, 503, 200, 200])
  })

  it('is over with heal, and back with reset when it was an option', async () => {
    const provider = fakeProvider({ faults: [{ fault: 'http-500' }] }).fail('http-503')
    expect(await ask(provider)).toBe(503)
    expect(await ask(provider.heal())).toBe(200)
    provider.reset()
    expect(await ask(provider)).toBe(500)
  })

  it.each([
    [{}, { 'retry-after': '1' }],
    [{ retryAfterS: 7 }, { 'retry-after': '7' }],
    [{ retryAfterMs: 250 }, { 'retry-after-ms': '250' }],
    [{ retryAfterDate: Date.UTC(2026, 0, 2) }, { 'retry-after': 'Fri, 02 Jan 2026 00:00:00 GMT' }],
  ])('says when to come back: %o', async (details, headers) => {
    const { fetch } = fakeProvider().fail('http-429', details)
    const response = await fetch('http://test/v1/chat/completions', {
      method: 'POST',
      body: JSON.stringify({ model: 'gpt-5', messages }),
    })
    expect(Object.fromEntries(response.headers)).toMatchObject(headers)
  })

  it('lets the SDK retry and succeed', async () => {
    const provider = fakeProvider().fail('http-429', { times: 2, retryAfterMs: 1 })
    const openai = new OpenAI({ apiKey: 'test', fetch: provider.fetch, maxRetries: 2 })
    await openai.chat.completions.create({ model: 'gpt-5', messages })
    expect(provider.calls.map((call) => call.status)).toEqual([429, 429, 200])
  })

  it('leaves scripted answers in the queue for the call that succeeds', async () => {
    const provider = fakeProvider().enqueue('scripted').fail('http-503', { times: 1 })
    expect(await many(provider, 2)).toEqual([503, 200])
    expect(provider.lastCall?.answerText).toBe('scripted')
  })

  it('can be part of a script', async () => {
    const provider = fakeProvider().enqueue({ fault: 'http-500' }, 'fine', {
      text: 'half',
      fault: 'content-filter-finish',
    })
    expect(await many(provider, 3)).toEqual([500, 200, 200])
  })

  it('refuses a name that it does not know, and a rate that is none', () => {
    const unknown = (): unknown => fakeProvider().fail('http-418' as FakeFaultName)
    expect(unknown).toThrow(SluiceError)
    expect(unknown).toThrow(/http-418.*http-500/)
    expect(() => fakeProvider({ faults: [{ fault: 'cut', rate: 2 }] })).toThrow(/rate.*0\.\.1/)
  })
})
