import Anthropic from '@anthropic-ai/sdk'
import Anthropic0 from 'anthropic-sdk-0'
import OpenAI, { AzureOpenAI } from 'openai'
import OpenAI6 from 'openai-6'
import { describe, expect, it } from 'vitest'
import { SluiceError } from './errors.ts'
import { sluiceFetch } from './fetch.ts'
import { defineMiddleware, type Middleware } from './pipeline.ts'
import { sluice } from './sluice.ts'

const chatAnswer = { id: 'c1', object: 'chat.completion', model: 'm', choices: [] }
const message = {
  id: 'm1',
  type: 'message',
  role: 'assistant',
  model: 'm',
  content: [],
  usage: { input_tokens: 1, output_tokens: 1 },
}
const answering = async (url: unknown): Promise<Response> =>
  Response.json(String(url).includes('/messages') ? message : chatAnswer)

function counter(): { middleware: Middleware; calls: () => number } {
  let count = 0
  return {
    calls: () => count,
    middleware: (call, next) => {
      count += 1
      return next(call)
    },
  }
}

const clients = {
  'openai 7': () => new OpenAI({ apiKey: 'k', fetch: answering }),
  'openai 6': () => new OpenAI6({ apiKey: 'k', fetch: answering }),
  AzureOpenAI: () =>
    new AzureOpenAI({ apiKey: 'k', apiVersion: 'v', endpoint: 'https://x.openai.azure.com', fetch: answering }),
  '@anthropic-ai/sdk 1': () => new Anthropic({ apiKey: 'k', fetch: answering }),
  '@anthropic-ai/sdk 0': () => new Anthropic0({ apiKey: 'k', fetch: answering }),
}
type Any = {
  withOptions(options: object): Any
  constructor: { name: string }
  maxRetries: number
  middleware?: unknown[]
}

async function ask(client: unknown): Promise<unknown> {
  const { chat, messages } = client as { chat?: OpenAI['chat']; messages?: Anthropic['messages'] }
  if (chat) return chat.completions.create({ model: 'm', messages: [{ role: 'user', content: 'hi' }] })
  return messages?.create({ model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'hi' }] })
}

describe.each(Object.entries(clients))('sluice() around %s', (_name, make) => {
  it('gives back the same class and leaves the original as it was', async () => {
    const original = make()
    const before = Object.getPrototypeOf(original)
    const { middleware, calls } = counter()
    const wrapped = sluice(original, [middleware]) as unknown as Any
    expect(wrapped).not.toBe(original)
    expect(wrapped).toBeInstanceOf(original.constructor)
    expect(wrapped.constructor).toBe(original.constructor)
    expect(wrapped.maxRetries).toBe(2)
    expect(wrapped.middleware).toEqual((original as unknown as Any).middleware)
    await ask(original)
    expect(calls()).toBe(0)
    expect(Object.getPrototypeOf(original)).toBe(before)
    await ask(wrapped)
    expect(calls()).toBe(1)
  })

  it('keeps copies wrapped, once, also copies with a fetch of their own', async () => {
    const { middleware, calls } = counter()
    const wrapped = sluice(make(), [middleware]) as unknown as Any
    const copy = wrapped.withOptions({ maxRetries: 4 })
    expect(copy.maxRetries).toBe(4)
    await ask(copy)
    expect(calls()).toBe(1)
    let own = 0
    const withFetch = copy.withOptions({
      fetch: (url: unknown) => {
        own += 1
        return answering(url)
      },
    })
    await ask(withFetch)
    expect([calls(), own]).toEqual([2, 1])
    await ask(withFetch.withOptions({}))
    expect([calls(), own]).toEqual([3, 2])
  })

  it('wraps a wrapped client: the later one is outermost', async () => {
    const seen: string[] = []
    const named =
      (name: string): Middleware =>
      (call, next) => {
        seen.push(name)
        return next(call.with({ request: call.api.withModel(call.request, name) }))
      }
    const models: string[] = []
    const inner: Middleware = (call, next) => {
      models.push(call.api.model(call.request))
      return next(call)
    }
    const client = sluice(sluice(make(), [named('inner'), inner]), [inner, named('outer')])
    await ask(client)
    expect(seen).toEqual(['outer', 'inner'])
    expect(models).toEqual(['m', 'inner'])
  })

  it('switches the SDK retries off for a middleware that owns them, and tells it what was asked for', async () => {
    const asked: unknown[] = []
    const owner = defineMiddleware({ name: 'retry', ownsRetries: true }, (call, next) => {
      asked.push(call.maxRetries)
      return next(call)
    })
    const wrapped = sluice(make(), [owner]) as unknown as Any
    expect(wrapped.maxRetries).toBe(0)
    await ask(wrapped)
    await ask(wrapped.withOptions({ maxRetries: 7 }))
    await ask(wrapped.withOptions({ maxRetries: 7 }).withOptions({ timeout: 5 }))
    expect(asked).toEqual([2, 7, 7])
  })
})

describe('bad input is refused at construction', () => {
  const client = new OpenAI({ apiKey: 'k', fetch: answering })
  const ok: Middleware = (call, next) => next(call)
  const claudeOnly = defineMiddleware({ name: 'thinking', apis: ['anthropic.messages'] }, ok)
  it.each<[string, () => unknown, string, RegExp]>([
    ['no client', () => sluice(undefined as never, []), 'config.client', /got undefined/],
    ['not a client', () => sluice(new Map() as never, []), 'config.client', /got Map.*sluiceFetch/s],
    [
      'a middleware that is none',
      () => sluice(client, [ok, 5 as never]),
      'config.middleware',
      /Middleware 2 is not a function, got number/,
    ],
    [
      'a middleware alone',
      () => sluice(client, ok as never),
      'config.middleware',
      /must be a list of functions, got function/,
    ],
    [
      'an unknown option',
      () => sluice(client, [], { cache: true } as never),
      'config.option',
      /Unknown option "cache"/,
    ],
    ['null options', () => sluice(client, [], null as never), 'config.option', /must be an object/],
    [
      'a wrong option',
      () => sluice(client, [], { incompleteStreams: 'throw' } as never),
      'config.option',
      /"error" or "pass"/,
    ],
    ['no dialects', () => sluice(client, [], { apis: [] }), 'config.option', /non-empty list of dialects/],
    ['a wrong price', () => sluice(client, [], { price: 3 } as never), 'config.option', /got number/],
    ['a wrong clock', () => sluice(client, [], { clock: Date } as never), 'config.option', /now\(\) and sleep/],
    ['a wrong switch', () => sluice(client, [], { streamUsage: 'no' } as never), 'config.option', /true or false/],
    ['a wrong context', () => sluice(client, [], { context: { tenant: '' } }), 'context.invalid', /non-empty string/],
    [
      'a dialect mismatch',
      () => sluice(client, [claudeOnly]),
      'config.dialect_mismatch',
      /"thinking" understands anthropic.messages.*openai.chat/s,
    ],
    [
      'a fetch that is none',
      () => sluiceFetch([], { fetch: {} as never }),
      'config.option',
      /"fetch" must be a function/,
    ],
    ['a name that is none', () => sluiceFetch([], { fech: fetch } as never), 'config.option', /Unknown option "fech"/],
  ])('%s', (_name, make, code, message) => {
    let thrown: unknown
    try {
      make()
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(SluiceError)
    expect(thrown).toMatchObject({ code })
    expect((thrown as SluiceError).message).toMatch(message)
  })
})
