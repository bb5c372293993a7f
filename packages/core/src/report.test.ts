import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import OpenAI from 'openai'
import { afterEach, describe, expect, it } from 'vitest'
import { withContext } from './context.ts'
import { SluiceError } from './errors.ts'
import type { SluiceOptions } from './fetch.ts'
import { defineMiddleware, type Middleware } from './pipeline.ts'
import { onReport, reportChannelName, withReport, type CallReport, type Decision } from './report.ts'
import { wholeReply } from './reply.ts'
import { sluice } from './sluice.ts'
import { usageOf } from './usage.ts'

const usage = { prompt_tokens: 10, completion_tokens: 4, total_tokens: 14, prompt_tokens_details: { cached_tokens: 6 } }
const chat = {
  id: 'c1',
  object: 'chat.completion',
  model: 'm-2026',
  choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
  usage,
}
const frame = (value: object): string =>
  `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', model: 'm-2026', ...value })}\n\n`
const head = [
  frame({ choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }] }),
  frame({ choices: [{ index: 0, delta: { content: 'hi' }, finish_reason: null }] }),
]
const stop = frame({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })
const usageFrame = frame({ choices: [], usage })

const bodies: string[] = []
const stops: (() => void)[] = []
afterEach(() => {
  for (const end of stops.splice(0)) end()
  bodies.splice(0)
})

function client(
  answer: () => Response | Promise<Response>,
  middleware: Middleware[] = [],
  options?: SluiceOptions,
): OpenAI {
  const fetch = async (_url: unknown, init?: RequestInit): Promise<Response> => {
    bodies.push(String(init?.body))
    return answer()
  }
  return sluice(new OpenAI({ apiKey: 'k', fetch, maxRetries: 0 }), middleware, options)
}

const sse = (frames: readonly string[]) => (): Response =>
  new Response(frames.join(''), { headers: { 'content-type': 'text/event-stream' } })
const params = { model: 'm', messages: [{ role: 'user' as const, content: 'a private prompt' }] }

function listen(): CallReport[] {
  const reports: CallReport[] = []
  stops.push(onReport((report) => reports.push(report)))
  return reports
}

describe('a report', () => {
  it.each(['whole', 'streamed'])(
    'waits for lines that come late, in their places, where the call does not: %s',
    async (how) => {
      const reports = listen()
      const late = Promise.withResolvers<readonly Decision[]>()
      const line = (action: string): Decision => ({ by: 'm', action })
      const middleware: Middleware = (call, next) => {
        call.note(line('first'))
        call.note(late.promise)
        call.note(Promise.reject(new Error('a private prompt')))
        call.note(Promise.resolve([line('soon')]))
        call.note(line('last'))
        return next(call)
      }
      const isWhole = how === 'whole'
      const answer = isWhole ? () => Response.json(chat) : sse([...head, stop, 'data: [DONE]\n\n'])
      const openai = client(answer, [middleware], { exposeHeaders: true })
      const { settled } = await withReport(async () => {
        const { data, response } = await openai.chat.completions.create({ ...params, stream: !isWhole }).withResponse()
        if (Symbol.asyncIterator in data) for await (const _ of data);
        expect(response.headers.get('x-sluice-decisions')).toBe('m=first, m=last')
      })
      await new Promise((resolve) => setImmediate(resolve))
      expect(reports).toEqual([])
      late.resolve([line('late'), line('later')])
      const [report] = await settled
      expect(report?.decisions.map(({ action }) => action)).toEqual(['first', 'late', 'later', 'soon', 'last'])
      expect(reports).toEqual([report])
    },
  )

  it('tells a whole call', async () => {
    const price: SluiceOptions['price'] = ({ fresh, cacheRead, output }) => ({
      nanoUsd: fresh * 100 + cacheRead * 10 + output * 400,
      byMeter: {},
    })
    const clock = { now: () => (time += 5), sleep: async () => undefined }
    let time = 1_000
    const noting = defineMiddleware({ name: 'x' }, (call, next) => {
      call.note({ by: 'x', action: 'seen' })
      return next(call)
    })
    const { value, report, reports } = await withReport(() =>
      withContext({ tenant: 'acme' }, () =>
        client(() => Response.json(chat), [noting], { price, clock, context: { user: 'u' } }).chat.completions.create(
          params,
        ),
      ),
    )
    expect(value.choices[0]?.message.content).toBe('hi')
    expect(reports).toEqual([report])
    expect(report).toMatchObject({
      api: 'openai.chat',
      context: { tenant: 'acme', user: 'u' },
      requestedModel: 'm',
      model: 'm-2026',
      isStream: false,
      outcome: 'ok',
      status: 200,
      errorCode: undefined,
      attempts: [{ host: 'api.openai.com', model: 'm', status: 200 }],
      decisions: [{ by: 'x', action: 'seen' }],
      usage: usageOf({ fresh: 4, cacheRead: 6, output: 4 }),
      cost: { nanoUsd: 4 * 100 + 60 + 1_600 },
    })
    expect(report?.timings.totalMs).toBeGreaterThan(0)
    expect(report?.timings.ttftMs).toBe(report?.timings.totalMs)
    expect(JSON.stringify(report)).not.toContain('private')
  })

  it('tells a stream when it has ended, with usage that its reader did not ask for', async () => {
    const reports = listen()
    const stream = await client(sse([...head, stop, usageFrame, 'data: [DONE]\n\n'])).chat.completions.create({
      ...params,
      stream: true,
    })
    const chunks = []
    for await (const chunk of stream) {
      chunks.push(chunk)
      expect(reports).toHaveLength(0)
    }
    expect(chunks).toHaveLength(3)
    expect(JSON.parse(bodies[0] ?? '')).toMatchObject({ stream_options: { include_usage: true } })
    expect(reports).toMatchObject([
      { isStream: true, outcome: 'ok', model: 'm-2026', usage: { fresh: 4, cacheRead: 6, output: 4 } },
    ])
  })

  it('leaves the usage chunk to a reader that asked for it', async () => {
    listen()
    const stream = await client(sse([...head, stop, usageFrame])).chat.completions.create({
      ...params,
      stream: true,
      stream_options: { include_usage: true },
    })
    const chunks = []
    for await (const chunk of stream) chunks.push(chunk)
    expect(chunks.at(-1)?.usage?.total_tokens).toBe(14)
  })

  it('does not ask for usage where that is switched off, or nobody listens', async () => {
    for await (const _ of await client(sse([...head, stop])).chat.completions.create({ ...params, stream: true }));
    listen()
    for await (const _ of await client(sse([...head, stop]), [], { streamUsage: false }).chat.completions.create({
      ...params,
      stream: true,
    }));
    expect(bodies.map((body) => JSON.parse(body).stream_options)).toEqual([undefined, undefined])
  })

  it('asks for usage when a middleware needs it', async () => {
    const needs = defineMiddleware({ name: 'n', needsUsage: true }, (call, next) => next(call))
    const chunks = []
    for await (const chunk of await client(sse([...head, stop, usageFrame]), [needs]).chat.completions.create({
      ...params,
      stream: true,
    }))
      chunks.push(chunk)
    expect(JSON.parse(bodies[0] ?? '').stream_options).toEqual({ include_usage: true })
    expect(chunks).toHaveLength(3)
  })

  it.each<[string, () => Response | Promise<Response>, Middleware[], Partial<CallReport>]>([
    [
      'a refusal',
      () => Response.json({ error: { code: 'model_not_found', message: 'no', type: 't' } }, { status: 404 }),
      [],
      { outcome: 'error', status: 404, errorCode: 'model_not_found' },
    ],
    [
      'a refusal without a body',
      () => new Response('busy', { status: 503 }),
      [],
      { outcome: 'error', status: 503, errorCode: 'http_503' },
    ],
    [
      'a connection that fails',
      () =>
        Promise.reject(
          Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error(), { code: 'ECONNRESET' }) }),
        ),
      [],
      {
        outcome: 'error',
        status: undefined,
        errorCode: 'ECONNRESET',
        attempts: [expect.objectContaining({ error: 'ECONNRESET' })] as never,
      },
    ],
    [
      'an error of ours',
      () => Response.json(chat),
      [async () => Promise.reject(new SluiceError({ code: 'a.b', message: 'no', status: 403 }))],
      { outcome: 'error', status: 403, errorCode: 'a.b', attempts: [] },
    ],
  ])('tells %s', async (_name, answer, middleware, expected) => {
    const reports = listen()
    await expect(client(answer, middleware).chat.completions.create(params)).rejects.toThrow()
    expect(reports).toMatchObject([expected])
  })

  it.each<[string, string[], Partial<CallReport>]>([
    ['a broken stream', head, { outcome: 'incomplete', errorCode: 'stream.incomplete' }],
    [
      'an error in a stream',
      [...head, 'data: {"error":{"code":"overloaded","message":"x"}}\n\n'],
      { outcome: 'error', errorCode: 'overloaded' },
    ],
  ])('tells %s', async (_name, frames, expected) => {
    const reports = listen()
    await expect(async () => {
      for await (const _ of await client(sse(frames)).chat.completions.create({ ...params, stream: true }));
    }).rejects.toThrow()
    await new Promise((resolve) => setImmediate(resolve))
    expect(reports).toMatchObject([expected])
  })

  it('tells a stream that its reader left, as open until then', async () => {
    const {
      value: stream,
      report,
      settled,
    } = await withReport(() => client(sse([...head, stop])).chat.completions.create({ ...params, stream: true }))
    expect(report).toMatchObject({ outcome: 'open', isStream: true })
    for await (const _ of stream) break
    expect(await settled).toMatchObject([{ outcome: 'cancelled' }])
  })

  it('reaches a diagnostics channel, and nobody else where the scopes differ', async () => {
    const seen: unknown[] = []
    const subscriber = (message: unknown): void => void seen.push(message)
    subscribe(reportChannelName, subscriber)
    stops.push(() => unsubscribe(reportChannelName, subscriber))
    const ask = () => client(() => Response.json(chat)).chat.completions.create(params)
    const [one, two] = await Promise.all([withReport(ask), withReport(() => Promise.all([ask(), ask()]))])
    expect([one.reports.length, two.reports.length, seen.length]).toEqual([1, 2, 3])
    expect(new Set(seen.map((report) => (report as CallReport).id)).size).toBe(3)
  })

  it('tells an answer that no provider was asked for: its tokens, and no cost', async () => {
    const price: SluiceOptions['price'] = () => ({ nanoUsd: 7, byMeter: {} })
    const cached: Middleware = async (call) => wholeReply(call.api, { ...chat, created: 1 })
    const { report } = await withReport(() =>
      client(() => Response.json(chat), [cached], { price }).chat.completions.create(params),
    )
    expect(report).toMatchObject({ outcome: 'ok', attempts: [], usage: { output: 4 }, cost: { nanoUsd: 0 } })
  })

  it('tells an error under status 200', async () => {
    const { report } = await withReport(() =>
      client(() => Response.json({ error: { code: 'overloaded', message: 'x' } })).chat.completions.create(params),
    )
    expect(report).toMatchObject({ outcome: 'error', status: 200, errorCode: 'overloaded' })
  })

  it.each([
    ['whole', false],
    ['streamed', true],
  ])('prices by the service tier that a %s answer tells of', async (_, stream) => {
    const asked: unknown[] = []
    const price: SluiceOptions['price'] = (_usage, { serviceTier }) => (asked.push(serviceTier), { unpriced: 'later' })
    const tiered = frame({ choices: [], usage, service_tier: 'flex' })
    const answer = stream ? sse([...head, stop, tiered]) : () => Response.json({ ...chat, service_tier: 'flex' })
    const { settled } = await withReport(async () => {
      const openai = client(answer, [], { price })
      if (!stream) return openai.chat.completions.create(params)
      for await (const chunk of await openai.chat.completions.create({ ...params, stream: true })) void chunk
      return undefined
    })
    await settled
    expect(asked).toContain('flex')
  })

  it('is not disturbed by a listener or a pricer that throws', async () => {
    stops.push(
      onReport(() => {
        throw new Error('listener')
      }),
    )
    const price = (): never => {
      throw new Error('price')
    }
    const { report } = await withReport(() =>
      client(() => Response.json(chat), [], { price }).chat.completions.create(params),
    )
    expect(report).toMatchObject({ outcome: 'ok', cost: undefined, unpriced: 'the pricer failed' })
  })

  it('shows in response headers on request', async () => {
    const middleware: Middleware = (call, next) => {
      call.note({ by: 'cache', action: 'miss' })
      return next(call)
    }
    const { response } = await client(() => Response.json(chat), [middleware], { exposeHeaders: true })
      .chat.completions.create(params)
      .withResponse()
    expect(response.headers.get('x-sluice-call-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect(response.headers.get('x-sluice-decisions')).toBe('cache=miss')
  })
})
