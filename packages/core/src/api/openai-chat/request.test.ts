import { describe, expect, it } from 'vitest'
import { chatRequestFixtures } from '../../testing/fixtures/openai-requests.ts'
import { openaiChat } from './index.ts'
import type { ChatRequest } from './wire.ts'

describe('prompt', () => {
  it('lists every text that reaches the model, with its role and kind', () => {
    const { request } = chatRequestFixtures[0] ?? {}
    const parts = openaiChat.prompt(request as ChatRequest)
    expect(parts.map(({ path, role, kind, text }) => `${path.join('.')} ${role} ${kind}: ${text}`)).toEqual([
      'messages.0.content.0.text system text: Be brief.',
      'messages.0.content.1.text system text: Be kind.',
      'messages.1.content system text: Use tools.',
      'messages.2.content.0.text user text: What is this?',
      'messages.3.content.0.text assistant text: A boat.',
      'messages.3.content.1.refusal assistant refusal: But not whose.',
      'messages.3.refusal assistant refusal: Nor where.',
      'messages.3.reasoning_content assistant reasoning: Looks like a boat.',
      'messages.3.reasoning assistant reasoning: Sails.',
      'messages.3.tool_calls.0.function.arguments assistant tool_call: {"at":"boat"}',
      'messages.3.tool_calls.1.custom.input assistant tool_call: ls',
      'messages.4.content tool tool_result: It floats.',
      'messages.5.content.0.text tool tool_result: boat.txt',
      'messages.6.function_call.arguments assistant tool_call: {}',
      'messages.7.content tool tool_result: done',
      'messages.9.content user text: A boat.',
      'tools.0.function.description system tool_definition: Looks closer.',
      'tools.1.custom.description system tool_definition: Runs a command.',
      'functions.0.description system tool_definition: An old one.',
      'response_format.json_schema.description system text: A thing.',
      'prediction.content.0.text assistant text: A boat, surely.',
    ])
  })

  it('takes what lenient servers take for content: one part, and texts in a list', () => {
    const messages = [
      { role: 'user', content: { type: 'text', text: 'alone' } },
      { role: 'tool', content: ['one', { type: 'text', text: 'two' }, 'three'] },
    ]
    const request = { model: 'm', messages } as unknown as ChatRequest
    expect(openaiChat.prompt(request).map(({ path, role, text }) => `${path.join('.')} ${role}: ${text}`)).toEqual([
      'messages.0.content.text user: alone',
      'messages.1.content.0 tool: one',
      'messages.1.content.1.text tool: two',
      'messages.1.content.2 tool: three',
    ])
    expect(openaiChat.mapText(request, ({ text }) => text.toUpperCase()).messages).toEqual([
      { role: 'user', content: { type: 'text', text: 'ALONE' } },
      { role: 'tool', content: ['ONE', { type: 'text', text: 'TWO' }, 'THREE'] },
    ])
    expect(openaiChat.mapText(request, ({ text }) => text)).toBe(request)
  })

  it('lists nothing of a body that is not a chat request', () => {
    expect(openaiChat.prompt({ messages: 'x', tools: [1, null], prediction: null } as never)).toEqual([])
  })
})

describe('match', () => {
  it.each([
    ['/v1/chat/completions', true],
    ['/openai/deployments/gpt-5/chat/completions', true],
    ['/v1/completions', false],
    ['/v1/chat/completions/chatcmpl-1', false],
  ])('%s: %s', (path, expected) => expect(openaiChat.match(path)).toBe(expected))
})

describe('streaming', () => {
  const request: ChatRequest = {
    model: 'm',
    messages: [],
    stream: true,
    stream_options: { include_obfuscation: false },
  }

  it('asks for usage beside the other options', () => {
    expect(openaiChat.withStreamUsage(request).stream_options).toEqual({
      include_obfuscation: false,
      include_usage: true,
    })
    expect(openaiChat.withStreamUsage({ ...request, stream_options: null }).stream_options).toEqual({
      include_usage: true,
    })
    expect(openaiChat.withStreamUsage({ ...request, stream_options: { include_usage: false } }).stream_options).toEqual(
      {
        include_usage: true,
      },
    )
  })

  it('takes the options of streams away with the stream', () => {
    expect(openaiChat.withStream(request, false)).toEqual({ model: 'm', messages: [], stream: false })
  })

  it('is off where the body does not say, or says null', () => {
    expect(openaiChat.isStream({ model: 'm', messages: [] })).toBe(false)
    expect(openaiChat.isStream({ model: 'm', messages: [], stream: null })).toBe(false)
  })
})
