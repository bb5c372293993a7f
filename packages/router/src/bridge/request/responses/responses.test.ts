import type Anthropic from '@anthropic-ai/sdk'
import type OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { translated } from '../fixtures/expect-translation.ts'

type Chat = OpenAI.ChatCompletionCreateParams
type Responses = OpenAI.Responses.ResponseCreateParams

const user = { role: 'user' as const, content: 'Hello' }
const parameters = { type: 'object', properties: {} }

const conversation = {
  model: 'gpt-5.6',
  instructions: 'Be brief.',
  input: [
    { role: 'developer', content: 'In French.' },
    {
      role: 'user',
      content: [
        { type: 'input_text', text: 'Look', prompt_cache_breakpoint: { mode: 'explicit' } },
        { type: 'input_image', image_url: 'https://example.com/a.png', detail: 'low' },
        { type: 'input_file', file_id: 'file-1' },
      ],
    },
    { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'x' },
    {
      type: 'message',
      id: 'msg_1',
      role: 'assistant',
      status: 'completed',
      content: [{ type: 'output_text', text: 'Calling.', annotations: [] }],
    },
    { type: 'function_call', id: 'fc_1', call_id: 'c1', name: 'f', arguments: '{}', status: 'completed' },
    { type: 'custom_tool_call', call_id: 'c2', name: 'sql', input: 'select 1' },
    { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search', query: 'q' } },
    { type: 'custom_tool_call_output', call_id: 'c2', output: 'one' },
    { type: 'function_call_output', call_id: 'c1', output: [{ type: 'input_text', text: 'r' }] },
  ],
  tools: [
    { type: 'function', name: 'f', parameters, strict: true },
    { type: 'custom', name: 'sql', format: { type: 'grammar', syntax: 'lark', definition: 'g' } },
    { type: 'web_search' },
  ],
  tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'custom', name: 'sql' }] },
  include: ['message.output_text.logprobs', 'reasoning.encrypted_content'],
  top_logprobs: 2,
  text: { verbosity: 'low', format: { type: 'json_schema', name: 'Out', schema: parameters, strict: true } },
  reasoning: { effort: 'max', summary: 'auto' },
  max_output_tokens: 90,
  store: false,
  stream: true,
  stream_options: { include_obfuscation: false },
  service_tier: 'priority',
  metadata: { a: 'b' },
} satisfies Responses

describe('a request of Responses', () => {
  it('is told to Chat Completions', () => {
    const { request, lossy } = translated('openai.responses', 'openai.chat', conversation)
    expect(request).toEqual({
      model: 'gpt-5.6',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'developer', content: 'In French.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Look', prompt_cache_breakpoint: { mode: 'explicit' } },
            { type: 'image_url', image_url: { url: 'https://example.com/a.png', detail: 'low' } },
            { type: 'file', file: { file_id: 'file-1' } },
          ],
        },
        {
          role: 'assistant',
          content: 'Calling.',
          tool_calls: [
            { id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } },
            { id: 'c2', type: 'custom', custom: { name: 'sql', input: 'select 1' } },
          ],
        },
        { role: 'tool', tool_call_id: 'c2', content: 'one' },
        { role: 'tool', tool_call_id: 'c1', content: 'r' },
      ],
      tools: [
        { type: 'function', function: { name: 'f', parameters, strict: true } },
        {
          type: 'custom',
          custom: { name: 'sql', format: { type: 'grammar', grammar: { syntax: 'lark', definition: 'g' } } },
        },
      ],
      tool_choice: {
        type: 'allowed_tools',
        allowed_tools: { mode: 'auto', tools: [{ type: 'custom', custom: { name: 'sql' } }] },
      },
      logprobs: true,
      top_logprobs: 2,
      verbosity: 'low',
      response_format: { type: 'json_schema', json_schema: { name: 'Out', schema: parameters, strict: true } },
      reasoning_effort: 'max',
      max_completion_tokens: 90,
      stream: true,
      stream_options: { include_usage: true, include_obfuscation: false },
      service_tier: 'priority',
      metadata: { a: 'b' },
    } satisfies Chat)
    expect(lossy).toEqual(['input[2]', 'input[6]', 'tools[2]', 'include[1]', 'reasoning.summary'])
  })

  it('is told to Anthropic', () => {
    const { request, lossy } = translated('openai.responses', 'anthropic.messages', conversation, {
      model: 'claude-opus-5',
    })
    const { messages, tools, thinking, output_config } = request as unknown as Anthropic.MessageCreateParams
    expect(messages.slice(1)).toEqual([
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'Calling.' },
          { type: 'tool_use', id: 'c1', name: 'f', input: {} },
          { type: 'tool_use', id: 'c2', name: 'sql', input: { input: 'select 1' } },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'c2', content: 'one' },
          { type: 'tool_result', tool_use_id: 'c1', content: 'r' },
        ],
      },
    ] satisfies Anthropic.MessageParam[])
    expect(tools?.map((tool) => 'name' in tool && tool.name)).toEqual(['f', 'sql'])
    expect(thinking).toEqual({ type: 'adaptive', display: 'summarized' })
    expect(output_config?.effort).toBe('max')
    expect(lossy).toEqual([
      'input[2]',
      'input[6]',
      'tools[2]',
      'include[1]',
      '~tools[1]',
      '~tool_choice',
      'input[1].content[0].prompt_cache_breakpoint',
      'input[1].content[1].detail',
      '!input[1].content[2]',
      '~input[5]',
      'service_tier',
      'top_logprobs',
      'metadata',
      'text.verbosity',
      'include[0]',
    ])
  })

  it.each<[Partial<Responses>, string[]]>([
    [{ previous_response_id: 'resp_1' }, ['!previous_response_id']],
    [{ conversation: 'conv_1' }, ['!conversation']],
    [{ background: true }, ['!background']],
    [{ background: false }, []],
    [{ store: true }, ['!store']],
    [{ store: false }, []],
    [{ prompt: { id: 'p' } }, ['!prompt']],
    [{ input: [user, { type: 'item_reference', id: 'x' }] }, ['!input[1]']],
    [{ input: [user, { type: 'compaction', encrypted_content: 'x' }] }, ['!input[1]']],
    [{ truncation: 'auto', max_tool_calls: 3, context_management: [] }, ['truncation', 'max_tool_calls']],
    [{ truncation: 'disabled', context_management: null }, []],
    [{ tool_choice: { type: 'file_search' } }, ['tool_choice']],
    [{ reasoning: { context: 'all_turns', mode: 'pro' } }, ['reasoning.context', 'reasoning.mode']],
    [
      { prompt_cache_options: { prewarm: true, comparison_response_id: 'r', ttl: '12h' } },
      ['prompt_cache_options.comparison_response_id', '!prompt_cache_options.prewarm', 'prompt_cache_options.ttl'],
    ],
    [{ service_tier: 'ultrafast' }, ['service_tier']],
    [{ input: [user, { type: 'function_call_output', call_id: 'gone', output: 'r' }] }, ['input[1]']],
  ])('names what Chat Completions cannot do: %j', (asked, expected) => {
    const { request, lossy } = translated('openai.responses', 'openai.chat', { model: 'm', input: 'Hello', ...asked })
    expect(request).toEqual({ model: 'm', messages: [user] })
    expect(lossy).toEqual(expected)
  })

  it('has its results moved up to their calls where the dialect asks for it', () => {
    const input = [
      { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
      user,
      { type: 'function_call_output', call_id: 'c', output: 'r' },
    ]
    const { request, lossy } = translated('openai.responses', 'openai.chat', { model: 'm', input })
    expect((request['messages'] as Chat['messages']).map(({ role }) => role)).toEqual(['assistant', 'tool', 'user'])
    expect(lossy).toEqual(['~input[2]'])
  })
})

describe('a request of Chat Completions for Responses', () => {
  it('is not stored, and has functions that are strict only where it says so', () => {
    const asked = {
      model: 'm',
      messages: [user],
      tools: [{ type: 'function', function: { name: 'f' } }],
    } satisfies Chat
    expect(translated('openai.chat', 'openai.responses', asked)).toEqual({
      request: {
        model: 'm',
        input: [user],
        tools: [{ type: 'function', name: 'f', parameters, strict: false }],
        store: false,
      } satisfies Responses,
      lossy: [],
    })
  })

  it('is stored when it asks for that', () => {
    const { request } = translated('openai.chat', 'openai.responses', { model: 'm', messages: [user], store: true })
    expect(request['store']).toBe(true)
  })

  it('keeps refusals, marks, audio aside, and the order of calls', () => {
    const messages = [
      { role: 'system', content: [{ type: 'text', text: 'S', prompt_cache_breakpoint: { mode: 'explicit' } }] },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'a' },
          { type: 'refusal', refusal: 'No.' },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'b' },
          { type: 'input_audio', input_audio: { data: 'A', format: 'mp3' } },
        ],
      },
    ] satisfies Chat['messages']
    const { request, lossy } = translated('openai.chat', 'openai.responses', { model: 'm', messages })
    expect(request['input']).toEqual([
      { role: 'system', content: [{ type: 'input_text', text: 'S', prompt_cache_breakpoint: { mode: 'explicit' } }] },
      { role: 'assistant', content: 'a' },
      {
        type: 'message',
        id: 'msg_2',
        role: 'assistant',
        status: 'completed',
        content: [{ type: 'refusal', refusal: 'No.' }],
      },
      { role: 'user', content: 'b' },
    ])
    expect(lossy).toEqual(['messages[2].content[1]'])
  })

  it('names what is no longer text where text is asked for', () => {
    const strange = {
      model: 7,
      messages: [1, { role: 'owl' }, { role: 'user', content: [{ type: 'smell' }] }],
      tools: [{ type: 'x' }],
    }
    const { lossy } = translated('openai.chat', 'openai.responses', { ...strange, stop: [3], temperature: 'hot' })
    expect(lossy.toSorted()).toEqual(
      [
        'model',
        'messages[0]',
        'messages[1]',
        'messages[2].content[0]',
        '!messages[2]',
        'tools[0]',
        'stop[0]',
        'temperature',
      ].toSorted(),
    )
  })
})
