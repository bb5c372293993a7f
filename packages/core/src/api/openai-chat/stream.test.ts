import { describe, expect, it } from 'vitest'
import { chunks } from '../../testing/fixtures/chat-events.ts'
import { fold, type AnswerText } from '../api.ts'
import { openaiChat } from './index.ts'
import type { ChatAnswer, ChatDelta, ChatEvent, ChatToolCall, ChatToolCallDelta } from './wire.ts'

const { chunk, one } = chunks()

/** The tool calls of the first choice of a folded stream, as `id name arguments`. */
function callsOf(...deltas: object[]): string[] {
  const events = deltas.map((call) => one({ tool_calls: [call as ChatToolCallDelta] }))
  const { tool_calls: calls = [] } = fold(openaiChat, events)?.choices[0]?.message ?? {}
  return calls.map((call) => `${call.id} ${call.type} ${call.function?.name} ${call.function?.arguments}`)
}

describe('tool calls of servers with habits of their own', () => {
  const call = (id: string, name: string, args: string): object => ({
    id,
    type: 'function',
    function: { name, arguments: args },
  })

  it('come whole, all with index 0', () => {
    expect(callsOf({ index: 0, ...call('a', 'f', '{}') }, { index: 0, ...call('b', 'g', '{"x":1}') })).toEqual([
      'a function f {}',
      'b function g {"x":1}',
    ])
  })

  it('come all with index 0 and are still told apart in the boundaries', () => {
    const folder = openaiChat.folder()
    for (const id of ['a', 'b', 'c']) folder.push(one({ tool_calls: [{ index: 0, ...call(id, 'f', id) }] }))
    expect(folder.boundaries()).toEqual([
      ['0.tool_calls.0', 1],
      ['0.tool_calls.1', 1],
      ['0.tool_calls.2', 1],
    ])
  })

  it('come without an index, by id or continued', () => {
    expect(
      callsOf(
        call('a', 'f', '{"x"'),
        { function: { arguments: ':1}' } },
        call('b', 'g', ''),
        { id: 'a', function: { arguments: ' ' } },
        { id: 'b', function: { arguments: '{}' } },
      ),
    ).toEqual(['a function f {"x":1} ', 'b function g {}'])
  })

  it('repeat id, type and name with every delta', () => {
    expect(callsOf({ index: 0, ...call('a', 'f', '{"x"') }, { index: 0, ...call('a', 'f', ':1}') })).toEqual([
      'a function f {"x":1}',
    ])
  })

  it('make up a new id for every delta', () => {
    const more = (id: string, args: string): object => ({
      index: 0,
      id,
      type: 'function',
      function: { arguments: args },
    })
    expect(callsOf({ index: 0, ...call('a', 'f', '') }, more('b', '{"x"'), more('c', ':1}'))).toEqual([
      'c function f {"x":1}',
    ])
  })

  it('are numbered from 1 or out of order', () => {
    expect(callsOf({ index: 2, ...call('b', 'g', '{}') }, { index: 1, ...call('a', 'f', '{}') })).toEqual([
      'a function f {}',
      'b function g {}',
    ])
  })

  it('leave out the type', () => {
    expect(callsOf({ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } })).toEqual(['a function f {}'])
  })
})

describe('fold', () => {
  it('ignores the message so far that some servers repeat', () => {
    const event = chunk([{ index: 0, delta: { content: 'b' }, message: { content: 'ab' } }])
    expect(fold(openaiChat, [event])?.choices).toEqual([
      { index: 0, finish_reason: null, message: { role: 'assistant', content: 'b' } },
    ])
  })

  it('takes nothing from a field that would change a prototype', () => {
    const evil = JSON.parse('{"choices":[{"index":0,"delta":{"__proto__":{"content":"evil "}}}]}') as ChatEvent
    expect(fold(openaiChat, [evil, one({ content: 'good' })])?.choices[0]?.message.content).toBe('good')
  })

  it('takes a choice without index, and one without delta', () => {
    const events = [
      { choices: [{ delta: { content: 'a' } }] },
      { choices: [null] },
      { choices: [{ finish_reason: 'stop' }] },
    ] as never[]
    expect(fold(openaiChat, events)?.choices).toEqual([
      { index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'a' } },
    ])
  })

  it('is undefined for a stream of nothing but an error', () => {
    expect(fold(openaiChat, [{ error: { message: 'x' } } as never])).toBe(undefined)
  })

  it('costs as much for a chunk at the end as for one at the start', () => {
    const folder = openaiChat.folder()
    const event = one({ content: 'x' })
    const took = (count: number): number => {
      const start = process.cpuUsage()
      for (let n = 0; n < count; n++) folder.push(event)
      const { user, system } = process.cpuUsage(start)
      return user + system
    }
    took(20_000)
    const early = took(20_000)
    took(300_000)
    // Quadratic work would make this 15 times as much. What else runs on the machine can only make it more.
    const late = Math.min(...Array.from({ length: 5 }, () => took(20_000)))
    expect(late).toBeLessThan(early * 5 + 50_000)
  })
})

describe('events', () => {
  it('finish one choice at a time', () => {
    expect(openaiChat.isTerminal(one({ content: 'a' }))).toBe(false)
    expect(openaiChat.isTerminal(one({}, 'stop'))).toBe(true)
    expect(openaiChat.isTerminal(one({ content: 'last' }, 'length'))).toBe(true)
    expect(openaiChat.isTerminal(one({}, '' as never))).toBe(false)
    expect(openaiChat.isTerminal(chunk([], { usage: {} }))).toBe(false)
    expect(openaiChat.isTerminal({ error: 'overloaded' } as never)).toBe(true)
    expect(openaiChat.isTerminal({} as never)).toBe(false)
  })

  it('end audio only where nothing but its expiry comes', () => {
    const audio = (value: object, more: object = {}): boolean =>
      openaiChat.isTerminal(one({ audio: value, ...more } as ChatDelta))
    expect(audio({ expires_at: 1 })).toBe(true)
    expect(audio({ expires_at: 1, data: 'AA' })).toBe(false)
    expect(audio({ expires_at: 1 }, { content: 'x' })).toBe(false)
    expect(audio({ data: 'AA' })).toBe(false)
  })

  it.each<[string, ChatDelta, boolean]>([
    ['the role', { role: 'assistant', content: '' }, false],
    ['text', { content: 'a' }, true],
    ['reasoning', { reasoning_content: 'a' }, true],
    ['reasoning of other servers', { reasoning: 'a' }, true],
    ['a refusal', { refusal: 'a' }, true],
    ['the name of a tool', { tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '' } }] }, true],
    ['no tools', { tool_calls: [] }, false],
    ['a function', { function_call: { name: 'f' } }, true],
    ['sound', { audio: { data: 'AA' } }, true],
    ['the id of sound', { audio: { id: 'audio_1' } }, false],
    ['nothing', {}, false],
  ])('show %s', (_, value, expected) => {
    expect(openaiChat.isContent(one(value))).toBe(expected)
  })

  it('show nothing without choices or delta', () => {
    expect(openaiChat.isContent({} as never)).toBe(false)
    expect(openaiChat.isContent({ choices: [{}] } as never)).toBe(false)
    expect(openaiChat.delta({} as never)).toEqual([])
  })

  it('carry usage alone only without choices', () => {
    expect(openaiChat.isUsageOnly(chunk([], { usage: { prompt_tokens: 1 } }))).toBe(true)
    expect(openaiChat.isUsageOnly(chunk([], { usage: null }))).toBe(false)
    expect(openaiChat.isUsageOnly(chunk([{ index: 0, delta: {} }], { usage: { prompt_tokens: 1 } }))).toBe(false)
    expect(openaiChat.isUsageOnly({ usage: {} } as never)).toBe(false)
  })

  it('lose the trace of streamed usage, never usage itself', () => {
    const bare = one({ content: 'a' })
    expect(openaiChat.withoutUsageTrace?.({ ...bare, usage: null })).toEqual(bare)
    expect(openaiChat.withoutUsageTrace?.(bare)).toBe(bare)
    const counted = chunk([], { usage: { prompt_tokens: 1 } })
    expect(openaiChat.withoutUsageTrace?.(counted)).toBe(counted)
  })

  it('list the texts of several choices and calls in the order in which they are folded', () => {
    const event = chunk([
      { index: 1, delta: { content: 'b', reasoning: 'r' } },
      {
        index: 0,
        delta: {
          tool_calls: [
            { index: 3, function: { arguments: '{' } },
            { index: 1, custom: { input: 'i' } },
          ],
        },
      },
    ])
    expect(openaiChat.delta(event)).toEqual([
      { part: '1.reasoning', choice: 1, channel: 'reasoning', text: 'r', mode: 'delta' },
      { part: '1.content', choice: 1, channel: 'text', text: 'b', mode: 'delta' },
      { part: '0.tool_calls.3', choice: 0, channel: 'tool', text: '{', mode: 'delta' },
      { part: '0.tool_calls.1', choice: 0, channel: 'tool', text: 'i', mode: 'delta' },
    ])
  })
})

describe('replay', () => {
  it('opens each tool call just before its arguments, and those without any in their place', () => {
    const call = (id: string, args: string): ChatToolCall => ({
      id,
      type: 'function',
      function: { name: id, arguments: args },
    })
    const message = {
      role: 'assistant',
      content: 'Hi',
      tool_calls: [call('a', ''), call('b', 'B'), call('c', 'C'), call('d', '')],
    }
    const whole = {
      id: '1',
      object: 'chat.completion',
      created: 1,
      model: 'm',
      choices: [{ index: 0, message, finish_reason: 'tool_calls' }],
    }
    expect(openaiChat.replay(whole).every(({ object }) => object === 'chat.completion.chunk')).toBe(true)
    const shown = openaiChat
      .replay(whole, [
        ['0.tool_calls.1', 1],
        ['0.content', 2],
      ])
      .flatMap(({ choices }) => choices)
    expect(
      shown.map(({ delta: { tool_calls: [made] = [], ...rest }, finish_reason }) => [
        made?.id ?? made?.function?.arguments ?? rest,
        finish_reason,
      ]),
    ).toEqual([
      [{ role: 'assistant', content: '' }, null],
      ['a', null],
      ['b', null],
      ['B', null],
      [{ content: 'Hi' }, null],
      ['c', null],
      ['C', null],
      ['d', null],
      [{}, 'tool_calls'],
    ])
  })
})

describe('answer', () => {
  it.each([
    ['stop', 'stop'],
    ['length', 'length'],
    ['tool_calls', 'tool_calls'],
    ['function_call', 'tool_calls'],
    ['content_filter', 'content_filter'],
    ['error', 'error'],
    ['insufficient_system_resource', 'other'],
    ['', undefined],
    [null, undefined],
  ])('is finished by %j as %j', (reason, finish) => {
    const value = {
      choices: [{ index: 0, message: { role: 'assistant' }, finish_reason: reason }],
    } as unknown as ChatAnswer
    expect(openaiChat.answer(value).choices[0]?.finish).toBe(finish)
  })

  it('finds nothing in a body of another shape', () => {
    expect(openaiChat.answer({ error: 'x' } as never).choices).toEqual([])
    expect(openaiChat.answer({ choices: [{}] } as never).choices).toMatchObject([{ text: '', toolCalls: [] }])
    expect(openaiChat.answerText({ choices: [{}, null] } as never)).toEqual([])
    expect(openaiChat.prompt({ model: 'm' } as never)).toEqual([])
  })

  it('lists every text of a message, whole or in a delta', () => {
    const message = {
      role: 'assistant',
      content: 'c',
      refusal: 'r',
      reasoning_content: 'd',
      reasoning: 'o',
      audio: { id: 'a', data: 'AA', transcript: 't', expires_at: 1 },
      function_call: { name: 'f', arguments: 'g' },
      tool_calls: [
        { index: 0, id: 'x', type: 'function', function: { name: 'f', arguments: 'h' } },
        { index: 1, id: 'y', type: 'custom', custom: { name: 'f', input: 'i' } },
      ],
    }
    const listed = [
      '2.reasoning_content reasoning d',
      '2.reasoning reasoning o',
      '2.content text c',
      '2.refusal refusal r',
      '2.audio.transcript text t',
      '2.function_call.arguments tool g',
      '2.tool_calls.0 tool h',
      '2.tool_calls.1 tool i',
    ]
    const line = (text: AnswerText): string => `${text.part} ${text.channel} ${text.text}`
    expect(openaiChat.answerText({ choices: [{ index: 2, message }] } as never).map(line)).toEqual(listed)
    expect(openaiChat.delta(chunk([{ index: 2, delta: message }])).map(line)).toEqual(listed)
  })

  it('reads every choice', () => {
    const value = fold(openaiChat, [
      one({ role: 'assistant', content: 'Hi', reasoning: 'Hm.', refusal: null }),
      one({
        function_call: { name: 'old', arguments: '{}' },
        tool_calls: [{ index: 0, id: 'c', custom: { name: 'sh', input: 'ls' } }],
      }),
      one({}, 'function_call'),
      one({ refusal: 'No.' }, 'weird', 1),
      one({}, null, 2),
    ])
    expect(value && openaiChat.answer(value)).toEqual({
      id: 'chatcmpl-C1',
      model: 'gpt-5-mini-2025-08-07',
      choices: [
        {
          index: 0,
          text: 'Hi',
          refusal: undefined,
          reasoning: 'Hm.',
          toolCalls: [
            { id: undefined, name: 'old', arguments: '{}' },
            { id: 'c', name: 'sh', arguments: 'ls' },
          ],
          finish: 'tool_calls',
        },
        { index: 1, text: '', refusal: 'No.', reasoning: undefined, toolCalls: [], finish: 'other' },
        { index: 2, text: '', refusal: undefined, reasoning: undefined, toolCalls: [], finish: undefined },
      ],
    })
  })
})
