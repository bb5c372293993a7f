import { usageOf, type Api, type EventOf } from '@sluice/core'
import { fold } from '@sluice/core/apis'
import { describe, expect, it } from 'vitest'
import { bridgedApis } from '../answer/translate-answer.ts'
import { streamDecoder } from './decoder.ts'
import { streamEncoder } from './encoder.ts'
import type { BridgedApi, StreamPiece } from './piece.ts'

const apis = Object.keys(bridgedApis) as BridgedApi[]
const pairs = apis.flatMap((shown) => apis.map((next) => [shown, next] as const))
const now = (): number => 1_763_800_000_000

const api = (id: BridgedApi): Api => bridgedApis[id] as unknown as Api

function stream(id: BridgedApi, answer: string, pieces: readonly StreamPiece[]): EventOf<never>[] {
  const encoder = streamEncoder(id, { includeUsage: true, now })
  const start: StreamPiece = { type: 'start', id: answer, model: `model of ${answer}`, createdAtS: 1 }
  return [...[start, ...pieces].flatMap((piece) => encoder.push(piece)), ...encoder.end()] as never[]
}

const text = (part: number, ...texts: string[]): StreamPiece[] =>
  texts.map((one) => ({ type: 'text', part, text: one }))
const reasoning = (part: number, words: string): StreamPiece[] => [
  { type: 'reasoning', part, text: words },
  { type: 'partEnd', part, kind: 'reasoning' },
  { type: 'itemEnd', kind: 'reasoning' },
]
const call = (part: number, id: string): StreamPiece[] => [
  { type: 'toolStart', part, id, name: 'weather' },
  { type: 'toolDelta', part, id, text: '{"city":"Oslo"}' },
  { type: 'partEnd', part, kind: 'tool', id },
]
const stop: StreamPiece = { type: 'finish', reason: 'stop' }

/** What the consumer has in the end that was shown a stream without its end, and then what another source said. */
function continued(
  shown: BridgedApi,
  before: readonly EventOf<never>[],
  next: BridgedApi,
  after: readonly EventOf<never>[],
) {
  const encoder = streamEncoder(shown, { includeUsage: true, now })
  for (const event of before) encoder.adopt(event)
  const decoder = streamDecoder(next)
  const pieces = [...after.flatMap((event) => decoder.push(event)), ...decoder.end()]
  const events = [...pieces.flatMap((piece) => encoder.push(piece)), ...encoder.end()] as EventOf<never>[]
  const all = [...before, ...events]
  const answer = fold(api(shown), all as never) as never
  return { events, all, answer, view: api(shown).answer(answer), lossy: encoder.lossy.map(({ path }) => path) }
}

describe.each(pairs)('%s continued by %s', (shown, next) => {
  it('goes on in the same text', () => {
    const before = stream(shown, 'first', [...reasoning(0, 'Hm.'), ...text(1, 'Once ', 'upon ')])
    const after = stream(next, 'second', [...reasoning(0, 'Ah.'), ...text(1, 'a ', 'time.'), stop])
    const { view, lossy, all } = continued(shown, before, next, after)
    expect(view).toMatchObject({
      id: 'first',
      model: 'model of first',
      choices: [
        { text: 'Once upon a time.', reasoning: shown === 'openai.chat' ? 'Hm.\n\nAh.' : 'Hm.', finish: 'stop' },
      ],
    })
    // In chat thoughts have a field of their own; elsewhere they would cut the text in two.
    expect(lossy).toEqual(shown === 'openai.chat' ? [] : ['reasoning'])
    const texts = fold(api(shown), all as never) as never
    expect(
      api(shown)
        .answerText(texts)
        .filter(({ channel }) => channel === 'text'),
    ).toHaveLength(1)
  })

  it('calls a tool after the text, under an id that is not used yet', () => {
    const begun = [...text(0, 'Let me see.'), { type: 'partEnd', part: 0, kind: 'text' } as const, ...call(1, 'call_1')]
    const before = stream(shown, 'first', begun)
    const after = stream(next, 'second', [...call(0, 'call_1'), { type: 'finish', reason: 'tool_calls' }])
    const { view } = continued(shown, before, next, after)
    expect(view.choices[0]?.toolCalls).toEqual([
      { id: 'call_1', name: 'weather', arguments: '{"city":"Oslo"}' },
      { id: 'call_1_2', name: 'weather', arguments: '{"city":"Oslo"}' },
    ])
    expect(view.choices[0]).toMatchObject({ text: 'Let me see.', finish: 'tool_calls' })
  })

  it('begins nothing anew and ends once', () => {
    const before = stream(shown, 'first', text(0, 'Once '))
    const after = stream(next, 'second', [...text(0, 'more.'), stop])
    const { events, all } = continued(shown, before, next, after)
    const types = events.map((event) => (event as { type?: string }).type)
    for (const opening of ['message_start', 'content_block_start', 'response.created', 'response.output_item.added'])
      expect(types).not.toContain(opening)
    expect(all.filter((event) => api(shown).isTerminal(event as never))).toHaveLength(1)
  })
})

describe.each(apis)('%s continued by itself', (shown) => {
  it('leaves out thoughts in the middle of a text with the proof that goes with them', () => {
    const encoder = streamEncoder(shown, { now })
    for (const event of stream(shown, 'first', text(0, 'Once '))) encoder.adopt(event as never)
    const seal = { by: shown, value: 'proof', path: ['x'] }
    const thoughts: StreamPiece[] = [
      { type: 'reasoning', part: 0, text: 'A' },
      { type: 'reasoning', part: 0, text: 'h.' },
      { type: 'partEnd', part: 0, kind: 'reasoning', seal },
      { type: 'itemEnd', kind: 'reasoning', seal },
    ]
    const events = [...thoughts, ...text(1, 'more.'), stop].flatMap((piece) => [...encoder.push(piece)])
    if (shown === 'openai.chat') return expect(JSON.stringify(events)).toContain('reasoning_content')
    expect(events).toHaveLength(1)
    expect(JSON.stringify(events)).not.toContain('proof')
  })
})

describe('openai.chat', () => {
  it('tells the usage once', () => {
    const counted: StreamPiece = { type: 'usage', usage: usageOf({ fresh: 3, output: 4 }) }
    const whole = stream('openai.chat', 'first', [...text(0, 'Once.'), stop, counted])
    const end = (events: readonly EventOf<never>[]): readonly object[] => {
      const encoder = streamEncoder('openai.chat', { includeUsage: true })
      for (const event of events) encoder.adopt(event as never)
      return [...encoder.push(counted), ...encoder.end()]
    }
    expect(end(whole)).toEqual([])
    expect(end(whole.slice(0, -1))).toEqual(whole.slice(-1))
  })
})

describe('openai.responses', () => {
  it('goes on with the numbers that it finds', () => {
    const encoder = streamEncoder('openai.responses', { now })
    const before = stream('openai.responses', 'first', text(0, 'Once ')) as unknown as EventOf<'openai.responses'>[]
    for (const [at, event] of before.entries()) encoder.adopt({ ...event, sequence_number: 10 + 2 * at })
    const [next] = encoder.push({ type: 'text', part: 0, text: 'more.' })
    expect(next).toMatchObject({ type: 'response.output_text.delta', sequence_number: 10 + 2 * before.length - 1 })
  })

  it('numbers on, and repeats in the end all that was said', () => {
    const before = stream('openai.responses', 'first', text(0, 'Once '))
    const after = stream('anthropic.messages', 'second', [...text(0, 'more.'), stop])
    const { all } = continued('openai.responses', before, 'anthropic.messages', after)
    const events = all as EventOf<'openai.responses'>[]
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, at) => at))
    const done = events.find(({ type }) => type === 'response.output_text.done')
    expect(done).toMatchObject({ text: 'Once more.', output_index: 0, content_index: 0 })
    const completed = events.at(-1)?.response
    expect(completed).toMatchObject({ id: 'first', output: [{ content: [{ text: 'Once more.' }] }] })
  })
})

describe('anthropic.messages', () => {
  it('writes one block after the other, also for calls that grow beside each other', () => {
    const begin = (part: number): StreamPiece => ({ type: 'toolStart', part, id: `call:${part}`, name: 'f' })
    const add = (part: number, words: string): StreamPiece => ({
      type: 'toolDelta',
      part,
      id: `call:${part}`,
      text: words,
    })
    const end = (part: number): StreamPiece => ({ type: 'partEnd', part, kind: 'tool', id: `call:${part}` })
    const beside = [begin(0), begin(1), add(1, '{"b"'), add(0, '{"a"'), add(1, ':2}'), end(1), add(0, ':1}'), end(0)]
    const events = stream('anthropic.messages', 'm', [...beside, { type: 'finish', reason: 'tool_calls' }])
    const blocks = (events as unknown as EventOf<'anthropic.messages'>[]).flatMap(({ type, index }) =>
      type.startsWith('content_block') ? [`${type.slice(14)} ${index}`] : [],
    )
    expect(blocks).toEqual(['start 0', 'delta 0', 'delta 0', 'stop 0', 'start 1', 'delta 1', 'delta 1', 'stop 1'])
    const answer = fold(api('anthropic.messages'), events as never) as never
    // Anthropic takes no colon in an id.
    expect(answer).toMatchObject({
      content: [
        { id: 'call_0', input: { a: 1 } },
        { id: 'call_1', input: { b: 2 } },
      ],
    })
  })

  it('does not hold back a call for one whose arguments are whole', () => {
    const decoder = streamDecoder('openai.chat')
    const encoder = streamEncoder('anthropic.messages')
    const chunk = (index: number, words: string, more = {}): EventOf<'openai.chat'> => {
      const delta = { tool_calls: [{ index, ...more, function: { arguments: words, ...(more && { name: 'f' }) } }] }
      return {
        id: 'c',
        object: 'chat.completion.chunk',
        created: 1,
        model: 'm',
        choices: [{ index: 0, delta }],
      } as never
    }
    const sent = [chunk(0, '{"a":1}', { id: 'x' }), chunk(1, '{"b"', { id: 'y' }), chunk(1, ':2')].map((event) =>
      decoder.push(event).flatMap((piece) => encoder.push(piece)),
    )
    expect(sent.every((events) => events.length > 0)).toBe(true)
  })
})
