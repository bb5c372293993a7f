import type Anthropic from '@anthropic-ai/sdk'
import type OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { translated } from '../fixtures/expect-translation.ts'

type Chat = OpenAI.ChatCompletionCreateParams
type Responses = OpenAI.Responses.ResponseCreateParams
type Messages = Anthropic.MessageCreateParams & {
  temperature?: number
  top_p?: number
  top_k?: number
  output_format?: unknown
}

const user = { role: 'user' as const, content: 'Hello' }
const input_schema = { type: 'object' as const, properties: {} }
const schema = { type: 'object', properties: {}, additionalProperties: false }

const conversation = {
  model: 'claude-opus-5',
  max_tokens: 500,
  system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
  messages: [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'Look' },
        { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
        { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'BBBB' }, title: 'a.pdf' },
        { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'words' }, title: 'T' },
      ],
    },
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'hm', signature: 's' },
        { type: 'text', text: 'Calling.' },
        { type: 'tool_use', id: 't1', name: 'f', input: { a: 1 }, caller: { type: 'direct' } },
        { type: 'tool_use', id: 't2', name: 'f', input: {} },
      ],
    },
    {
      role: 'user',
      content: [
        {
          type: 'tool_result',
          tool_use_id: 't1',
          is_error: true,
          content: [
            { type: 'text', text: 'bad' },
            { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
          ],
        },
        { type: 'tool_result', tool_use_id: 't2', is_error: false },
        { type: 'text', text: 'So?' },
      ],
    },
  ],
  tools: [
    { name: 'f', description: 'd', input_schema, strict: true, cache_control: { type: 'ephemeral' } },
    { type: 'web_search_20250305', name: 'web_search' },
  ],
} satisfies Messages

const lost = [
  'system[0].cache_control',
  'messages[0].content[3].title',
  '~messages[0].content[3]',
  'messages[1].content[0]',
  'messages[2].content[0].is_error',
  'tools[0].cache_control',
  'tools[1]',
]

describe('a conversation with Claude', () => {
  it('is told to Chat Completions', () => {
    const { request, lossy } = translated('anthropic.messages', 'openai.chat', conversation, { model: 'gpt-4o' })
    expect(request).toEqual({
      model: 'gpt-4o',
      messages: [
        { role: 'system', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Look' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
            { type: 'file', file: { file_data: 'data:application/pdf;base64,BBBB', filename: 'a.pdf' } },
            { type: 'text', text: 'words' },
          ],
        },
        {
          role: 'assistant',
          content: 'Calling.',
          tool_calls: [
            { id: 't1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } },
            { id: 't2', type: 'function', function: { name: 'f', arguments: '{}' } },
          ],
        },
        { role: 'tool', tool_call_id: 't1', content: 'bad' },
        { role: 'tool', tool_call_id: 't2', content: '' },
        { role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://example.com/a.png' } }] },
        { role: 'user', content: 'So?' },
      ],
      tools: [{ type: 'function', function: { name: 'f', description: 'd', parameters: input_schema, strict: true } }],
      max_completion_tokens: 500,
    } satisfies Chat)
    expect(lossy).toEqual([...lost, '~messages[2].content[0].content[1]'])
  })

  it('is told to Responses', () => {
    const { request, lossy } = translated('anthropic.messages', 'openai.responses', conversation)
    expect(request).toEqual({
      model: 'claude-opus-5',
      instructions: 'Be brief.',
      input: [
        {
          role: 'user',
          content: [
            { type: 'input_text', text: 'Look' },
            { type: 'input_image', detail: 'auto', image_url: 'data:image/png;base64,AAAA' },
            { type: 'input_file', file_data: 'data:application/pdf;base64,BBBB', filename: 'a.pdf' },
            { type: 'input_text', text: 'words' },
          ],
        },
        { role: 'assistant', content: 'Calling.' },
        { type: 'function_call', call_id: 't1', name: 'f', arguments: '{"a":1}' },
        { type: 'function_call', call_id: 't2', name: 'f', arguments: '{}' },
        {
          type: 'function_call_output',
          call_id: 't1',
          output: [
            { type: 'input_text', text: 'bad' },
            { type: 'input_image', detail: 'auto', image_url: 'https://example.com/a.png' },
          ],
        },
        { type: 'function_call_output', call_id: 't2', output: '' },
        { role: 'user', content: 'So?' },
      ],
      tools: [{ type: 'function', name: 'f', description: 'd', parameters: input_schema, strict: true }],
      max_output_tokens: 500,
      store: false,
    } satisfies Responses)
    expect(lossy).toEqual(lost)
  })

  it('keeps a system message in the middle where it stands', () => {
    const messages = [user, { role: 'system', content: 'Now in verse.' }]
    expect(translated('anthropic.messages', 'openai.chat', { messages })).toEqual({ request: { messages }, lossy: [] })
  })

  it('says before its calls in Chat Completions what it said behind them', () => {
    const { request, lossy } = translated('anthropic.messages', 'openai.chat', {
      messages: [
        user,
        {
          role: 'assistant',
          content: [
            { type: 'tool_use', id: 't', name: 'f', input: {} },
            { type: 'text', text: 'There.' },
          ],
        },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: 'r' }] },
      ],
    })
    expect(request['messages']).toEqual([
      user,
      {
        role: 'assistant',
        content: 'There.',
        tool_calls: [{ id: 't', type: 'function', function: { name: 'f', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 't', content: 'r' },
    ])
    expect(lossy).toEqual(['~messages[1].content[1]'])
  })

  it.each<[Anthropic.ContentBlockParam, Chat['messages'][number]['content'], string[]]>([
    [
      { type: 'image', source: { type: 'file', file_id: 'f' } },
      'a',
      ['!messages[0].content[1].source', 'messages[0].content[1]'],
    ],
    [{ type: 'container_upload', file_id: 'f' }, 'a', ['!messages[0].content[1]']],
    [{ type: 'document', source: { type: 'url', url: 'https://a.example/b.pdf' } }, 'a', ['messages[0].content[1]']],
    [
      { type: 'search_result', source: 'https://a.example', title: 'T', content: [{ type: 'text', text: 'found' }] },
      [
        { type: 'text', text: 'a' },
        { type: 'text', text: 'found' },
      ],
      ['messages[0].content[1].source', 'messages[0].content[1].title', '~messages[0].content[1]'],
    ],
    [
      { type: 'document', source: { type: 'content', content: 'chunk' }, context: 'c', citations: { enabled: true } },
      [
        { type: 'text', text: 'a' },
        { type: 'text', text: 'chunk' },
      ],
      ['messages[0].content[1].context', 'messages[0].content[1].citations.enabled', '~messages[0].content[1]'],
    ],
    [{ type: 'server_tool_use', id: 's', name: 'web_search', input: {} }, 'a', ['messages[0].content[1]']],
  ])('carries what it can of %j', (block, content, expected) => {
    const messages = [{ role: 'user', content: [{ type: 'text', text: 'a' }, block] }]
    const { request, lossy } = translated('anthropic.messages', 'openai.chat', { messages })
    expect(request['messages']).toEqual([{ role: 'user', content }])
    expect(lossy).toEqual(expected)
  })
})

describe.each<[string, [asked: Partial<Messages>, got: Partial<Responses>, lost: string[]][]]>([
  [
    'model-x',
    [
      [{ temperature: 0.3, top_p: 0.4, top_k: 5 }, { temperature: 0.3, top_p: 0.4 }, ['top_k']],
      [{ max_tokens: 0 }, {}, ['!max_tokens']],
      [{ max_tokens: 5 }, { max_output_tokens: 16 }, ['~max_tokens']],
      [{ stop_sequences: ['a'] }, {}, ['stop_sequences']],
      [{ metadata: { user_id: 'u' } }, { safety_identifier: 'u' }, []],
      [{ service_tier: 'standard_only' }, { service_tier: 'default' }, []],
      [{ service_tier: 'auto', speed: 'standard' }, { service_tier: 'auto' }, []],
      [{ speed: 'fast', container: 'c', diagnostics: null }, {}, ['container', 'speed']],
      [{ inference_geo: 'eu' }, {}, ['!inference_geo']],
      [{ inference_geo: 'global' }, {}, []],
      [{ cache_control: { type: 'ephemeral' } }, {}, ['cache_control']],
      [{ stream: true }, { stream: true }, []],
      [{ thinking: { type: 'disabled' } }, { reasoning: { effort: 'none' } }, []],
      [{ thinking: { type: 'adaptive' } }, {}, []],
      [
        { thinking: { type: 'adaptive', display: 'summarized' }, output_config: { effort: 'xhigh' } },
        { reasoning: { effort: 'xhigh', summary: 'auto' } },
        [],
      ],
      [
        { thinking: { type: 'enabled', budget_tokens: 2048, display: 'omitted' } },
        { reasoning: { effort: 'low' } },
        [],
      ],
      [
        { thinking: { type: 'enabled', budget_tokens: 20_000 } },
        { reasoning: { effort: 'high' } },
        ['~thinking.budget_tokens'],
      ],
      [
        { thinking: { type: 'enabled', budget_tokens: 2048 }, output_config: { effort: 'max' } },
        { reasoning: { effort: 'max' } },
        ['thinking.budget_tokens'],
      ],
      [{ thinking: { type: 'between_tools' } }, {}, ['thinking.type']],
      [
        { output_config: { format: { type: 'json_schema', schema: { title: 'Out', ...schema } } } },
        { text: { format: { type: 'json_schema', name: 'Out', strict: true, schema } } },
        [],
      ],
      [
        { output_format: { type: 'json_schema', schema: { title: 'Not a name!', ...schema } } },
        {
          text: {
            format: { type: 'json_schema', name: 'answer', strict: true, schema: { title: 'Not a name!', ...schema } },
          },
        },
        [],
      ],
      [
        {
          tools: [{ name: 'f', input_schema }],
          tool_choice: { type: 'tool', name: 'f', disable_parallel_tool_use: true },
        },
        {
          tools: [{ type: 'function', name: 'f', parameters: input_schema, strict: false }],
          tool_choice: { type: 'function', name: 'f' },
          parallel_tool_calls: false,
        },
        [],
      ],
      [
        { tools: [{ name: 'f', input_schema }], tool_choice: { type: 'any' } },
        { tools: [{ type: 'function', name: 'f', parameters: input_schema, strict: false }], tool_choice: 'required' },
        [],
      ],
      [
        { tools: [{ type: 'bash_20250124', name: 'bash' }], tool_choice: { type: 'any' } },
        {},
        ['tools[0]', 'tool_choice'],
      ],
    ],
  ],
  [
    'gpt-5-mini',
    [
      [{ temperature: 0.3 }, {}, ['temperature']],
      [{ temperature: 1 }, {}, []],
      [{ output_config: { effort: 'max' } }, { reasoning: { effort: 'high' } }, ['~output_config.effort']],
      [{ thinking: { type: 'disabled' } }, { reasoning: { effort: 'minimal' } }, ['~thinking.type']],
    ],
  ],
  [
    'gpt-4o',
    [
      [{ temperature: 0.3, output_config: { effort: 'max' } }, { temperature: 0.3 }, ['output_config.effort']],
      [{ thinking: { type: 'disabled' } }, {}, []],
    ],
  ],
])('settings of Claude for %s', (model, table) => {
  it.each(table)('%j', (asked, expected, names) => {
    const request = { messages: [user], max_tokens: 100, ...asked }
    const { request: all, lossy } = translated('anthropic.messages', 'openai.responses', request, { model })
    const { model: _model, input: _input, store, max_output_tokens, ...rest } = all as unknown as Responses
    expect(store).toBe(false)
    expect(
      max_output_tokens === 100 || max_output_tokens === undefined ? rest : { max_output_tokens, ...rest },
    ).toEqual(expected)
    expect(lossy).toEqual(names)
  })
})

it('keeps the first four stop sequences for Chat Completions', () => {
  const request = { messages: [user], max_tokens: 9, stop_sequences: ['a', 'b', 'c', 'd', 'e'] }
  const { request: got, lossy } = translated('anthropic.messages', 'openai.chat', request)
  expect(got['stop']).toEqual(['a', 'b', 'c', 'd'])
  expect(lossy).toEqual(['stop_sequences[4]'])
})

it('asks Chat Completions for the usage that the others always send', () => {
  const { request } = translated('anthropic.messages', 'openai.chat', { messages: [user], max_tokens: 9, stream: true })
  expect(request).toMatchObject({ stream: true, stream_options: { include_usage: true } })
})
