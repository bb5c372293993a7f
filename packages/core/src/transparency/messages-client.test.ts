import type Anthropic from '@anthropic-ai/sdk'
import { z } from 'zod'
import type { FakeFaultName } from '../testing/fake-provider/faults.ts'
import { forever, whenever, withoutBackOff } from './back-off.ts'
import { anthropicCases, type AnthropicSdk } from './clients.ts'
import { itIsTransparent, type Behaviours } from './compare.ts'
import { deepFreeze } from '../json.ts'
import { portrait } from './portrait.ts'
import { once, recordItems, thrownBy } from './recording.ts'

const ask = {
  model: 'claude-haiku-4-5',
  max_tokens: 60,
  messages: [{ role: 'user' as const, content: 'Where is my refund?' }],
}
const streamed = { ...ask, stream: true as const }

type Row = Behaviours<Anthropic, AnthropicSdk>[string]
type Own = (
  request: Request & { body: unknown },
  next: (request: unknown) => Promise<Response>,
  context: Context,
) => Promise<Response>
interface Context {
  readonly options: { readonly body?: unknown; readonly stream?: boolean } | undefined
  parse(response: Response): Promise<unknown>
}

/** A middleware of the SDK's own kind that writes down what it sees. */
function watching(log: unknown[], name: string): Own {
  return async (request, next, context) => {
    log.push([
      name,
      'request',
      request.method,
      portrait(request.url),
      request.body,
      portrait(request.headers),
      portrait(context.options?.body),
    ])
    const response = await next(request)
    log.push([
      name,
      'response',
      portrait(response),
      response.ok && !context.options?.stream ? portrait(await context.parse(response)) : undefined,
    ])
    return response
  }
}

const runner: Row = async (client, { provider, sdk }) => {
  provider.enqueue(
    {
      text: 'Let me see.',
      toolCalls: [
        { name: 'weather', arguments: { city: 'Oslo' } },
        { name: 'weather', arguments: { city: 'Atlantis' } },
      ],
    },
    'It rains in Oslo.',
  )
  const weather = sdk.betaZodTool({
    name: 'weather',
    description: 'The weather in a city.',
    inputSchema: z.object({ city: z.string() }),
    run: ({ city }) => {
      if (city === 'Atlantis') throw new Error('No such city')
      return `${city}: rain`
    },
  })
  const tools = client.beta.messages.toolRunner({ ...ask, tools: [weather] })
  const turns = await recordItems(tools)
  return { turns, final: await tools.done(), messages: tools.params.messages }
}

const behaviours: Record<string, Row> = {
  toolRunner: runner,
  'toolRunner, streamed': async (client, { provider, sdk }) => {
    provider.enqueue({ toolCalls: [{ name: 'weather', arguments: { city: 'Oslo' } }] }, 'It rains.')
    const weather = sdk.betaZodTool({
      name: 'weather',
      description: 'w',
      inputSchema: z.object({ city: z.string() }),
      run: () => 'rain',
    })
    const turns: unknown[] = []
    for await (const stream of client.beta.messages.toolRunner({ ...ask, tools: [weather], stream: true }))
      turns.push(await recordItems(stream))
    return turns
  },
  'batches, from their requests to their results': async (client) => {
    const batch = await client.messages.batches.create({
      requests: [
        { custom_id: 'one', params: ask },
        { custom_id: 'two', params: { ...ask, messages: [] } },
      ],
    })
    const running = await client.messages.batches.retrieve(batch.id)
    const ended = await client.messages.batches.retrieve(batch.id)
    const results = await recordItems(await client.messages.batches.results(batch.id))
    const listed = await recordItems(client.messages.batches.list({ limit: 1 }))
    return { batch, running, ended, results, listed, deleted: await client.messages.batches.delete(batch.id) }
  },
  models: async (client) => {
    const all = await recordItems(client.models.list({ limit: 2 }))
    return [
      all,
      await client.models.retrieve('claude-haiku-4-5'),
      await thrownBy(() => client.models.retrieve('claude-0')),
    ]
  },
  'middleware of the SDK': async (_client, { open }) => {
    const log: unknown[] = []
    const client = open({ middleware: [watching(log, 'client')] })
    const options = { middleware: [watching(log, 'request')] } as object
    const answers = [
      await client.messages.create(ask, options),
      await recordItems(await client.messages.create(streamed, options)),
    ]
    const counted = await client.messages.countTokens({ model: ask.model, messages: ask.messages })
    const copy = client.withOptions({ maxRetries: 0 })
    return {
      answers,
      counted,
      copied: await copy.messages.create(ask),
      log,
      length: (client as unknown as { middleware: unknown[] }).middleware.length,
    }
  },
  'middleware of the SDK that answers by itself': async (_client, { open }) => {
    const canned: Own = async () =>
      Response.json(
        { id: 'm', type: 'message', role: 'assistant', content: [{ type: 'text', text: 'Canned.' }] },
        { headers: { 'request-id': 'r1' } },
      )
    return open({ middleware: [canned] }).messages.create(ask)
  },
  'middleware of the SDK that changes the request and asks twice': async (_client, { open }) => {
    const twice: Own = async (request, next) => {
      const body = JSON.stringify({ ...(JSON.parse(String(request.body)) as object), max_tokens: 7 })
      await (
        await next({ ...request, url: request.url, method: request.method, headers: request.headers, body })
      ).text()
      return next({ ...request, url: request.url, method: request.method, headers: request.headers, body })
    }
    return open({ middleware: [twice] }).messages.create(ask)
  },
  'middleware of the SDK that throws': async (_client, { open }) => {
    const failing: Own = async () => {
      throw new RangeError('mine')
    }
    return thrownBy(() => open({ middleware: [failing], maxRetries: 2 }).messages.create(ask))
  },
  'headers, query, fetch options and an idempotency key': (client) =>
    client.messages.create(ask, {
      headers: { 'x-trace': 'a', 'anthropic-beta': 'b' },
      query: { q: 1 },
      fetchOptions: { redirect: 'error' } as object,
      idempotencyKey: 'once',
    }),
  'default headers, a token and a copy': (_client, { open, origin }) =>
    open({ authToken: 't', apiKey: null, defaultHeaders: { 'x-team': 'blue' }, defaultQuery: { tier: 'gold' } })
      .withOptions({ baseURL: `${origin}/proxy` })
      .messages.create(ask),
  'a copy with a fetch of its own': async (client, { fetch }) => {
    let own = 0
    const copy = client.withOptions({
      fetch: (url, init) => {
        own += 1
        return fetch(url as string, init)
      },
    })
    return [
      await copy.messages.create(ask),
      await recordItems(await copy.withOptions({}).messages.create(streamed)),
      own,
      copy.constructor === client.constructor,
    ]
  },
  'frozen parameters': (client) =>
    client.messages.create(deepFreeze(structuredClone(ask)), deepFreeze({ headers: { 'x-a': '1' } })),
  'two retries by default, then given up': async (_client, { open, provider }) => {
    provider.fail('http-429', { retryAfterMs: 1 })
    return thrownBy(() => open({}).messages.create(ask))
  },
  'a retry that succeeds': async (client, { provider }) => {
    provider.fail('http-429', { retryAfterMs: 1, times: 2 })
    return client.messages.create(ask, { maxRetries: 2 }).withResponse()
  },
  'a retry after a reset connection': (client, { provider }) => {
    provider.fail('reset-before-headers', { times: 1 })
    return withoutBackOff(async () => client.messages.create(ask, { maxRetries: 1 }))
  },
  signals: async (client, { provider }) => {
    const before = await thrownBy(() => client.messages.create(ask, { signal: AbortSignal.abort() }))
    provider.fail('silence', { times: 1 })
    const during = new AbortController()
    once(
      () => provider.pending.length > 0,
      () => during.abort(),
    )
    const silent = await thrownBy(() => client.messages.create(ask, { signal: during.signal, maxRetries: 2 }))
    provider.fail('stall', { times: 1, afterTokens: 2 })
    const inside = new AbortController()
    const stream = await client.messages.create(streamed, { signal: inside.signal })
    return [before, silent, await recordItems(stream, [4, () => inside.abort()])]
  },
  timeouts: async (client, { provider }) => {
    provider.fail('silence')
    const timedOut = (run: () => PromiseLike<unknown>): Promise<unknown> =>
      whenever(
        () => provider.pending.length > 0,
        () => thrownBy(run),
      )
    const whole = await timedOut(() => client.messages.create(ask, { timeout: forever }))
    return [whole, await timedOut(() => client.messages.create(streamed, { timeout: forever }))]
  },
  'a call that may last too long': (client) =>
    thrownBy(() => client.messages.create({ ...ask, max_tokens: 1_000_000 })),
  'an error event in a stream': async (client, { provider }) => {
    provider.fail('error-in-stream', { times: 1 })
    const first = await recordItems(await client.messages.create(streamed))
    provider.fail('late-error-in-stream', { times: 1, afterTokens: 2 })
    return [first, await recordItems(await client.messages.create(streamed))]
  },
  'a connection that breaks': async (client, { provider, transport }) => {
    provider.fail('cut', { afterTokens: 2 })
    const whole = await thrownBy(() => client.messages.create(ask))
    const items = await recordItems(await client.messages.create(streamed))
    return [whole, transport === 'in memory' ? items : items.at(-1)]
  },
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
    await client.messages.create(ask)
    await recordItems(await client.messages.create(streamed))
    provider.fail('http-429', { retryAfterMs: 1, times: 1 })
    await client.messages.create(ask)
    provider.fail('bad-request', { times: 1 })
    await thrownBy(() => client.messages.create(ask))
    return lines
  },
  'fifty calls at once, each with its own answer': async (client, { provider }) => {
    provider.on(/number/, ({ lastUserText }) => `answer to ${lastUserText}`)
    const texts = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const params = { ...ask, messages: [{ role: 'user' as const, content: `number ${index}` }] }
        return index % 2 ? client.messages.stream(params).finalText() : (await client.messages.create(params)).content
      }),
    )
    return texts
  },
}

const faults: readonly FakeFaultName[] = [
  'bad-request',
  'unauthorized',
  'payment-required',
  'forbidden',
  'not-found',
  'unprocessable',
  'http-429',
  'http-500',
  'http-503',
  'http-529',
  'context-length',
  'html',
  'reset-before-headers',
]
for (const fault of faults) {
  behaviours[`the fault ${fault}`] = async (client, { provider }) => {
    provider.fail(fault)
    return {
      whole: await thrownBy(() => client.messages.create(ask)),
      stream: await thrownBy(() => client.messages.create(streamed)),
      helper: await thrownBy(() => client.messages.stream(ask).finalMessage()),
    }
  }
}

itIsTransparent(anthropicCases, ['in memory', 'over HTTP'], behaviours)
