import { sluiceFetch, streamReply, type EventOf } from '@sluice/core'
import { anthropicMessages, openaiChat } from '@sluice/core/apis'
import { describe, expect, it } from 'vitest'
import { cache } from '../cache.ts'
import { RecordedStream, type Recording } from './recorded-stream.ts'

type ChatEvent = EventOf<'openai.chat'>

const chunk = (delta: object, finish_reason: string | null = null): ChatEvent =>
  ({
    id: 'c',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm',
    choices: [{ index: 0, delta, finish_reason }],
  }) as ChatEvent
const start = chunk({ role: 'assistant', content: 'Hel' })
const more = chunk({ content: 'lo' })
const stop = chunk({}, 'stop')
const usage = {
  ...chunk({}),
  choices: [],
  usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
} as ChatEvent
const failure = { error: { message: 'no', code: 'server_error' } } as unknown as ChatEvent

function record(events: Iterable<ChatEvent> | AsyncIterable<ChatEvent>) {
  const recordings: Recording<'openai.chat'>[] = []
  const stream = new RecordedStream(
    streamReply(openaiChat, events),
    async (recording) => void recordings.push(recording),
  )
  return { stream, recordings }
}

async function* breaking(...events: ChatEvent[]): AsyncGenerator<ChatEvent> {
  yield* events
  throw new TypeError('terminated')
}

describe('RecordedStream', () => {
  it('passes the very events and tells the whole answer before it is over', async () => {
    const { stream, recordings } = record([start, more, stop, usage])
    const seen: ChatEvent[] = []
    for await (const event of stream) seen.push(event)
    expect([start, more, stop, usage].every((event, index) => seen[index] === event)).toBe(true)
    expect(recordings).toMatchObject([
      {
        answer: { choices: [{ message: { content: 'Hello' }, finish_reason: 'stop' }], usage: { total_tokens: 3 } },
        boundaries: [
          ['0.content', 3],
          ['0.content', 2],
        ],
      },
    ])
  })

  it.each<[string, AsyncIterable<ChatEvent> | Iterable<ChatEvent>]>([
    ['error', breaking(start, more)],
    ['error', breaking(start, more, stop, usage)],
    ['error', [start, failure]],
    ['error', [start, more, stop, usage, failure]],
    ['unfinished', [start, more]],
    ['unfinished', []],
  ])('tells of a stream that is no answer: %s', async (skip, events) => {
    const { stream, recordings } = record(events)
    await (async () => {
      for await (const _ of stream);
    })().catch((error: unknown) => expect(error).toBeInstanceOf(TypeError))
    expect(recordings).toEqual([{ skip }])
  })

  it.each([
    [2, { skip: 'abandoned' }],
    [3, { skip: 'abandoned' }],
    [4, { answer: { usage: { total_tokens: 3 } } }],
  ])('left after %i events', async (count, expected) => {
    const { stream, recordings } = record([start, more, stop, usage])
    for (let index = 0; index < count; index += 1) await stream.next()
    await stream.return()
    await stream.return()
    expect(recordings).toHaveLength(1)
    expect(recordings).toMatchObject([expected])
  })

  it('passes a stream that it cannot read', async () => {
    const odd = { choices: 'none' } as unknown as ChatEvent
    const { stream, recordings } = record([start, odd])
    expect([await stream.next(), await stream.next()]).toMatchObject([{ value: start }, { value: odd }])
    await stream.next()
    expect(recordings).toMatchObject([{ skip: expect.stringMatching(/failed|unfinished/) }])
  })

  it('closes its source when it is left', async () => {
    let isClosed = false
    const source: AsyncIterableIterator<ChatEvent> = {
      next: async () => ({ done: false, value: start }),
      return: async () => {
        isClosed = true
        return { done: true, value: undefined }
      },
      [Symbol.asyncIterator]: () => source,
    }
    const { stream } = record(source)
    await stream.return()
    expect(isClosed).toBe(true)
  })
})

describe('cache of odd answers', () => {
  const answer = {
    id: 'c',
    model: 'm',
    choices: [{ index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }],
    usage: {},
  }
  const callsFor = async (respond: () => Response, path: string, body: object): Promise<number> => {
    let calls = 0
    const send: typeof fetch = async () => {
      calls += 1
      return respond()
    }
    const fetch = sluiceFetch([cache({ ttlMs: 1_000, tenant: 'shared' })], { fetch: send, incompleteStreams: 'pass' })
    for (let index = 0; index < 2; index += 1) {
      const response = await fetch(`https://x.example/v1/${path}`, {
        method: 'POST',
        body: JSON.stringify({ model: 'm', messages: [], ...body }),
      })
      await response.text()
    }
    return calls
  }

  it('keeps HTTP 200 and nothing else', async () => {
    expect(await callsFor(() => Response.json({ ...answer, usage: { total_tokens: 1 } }), 'chat/completions', {})).toBe(
      1,
    )
    expect(
      await callsFor(
        () => Response.json({ ...answer, usage: { total_tokens: 1 } }, { status: 202 }),
        'chat/completions',
        {},
      ),
    ).toBe(2)
    expect(
      await callsFor(
        () => new Response('<html>', { headers: { 'content-type': 'text/html' } }),
        'chat/completions',
        {},
      ),
    ).toBe(2)
  })

  it('keeps no stream without its end, also where streams may end so', async () => {
    const events: EventOf<'anthropic.messages'>[] = [
      {
        type: 'message_start',
        message: {
          id: 'm',
          type: 'message',
          role: 'assistant',
          model: 'm',
          content: [],
          stop_reason: null,
          stop_sequence: null,
          usage: { input_tokens: 1, output_tokens: 1 },
        },
      },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hi' } },
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 2 } },
    ] as never
    const end = { type: 'message_stop' } as never
    const stream = (all: EventOf<'anthropic.messages'>[]) => () =>
      new Response(all.map((event) => anthropicMessages.encode(event)).join(''), {
        headers: { 'content-type': 'text/event-stream' },
      })
    expect(await callsFor(stream([...events, end]), 'messages', { stream: true })).toBe(1)
    expect(await callsFor(stream(events), 'messages', { stream: true })).toBe(2)
  })
})
