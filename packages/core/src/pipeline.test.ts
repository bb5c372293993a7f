import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { isCall } from './call.ts'
import { anthropicMessages } from './api/anthropic-messages/index.ts'
import { compose, defineMiddleware, type Handler, type Middleware } from './pipeline.ts'
import { wholeReply } from './reply.ts'
import { sluice } from './sluice.ts'

const answer = { id: 'c1', object: 'chat.completion', model: 'm', choices: [], usage: null }

function clientWith(middleware: readonly Middleware[]): { ask: () => Promise<unknown>; wire: RequestInit[] } {
  const wire: RequestInit[] = []
  const fetch = async (_url: unknown, init?: RequestInit): Promise<Response> => {
    wire.push(init ?? {})
    return Response.json(answer)
  }
  const client = sluice(new OpenAI({ apiKey: 'k', fetch }), middleware)
  return {
    wire,
    ask: () => client.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: 'hi' }] }),
  }
}

describe('compose', () => {
  it('runs the first listed outermost, once per call', async () => {
    const seen: string[] = []
    const named =
      (name: string): Middleware =>
      async (call, next) => {
        seen.push(`${name} in`)
        const reply = await next(call)
        seen.push(`${name} out`)
        return reply
      }
    await clientWith([named('a'), named('b'), named('c')]).ask()
    expect(seen).toEqual(['a in', 'b in', 'c in', 'c out', 'b out', 'a out'])
  })

  it('lets a middleware answer alone', async () => {
    const { ask, wire } = clientWith([async (call) => wholeReply(call.api, { ...answer, id: 'made', created: 1 })])
    expect(await ask()).toMatchObject({ id: 'made' })
    expect(wire).toHaveLength(0)
  })

  it('lets a middleware call next several times', async () => {
    const { ask, wire } = clientWith([
      async (call, next) => {
        await (await next(call)).discard()
        return next(call)
      },
    ])
    expect(await ask()).toMatchObject({ id: 'c1' })
    expect(wire).toHaveLength(2)
  })

  it('sends the SDK its own request object when nothing was changed', async () => {
    const inits: unknown[] = []
    const outer: RequestInit[] = []
    const fetch = async (_url: unknown, init?: RequestInit): Promise<Response> => {
      inits.push(init?.headers)
      return Response.json(answer)
    }
    const base = new OpenAI({ apiKey: 'k', fetch })
    const spy = sluice(base, [
      async (call, next) => {
        outer.push({ headers: call.http.headers })
        return next(call)
      },
    ])
    await spy.chat.completions.create({ model: 'm', messages: [] })
    expect(inits[0]).toBe(outer[0]?.headers)
  })

  it('passes by a middleware that does not understand the dialect', async () => {
    const onlyEmbeddings = defineMiddleware({ name: 'e', apis: ['openai.embeddings'] }, () =>
      Promise.reject(new Error('called')),
    )
    expect(await clientWith([onlyEmbeddings]).ask()).toMatchObject({ id: 'c1' })
  })

  it('narrows a call by its dialect', async () => {
    const roles: (string | undefined)[] = []
    await clientWith([
      (call, next) => {
        if (isCall(call, 'openai.chat')) roles.push(call.request.messages[0]?.role)
        if (isCall(call, 'anthropic.messages')) roles.push('never')
        return next(call)
      },
    ]).ask()
    expect(roles).toEqual(['user'])
  })
})

describe('a middleware that breaks the contract', () => {
  it.each<[string, Middleware, RegExp]>([
    ['returns nothing', (async () => undefined) as unknown as Middleware, /did not return a reply/],
    ['returns a Response', (async () => Response.json({})) as unknown as Middleware, /did not return a reply/],
    [
      'answers in another dialect',
      async () =>
        wholeReply(anthropicMessages, {
          id: 'x',
          type: 'message',
          role: 'assistant',
          model: 'm',
          content: [],
          stop_reason: null,
          stop_sequence: null,
          usage: { input_tokens: 1, output_tokens: 1 },
        }) as never,
      /answered a call in openai.chat with a reply in anthropic.messages/,
    ],
    ['passes on something that is not a call', (call, next) => next({ ...call }), /call\.with/],
  ])('%s', async (_name, middleware, message) => {
    await expect(clientWith([middleware]).ask()).rejects.toThrow(message)
  })

  it('calls next after it has answered', async () => {
    let late: Promise<unknown> | undefined
    const middleware = defineMiddleware({ name: 'tardy' }, async (call, next) => {
      const reply = await next(call)
      late = new Promise((resolve) => setImmediate(resolve)).then(() => next(call))
      late.catch(() => undefined)
      return reply
    })
    const { ask, wire } = clientWith([middleware])
    await ask()
    await expect(late).rejects.toThrow('Middleware "tardy" called next() after it had answered')
    expect(wire).toHaveLength(1)
  })

  it('is not a function', () => {
    const handler: Handler = () => Promise.reject(new Error('unused'))
    expect(() => compose([undefined as never], handler)).toThrow('Middleware 1 is not a function, got undefined')
    expect(() => compose([[] as never], handler)).toThrow('got a list (spread it: ...list)')
    expect(() => compose('cache' as never, handler)).toThrow('must be a list of functions, got string')
  })
})

describe('a request', () => {
  it('is frozen, so that an edit in place fails instead of being lost', async () => {
    const { ask } = clientWith([
      (call, next) => {
        ;(call.request as { model: string }).model = 'other'
        return next(call)
      },
    ])
    await expect(ask()).rejects.toThrow(/read only|Cannot assign/)
  })

  it('is a snapshot: what the application changes later is not seen', async () => {
    const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: 'one' }]
    const seen: unknown[] = []
    const client = sluice(new OpenAI({ apiKey: 'k', fetch: async () => Response.json(answer) }), [
      async (call, next) => {
        const reply = await next(call)
        messages.push({ role: 'user', content: 'two' })
        seen.push(call.request)
        return reply
      },
    ])
    await client.chat.completions.create({ model: 'm', messages })
    expect(seen).toEqual([{ model: 'm', messages: [{ role: 'user', content: 'one' }] }])
  })

  it('is changed by copy, and only then serialised again', async () => {
    const { ask, wire } = clientWith([
      (call, next) => next(call.with({ request: call.api.withModel(call.request, 'other') })),
    ])
    await ask()
    expect(JSON.parse(String(wire[0]?.body))).toEqual({ model: 'other', messages: [{ role: 'user', content: 'hi' }] })
  })

  it('may not be changed once it is signed', async () => {
    const client = sluice(
      new OpenAI({
        apiKey: 'k',
        defaultHeaders: { authorization: 'AWS4-HMAC-SHA256 Credential=x' },
        fetch: async () => Response.json(answer),
      }),
      [(call, next) => next(call.with({ request: call.api.withModel(call.request, 'other') }))],
    )
    await expect(client.chat.completions.create({ model: 'm', messages: [] })).rejects.toThrow(/signed already/)
  })
})
