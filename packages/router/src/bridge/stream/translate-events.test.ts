import type { EventOf } from '@sluice/core'
import { describe, expect, it } from 'vitest'
import { streamEncoder } from './encoder.ts'
import type { StreamPiece } from './piece.ts'
import { translateEvents } from './translate-events.ts'

type ChatEvent = EventOf<'openai.chat'>

const pieces: readonly StreamPiece[] = [
  { type: 'start', id: 'a', model: 'm', createdAtS: 1 },
  { type: 'text', part: 0, text: 'one ' },
  { type: 'text', part: 0, text: 'two ' },
  { type: 'finish', reason: 'stop' },
]

function source(): { events: AsyncIterable<ChatEvent>; read: number; returned: number } {
  const encoder = streamEncoder('openai.chat')
  const queue = pieces.flatMap((piece) => [...encoder.push(piece)])
  const state = {
    read: 0,
    returned: 0,
    events: {
      [Symbol.asyncIterator]: () => ({
        async next(): Promise<IteratorResult<ChatEvent>> {
          const value = queue[state.read]
          state.read += 1
          return value ? { done: false, value } : { done: true, value: undefined }
        },
        async return(): Promise<IteratorResult<ChatEvent>> {
          state.returned += 1
          return { done: true, value: undefined }
        },
      }),
    },
  }
  return state
}

describe('translateEvents', () => {
  it('reads nothing before it is asked, and no more than it needs', async () => {
    const from = source()
    const events = translateEvents('openai.chat', 'anthropic.messages', from.events)
    expect(from.read).toBe(0)
    expect((await events.next()).value).toMatchObject({ type: 'message_start' })
    expect(from.read).toBe(1)
    expect((await events.next()).value).toMatchObject({ type: 'content_block_start' })
    expect((await events.next()).value).toMatchObject({ delta: { text: 'one ' } })
    expect(from.read).toBe(2)
  })

  it('closes its source when it is left, once', async () => {
    const from = source()
    const events = translateEvents('openai.chat', 'openai.responses', from.events)
    for await (const event of events) if (event.type === 'response.output_text.delta') break
    expect(from.returned).toBe(1)
    expect(await events.next()).toEqual({ done: true, value: undefined })
    await events.return?.()
    expect(from.returned).toBe(1)
  })

  it('closes its source while it waits for it', async () => {
    let end: (result: IteratorResult<ChatEvent>) => void = () => undefined
    const waiting = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise<IteratorResult<ChatEvent>>((resolve) => (end = resolve)),
        async return(): Promise<IteratorResult<ChatEvent>> {
          // It was on its way when the stream was left.
          end({ done: false, value: { id: 'c', object: '', created: 1, model: 'm', choices: [] } })
          return { done: true, value: undefined }
        },
      }),
    }
    const events = translateEvents('openai.chat', 'anthropic.messages', waiting)
    const next = events.next()
    await events.return?.()
    expect(await next).toEqual({ done: true, value: undefined })
  })

  it('throws what its source throws, after what came before', async () => {
    async function* broken(): AsyncGenerator<ChatEvent> {
      const encoder = streamEncoder('openai.chat')
      for (const piece of pieces.slice(0, 2)) yield* encoder.push(piece)
      throw new Error('cut')
    }
    const seen: string[] = []
    const read = async (): Promise<void> => {
      for await (const { type } of translateEvents('openai.chat', 'anthropic.messages', broken())) seen.push(type)
    }
    await expect(read()).rejects.toThrow('cut')
    expect(seen).toEqual(['message_start', 'content_block_start', 'content_block_delta'])
  })

  it('does not end a stream that its source did not end', async () => {
    const encoder = streamEncoder('openai.chat')
    const cut = pieces.slice(0, 3).flatMap((piece) => [...encoder.push(piece)])
    const types: string[] = []
    for await (const { type } of translateEvents('openai.chat', 'openai.responses', ReadableStream.from(cut)))
      types.push(type)
    expect(types.at(-1)).toBe('response.output_text.delta')
  })

  it('passes events of its own dialect as they are', async () => {
    const encoder = streamEncoder('openai.chat')
    const events = pieces.flatMap((piece) => [...encoder.push(piece)])
    const out = []
    for await (const event of translateEvents('openai.chat', 'openai.chat', ReadableStream.from(events)))
      out.push(event)
    expect(out).toEqual(events)
  })
})
