import { usageOf, type AnswerOf } from '@sluice/core'
import { anthropicMessages, openaiChat, openaiResponses } from '@sluice/core/apis'
import { describe, expect, it } from 'vitest'
import type { BridgedApi } from '../stream/piece.ts'
import { withoutBridgedReasoning } from './bridged-reasoning.ts'
import { translateAnswer } from './translate-answer.ts'
import { chatUsage, messagesUsage, responsesUsage } from './usage.ts'

function message(fields: object): AnswerOf<'anthropic.messages'> {
  const usage = { input_tokens: 1, output_tokens: 1 }
  const rest = { id: 'msg_1', type: 'message' as const, role: 'assistant', model: 'claude', content: [], usage }
  return { ...rest, stop_reason: 'end_turn', stop_sequence: null, ...fields }
}

function chat(message: object, finish_reason = 'stop', more = {}): AnswerOf<'openai.chat'> {
  const choice = { index: 0, message: { role: 'assistant', content: null, ...message }, finish_reason, ...more }
  return { id: 'chatcmpl-1', object: 'chat.completion', created: 7, model: 'gpt', choices: [choice] }
}

function response(fields: object): AnswerOf<'openai.responses'> {
  return { id: 'resp_1', model: 'gpt', object: 'response', created_at: 7, status: 'completed', output: [], ...fields }
}

describe('why an answer ended', () => {
  it.each([
    ['end_turn', 'stop', 'completed', undefined],
    ['max_tokens', 'length', 'incomplete', 'max_output_tokens'],
    ['model_context_window_exceeded', 'length', 'incomplete', 'max_output_tokens'],
    ['refusal', 'content_filter', 'incomplete', 'content_filter'],
    ['pause_turn', 'stop', 'completed', undefined],
    ['new_reason', 'new_reason', 'incomplete', 'new_reason'],
  ])('Anthropic’s %s is %s in chat and %s in Responses', (stop_reason, finish, status, reason) => {
    const answer = message({ stop_reason, content: [{ type: 'text', text: 'Well' }] })
    const inChat = translateAnswer('anthropic.messages', 'openai.chat', answer)
    const inResponses = translateAnswer('anthropic.messages', 'openai.responses', answer)
    expect(inChat.answer.choices[0]?.finish_reason).toBe(finish)
    expect(inResponses.answer.status).toBe(status)
    expect(inResponses.answer.incomplete_details?.reason).toBe(reason)
    expect(inChat.lossy.map(({ path }) => path)).toEqual(stop_reason === 'pause_turn' ? ['stop_reason'] : [])
  })

  it.each([
    ['stop', 'end_turn'],
    ['length', 'max_tokens'],
    ['content_filter', 'refusal'],
    ['insufficient_system_resource', 'insufficient_system_resource'],
    ['tool_calls', 'end_turn'],
  ])('chat’s %s is %s at Anthropic', (finish, stop_reason) => {
    const { answer } = translateAnswer('openai.chat', 'anthropic.messages', chat({ content: 'Well' }, finish))
    expect(answer.stop_reason).toBe(stop_reason)
  })

  it('is a tool’s call where the request named the tool, which OpenAI calls a stop', () => {
    const calls = [{ id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } }]
    const { answer } = translateAnswer('openai.chat', 'anthropic.messages', chat({ tool_calls: calls }))
    expect(answer).toMatchObject({ stop_reason: 'tool_use', content: [{ id: 'call_1', name: 'f', input: {} }] })
  })

  it('keeps the stop sequence where there is a field for it', () => {
    const ended = message({ stop_reason: 'stop_sequence', stop_sequence: 'END' })
    const inChat = translateAnswer('anthropic.messages', 'openai.chat', ended)
    expect(inChat.answer.choices[0]).toMatchObject({ finish_reason: 'stop', stop_reason: 'END' })
    expect(translateAnswer('openai.chat', 'anthropic.messages', inChat.answer).answer).toMatchObject({
      stop_reason: 'stop_sequence',
      stop_sequence: 'END',
    })
    const { answer, lossy } = translateAnswer('anthropic.messages', 'openai.responses', ended)
    expect(answer.status).toBe('completed')
    expect(lossy.map(({ path }) => path)).toEqual(['stop_sequence'])
  })
})

describe('a tool call that the length limit cut', () => {
  it('keeps its text, and Responses says that it is not whole', () => {
    const calls = [{ id: 'call_1', type: 'function', function: { name: 'f', arguments: '{"city":"Os' } }]
    const cut = chat({ tool_calls: calls }, 'length')
    expect(translateAnswer('openai.chat', 'openai.responses', cut).answer).toMatchObject({
      status: 'incomplete',
      output: [{ type: 'function_call', status: 'incomplete', arguments: '{"city":"Os' }],
    })
    expect(translateAnswer('openai.chat', 'anthropic.messages', cut).answer).toMatchObject({
      stop_reason: 'max_tokens',
      content: [{ type: 'tool_use', input: '{"city":"Os' }],
    })
  })
})

describe('refusals', () => {
  const explanation = 'That would harm.'

  it('in words are the explanation at Anthropic, and words again elsewhere', () => {
    const refused = translateAnswer('openai.chat', 'anthropic.messages', chat({ refusal: explanation })).answer
    expect(refused).toMatchObject({
      stop_reason: 'refusal',
      stop_details: { type: 'refusal', explanation },
      content: [],
    })
    const { answer } = translateAnswer('anthropic.messages', 'openai.chat', refused)
    expect(answer.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: null, refusal: explanation } })
    const inResponses = translateAnswer('anthropic.messages', 'openai.responses', refused).answer
    expect(inResponses.output).toMatchObject([{ content: [{ type: 'refusal', refusal: explanation }] }])
  })
})

describe('custom tools', () => {
  const called = message({
    stop_reason: 'tool_use',
    content: [
      { type: 'tool_use', id: 'toolu_1', name: 'run_sql', input: { input: 'select 1' } },
      { type: 'tool_use', id: 'toolu_2', name: 'other', input: { input: 'x' } },
    ],
  })

  it('come back as free text to chat callers who offered them', () => {
    const request = {
      tools: [
        { type: 'custom', custom: { name: 'run_sql' } },
        { type: 'function', function: { name: 'other' } },
      ],
    }
    const { answer } = translateAnswer('anthropic.messages', 'openai.chat', called, { request })
    expect(answer.choices[0]?.message.tool_calls).toEqual([
      { id: 'toolu_1', type: 'custom', custom: { name: 'run_sql', input: 'select 1' } },
      { id: 'toolu_2', type: 'function', function: { name: 'other', arguments: '{"input":"x"}' } },
    ])
  })

  it('and to callers of Responses', () => {
    const request = { tools: [{ type: 'custom', name: 'run_sql' }] }
    const { answer } = translateAnswer('anthropic.messages', 'openai.responses', called, { request })
    expect(answer.output).toMatchObject([
      { type: 'custom_tool_call', call_id: 'toolu_1', input: 'select 1' },
      { type: 'function_call', call_id: 'toolu_2', arguments: '{"input":"x"}' },
    ])
  })
})

describe('usage', () => {
  const usage = usageOf({
    fresh: 10,
    cacheRead: 200,
    cacheWrite5m: 30,
    cacheWrite1h: 4,
    audioInput: 5,
    output: 60,
    audioOutput: 7,
    reasoning: 40,
  })

  it('includes everything in the totals of OpenAI', () => {
    expect(chatUsage(usage)).toMatchObject({ prompt_tokens: 249, completion_tokens: 67, total_tokens: 316 })
    expect(openaiChat.usage({ usage: chatUsage(usage) } as never)).toEqual({
      ...usage,
      cacheWrite5m: 34,
      cacheWrite1h: 0,
    })
    const inResponses = openaiResponses.usage({ usage: responsesUsage(usage) } as never)
    expect(inResponses).toEqual({ ...usage, fresh: 15, audioInput: 0, output: 67, audioOutput: 0 })
  })

  it('excludes what a cache served from the input of Anthropic', () => {
    expect(messagesUsage(usage)).toMatchObject({
      input_tokens: 15,
      cache_read_input_tokens: 200,
      cache_creation_input_tokens: 34,
      cache_creation: { ephemeral_5m_input_tokens: 30, ephemeral_1h_input_tokens: 4 },
      output_tokens: 67,
    })
    const inMessages = anthropicMessages.usage({ usage: messagesUsage(usage) } as never)
    expect(inMessages).toEqual({ ...usage, fresh: 15, audioInput: 0, output: 67, audioOutput: 0 })
  })
})

describe('what is lost', () => {
  it.each<[string, BridgedApi, BridgedApi, object, string[]]>([
    [
      'choices but the first',
      'openai.chat',
      'anthropic.messages',
      {
        ...chat({ content: 'a' }),
        choices: [0, 1, 2].map((index) => ({ ...chat({ content: 'a' }).choices[0], index })),
      },
      ['choices[1]', 'choices[2]'],
    ],
    [
      'log probabilities at Anthropic',
      'openai.chat',
      'anthropic.messages',
      chat({ content: 'a' }, 'stop', { logprobs: { content: [{ token: 'a', logprob: -1 }], refusal: null } }),
      ['logprobs'],
    ],
    [
      'citations, signatures and blocks of server tools',
      'anthropic.messages',
      'openai.chat',
      message({
        content: [
          { type: 'thinking', thinking: 'Hm.', signature: 'Eq' },
          { type: 'redacted_thinking', data: 'x' },
          { type: 'text', text: 'Hi', citations: [{ type: 'char_location' }] },
          { type: 'server_tool_use', id: 's', name: 'web_search', input: {} },
        ],
      }),
      ['content[0].signature', 'content[1]', 'content[2].citations', 'content[3]'],
    ],
    [
      'annotations, encrypted reasoning and built-in tools',
      'openai.responses',
      'openai.chat',
      response({
        output: [
          { type: 'reasoning', id: 'rs', summary: [], encrypted_content: 'x' },
          { type: 'web_search_call', id: 'ws', status: 'completed' },
          {
            type: 'message',
            id: 'm',
            role: 'assistant',
            content: [{ type: 'output_text', text: 'Hi', annotations: [{}] }],
          },
        ],
      }),
      ['output[0].encrypted_content', 'output[1]', 'output[2].content[0].annotations'],
    ],
  ])('%s', (_, from, to, answer, paths) => {
    const { lossy } = translateAnswer(from, to, answer as never)
    expect(lossy.map(({ path }) => path).toSorted()).toEqual(paths.toSorted())
    for (const { reason } of lossy) expect(reason).toMatch(/^(Left out|Changed): .+\.$/)
  })
})

describe('identity', () => {
  it('is that of the provider that answered', () => {
    const { answer } = translateAnswer('openai.chat', 'openai.responses', chat({ content: 'Hi' }), {
      model: 'asked',
      id: 'x',
    })
    expect(answer).toMatchObject({ id: 'chatcmpl-1', model: 'gpt', created_at: 7 })
  })

  it('is what the caller says where the provider says nothing', () => {
    const nameless = { choices: chat({ content: 'Hi' }).choices } as never
    const options = { model: 'asked', id: 'x', now: () => 9000 }
    const { answer } = translateAnswer('openai.chat', 'anthropic.messages', nameless, options)
    expect(answer).toMatchObject({ id: 'x', model: 'asked', content: [{ text: 'Hi' }] })
    const { answer: empty } = translateAnswer(
      'anthropic.messages',
      'openai.chat',
      message({ stop_reason: null }),
      options,
    )
    expect(empty).toMatchObject({ id: 'msg_1', object: 'chat.completion', choices: [] })
  })

  it('of one dialect is the answer itself', () => {
    const answer = chat({ content: 'Hi' })
    expect(translateAnswer('openai.chat', 'openai.chat', answer).answer).toBe(answer)
  })
})

describe('withoutBridgedReasoning', () => {
  const thought = chat({ content: 'Hi', reasoning_content: 'Hm.' })

  it('takes out what Anthropic would refuse, and nothing else', () => {
    const { content } = translateAnswer('openai.chat', 'anthropic.messages', thought).answer
    const own = { type: 'thinking', thinking: 'Hm.', signature: 'Eq' }
    const turn = { role: 'assistant', content: [...content, own] }
    const request = { model: 'claude', max_tokens: 5, messages: [turn] }
    const kept = withoutBridgedReasoning('anthropic.messages', request)
    expect(kept.messages).toMatchObject([{ content: [{ type: 'text', text: 'Hi' }, own] }])
    const signed = { ...request, messages: [{ role: 'assistant', content: [own] }] }
    expect(withoutBridgedReasoning('anthropic.messages', signed)).toBe(signed)
  })

  it('takes out what OpenAI would look for in vain', () => {
    const { output } = translateAnswer('openai.chat', 'openai.responses', thought).answer
    const own = { type: 'reasoning', id: 'rs_1', summary: [] }
    const kept = withoutBridgedReasoning('openai.responses', { model: 'gpt', input: [...output, own] })
    expect(kept.input).toMatchObject([{ type: 'message' }, own])
    const plain = { model: 'gpt', input: [own] }
    expect(withoutBridgedReasoning('openai.responses', plain)).toBe(plain)
    const text = { model: 'gpt', input: 'Hi' }
    expect(withoutBridgedReasoning('openai.responses', text)).toBe(text)
  })
})
