import { inspect } from 'node:util'
import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import OpenAI6 from 'openai-6'
import { afterEach, describe, expect, it } from 'vitest'
import { contextHeaders, withContext } from './context.ts'
import { SluiceError } from './errors.ts'
import { sluiceErrorOf } from './errors-http.ts'
import { defineMiddleware, type Middleware } from './pipeline.ts'
import { streamReply, wholeReply } from './reply.ts'
import { onReport, withReport, type CallReport } from './report.ts'
import { sluice } from './sluice.ts'
import { fakeClock } from './testing/index.ts'

const answer = { id: 'c', object: 'chat.completion', created: 1, model: 'm', choices: [] }
const params = { model: 'm', messages: [{ role: 'user' as const, content: 'hi' }] }
const passes: Middleware = (call, next) => next(call)
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))

const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

describe('retries that a middleware owns', () => {
  const retries = defineMiddleware({ name: 'retries', ownsRetries: true }, async (call, next) => {
    let reply = await next(call)
    for (let count = 0; count < (call.maxRetries ?? 0) && reply.kind === 'error'; count += 1) {
      await reply.discard()
      reply = await next(call)
    }
    return reply
  })
  const busy = (): { fetch: typeof fetch; calls: () => number } => {
    let calls = 0
    const fetch = async (): Promise<Response> => {
      calls += 1
      return Response.json({ error: { message: 'busy' } }, { status: 503, headers: { 'retry-after-ms': '1' } })
    }
    return { fetch, calls: () => calls }
  }

  it.each([0, 2, 3])('are made %i times as one request asks, not multiplied by the SDK', async (maxRetries) => {
    for (const Sdk of [OpenAI, OpenAI6] as (typeof OpenAI)[]) {
      const { fetch, calls } = busy()
      const client = sluice(new Sdk({ apiKey: 'k', fetch }), [retries])
      await expect(client.chat.completions.create(params, { maxRetries })).rejects.toMatchObject({ status: 503 })
      expect(calls()).toBe(maxRetries + 1)
    }
    const { fetch, calls } = busy()
    const anthropic = sluice(new Anthropic({ apiKey: 'k', fetch }), [retries])
    await expect(anthropic.messages.create({ ...params, max_tokens: 1 }, { maxRetries })).rejects.toMatchObject({
      status: 503,
    })
    expect(calls()).toBe(maxRetries + 1)
  })

  it('stay with the inner of two wraps that is asked first', async () => {
    const { fetch, calls } = busy()
    const client = sluice(sluice(new OpenAI({ apiKey: 'k', fetch }), [retries]), [passes])
    await expect(client.chat.completions.create(params, { maxRetries: 3 })).rejects.toMatchObject({ status: 503 })
    expect(calls()).toBe(4)
  })
})

describe('what middleware reads is what is sent', () => {
  it('when the application changes its parameters while middleware waits', async () => {
    let sent = ''
    const seen: string[] = []
    const fetch = async (_url: unknown, init?: RequestInit): Promise<Response> => {
      sent = String(init?.body)
      return Response.json(answer)
    }
    const waits: Middleware = async (call, next) => {
      await settle()
      seen.push(...call.api.prompt(call.request).map((part) => part.text))
      return next(call)
    }
    const own = { model: 'm', messages: [{ role: 'user' as const, content: 'ada@example.com' }] }
    const call = sluice(new OpenAI({ apiKey: 'k', fetch }), [waits]).chat.completions.create(own)
    await Promise.resolve()
    setImmediate(() => (own.messages[0] = { role: 'user', content: 'clean' }))
    await call
    expect(seen).toEqual(['ada@example.com'])
    expect(JSON.parse(sent).messages[0].content).toBe('ada@example.com')
  })
})

describe('what middleware reads is what is sent, also', () => {
  it('when a hook of the SDK waits after the body was serialised', async () => {
    const own = { model: 'm', messages: [{ role: 'user' as const, content: 'ada@example.com' }] }
    class Waiting extends OpenAI {
      protected override async prepareRequest(): Promise<void> {
        await settle()
        own.messages[0] = { role: 'user', content: 'clean' }
      }
    }
    let sent = ''
    const seen: string[] = []
    const fetch = async (_url: unknown, init?: RequestInit): Promise<Response> => {
      sent = String(init?.body)
      return Response.json(answer)
    }
    const looks: Middleware = (call, next) => {
      seen.push(...call.api.prompt(call.request).map((part) => part.text))
      return next(call)
    }
    await sluice(new Waiting({ apiKey: 'k', fetch }), [looks]).chat.completions.create(own)
    expect(own.messages[0]?.content).toBe('clean')
    expect(seen).toEqual(['ada@example.com'])
    expect(sent).toContain('ada@example.com')
  })
})

describe('whatever a middleware throws', () => {
  const circular: Record<string, unknown> = {}
  circular['self'] = circular
  it.each<[string, unknown]>([
    ['a status outside errors', new SluiceError({ code: 'a.b', message: 'x', status: 999 })],
    ['a success as status', new SluiceError({ code: 'a.b', message: 'x', status: 200 })],
    ['a code that is no header', new SluiceError({ code: 'a.b\nx: ü', message: 'x' })],
    ['details that are no JSON', new SluiceError({ code: 'a.b', message: 'x', details: { big: 1n } })],
    ['details in a circle', new SluiceError({ code: 'a.b', message: 'x', details: circular })],
    ['nothing with a prototype', Object.create(null)],
    [
      'something whose text throws',
      {
        toString: () => {
          throw new Error('no')
        },
      },
    ],
    ['undefined', undefined],
    ['a string', 'plain'],
  ])('reaches the caller as one API error: %s', async (_name, thrown) => {
    let runs = 0
    const client = sluice(new OpenAI({ apiKey: 'k', fetch: async () => Response.json(answer) }), [
      async () => {
        runs += 1
        throw thrown
      },
    ])
    const error: unknown = await client.chat.completions.create(params).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(OpenAI.APIError)
    expect(sluiceErrorOf(error)).toBeInstanceOf(SluiceError)
    expect(runs).toBe(1)
  })

  it('gives the connection of an answer back that nobody will read', async () => {
    let cancelled = 0
    const fetch = async (): Promise<Response> =>
      new Response(new ReadableStream<Uint8Array<ArrayBuffer>>({ cancel: () => void (cancelled += 1) }), {
        headers: { 'content-type': 'text/event-stream' },
      })
    const late: Middleware = async (call, next) => {
      await next(call)
      throw new Error('after the answer')
    }
    const lost: Middleware = async (call, next) => void (await next(call)) as never
    for (const middleware of [late, lost])
      await expect(
        sluice(new OpenAI({ apiKey: 'k', fetch }), [middleware]).chat.completions.create({ ...params, stream: true }),
      ).rejects.toThrow()
    await settle()
    expect(cancelled).toBe(2)
  })
})

describe('nothing ends the process', () => {
  it('no value that nobody waits for, no listener that fails later', async () => {
    const unhandled: unknown[] = []
    const note = (reason: unknown): void => void unhandled.push(reason)
    process.on('unhandledRejection', note)
    stops.push(
      () => process.off('unhandledRejection', note),
      onReport(async () => Promise.reject(new Error('observer'))),
    )
    const careless: Middleware = async (call, next) => {
      const reply = await next(call)
      if (reply.kind === 'whole') void reply.value()
      return reply
    }
    const client = sluice(
      new OpenAI({
        apiKey: 'k',
        fetch: async () => new Response('no json', { headers: { 'content-type': 'application/json' } }),
      }),
      [careless],
    )
    await client.chat.completions.create(params).catch(() => undefined)
    await settle()
    expect(unhandled).toEqual([])
  })
})

describe('secrets', () => {
  it('do not show when a call or its report is printed', async () => {
    const shown: string[] = []
    const prints: Middleware = async (call, next) => {
      shown.push(inspect(call, { depth: 9, showHidden: true }), JSON.stringify(call.context))
      return next(call)
    }
    const client = sluice(new OpenAI({ apiKey: 'sk-secret', fetch: async () => Response.json(answer) }), [prints])
    const { report } = await withReport(() =>
      client.chat.completions.create({ ...params, messages: [{ role: 'user', content: 'private' }] }),
    )
    shown.push(inspect(report, { depth: 9 }))
    expect(shown.join()).not.toMatch(/sk-secret|private/)
    expect(shown[0]).toMatch(/^Call \{ id: '[-\da-f]+', api: 'openai.chat' \}$/)
  })
})

describe('context headers', () => {
  it('can be ignored, and are taken off all the same', async () => {
    const tenants: unknown[] = []
    const sent: unknown[] = []
    const looks: Middleware = (call, next) => {
      tenants.push(call.context.tenant)
      return next(call)
    }
    const fetch = async (_url: unknown, init?: RequestInit): Promise<Response> => {
      sent.push(new Headers(init?.headers).get('x-sluice-tenant'))
      return Response.json(answer)
    }
    const headers = contextHeaders({ tenant: 'acme' })
    for (const contextHeaders of ['trust', 'ignore'] as const) {
      const client = sluice(new OpenAI({ apiKey: 'k', fetch }), [looks], { contextHeaders })
      await withContext({ tenant: 'mallory' }, () => client.chat.completions.create(params, { headers }))
    }
    expect(tenants).toEqual(['acme', 'mallory'])
    expect(sent).toEqual([null, null])
  })

  it('give a caller without a deadline that of its timeout', async () => {
    const clock = fakeClock()
    const left: number[] = []
    const looks: Middleware = (call, next) => {
      left.push((call.context.deadlineAtMs ?? 0) - clock.now())
      return next(call)
    }
    const openai = new OpenAI({ apiKey: 'k', fetch: async () => Response.json(answer), timeout: 60_000 })
    const client = sluice(openai, [looks], { clock })
    await client.chat.completions.create(params)
    await client.chat.completions.create(params, { timeout: 5_000 })
    expect(left).toEqual([60_000, 5_000])
  })
})

describe('reports', () => {
  const frames = [
    '{"id":"c","choices":[{"index":0,"delta":{"content":"a"}}]}',
    '{"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}',
    '[DONE]',
  ]
  const streaming = async (): Promise<Response> =>
    new Response(frames.map((data) => `data: ${data}\n\n`).join(''), {
      headers: { 'content-type': 'text/event-stream' },
    })

  it('end for streams that nobody reads', async () => {
    const reports: CallReport[] = []
    stops.push(onReport((report) => reports.push(report)))
    const client = sluice(new OpenAI({ apiKey: 'k', fetch: streaming }), [])
    const aborted = await client.chat.completions.create({ ...params, stream: true })
    aborted.controller.abort()
    await settle()
    const { body } = await client.chat.completions.create({ ...params, stream: true }).asResponse()
    await body?.cancel()
    const { value, settled } = await withReport(() => client.chat.completions.create({ ...params, stream: true }))
    await value.toReadableStream().cancel()
    expect((await settled).map((report) => report.outcome)).toEqual(['cancelled'])
    expect(reports.map((report) => report.outcome)).toEqual(['cancelled', 'cancelled', 'cancelled'])
  })

  it('do not read a body sooner than the application', async () => {
    const reports: CallReport[] = []
    stops.push(onReport((report) => reports.push(report)))
    let send: (() => void) | undefined
    const fetch = async (): Promise<Response> => {
      const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
        start(controller) {
          send = () => {
            controller.enqueue(new TextEncoder().encode(JSON.stringify(answer)))
            controller.close()
          }
        },
      })
      return new Response(body, { headers: { 'content-type': 'application/json' } })
    }
    const response = await sluice(new OpenAI({ apiKey: 'k', fetch }), [])
      .chat.completions.create(params)
      .asResponse()
    expect(reports).toEqual([])
    send?.()
    expect(await response.json()).toEqual(answer)
    expect(reports).toMatchObject([{ outcome: 'ok', model: 'm' }])
  })
})

describe('replies', () => {
  it('made in the place of a refusal are a success, whatever headers the refusal had', async () => {
    for (const headers of [{}, { 'content-length': '2' }] as Record<string, string>[]) {
      const fetch = async (): Promise<Response> =>
        new Response('{}', { status: 500, headers: { 'content-type': 'application/json', ...headers } })
      const saves: Middleware = async (call, next) => wholeReply(call.api, { ...answer, id: 'saved' }, await next(call))
      const client = sluice(new OpenAI({ apiKey: 'k', fetch, maxRetries: 0 }), [saves])
      expect((await client.chat.completions.create(params)).id).toBe('saved')
    }
  })

  it('tell the events of a stream that is discarded', async () => {
    let returned = 0
    const events = {
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: true as const, value: undefined }),
        return: async () => ({ done: true as const, value: (returned += 1) as never }),
      }),
    }
    const gives: Middleware = async (call) => {
      await streamReply(call.api, events).discard()
      return wholeReply(call.api, answer)
    }
    await sluice(new OpenAI({ apiKey: 'k' }), [gives]).chat.completions.create(params)
    expect(returned).toBe(1)
  })
})

describe('a subclass whose constructor takes something else', () => {
  it('is refused with the reason', () => {
    class Preset extends OpenAI {
      constructor(tenant: string) {
        super({ apiKey: 'k', baseURL: `https://${tenant}.test/v1` })
      }
    }
    expect(() => sluice(new Preset('acme'), [])).toThrow(/Preset client cannot be copied.*base URL/)
  })
})
