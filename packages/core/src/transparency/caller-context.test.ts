import { AsyncLocalStorage } from 'node:async_hooks'
import type Anthropic from '@anthropic-ai/sdk'
import type OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { currentContext, withContext } from '../context.ts'
import type { Middleware } from '../pipeline.ts'
import { streamReply } from '../reply.ts'
import { sluice, type WrappableClient } from '../sluice.ts'
import { fakeProvider, type FakeProvider } from '../testing/fake-provider/fake-provider.ts'
import { approximateTokenizer } from '../testing/fake-provider/model/tokens.ts'
import {
  anthropicCases,
  azureCases,
  openaiCases,
  type AnthropicSdk,
  type ClientCase,
  type OpenAiSdk,
} from './clients.ts'

const caller = new AsyncLocalStorage<string>()
const messages = [{ role: 'user' as const, content: 'Where is my refund?' }]
const chat = { model: 'gpt-5-mini', messages }
const ask = { model: 'claude-haiku-4-5', max_tokens: 200, messages }
const tool = {
  type: 'function' as const,
  function: {
    name: 'weather',
    parameters: { type: 'object' },
    parse: JSON.parse,
    function: async () => `rain for ${caller.getStore()}`,
  },
}
const called = { toolCalls: [{ name: 'weather', arguments: {} }] }

/** Notes who is calling when a call comes, when its answer is there, and at its first event. */
function noting(seen: unknown[]): Middleware {
  const note = (): void => void seen.push(`${caller.getStore()}/${currentContext().tenant}`)
  return async (call, next) => {
    note()
    const reply = await next(call)
    note()
    if (reply.kind !== 'stream') return reply
    const events = reply.events()
    return streamReply(
      call.api,
      (async function* () {
        note()
        yield* events
      })(),
      reply,
    )
  }
}

type Run<C, Sdk> = (client: C, provider: FakeProvider, sdk: Sdk) => PromiseLike<unknown>

async function whoWasSeen<C, Sdk>(made: ClientCase<C, Sdk>, run: Run<C, Sdk>): Promise<unknown[]> {
  const seen: unknown[] = []
  const provider = fakeProvider({ tokenizer: approximateTokenizer })
  const client = made.create({ origin: 'http://provider.test', fetch: provider.fetch, options: {} })
  const wrapped = sluice(client as C & WrappableClient, [noting(seen)])
  await caller.run('ada', () =>
    withContext({ tenant: 'acme' }, async () => void (await run(wrapped, provider, made.sdk))),
  )
  return seen
}

async function drained(items: PromiseLike<AsyncIterable<unknown>>): Promise<void> {
  for await (const _ of await items);
}

const openaiRuns: [string, number, Run<OpenAI, OpenAiSdk>][] = [
  ['create', 2, (client) => client.chat.completions.create(chat)],
  ['create, streamed', 3, (client) => drained(client.chat.completions.create({ ...chat, stream: true }))],
  ['.stream()', 3, (client) => client.chat.completions.stream(chat).finalContent()],
  [
    '.parse()',
    2,
    (client, _provider, sdk) =>
      client.chat.completions.parse({
        ...chat,
        response_format: sdk.zodResponseFormat(z.object({ a: z.string() }), 'a'),
      }),
  ],
  [
    'runTools',
    4,
    (client, provider) => {
      provider.enqueue(called, ({ messages }) => (messages.at(-1)?.text === 'rain for ada' ? 'Wet.' : 'Lost.'))
      return client.chat.completions
        .runTools({ ...chat, tools: [tool as never] })
        .finalContent()
        .then((text) => expect(text).toBe('Wet.'))
    },
  ],
  [
    'retries',
    6,
    (client, provider) => {
      provider.fail('http-429', { retryAfterMs: 1, times: 2 })
      return client.chat.completions.create(chat, { maxRetries: 2 })
    },
  ],
  ['embeddings', 2, (client) => client.embeddings.create({ model: 'text-embedding-3-small', input: 'Hi' })],
  ['copies', 2, (client) => client.withOptions({ apiVersion: '2026-01-01' } as object).chat.completions.create(chat)],
]

const anthropicRuns: [string, number, Run<Anthropic, AnthropicSdk>][] = [
  ['create', 2, (client) => client.messages.create(ask)],
  ['create, streamed', 3, (client) => drained(client.messages.create({ ...ask, stream: true }))],
  ['.stream()', 3, (client) => client.messages.stream(ask).finalMessage()],
  [
    '.parse()',
    2,
    (client, _provider, sdk) =>
      client.messages.parse({ ...ask, output_config: { format: sdk.zodOutputFormat(z.object({ a: z.string() })) } }),
  ],
  [
    'toolRunner',
    4,
    (client, provider, sdk) => {
      provider.enqueue(called, 'Wet.')
      const weather = sdk.betaZodTool({
        name: 'weather',
        description: 'w',
        inputSchema: z.object({}),
        run: () => 'rain',
      })
      return client.beta.messages.toolRunner({ ...ask, tools: [weather] }).runUntilDone()
    },
  ],
  [
    'retries',
    6,
    (client, provider) => {
      provider.fail('http-429', { retryAfterMs: 1, times: 2 })
      return client.messages.create(ask)
    },
  ],
]

describe.each([...openaiCases, ...azureCases])('who calls is known in the middleware of $name', (made) => {
  it.each(openaiRuns)('%s', async (_name, times, run) => {
    expect(await whoWasSeen(made, run)).toEqual(Array.from({ length: times }, () => 'ada/acme'))
  })
})

describe.each(anthropicCases)('who calls is known in the middleware of $name', (made) => {
  it.each(anthropicRuns)('%s', async (_name, times, run) => {
    expect(await whoWasSeen(made, run)).toEqual(Array.from({ length: times }, () => 'ada/acme'))
  })
})

it('callers at the same time are kept apart', async () => {
  const seen: string[] = []
  const provider = fakeProvider({ tokenizer: approximateTokenizer })
  const [made] = openaiCases
  if (!made) throw new Error('There is no client.')
  const client = sluice(made.create({ origin: 'http://provider.test', fetch: provider.fetch, options: {} }), [
    async (call, next) => {
      const before = caller.getStore()
      const reply = await next(call)
      seen.push(`${before}=${caller.getStore()}=${JSON.stringify(call.request).match(/I am (\w+)/)?.[1]}`)
      return reply
    },
  ])
  const names = Array.from({ length: 20 }, (_, index) => `c${index}`)
  await Promise.all(
    names.map((name) =>
      caller.run(name, async () =>
        client.chat.completions.create({ ...chat, messages: [{ role: 'user', content: `I am ${name}` }] }),
      ),
    ),
  )
  expect(seen.toSorted()).toEqual(names.map((name) => `${name}=${name}=${name}`).toSorted())
})
