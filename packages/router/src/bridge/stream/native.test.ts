import type { Api, ChoiceView, EventOf } from '@sluice/core'
import { fold } from '@sluice/core/apis'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bridgedApis, translateAnswer } from '../answer/translate-answer.ts'
import { streamDecoder } from './decoder.ts'
import { streamEncoder } from './encoder.ts'
import { generatedStreams, nativeStreams } from './fixtures/native-streams.ts'
import type { BridgedApi } from './piece.ts'
import { translateEvents } from './translate-events.ts'

const apis = Object.keys(bridgedApis) as BridgedApi[]
const pairs = apis.flatMap((from) => apis.filter((to) => to !== from).map((to) => [from, to] as const))
const options = { includeUsage: true, now: () => 1_763_800_000_000 }

const api = (id: BridgedApi): Api => bridgedApis[id] as unknown as Api
const folded = (id: BridgedApi, events: readonly EventOf<never>[]): never => fold(api(id), events as never) as never

async function translated(from: BridgedApi, to: BridgedApi, events: readonly EventOf<never>[]): Promise<never[]> {
  const out: unknown[] = []
  for await (const event of translateEvents(from, to, ReadableStream.from(events) as never, options)) out.push(event)
  return out as never[]
}

/** What an answer says, with arguments as values: their spelling is not kept by Anthropic. */
function said(id: BridgedApi, answer: never): unknown {
  const { choices, ...head } = api(id).answer(answer)
  const args = (text: string): unknown => {
    try {
      return JSON.parse(text || '{}') as unknown
    } catch {
      return text
    }
  }
  const of = ({ toolCalls, ...choice }: ChoiceView): object => ({
    ...choice,
    toolCalls: toolCalls.map((call) => ({ ...call, arguments: args(call.arguments) })).toSorted(byId),
  })
  return { ...head, choices: choices.map(of), usage: api(id).usage(answer) }
}

const byId = (a: { id: string | undefined }, b: { id: string | undefined }): number => (`${a.id}` < `${b.id}` ? -1 : 1)

describe.each(pairs)('%s to %s', (from, to) => {
  // An error is no part of the whole answer.
  const streams = nativeStreams[from].flatMap(({ name, events }) =>
    events && !/error/.test(name) ? [[name, events] as const] : [],
  )

  it.each(streams)('streams what the whole answer translates to: %s', async (_, events) => {
    const whole = folded(from, events)
    const stream = folded(to, await translated(from, to, events))
    const { answer } = translateAnswer(from, to, whole, options)
    if (stream === undefined) expect(api(to).answer(answer as never).choices).toEqual([])
    else expect(said(to, stream)).toEqual(said(to, answer as never))
  })

  it('streams what the whole answer translates to, whatever the source says', async () => {
    await fc.assert(
      fc.asyncProperty(generatedStreams[from], async ({ events = [], incomplete }) => {
        // Of a custom tool call that broke off, an answer does not tell whether it is whole.
        if (incomplete) return
        const whole = folded(from, events as never)
        const stream = folded(to, await translated(from, to, events as never))
        if (stream === undefined) return
        const { answer } = translateAnswer(from, to, whole, options)
        // Text that comes in turns with another kind is several parts in a stream, and one in an answer.
        const rid = (value: unknown): unknown => JSON.parse(JSON.stringify(value).replaceAll('\\n\\n', ''))
        expect(rid(said(to, stream))).toEqual(rid(said(to, answer as never)))
      }),
    )
  })

  it('gives every call an id of its own', () => {
    fc.assert(
      fc.property(generatedStreams[from], ({ events = [] }) => {
        const { answer } = translateAnswer(from, to, folded(from, events as never), options)
        const ids =
          api(to)
            .answer(answer as never)
            .choices[0]?.toolCalls.map(({ id }) => id) ?? []
        expect(new Set(ids).size).toBe(ids.length)
        expect(ids.every(Boolean)).toBe(true)
      }),
    )
  })
})

describe.each(apis)('%s', (id) => {
  const streams = nativeStreams[id].flatMap(({ name, events }) => (events ? [[name, events] as const] : []))

  // What pieces cannot say is lost with the source: a lost block, a choice, the predecessor of tool calls.
  const told = streams.filter(([name, events]) => {
    const decoder = streamDecoder(id)
    return (
      !name.startsWith('function_call') &&
      !events.flatMap((event) => decoder.push(event)).some(({ type }) => type === 'loss')
    )
  })

  it.each(told)('goes on from a cut at any event: %s', (_, events) => {
    const whole = folded(id, events)
    for (let at = 1; at <= events.length; at += 1) {
      const decoder = streamDecoder(id)
      const encoder = streamEncoder(id, options)
      const before = events.slice(0, at)
      for (const event of before) {
        decoder.push(event)
        encoder.adopt(event)
      }
      const rest = events.slice(at).flatMap((event) => decoder.push(event))
      const after = [...rest.flatMap((piece) => encoder.push(piece)), ...encoder.end()]
      const continued = folded(id, [...before, ...after] as never)
      expect(said(id, continued), `cut before event ${at}`).toEqual(said(id, whole))
    }
  })
})
