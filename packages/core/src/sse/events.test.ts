import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openaiChat } from '../api/openai-chat/index.ts'
import { encodeEvents } from './encode.ts'
import { EventReader } from './events.ts'
import { passBytes } from './pass.ts'

/** A stream with everything that may stand between events, in a spelling of its own. */
const wire =
  ': welcome\n\n' +
  'data:  {"id": "c", "choices": [ {"index":0,"delta":{"content":"Grü"}} ], "odd": 1.0}\r\n\r\n' +
  'event: message\nid: 7\ndata: {"id":"c","choices":[{"index":0,\ndata: "delta":{"content":"ße 😀"}}]}\n\n' +
  ': keep-alive\n\n: keep-alive\n\n' +
  'data: {"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n' +
  'data: [DONE]\n\n'

function bodyOf(bytes: Buffer, cuts: readonly number[] = []): ReadableStream<Uint8Array> {
  const points = [...new Set(cuts.map((cut) => cut % bytes.length))].toSorted((a, b) => a - b)
  const pieces = [...points, bytes.length].map((end, index) => bytes.subarray(points[index - 1] ?? 0, end))
  return ReadableStream.from(pieces.filter((piece) => piece.length > 0)) as ReadableStream<Uint8Array>
}

function rewritten(reader: EventReader<'openai.chat'>, change: boolean): ReadableStream<Uint8Array> {
  const events = (async function* () {
    for await (const event of reader) yield change ? { ...event } : event
  })()
  return encodeEvents(openaiChat, events, { abandon: async () => void (await reader.return()) })
}

const textOf = (body: ReadableStream<Uint8Array>): Promise<string> =>
  new Response(body as ReadableStream<Uint8Array<ArrayBuffer>>).text()

describe('events read and passed on', () => {
  it('go out in the very bytes they came in, comments included, wherever the chunks were cut', async () => {
    const bytes = Buffer.from(wire)
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { maxLength: 30 }), async (cuts) => {
        expect(await textOf(rewritten(new EventReader(openaiChat, bodyOf(bytes, cuts), true), false))).toBe(wire)
        expect(await textOf(passBytes(openaiChat, bodyOf(bytes, cuts)))).toBe(wire)
      }),
      { numRuns: 60 },
    )
  })

  it('are serialised anew only when they were changed', async () => {
    const text = await textOf(rewritten(new EventReader(openaiChat, bodyOf(Buffer.from(wire)), true), true))
    expect(text).not.toContain('keep-alive')
    expect(text).toContain('data: {"id":"c","choices":[{"index":0,"delta":{"content":"Grü"}}],"odd":1}\n\n')
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true)
  })

  it('are frozen through and through', async () => {
    const { value } = await new EventReader(openaiChat, bodyOf(Buffer.from(wire)), true).next()
    expect(() => {
      ;(value as unknown as { choices: { delta: { content: string } }[] }).choices[0]!.delta.content = 'x'
    }).toThrow(TypeError)
  })

  it('end at [DONE], whatever follows, and the body is cancelled', async () => {
    const cancelled: unknown[] = []
    const body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => controller.enqueue(Buffer.from(`${wire}data: not json\n\n`)),
        pull: () => {
          throw new Error('read past [DONE]')
        },
        cancel: (reason) => void cancelled.push(reason),
      },
      { highWaterMark: 0 },
    )
    const reader = new EventReader(openaiChat, body, true)
    let count = 0
    for await (const _ of reader) count += 1
    expect([count, cancelled, body.locked]).toEqual([3, [undefined], false])
    expect(await reader.next()).toEqual({ done: true, value: undefined })
  })

  it('survive a last frame without its blank line', async () => {
    const reader = new EventReader(
      openaiChat,
      bodyOf(Buffer.from(wire.slice(0, wire.indexOf('data: [DONE]') - 2))),
      true,
    )
    const finishes = []
    for await (const event of reader) finishes.push(event.choices[0]?.finish_reason)
    expect(finishes).toEqual([undefined, undefined, 'stop'])
  })

  it('tell a stream that was too long to keep that its partial answer is a tail', async () => {
    const frame = (content: string): string =>
      `data: ${JSON.stringify({ id: 'c', choices: [{ index: 0, delta: { content } }] })}\n\n`
    const frames = Array.from({ length: 400 }, (_, index) => Buffer.from(frame(`${index};`.padEnd(1024, 'x'))))
    const body = ReadableStream.from(frames) as ReadableStream<Uint8Array>
    const failure: unknown = await textOf(passBytes(openaiChat, body)).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'stream.incomplete', partial: { truncated: true } })
    const { text, events } = (failure as { partial: { text: string; events: number } }).partial
    expect(text).toHaveLength(events * 1024)
    expect(events).toBeGreaterThan(100)
    expect(events).toBeLessThan(260)
    expect(text).toContain('399;')
  })
})
