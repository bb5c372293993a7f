import { describe, expect, it } from 'vitest'
import { answer, usage } from '../../testing/fixtures/messages-base.ts'
import { citations, endings, text, thinking } from '../../testing/fixtures/messages-text.ts'
import { brokenOffInInput, freelySpelled, inputAtOnce, parallelCalls } from '../../testing/fixtures/messages-tools.ts'
import { fold } from '../api.ts'
import { anthropicMessages as api } from './index.ts'
import type { MessagesAnswer, MessagesEvent } from './wire.ts'

const choiceOf = (value: MessagesAnswer | undefined): object => (value && api.answer(value).choices[0]) ?? {}

describe('answer', () => {
  it('joins text and thoughts, and lists calls', () => {
    expect(choiceOf(thinking.whole)).toEqual({
      index: 0,
      text: 'Hello, wörld ✨!',
      refusal: undefined,
      reasoning: 'Let me see.\nIt is 42.',
      toolCalls: [],
      finish: 'stop',
    })
    expect(choiceOf(parallelCalls.whole)).toMatchObject({
      text: 'Both:',
      toolCalls: [
        { id: 'toolu_01', name: 'get_weather', arguments: '{"city":"Paris","days":2}' },
        { id: 'toolu_02', name: 'get_weather', arguments: '{"city":"Østerbro","deep":[1,{"a":null}]}' },
      ],
      finish: 'tool_calls',
    })
  })

  it.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['tool_use', 'tool_calls'],
    ['pause_turn', 'pause'],
    ['refusal', 'refusal'],
    ['compaction', 'other'],
    [null, undefined],
  ])('finish of %s is %s', (stop_reason, finish) => {
    expect(choiceOf(answer([], { stop_reason }))).toMatchObject({ finish })
  })

  it('says why it refused', () => {
    const refused = endings.find(({ name }) => name === 'refused')?.whole
    expect(choiceOf(refused)).toMatchObject({ refusal: 'This may enable harm.' })
  })

  it('spells the arguments of a call without any', () => {
    expect(choiceOf(freelySpelled.whole)).toMatchObject({
      toolCalls: [{ arguments: '{"city":"Paris","days":2}' }, { arguments: '{}' }, { arguments: '{}' }],
    })
  })
})

describe('usage', () => {
  it('adds the cache to the input, by lifetime', () => {
    const meters = { fresh: 12, cacheRead: 2048, cacheWrite5m: 200, cacheWrite1h: 500, output: 7 }
    expect(api.usage(text.whole as MessagesAnswer)).toMatchObject(meters)
    expect(api.usage({ type: 'message_start', message: text.whole as MessagesAnswer })).toMatchObject(meters)
  })

  it.each([
    [
      { cache_creation_input_tokens: 700, cache_creation: null },
      { cacheWrite5m: 700, cacheWrite1h: 0 },
    ],
    [{ cache_creation_input_tokens: null }, { cacheWrite5m: 0, cacheWrite1h: 0 }],
    [
      {
        cache_creation_input_tokens: null,
        cache_creation: { ephemeral_5m_input_tokens: 2, ephemeral_1h_input_tokens: 3 },
      },
      { cacheWrite5m: 2, cacheWrite1h: 3 },
    ],
    [
      { output_tokens: 50, output_tokens_details: { thinking_tokens: 44 } },
      { output: 50, reasoning: 44 },
    ],
  ])('of %o is %o', (fields, meters) => {
    expect(api.usage(answer([], { usage: usage(fields) }))).toMatchObject(meters)
  })

  it('runs up in the stream', () => {
    const outputs = (text.events ?? [])
      .map((event) => api.usage(event)?.output)
      .filter((output) => output !== undefined)
    expect(outputs).toEqual([1, 7])
  })
})

describe('events', () => {
  const one = (index: number, delta: MessagesEvent['delta'] & object): MessagesEvent => ({
    type: 'content_block_delta',
    index,
    delta,
  })

  it('names one part alike in deltas and the answer', () => {
    expect(api.delta(one(2, { type: 'input_json_delta', partial_json: '{"a' }))).toEqual([
      { part: 'content.2.input', choice: 0, channel: 'tool', text: '{"a', mode: 'delta' },
    ])
    expect(api.delta(one(0, { type: 'thinking_delta', thinking: 'Hm' }))).toMatchObject([
      { part: 'content.0.thinking', channel: 'reasoning' },
    ])
    expect(api.delta(inputAtOnce.events?.[1] as MessagesEvent)).toMatchObject([
      { part: 'content.0.input', text: '{"city":"Paris"}' },
    ])
  })

  it.each([
    [{ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }, false],
    [
      { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '', signature: '' } },
      false,
    ],
    [
      { type: 'content_block_start', index: 0, content_block: { type: 'tool_use', id: 't', name: 'f', input: {} } },
      true,
    ],
    [one(0, { type: 'signature_delta', signature: 'E' }), false],
    [one(0, { type: 'input_json_delta', partial_json: '' }), false],
    [one(0, { type: 'text_delta', text: 'a' }), true],
    [{ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 3 } }, false],
    [{ type: 'ping' }, false],
  ])('%o shows content: %s', (event, content) => {
    expect(api.isContent(event)).toBe(content)
  })

  it('gathers deltas of types that it does not know', () => {
    const start = (block: object): MessagesEvent => ({
      type: 'content_block_start',
      index: 0,
      content_block: { type: 'new', ...block },
    })
    const opened = { type: 'message_start', message: answer([]) }
    const gathered = (...events: MessagesEvent[]): unknown => fold(api, [opened, ...events])?.content[0]
    expect(gathered(start({ note: 'a' }), one(0, { type: 'note_delta', note: 'b', rank: 1 }))).toEqual({
      type: 'new',
      note: 'ab',
      rank: 1,
    })
  })
})

describe('fold', () => {
  it('takes the signature that comes for the one that was there', () => {
    const block = { type: 'thinking', thinking: '', signature: 'old' }
    const events = [
      { type: 'message_start', message: answer([]) },
      { type: 'content_block_start', index: 0, content_block: block },
      { type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: 'new' } },
    ]
    expect(fold(api, events)?.content).toEqual([{ ...block, signature: 'new' }])
  })

  it('reads tool input however it is spelled', () => {
    expect(fold(api, freelySpelled.events ?? [])).toEqual(freelySpelled.whole)
  })

  it('keeps half the JSON of a call as text, which is no object to act on', () => {
    expect(fold(api, brokenOffInInput.events ?? [])?.content[0]?.input).toBe('{"city":"Par')
  })

  it('keeps input tokens that the end does not repeat', () => {
    const old = endings.find(({ name }) => name.startsWith('version'))?.events ?? []
    expect(fold(api, old)?.usage).toEqual({ input_tokens: 10, output_tokens: 6 })
  })
})

describe('replay', () => {
  it('is the documented sequence', () => {
    const events = api.replay(thinking.whole as MessagesAnswer)
    const delta = (event: MessagesEvent): string => `${event.type} ${event.delta?.type ?? ''}`.trim()
    expect(events.map(delta)).toEqual([
      'message_start',
      'content_block_start',
      'content_block_delta thinking_delta',
      'content_block_delta signature_delta',
      'content_block_stop',
      'content_block_start',
      'content_block_stop',
      'content_block_start',
      'content_block_delta text_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ])
    expect(events[0]?.message).toMatchObject({
      content: [],
      stop_reason: null,
      usage: { input_tokens: 25, output_tokens: 1 },
    })
    expect(events.at(-2)).toMatchObject({
      delta: { stop_reason: 'end_turn' },
      usage: { input_tokens: 25, output_tokens: 60 },
    })
  })
})

describe('replay of what is not plain text', () => {
  it('streams citations one by one', () => {
    const types = api.replay(citations.whole as MessagesAnswer).map(({ delta }) => delta?.type)
    expect(types.filter((type) => type === 'citations_delta')).toHaveLength(3)
  })

  it('leaves the last block of an unfinished answer open', () => {
    const half = fold(api, brokenOffInInput.events ?? []) as MessagesAnswer
    expect(api.replay(half).map(({ type }) => type)).toEqual([
      'message_start',
      'content_block_start',
      'content_block_delta',
    ])
  })
})

describe('error', () => {
  it('is named by its finer code, else by its type', () => {
    const error = { type: 'invalid_request_error', message: 'No.', details: { error_code: 'tool_name_conflict' } }
    expect(api.error({ type: 'error', error })).toEqual({
      code: 'tool_name_conflict',
      type: 'invalid_request_error',
      message: 'No.',
    })
    expect(api.error({ type: 'error', error: { ...error, details: null } })).toMatchObject({
      code: 'invalid_request_error',
    })
    expect(api.error({ object: 'error', type: 'NotFoundError', message: 'No model.' })).toMatchObject({
      code: 'NotFoundError',
    })
    expect(api.error({ error: 'Bad gateway' })).toMatchObject({ code: 'error', message: 'Bad gateway' })
  })
})
