import type { Api, EventOf, ToolCallView } from '@sluice/core'
import { fold } from '@sluice/core/apis'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bridgedApis, translateAnswer } from '../answer/translate-answer.ts'
import { streamDecoder } from './decoder.ts'
import { streamEncoder } from './encoder.ts'
import type { EncoderOptions } from './encoder-options.ts'
import { generatedPieces } from './fixtures/generated-pieces.ts'
import { normalForm } from './fixtures/normal-form.ts'
import type { BridgedApi, StreamPiece } from './piece.ts'
import { translateEvents } from './translate-events.ts'

const apis = Object.keys(bridgedApis) as BridgedApi[]
const pairs = apis.flatMap((from) => apis.filter((to) => to !== from).map((to) => [from, to] as const))
const options: EncoderOptions = { includeUsage: true, now: () => 1_763_800_000_000 }

function encoded<A extends BridgedApi>(api: A, pieces: readonly StreamPiece[]): EventOf<A>[] {
  const encoder = streamEncoder(api, options)
  return [...pieces.flatMap((piece) => encoder.push(piece)), ...encoder.end()]
}

function decoded<A extends BridgedApi>(api: A, events: readonly EventOf<A>[]): StreamPiece[] {
  const decoder = streamDecoder(api)
  return [...events.flatMap((event) => decoder.push(event)), ...decoder.end()]
}

const folded = <A extends BridgedApi>(api: A, events: readonly EventOf<A>[]): unknown =>
  fold(bridgedApis[api] as Api<A>, events)

async function translated(from: BridgedApi, to: BridgedApi, events: readonly EventOf<BridgedApi>[]): Promise<never[]> {
  const out: unknown[] = []
  for await (const event of translateEvents(from, to, ReadableStream.from(events) as never, options)) out.push(event)
  return out as never[]
}

describe.each(apis)('%s', (api) => {
  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(generatedPieces(api), (pieces) => {
        const events = encoded(api, pieces)
        expect(normalForm(decoded(api, events))).toEqual(normalForm(pieces))
      }),
    )
  })

  it('goes on from a cut at any event as if there had been none', () => {
    fc.assert(
      fc.property(generatedPieces(api), (pieces) => {
        const events = encoded(api, pieces)
        const whole = folded(api, events)
        for (let at = 0; at <= events.length; at += 1) {
          const decoder = streamDecoder(api)
          const encoder = streamEncoder(api, options)
          const before = events.slice(0, at)
          for (const event of before) {
            decoder.push(event)
            encoder.adopt(event)
          }
          const rest = events.slice(at).flatMap((event) => decoder.push(event))
          const after = [...rest, ...decoder.end()].flatMap((piece) => encoder.push(piece))
          const continued = [...before, ...after, ...encoder.end()]
          expect(folded(api, continued), `cut before event ${at}`).toEqual(whole)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('writes events that are over once, and that its own dialect takes for content and for the end', () => {
    fc.assert(
      fc.property(generatedPieces(api), (pieces) => {
        const native = bridgedApis[api] as Api
        const events = encoded(api, pieces) as EventOf<never>[]
        expect(events.filter((event) => native.isTerminal(event))).toHaveLength(1)
        const hasText = pieces.some((piece) => 'text' in piece && piece.type !== 'refusal')
        if (hasText) expect(events.some((event) => native.isContent(event))).toBe(true)
      }),
    )
  })
})

describe.each(pairs)('%s to %s', (from, to) => {
  it('streams what the whole answer translates to', async () => {
    await fc.assert(
      fc.asyncProperty(generatedPieces(from), async (pieces) => {
        const source = encoded(from, pieces) as EventOf<never>[]
        const { answer } = translateAnswer(from, to, folded(from, source as never) as never, options)
        expect(folded(to, await translated(from, to, source))).toEqual(answer)
      }),
    )
  })

  it('says what the source said', () => {
    fc.assert(
      fc.property(generatedPieces(from), (pieces) => {
        const { answer } = translateAnswer(from, to, folded(from, encoded(from, pieces)) as never, options)
        const native = bridgedApis[to] as Api
        const source = bridgedApis[from] as Api
        const [choice] = native.answer(answer as never).choices
        const whole = folded(from, encoded(from, pieces)) as never
        const [before] = source.answer(whole).choices
        expect(choice?.text).toBe(before?.text)
        expect(choice?.reasoning).toBe(before?.reasoning)
        expect(choice?.refusal).toBe(
          to === 'anthropic.messages' && before?.toolCalls.length ? undefined : before?.refusal,
        )
        const custom = new Set(pieces.flatMap((piece) => (piece.type === 'toolStart' && piece.custom ? piece.id : [])))
        const wrapped = (call: ToolCallView): ToolCallView =>
          to === 'anthropic.messages' && custom.has(call.id ?? '')
            ? { ...call, arguments: JSON.stringify({ input: call.arguments }) }
            : call
        expect(choice?.toolCalls).toEqual(before?.toolCalls.map(wrapped))
        expect(native.usage(answer as never)).toEqual(source.usage(whole))
      }),
    )
  })
})
