import type Anthropic from '@anthropic-ai/sdk'
import type OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { translated } from '../fixtures/expect-translation.ts'

type Chat = OpenAI.ChatCompletionCreateParams
/** With what the wire has for models before Claude Opus 4.7 and the SDK no longer types. */
type Messages = Anthropic.MessageCreateParams & { temperature?: number; top_p?: number }

const messages = [{ role: 'user' as const, content: 'Hello' }]
const parameters = { type: 'object' as const, properties: {} }
const tools: Chat['tools'] = [{ type: 'function', function: { name: 'f', parameters } }]
const claudeTools: Messages['tools'] = [{ name: 'f', input_schema: parameters }]
const schema = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'], additionalProperties: false }

/** What Anthropic is told beyond the conversation and the limit. */
function settings(request: Partial<Chat>, model: string): { got: Record<string, unknown>; lossy: string[] } {
  const { request: all, lossy } = translated('openai.chat', 'anthropic.messages', { messages, ...request, model })
  const { model: _model, messages: _messages, max_tokens, ...rest } = all as unknown as Messages
  return { got: max_tokens === 4096 ? rest : { max_tokens, ...rest }, lossy }
}

describe.each<[string, [asked: Partial<Chat>, got: Partial<Messages>, lost: string[]][]]>([
  [
    'claude-opus-5',
    [
      [{ temperature: 0.2, top_p: 0.5 }, {}, ['temperature', 'top_p']],
      [{ temperature: 1, top_p: 1 }, {}, []],
      [
        { n: 1, seed: null, logprobs: false, frequency_penalty: 0, modalities: ['text'], store: false, logit_bias: {} },
        {},
        [],
      ],
      [
        { n: 2, seed: 7, frequency_penalty: 0.5, logit_bias: { '1': 5 }, modalities: ['text', 'audio'], store: true },
        {},
        ['n', 'seed', 'frequency_penalty', 'logit_bias', 'modalities[1]', 'store'],
      ],
      [
        {
          logprobs: true,
          top_logprobs: 3,
          verbosity: 'low',
          prompt_cache_key: 'k',
          prediction: { type: 'content', content: 'p' },
        },
        {},
        ['prediction', 'top_logprobs', 'prompt_cache_key', 'verbosity', 'logprobs'],
      ],
      [{ stop: 'END' }, { stop_sequences: ['END'] }, []],
      [{ stop: ['\n', 'END'] }, { stop_sequences: ['END'] }, ['stop[0]']],
      [{ user: 'u' }, { metadata: { user_id: 'u' } }, []],
      [{ user: 'u', safety_identifier: 's' }, { metadata: { user_id: 's' } }, ['user']],
      [{ metadata: { a: 'b' } }, {}, ['metadata']],
      [{ service_tier: 'default' }, { service_tier: 'standard_only' }, []],
      [{ service_tier: 'flex' }, {}, ['service_tier']],
      [{ stream: true, stream_options: { include_usage: true, include_obfuscation: false } }, { stream: true }, []],
      [
        { stream: true, stream_options: { include_obfuscation: true } },
        { stream: true },
        ['stream_options.include_obfuscation'],
      ],
      [{ max_tokens: 50 }, { max_tokens: 50 }, []],
      [{ max_tokens: 50, max_completion_tokens: 60 }, { max_tokens: 60 }, ['max_tokens']],
      [{ reasoning_effort: 'high' }, { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } }, []],
      [
        { reasoning_effort: 'minimal' },
        { thinking: { type: 'adaptive' }, output_config: { effort: 'low' } },
        ['~reasoning_effort'],
      ],
      [{ reasoning_effort: 'none' }, { thinking: { type: 'disabled' } }, []],
      [{ response_format: { type: 'text' } }, {}, []],
      [{ response_format: { type: 'json_object' } }, {}, ['response_format']],
      [
        {
          response_format: {
            type: 'json_schema',
            json_schema: { name: 'Out', description: 'd', schema, strict: true },
          },
        },
        { output_config: { format: { type: 'json_schema', schema: { title: 'Out', description: 'd', ...schema } } } },
        [],
      ],
      [
        {
          response_format: {
            type: 'json_schema',
            json_schema: { name: 'Out', schema: { title: 'T', ...schema }, strict: false },
          },
        },
        { output_config: { format: { type: 'json_schema', schema: { title: 'T', ...schema } } } },
        ['response_format.json_schema.name', '~response_format.json_schema.strict'],
      ],
      [{ tools, tool_choice: 'auto' }, { tools: claudeTools, tool_choice: { type: 'auto' } }, []],
      [{ tools, tool_choice: 'none' }, { tools: claudeTools, tool_choice: { type: 'none' } }, []],
      [{ tools, tool_choice: 'required' }, { tools: claudeTools, tool_choice: { type: 'any' } }, []],
      [
        { tools, tool_choice: { type: 'function', function: { name: 'f' } }, parallel_tool_calls: false },
        { tools: claudeTools, tool_choice: { type: 'tool', name: 'f', disable_parallel_tool_use: true } },
        [],
      ],
      [
        { tools, parallel_tool_calls: false },
        { tools: claudeTools, tool_choice: { type: 'auto', disable_parallel_tool_use: true } },
        [],
      ],
      [{ tools, parallel_tool_calls: true }, { tools: claudeTools }, []],
      [
        {
          tools,
          tool_choice: {
            type: 'allowed_tools',
            allowed_tools: { mode: 'required', tools: [{ type: 'function', function: { name: 'f' } }] },
          },
        },
        { tools: claudeTools, tool_choice: { type: 'any' } },
        ['~tool_choice'],
      ],
      [{ tools, tool_choice: { type: 'function', function: { name: 'g' } } }, { tools: claudeTools }, ['tool_choice']],
      [{ tool_choice: 'none', parallel_tool_calls: false }, {}, []],
      [
        { tools, tool_choice: 'required', reasoning_effort: 'low' },
        { tools: claudeTools, tool_choice: { type: 'any' }, output_config: { effort: 'low' } },
        [],
      ],
      [
        {
          tools: [
            { type: 'custom', custom: { name: 'sql', description: 'd' } },
            { type: 'function', function: { name: 'f', strict: true } },
          ],
        },
        {
          tools: [
            {
              name: 'sql',
              description: 'd',
              input_schema: {
                type: 'object',
                properties: { input: { type: 'string' } },
                required: ['input'],
                additionalProperties: false,
              },
            },
            { name: 'f', input_schema: parameters, strict: true },
          ],
        },
        ['~tools[0]'],
      ],
      [{ web_search_options: {} }, {}, ['web_search_options']],
    ],
  ],
  [
    'claude-sonnet-4-5',
    [
      [{ temperature: 0.2 }, { temperature: 0.2 }, []],
      [{ temperature: 1.6 }, { temperature: 1 }, ['~temperature']],
      [{ temperature: 0.2, top_p: 0.5 }, { temperature: 0.2 }, ['top_p']],
      [{ top_p: 0.5 }, { top_p: 0.5 }, []],
      [
        { reasoning_effort: 'medium' },
        { max_tokens: 4096 + 8192, thinking: { type: 'enabled', budget_tokens: 8192 } },
        [],
      ],
      [
        { reasoning_effort: 'high', max_completion_tokens: 8000 },
        { max_tokens: 8000, thinking: { type: 'enabled', budget_tokens: 6000 } },
        ['~reasoning_effort'],
      ],
      [{ reasoning_effort: 'high', max_completion_tokens: 1000 }, { max_tokens: 1000 }, ['reasoning_effort']],
      [
        { reasoning_effort: 'minimal', temperature: 0.5, top_p: 0.97 },
        { max_tokens: 5120, top_p: 0.97, thinking: { type: 'enabled', budget_tokens: 1024 } },
        ['temperature'],
      ],
      [
        { tools, tool_choice: 'required', reasoning_effort: 'low' },
        { tools: claudeTools, tool_choice: { type: 'any' } },
        ['reasoning_effort'],
      ],
    ],
  ],
  [
    'claude-opus-4-6',
    [
      [
        { reasoning_effort: 'xhigh' },
        { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } },
        ['~reasoning_effort'],
      ],
      [
        { reasoning_effort: 'low', temperature: 0.1 },
        { thinking: { type: 'adaptive' }, output_config: { effort: 'low' } },
        ['temperature'],
      ],
    ],
  ],
  ['claude-fable-5', [[{ reasoning_effort: 'none' }, { output_config: { effort: 'low' } }, ['~reasoning_effort']]]],
  [
    'claude-3-haiku-20240307',
    [
      [
        { reasoning_effort: 'high', temperature: 0.4, top_p: 0.6 },
        { temperature: 0.4, top_p: 0.6 },
        ['reasoning_effort'],
      ],
    ],
  ],
])('settings for %s', (model, table) => {
  it.each(table)('%j', (asked, expected, lost) => {
    const { got, lossy } = settings(asked, model)
    expect(got).toEqual(expected)
    expect(lossy).toEqual(lost)
  })
})

describe('thinking by a budget', () => {
  it('does not begin in the middle of a turn of calls', () => {
    const { got, lossy } = settings(
      {
        messages: [
          ...messages,
          {
            role: 'assistant',
            content: null,
            tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }],
          },
          { role: 'tool', tool_call_id: 'c', content: 'r' },
        ],
        reasoning_effort: 'low',
      },
      'claude-haiku-4-5',
    )
    expect(got).toEqual({})
    expect(lossy).toEqual(['reasoning_effort'])
  })

  it('keeps within what the caller gave as a limit', () => {
    const asked = { model: 'x', messages, reasoning_effort: 'max' as const }
    const options = { model: 'claude-haiku-4-5', maxOutputTokens: 10_000 }
    const { request, lossy } = translated('openai.chat', 'anthropic.messages', asked, options)
    expect(request).toMatchObject({ max_tokens: 10_000, thinking: { type: 'enabled', budget_tokens: 7500 } })
    expect(lossy).toEqual(['~reasoning_effort'])
  })
})
