import type OpenAI from 'openai'
import { forever, whenever, withoutBackOff } from './back-off.ts'
import { azureCases, openaiCases, type OpenAiSdk } from './clients.ts'
import { itIsTransparent, type Behaviours } from './compare.ts'
import { deepFreeze } from '../json.ts'
import { portrait } from './portrait.ts'
import { once, recordItems, thrownBy } from './recording.ts'
import { passed, reported, untouched } from './variants.ts'

const messages = [{ role: 'user' as const, content: 'Where is my refund?' }]
const chat = { model: 'gpt-5-mini', messages, max_completion_tokens: 5 }
const streamed = { ...chat, stream: true as const }
const refusal = (status: number, headers: Record<string, string> = {}): Response =>
  Response.json(
    { error: { message: 'Not now.', type: 't', code: 'c', param: null } },
    { status, headers: { 'retry-after-ms': '1', ...headers } },
  )

const behaviours: Behaviours<OpenAI, OpenAiSdk> = {
  headers: (client) =>
    client.chat.completions.create(chat, {
      headers: { 'x-trace': 'abc', 'user-agent': null, accept: 'application/json, text/plain' },
    }),
  'headers that take the place of others': (client) =>
    client.chat.completions.create(chat, {
      headers: {
        authorization: 'Bearer other',
        'content-type': 'application/json; charset=utf-8',
        'x-stainless-lang': null,
      },
    }),
  query: (client) => client.chat.completions.create(chat, { query: { trace: 1, list: ['a', 'b'], deep: { of: 'c' } } }),
  'an idempotency key': (client) => client.chat.completions.create(chat, { idempotencyKey: 'once' }),
  'fetch options': (client) =>
    client.chat.completions.create(chat, { fetchOptions: { redirect: 'error', priority: 'low' } as object }),
  'fetch options of the client': (_client, { open }) =>
    open({ fetchOptions: { cache: 'no-store', keepalive: false } })
      .chat.completions.create(streamed)
      .then(recordItems),
  'another path': (client) => client.post('/chat/completions', { body: chat, headers: { 'x-own': '1' } }),
  'an unknown path': (client) => thrownBy(() => client.chat.completions.create(chat, { path: '/nowhere' } as object)),
  'default headers and query of the client': (_client, { open }) =>
    open({
      defaultHeaders: { 'x-team': 'blue', 'x-none': null },
      defaultQuery: { tier: 'gold' },
      organization: 'org-1',
      project: 'proj-1',
    }).chat.completions.create(chat),
  'a key that is fetched': (_client, { open }) => {
    let asked = 0
    const apiKey = async (): Promise<string> => `sk-${(asked += 1)}`
    const client = open({ apiKey })
    return client.chat.completions
      .create(chat)
      .then(async (first) => [first, await client.chat.completions.create(chat), asked])
  },
  'a base URL that changes later': async (client, { origin }) => {
    client.baseURL = `${origin}/proxy/v1`
    return client.chat.completions.create(chat)
  },
  'no retries by themselves, then three': async (client, { provider }) => {
    provider.fail('http-429', { retryAfterMs: 1 })
    const error = await thrownBy(() => client.chat.completions.create(chat))
    return [error, await thrownBy(() => client.chat.completions.create(chat, { maxRetries: 3 }))]
  },
  'two retries by default': async (_client, { open, provider }) => {
    provider.fail('http-429', { retryAfterMs: 1 })
    const client = open({})
    return [client.maxRetries, await thrownBy(() => client.chat.completions.create(chat))]
  },
  'a retry that succeeds': async (client, { provider }) => {
    provider.enqueue(refusal(500), refusal(503), refusal(408), refusal(409), 'At last.')
    return client.chat.completions.create(chat, { maxRetries: 4 }).withResponse()
  },
  'a retry that succeeds, streamed': async (client, { provider }) => {
    provider.fail('http-429', { retryAfterMs: 1, times: 2 })
    return recordItems(await client.chat.completions.create(streamed, { maxRetries: 2 }))
  },
  'retries with their count taken off': async (client, { provider }) => {
    provider.fail('http-429', { retryAfterMs: 1, times: 1 })
    return client.chat.completions.create(chat, { maxRetries: 1, headers: { 'x-stainless-retry-count': null } })
  },
  'retries asked for and forbidden by the provider': async (client, { provider }) => {
    provider.enqueue(refusal(400, { 'x-should-retry': 'true' }), 'Better.', refusal(500, { 'x-should-retry': 'false' }))
    const first = await client.chat.completions.create(chat, { maxRetries: 1 })
    return [first, await thrownBy(() => client.chat.completions.create(chat, { maxRetries: 1 }))]
  },
  'a retry after a reset connection': (client, { provider }) => {
    provider.fail('reset-before-headers', { times: 1 })
    return withoutBackOff(async () => client.chat.completions.create(chat, { maxRetries: 1 }))
  },
  'retries after reset connections, in vain': (client, { provider }) => {
    provider.fail('reset-before-headers')
    return withoutBackOff(() => thrownBy(() => client.chat.completions.create(chat, { maxRetries: 2 })))
  },
  'a signal aborted before': async (client) => {
    const error = await thrownBy(() => client.chat.completions.create(chat, { signal: AbortSignal.abort() }))
    return [error, await thrownBy(() => client.chat.completions.create(streamed, { signal: AbortSignal.abort('why') }))]
  },
  'a signal aborted while the provider is silent': async (client, { provider }) => {
    provider.fail('silence')
    const caller = new AbortController()
    once(
      () => provider.pending.length > 0,
      () => caller.abort(new RangeError('mine')),
    )
    return thrownBy(() => client.chat.completions.create(chat, { signal: caller.signal, maxRetries: 2 }))
  },
  'a signal aborted at once after the call': async (client) => {
    const caller = new AbortController()
    const promise = client.chat.completions.create(chat, { signal: caller.signal })
    caller.abort()
    return thrownBy(() => promise)
  },
  'a signal aborted in a stream': async (client, { provider }) => {
    provider.fail('stall', { afterTokens: 2 })
    const caller = new AbortController()
    const stream = await client.chat.completions.create(streamed, { signal: caller.signal })
    return [await recordItems(stream, [3, () => caller.abort()]), stream.controller.signal.aborted]
  },
  'a signal aborted between retries': async (client, { provider }) => {
    provider.fail('http-429', { retryAfterMs: forever })
    const caller = new AbortController()
    once(
      () => provider.calls[0]?.outcome === 'failed',
      () => setTimeout(() => caller.abort(), 10),
    )
    return whenever(
      () => caller.signal.aborted,
      () => thrownBy(() => client.chat.completions.create(chat, { signal: caller.signal, maxRetries: 2 })),
    )
  },
  'a signal that is never aborted': (client) =>
    client.chat.completions.create(chat, { signal: new AbortController().signal }),
  'a timeout': async (client, { provider }) => {
    provider.fail('silence')
    return whenever(
      () => provider.pending.length > 0,
      () => thrownBy(() => client.chat.completions.create(chat, { timeout: forever })),
    )
  },
  'a timeout of a stream': async (client, { provider }) => {
    provider.fail('silence')
    return whenever(
      () => provider.pending.length > 0,
      () => thrownBy(() => client.chat.completions.create(streamed, { timeout: forever })),
    )
  },
  'a timeout of the client, retried': (_client, { open, provider }) => {
    provider.fail('silence', { times: 1 })
    let isRetried = false
    return whenever(
      // The second try has all the time that it needs.
      () => !isRetried && provider.pending.length > 0 && (isRetried = true),
      () => open({ timeout: forever, maxRetries: 1 }).chat.completions.create(chat),
    )
  },
  'a timeout that is no number': (client) => thrownBy(() => client.chat.completions.create(chat, { timeout: -1 })),
  'parameters that are frozen': async (client) => {
    const params = deepFreeze({ ...structuredClone(chat), metadata: { a: '1' }, stop: ['x'] })
    const options = deepFreeze({ headers: { 'x-a': '1' }, query: { b: 2 }, maxRetries: 1 })
    return [
      await client.chat.completions.create(params, options),
      await recordItems(await client.chat.completions.create({ ...params, stream: true }, options)),
    ]
  },
  'parameters that stay as they are': async (client) => {
    const params = { ...structuredClone(streamed), metadata: { a: '1' } }
    const options = { headers: { 'x-a': '1' }, timeout: 5000 }
    const before = portrait([params, options])
    await recordItems(await client.chat.completions.create(params, options))
    return [before, portrait([params, options])]
  },
  'parameters changed right after the call': async (client) => {
    const params = structuredClone(chat)
    const promise = client.chat.completions.create(params)
    const first = params.messages[0]
    if (first) first.content = 'Something else'
    return promise
  },
  'parameters with toJSON': (client) =>
    client.chat.completions.create({ ...chat, metadata: { toJSON: () => ({ made: 'up' }) } } as never),
  'what a logger is told': async (_client, { open, provider }) => {
    const lines: unknown[] = []
    const level =
      (name: string) =>
      (message: unknown, ...rest: unknown[]) =>
        void lines.push([name, ...[message, ...rest].map(portrait)])
    const client = open({
      logLevel: 'debug',
      logger: { debug: level('debug'), info: level('info'), warn: level('warn'), error: level('error') },
    })
    await client.chat.completions.create(chat)
    await recordItems(await client.chat.completions.create(streamed))
    provider.fail('http-429', { retryAfterMs: 1, times: 2 })
    await client.chat.completions.create(chat)
    provider.fail('bad-request', { times: 1 })
    await thrownBy(() => client.chat.completions.create(chat))
    return lines
  },
}

/** A signature covers the body: nothing may be added to it, not even for a report. */
const signed: Behaviours<OpenAI, OpenAiSdk> = {
  'a signed request': async (client) => {
    const options = { headers: { authorization: 'AWS4-HMAC-SHA256 Credential=k, Signature=s' } }
    return [
      await client.chat.completions.create(chat, options),
      await recordItems(await client.chat.completions.create(streamed, options)),
    ]
  },
}

const copies: Behaviours<OpenAI, OpenAiSdk> = {
  'copies by withOptions': async (client, { provider }) => {
    const copy = client.withOptions({ timeout: 1234, maxRetries: 1, defaultHeaders: { 'x-copy': '1' } })
    provider.fail('http-429', { retryAfterMs: 1, times: 1 })
    const answer = await copy.withOptions({ defaultQuery: { q: '1' } }).chat.completions.create(chat)
    const facts = [
      copy.timeout,
      copy.maxRetries,
      client.maxRetries,
      copy.constructor === client.constructor,
      copy !== client,
    ]
    return [answer, ...facts, copy instanceof client.constructor, copy.baseURL, Object.keys(copy).sort()]
  },
  'a copy with another key and address': (client, { origin }) =>
    client.withOptions({ apiKey: 'sk-other', baseURL: `${origin}/other/v1` }).chat.completions.create(chat),
  'a copy with a fetch of its own': async (client, { fetch }) => {
    const seen: unknown[] = []
    const own: typeof fetch = (url, init) => {
      seen.push([
        typeof url,
        init?.method,
        typeof init?.body,
        init?.headers instanceof Headers,
        init?.signal instanceof AbortSignal,
      ])
      return fetch(url, init)
    }
    const copy = client.withOptions({ fetch: own })
    return [
      await copy.chat.completions.create(chat),
      await recordItems(await copy.withOptions({}).chat.completions.create(streamed)),
      seen,
    ]
  },
}

itIsTransparent([...openaiCases, ...azureCases], ['in memory'], behaviours)
itIsTransparent(openaiCases.slice(0, 1), ['over HTTP'], behaviours)
itIsTransparent([...openaiCases, ...azureCases.slice(0, 1)], ['in memory'], copies)
itIsTransparent(openaiCases, ['in memory'], signed, [untouched, passed, reported])
