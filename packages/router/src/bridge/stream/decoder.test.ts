import type { EventOf } from '@sluice/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { streamDecoder } from './decoder.ts'
import type { BridgedApi, StreamPiece } from './piece.ts'

function pieces<A extends BridgedApi>(api: A, events: readonly object[]): StreamPiece[] {
  const decoder = streamDecoder(api)
  const all = [...events.flatMap((event) => decoder.push(event as EventOf<A>)), ...decoder.end()]
  return all.filter(({ type }) => type !== 'start')
}

const chunk = (delta: object, finish_reason: string | null = null): object => ({
  id: 'c',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm',
  choices: [{ index: 0, delta, finish_reason }],
})
const call = (fields: object): object => chunk({ tool_calls: [fields] })
const args = (text: string): object => ({ function: { arguments: text } })

describe('chat', () => {
  it('ends a text where a call begins; text after the call is another one', () => {
    const events = [
      chunk({ content: 'a' }),
      call({ index: 0, id: 'x', function: { name: 'f', arguments: '{}' } }),
      chunk({ content: 'b' }),
      chunk({}, 'tool_calls'),
    ]
    expect(pieces('openai.chat', events)).toEqual([
      { type: 'text', part: 0, text: 'a' },
      { type: 'partEnd', part: 0, kind: 'text' },
      { type: 'toolStart', part: 1, id: 'x', name: 'f' },
      { type: 'toolDelta', part: 1, id: 'x', text: '{}' },
      { type: 'text', part: 2, text: 'b' },
      { type: 'partEnd', part: 2, kind: 'text' },
      { type: 'partEnd', part: 1, kind: 'tool', id: 'x' },
      { type: 'finish', reason: 'tool_calls' },
    ])
  })

  it.each([
    [
      'all are numbered 0',
      [
        call({ index: 0, id: 'x', function: { name: 'f', arguments: '{"a":1}' } }),
        call({ index: 0, id: 'y', function: { name: 'g', arguments: '{"b":2}' } }),
      ],
    ],
    [
      'none is numbered',
      [
        call({ id: 'x', function: { name: 'f', arguments: '{"a"' } }),
        call(args(':1}')),
        call({ id: 'y', function: { name: 'g', arguments: '{"b":2}' } }),
      ],
    ],
    [
      'every delta has an id of its own',
      [
        call({ index: 0, id: 'x', function: { name: 'f', arguments: '{"a"' } }),
        call({ index: 0, id: 'z', ...args(':1}') }),
        call({ index: 1, id: 'y', function: { name: 'g', arguments: '{"b":2}' } }),
      ],
    ],
    [
      'the name comes late',
      [
        call({ index: 0, id: 'x', ...args('{"a"') }),
        call({ index: 0, function: { name: 'f', arguments: ':1}' } }),
        call({ index: 1, id: 'y', function: { name: 'g', arguments: '{"b":2}' } }),
      ],
    ],
    [
      'space follows whole arguments',
      [
        call({ index: 0, id: 'x', function: { name: 'f', arguments: '{"a":1}' } }),
        call({ index: 1, id: 'y', function: { name: 'g', arguments: '{"b"' } }),
        call({ index: 0, ...args('\n') }),
        call({ index: 1, ...args(':2}') }),
      ],
    ],
  ])('tells calls apart where %s', (_, events) => {
    const read = pieces('openai.chat', [...events, chunk({}, 'tool_calls')])
    const starts = read.flatMap((piece) => (piece.type === 'toolStart' ? [`${piece.id} ${piece.name}`] : []))
    expect(starts).toEqual(['x f', 'y g'])
    const text = (part: number): string =>
      read.flatMap((piece) => (piece.type === 'toolDelta' && piece.part === part ? piece.text : [])).join('')
    expect([text(0), text(1)]).toEqual(['{"a":1}', '{"b":2}'])
    expect(read.filter(({ type }) => type === 'partEnd')).toHaveLength(2)
  })

  it('reads reasoning once that comes under both of its names', () => {
    const [first] = pieces('openai.chat', [chunk({ reasoning: 'Hm.', reasoning_content: 'Hm.' })])
    expect(first).toEqual({ type: 'reasoning', part: 0, text: 'Hm.' })
  })

  it('takes a finish that is an error for one', () => {
    expect(pieces('openai.chat', [chunk({ content: 'a' }), chunk({}, 'error')]).at(-1)).toMatchObject({ type: 'error' })
  })
})

describe('Responses', () => {
  const response = (output: object[], status = 'completed'): object => ({ id: 'r', model: 'm', status, output })
  const item = (text: string): object => ({ type: 'message', id: 'i', content: [{ type: 'output_text', text }] })
  const place = { item_id: 'i', output_index: 0, content_index: 0 }

  it.each([
    ['only in the terminal event', []],
    ['only in *.done', [{ type: 'response.output_text.done', ...place, text: 'Hello' }]],
    [
      'in part as deltas',
      [
        { type: 'response.output_item.added', output_index: 0, item: { type: 'message', id: 'i', content: [] } },
        { type: 'response.output_text.delta', ...place, delta: 'Hel' },
        { type: 'response.output_item.done', output_index: 0, item: item('Hello') },
      ],
    ],
  ])('reads text that comes %s', (_, events) => {
    const read = pieces('openai.responses', [
      ...events,
      { type: 'response.completed', response: response([item('Hello')]) },
    ])
    expect(read.flatMap((piece) => (piece.type === 'text' ? piece.text : [])).join('')).toBe('Hello')
    expect(read.filter(({ type }) => type === 'partEnd')).toHaveLength(1)
    expect(read.at(-1)).toEqual({ type: 'finish', reason: 'stop' })
  })

  it('has called a tool though the terminal event does not repeat it', () => {
    const item = { type: 'function_call', id: 'i', call_id: 'x', name: 'f', arguments: '{}' }
    const read = pieces('openai.responses', [
      { type: 'response.output_item.done', output_index: 0, item },
      { type: 'response.completed', response: { id: 'r', model: 'm', status: 'completed' } },
    ])
    expect(read.at(-1)).toEqual({ type: 'finish', reason: 'tool_calls' })
  })

  it('takes a failed response for an error', () => {
    const failed = { ...response([], 'failed'), error: { code: 'server_error', message: 'Sorry.' } }
    expect(pieces('openai.responses', [{ type: 'response.failed', response: failed }])).toEqual([
      { type: 'error', error: { code: 'server_error', type: undefined, message: 'Sorry.' } },
    ])
  })
})

describe('null in place of what is left out', () => {
  it.each([
    ['openai.chat', { id: 'c', choices: null }],
    ['openai.chat', { id: 'c', choices: [{ index: 0, delta: null, finish_reason: null, logprobs: null }] }],
    ['openai.chat', chunk({ content: null, tool_calls: null, function_call: null, audio: null, annotations: null })],
    ['anthropic.messages', { type: 'message_start', message: { id: 'm', content: null, usage: null } }],
    ['anthropic.messages', { type: 'content_block_start', index: 0, content_block: null }],
    ['anthropic.messages', { type: 'message_delta', delta: null, usage: null }],
    ['openai.responses', { type: 'response.completed', response: { id: 'r', output: null, usage: null } }],
    [
      'openai.responses',
      { type: 'response.output_item.done', output_index: 0, item: { type: 'message', content: null } },
    ],
  ] as const)('says nothing in %s: %j', (api, event) => {
    expect(pieces(api, [event]).filter(({ type }) => type !== 'finish' && type !== 'itemEnd')).toEqual([])
  })
})

describe('Anthropic', () => {
  it('counts cache writes once, though the end of a stream does not tell their lifetimes', () => {
    const counts = { input_tokens: 10, cache_read_input_tokens: 0, cache_creation_input_tokens: 700 }
    const cache_creation = { ephemeral_5m_input_tokens: 200, ephemeral_1h_input_tokens: 500 }
    const read = pieces('anthropic.messages', [
      { type: 'message_start', message: { id: 'm', usage: { ...counts, cache_creation, output_tokens: 1 } } },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { ...counts, output_tokens: 7 } },
    ])
    expect(read.findLast(({ type }) => type === 'usage')).toMatchObject({
      usage: { fresh: 10, cacheWrite5m: 200, cacheWrite1h: 500, output: 7 },
    })
  })

  it('spells no arguments as an empty object', () => {
    const block = { type: 'tool_use', id: 'x', name: 'f', input: {} }
    const read = pieces('anthropic.messages', [
      { type: 'content_block_start', index: 0, content_block: block },
      { type: 'content_block_stop', index: 0 },
    ])
    expect(read[1]).toEqual({ type: 'toolDelta', part: 0, id: 'x', text: '{}' })
  })
})

describe.each(['openai.chat', 'anthropic.messages', 'openai.responses'] as const)('%s', (api) => {
  const types = {
    'openai.chat': ['x'],
    'anthropic.messages':
      'message_start content_block_start content_block_delta content_block_stop message_delta message_stop error'.split(
        ' ',
      ),
    'openai.responses': (
      'response.created response.completed response.failed error response.output_item.added response.output_item.done ' +
      'response.content_part.done response.output_text.delta response.output_text.done response.refusal.done ' +
      'response.function_call_arguments.delta response.function_call_arguments.done response.reasoning_text.delta'
    ).split(' '),
  }[api]
  const fields = (
    'choices delta message content_block index usage error response item part output_index content tool_calls ' +
    'function arguments logprobs summary output text id type input citations annotations status audio refusal'
  ).split(' ')

  it('has one error for whatever a server sends', () => {
    const { json } = fc.letrec((tie) => ({
      json: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<unknown>(null, '', 'x', 0, 1, true),
        fc.constantFrom(
          ...types,
          'text',
          'message',
          'output_text',
          'tool_use',
          'function_call',
          'reasoning',
          'thinking',
        ),
        fc.array(tie('json'), { maxLength: 2 }),
        fc.dictionary(fc.constantFrom(...fields), tie('json'), { maxKeys: 5, noNullPrototype: true }),
      ),
    }))
    const event = fc
      .tuple(
        fc.constantFrom(...types),
        fc.dictionary(fc.constantFrom(...fields), json, { maxKeys: 5, noNullPrototype: true }),
      )
      .map(([type, more]) => ({ ...more, type }))
    fc.assert(
      fc.property(fc.array(event, { maxLength: 6 }), (events) => {
        try {
          pieces(api, events)
        } catch (error) {
          expect(error).toMatchObject({ code: 'bridge.malformed', details: { api } })
        }
      }),
      { numRuns: 400 },
    )
  })
})
