import { getEventListeners } from 'node:events'
import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { IncompleteStreamError } from './errors.ts'
import { sluiceErrorOf } from './errors-http.ts'
import type { Middleware } from './pipeline.ts'
import { streamReply } from './reply.ts'
import { sluice } from './sluice.ts'

const passes: Middleware = (call, next) => next(call)
/** Takes the events and yields the same ones. */
const reads: Middleware = async (call, next) => {
  const reply = await next(call)
  if (reply.kind !== 'stream') return reply
  const events = reply.events()
  return streamReply(
    call.api,
    (async function* () {
      for await (const event of events) yield event
    })(),
    reply,
  )
}
/** Takes the events and yields copies, which have to be serialised again. */
const rewrites: Middleware = async (call, next) => {
  const reply = await next(call)
  if (reply.kind !== 'stream') return reply
  const events = reply.events()
  return streamReply(
    call.api,
    (async function* () {
      for await (const event of events) yield { ...event }
    })(),
    reply,
  )
}

const pipelines: [string, Middleware[]][] = [
  ['no middleware', []],
  ['one that passes', [passes]],
  ['one that reads every event', [reads]],
  ['one that rewrites every event, twice', [rewrites, rewrites]],
]

const chunk = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`
const text = ['Hel', 'lo ', 'wörld 😀']
const whole = [
  chunk({ role: 'assistant', content: '' }),
  ...text.map((content) => chunk({ content })),
  chunk({}, 'stop'),
  'data: [DONE]\n\n',
]

interface Source {
  readonly client: (middleware: Middleware[], options?: { incompleteStreams?: 'pass' }) => OpenAI
  pulls: number
  cancelled: unknown[]
  body: ReadableStream<Uint8Array> | undefined
}

/** A provider whose body gives one piece a pull; `undefined` leaves the pull waiting for ever. */
function source(pieces: readonly (string | Uint8Array | undefined | Error)[]): Source {
  const state: Source = {
    pulls: 0,
    cancelled: [],
    body: undefined,
    client: (middleware, options) =>
      sluice(
        new OpenAI({
          apiKey: 'k',
          fetch: async () => {
            state.body = new ReadableStream<Uint8Array>(
              {
                pull(controller) {
                  if (state.pulls >= pieces.length) return controller.close()
                  const piece = pieces[state.pulls]
                  state.pulls += 1
                  if (piece instanceof Error) throw piece
                  return piece === undefined ? new Promise(() => undefined) : controller.enqueue(Buffer.from(piece))
                },
                cancel: (reason) => void state.cancelled.push(reason),
              },
              { highWaterMark: 0 },
            )
            return new Response(state.body as ReadableStream<Uint8Array<ArrayBuffer>>, {
              headers: { 'content-type': 'text/event-stream', 'x-request-id': 'r1' },
            })
          },
        }),
        middleware,
        options,
      ),
  }
  return state
}

const params = { model: 'm', messages: [{ role: 'user' as const, content: 'hi' }], stream: true as const }

async function collect(stream: AsyncIterable<OpenAI.ChatCompletionChunk>): Promise<string> {
  let joined = ''
  for await (const part of stream) joined += part.choices[0]?.delta.content ?? ''
  return joined
}

describe.each(pipelines)('a stream through %s', (_name, middleware) => {
  it('arrives as it was, wherever the bytes are cut and whatever the line ends are', async () => {
    const bytes = Buffer.from(`: hello\r\n\r\n${whole.join('').replaceAll('\n\n', '\r\n\r\n')}`)
    for (const size of [1, 7, 64, bytes.length]) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      )
      expect(await collect(await source(pieces).client(middleware).chat.completions.create(params))).toBe(text.join(''))
    }
  })

  it('is read only as far as it is asked for', async () => {
    const provider = source(whole)
    const iterator = (await provider.client(middleware).chat.completions.create(params))[Symbol.asyncIterator]()
    await new Promise((resolve) => setImmediate(resolve))
    expect(provider.pulls).toBeLessThanOrEqual(1)
    await iterator.next()
    await iterator.next()
    await new Promise((resolve) => setImmediate(resolve))
    expect(provider.pulls).toBeLessThanOrEqual(3)
  })

  it('is cancelled at its source by a break, and no lock stays', async () => {
    const provider = source(whole)
    for await (const _ of await provider.client(middleware).chat.completions.create(params)) break
    expect(provider.cancelled).toEqual([undefined])
    expect(provider.body?.locked).toBe(false)
  })

  it('is cancelled at its source while a read is waiting', async () => {
    const provider = source([...whole.slice(0, 2), undefined])
    const caller = new AbortController()
    const stream = await provider.client(middleware).chat.completions.create(params, { signal: caller.signal })
    const iterator = stream[Symbol.asyncIterator]()
    await iterator.next()
    await iterator.next()
    const waiting = iterator.next()
    await new Promise((resolve) => setImmediate(resolve))
    caller.abort()
    expect(await waiting).toEqual({ done: true, value: undefined })
    await new Promise((resolve) => setImmediate(resolve))
    expect(provider.cancelled).toEqual([undefined])
    expect(provider.body?.locked).toBe(false)
    expect(getEventListeners(caller.signal, 'abort')).toHaveLength(0)
  })

  it('releases its source at the end', async () => {
    const provider = source(whole)
    await collect(await provider.client(middleware).chat.completions.create(params))
    expect(provider.body?.locked).toBe(false)
  })

  it('that ends after its terminal event without [DONE] is whole', async () => {
    expect(await collect(await source(whole.slice(0, -1)).client(middleware).chat.completions.create(params))).toBe(
      text.join(''),
    )
  })

  it('that has metadata after its terminal event is whole', async () => {
    const late = [...whole.slice(0, -1), chunk({ audio: { expires_at: 0 } })]
    expect(await collect(await source(late).client(middleware).chat.completions.create(params))).toBe(text.join(''))
  })

  it.each([1, 2, 3])('that ends early after %i chunks is an error with the partial answer', async (count) => {
    const stream = await source(whole.slice(0, count + 1))
      .client(middleware)
      .chat.completions.create(params)
    let error: unknown
    let seen = ''
    try {
      for await (const part of stream) seen += part.choices[0]?.delta.content ?? ''
    } catch (thrown) {
      error = thrown
    }
    expect(seen).toBe(text.slice(0, count).join(''))
    expect(error).toBeInstanceOf(IncompleteStreamError)
    expect(sluiceErrorOf(error)).toBe(error)
    expect((error as IncompleteStreamError).partial).toEqual({
      text: seen,
      usage: undefined,
      events: count + 1,
      truncated: false,
    })
    expect(JSON.stringify(error)).not.toContain('Hel')
  })

  it('of which one choice of two did not end is incomplete', async () => {
    const second = whole[2]?.replace('"index":0', '"index":1') ?? ''
    const open = [...whole.slice(0, 2), second, chunk({}, 'stop')]
    await expect(async () =>
      collect(await source(open).client(middleware).chat.completions.create(params)),
    ).rejects.toThrow(IncompleteStreamError)
    const closed = [...open, chunk({}, 'stop').replace('"index":0', '"index":1')]
    expect(await collect(await source(closed).client(middleware).chat.completions.create(params))).toBe('Hello ')
  })

  it('that ends early fails the helpers too', async () => {
    const provider = source(whole.slice(0, 3))
    const { stream: _, ...body } = params
    const error = await provider
      .client(middleware)
      .chat.completions.stream(body)
      .finalChatCompletion()
      .catch((thrown: unknown) => thrown)
    expect(sluiceErrorOf(error)).toMatchObject({ code: 'stream.incomplete' })
  })

  it('with no events at all is incomplete', async () => {
    await expect(async () =>
      collect(await source([]).client(middleware).chat.completions.create(params)),
    ).rejects.toThrow(IncompleteStreamError)
  })

  it('may end early where that was chosen', async () => {
    const client = source(whole.slice(0, 3)).client(middleware, { incompleteStreams: 'pass' })
    expect(await collect(await client.chat.completions.create(params))).toBe('Hello ')
  })

  it('with an error event is the SDK error, with its headers', async () => {
    const provider = source([
      whole[0],
      `data: {"error":{"message":"overloaded","type":"server_error","code":"overloaded"}}\n\n`,
    ])
    const error = await (async () =>
      collect(await provider.client(middleware).chat.completions.create(params)))().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(OpenAI.APIError)
    expect(error).toMatchObject({ code: 'overloaded' })
    expect((error as InstanceType<typeof OpenAI.APIError>).headers?.get('x-request-id')).toBe('r1')
  })

  it('that breaks in the middle is the error of the transport', async () => {
    const reset = new TypeError('terminated')
    await expect(async () =>
      collect(
        await source([...whole.slice(0, 2), reset])
          .client(middleware)
          .chat.completions.create(params),
      ),
    ).rejects.toThrow('terminated')
  })

  it('can be teed and turned into a readable stream', async () => {
    const stream = await source(whole).client(middleware).chat.completions.create(params)
    const [left, right] = stream.tee()
    expect(await Promise.all([collect(left), collect(right)])).toEqual([text.join(''), text.join('')])
    const readable = (await source(whole).client(middleware).chat.completions.create(params)).toReadableStream()
    expect(
      (await new Response(readable as ReadableStream<Uint8Array<ArrayBuffer>>).text()).trim().split('\n'),
    ).toHaveLength(5)
  })

  it('keeps frames of megabytes whole', async () => {
    const long = 'x'.repeat(10 * 1024 * 1024)
    const bytes = Buffer.from([whole[0], chunk({ content: long }), ...whole.slice(-2)].join(''))
    const pieces = Array.from({ length: Math.ceil(bytes.length / 65_536) }, (_, index) =>
      bytes.subarray(index * 65_536, (index + 1) * 65_536),
    )
    expect(await collect(await source(pieces).client(middleware).chat.completions.create(params))).toHaveLength(
      long.length,
    )
  })
})

describe('a stream whose middleware looks at it', () => {
  it('meets a frame that is not JSON as an error of its SDK, without any of it', async () => {
    const seen: unknown[] = []
    const looks: Middleware = async (call, next) => {
      const reply = await next(call)
      if (reply.kind !== 'stream') return reply
      const events = reply.events()
      return streamReply(
        call.api,
        (async function* () {
          try {
            yield* events
          } catch (error) {
            seen.push(error)
            throw error
          }
        })(),
        reply,
      )
    }
    const provider = source([whole[0], 'data: {"secret": tru\n\n', ...whole.slice(1)])
    const error = await (async () => collect(await provider.client([looks]).chat.completions.create(params)))().catch(
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(SyntaxError)
    expect(String(error)).not.toContain('secret')
    expect(seen).toMatchObject([{ code: 'stream.malformed', details: { characters: 14 } }])
    expect(provider.cancelled).toHaveLength(1)
    expect(provider.body?.locked).toBe(false)
  })

  it('meets an error that only the name of its event tells, copied or not', async () => {
    const named = `event: error\ndata: {"message":"boom","code":"overloaded","type":"server_error"}\n\n`
    for (const [, middleware] of pipelines) {
      const stream = await source([whole[0], named]).client(middleware).chat.completions.create(params)
      await expect(collect(stream)).rejects.toMatchObject({ code: 'overloaded', message: 'boom' })
    }
  })

  it('does not take a text that begins like [DONE] for the end', async () => {
    for (const [, middleware] of pipelines) {
      const stream = await source([...whole.slice(0, 2), 'data: [DONE] or not\n\n'])
        .client(middleware)
        .chat.completions.create(params)
      await expect(collect(stream)).rejects.toThrow()
    }
  })

  it('refuses to give the events twice, or back after they were taken', async () => {
    const twice: Middleware = async (call, next) => {
      const reply = await next(call)
      if (reply.kind === 'stream') {
        reply.events()
        reply.events()
      }
      return reply
    }
    const kept: Middleware = async (call, next) => {
      const reply = await next(call)
      if (reply.kind === 'stream') reply.events()
      return reply
    }
    for (const middleware of [twice, kept])
      await expect(source(whole).client([middleware]).chat.completions.create(params)).rejects.toThrow('taken already')
  })

  it('may end a stream of its own without an event', async () => {
    const made: Middleware = async (call) => streamReply(call.api, [])
    expect(await collect(await source(whole).client([made]).chat.completions.create(params))).toBe('')
  })

  it('serves Anthropic streams alike', async () => {
    const frames = [
      [
        'message_start',
        {
          message: {
            id: 'm',
            type: 'message',
            role: 'assistant',
            model: 'c',
            content: [],
            stop_reason: null,
            usage: { input_tokens: 3, output_tokens: 1 },
          },
        },
      ],
      ['content_block_start', { index: 0, content_block: { type: 'text', text: '' } }],
      ['content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'Hi there' } }],
      ['content_block_stop', { index: 0 }],
      ['message_delta', { delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 2 } }],
      ['message_stop', {}],
    ].map(([type, rest]) => `event: ${type as string}\ndata: ${JSON.stringify({ type, ...(rest as object) })}\n\n`)
    const ask = (count: number, middleware: Middleware[]) => {
      const fetch = async (): Promise<Response> =>
        new Response(frames.slice(0, count).join(''), { headers: { 'content-type': 'text/event-stream' } })
      const client = sluice(new Anthropic({ apiKey: 'k', fetch }), middleware)
      return client.messages.create({
        model: 'c',
        max_tokens: 9,
        messages: [{ role: 'user', content: 'hi' }],
        stream: true,
      })
    }
    for (const [, middleware] of pipelines) {
      const types: string[] = []
      for await (const event of await ask(6, middleware)) types.push(event.type)
      expect(types).toHaveLength(6)
      await expect(async () => {
        for await (const _ of await ask(3, middleware));
      }).rejects.toMatchObject({ code: 'stream.incomplete', partial: { text: 'Hi there' } })
    }
  })
})
