import { SluiceError } from '@sluice/core'
import { describe, expect, it } from 'vitest'
import { routed, type TargetSpec } from '../testing/routed.ts'
import type { Capabilities } from '../target/target.ts'
import type { RouteCandidate } from './plan.ts'

const messages = [{ role: 'user' as const, content: 'Hello' }]
const tool = { type: 'function', function: { name: 'find', parameters: {} } }
const schema = { type: 'json_schema', json_schema: { name: 'x', schema: { type: 'object' } } }
const part = (type: string): object => ({ role: 'user', content: [{ type: 'text', text: 'What is it?' }, { type }] })

/** Why target a is left out of a request; b can do everything that is known of nobody. */
function excluded(
  capabilities: Capabilities,
  request: object,
  api?: 'openai.responses' | 'anthropic.messages',
): string | undefined {
  const r = routed({ places: { a: { capabilities }, b: {} } })
  const { candidates, target } = r.routes.decide({ model: 'auto', ...request } as never, api ? { api } : {})
  const reason = candidates.find(({ id }) => id === 'a')?.excluded
  expect(target).toBe(reason === undefined ? 'a' : 'b')
  expect(candidates.find(({ id }) => id === 'b')?.excluded).toBeUndefined()
  return reason
}

describe('the hard filters', () => {
  it.each<readonly [string, Capabilities, object, string | undefined]>([
    ['tools', { tools: false }, { messages, tools: [tool] }, 'tools'],
    ['no tools asked for', { tools: false }, { messages, tools: [] }, undefined],
    ['functions of old', { tools: false }, { messages, functions: [{ name: 'find' }] }, 'tools'],
    ['a JSON schema', { jsonSchema: false }, { messages, response_format: schema }, 'json_schema'],
    ['JSON without a schema', { jsonSchema: false }, { messages, response_format: { type: 'json_object' } }, undefined],
    ['logprobs', { logprobs: false }, { messages, logprobs: true }, 'logprobs'],
    ['logprobs off', { logprobs: false }, { messages, logprobs: false }, undefined],
    ['a prefill', { prefill: false }, { messages: [...messages, { role: 'assistant', content: 'Hi' }] }, 'prefill'],
    ['a stream', { streaming: false }, { messages, stream: true }, 'streaming'],
    ['no stream', { streaming: false }, { messages, stream: false }, undefined],
    ['a picture', { input: ['text'] }, { messages: [part('image_url')] }, 'input:image'],
    ['sound', { input: ['text', 'image'] }, { messages: [part('input_audio')] }, 'input:audio'],
    ['a file', { input: ['text'] }, { messages: [part('file')] }, 'input:file'],
    ['a video', { input: ['text'] }, { messages: [part('video_url')] }, 'input:video'],
    ['a picture that it takes', { input: ['text', 'image'] }, { messages: [part('image_url')] }, undefined],
    ['sound to come', { output: ['text'] }, { messages, modalities: ['text', 'audio'] }, 'output:audio'],
    [
      'an answer longer than it gives',
      { maxOutputTokens: 100 },
      { messages, max_completion_tokens: 101 },
      'max_output',
    ],
    ['an answer as long as it gives', { maxOutputTokens: 100 }, { messages, max_tokens: 100 }, undefined],
    [
      'all at once when it knows nothing',
      {},
      { messages: [part('image_url')], tools: [tool], logprobs: true },
      undefined,
    ],
  ])('chat: %s', (_, capabilities, request, reason) => {
    expect(excluded(capabilities, request)).toBe(reason)
  })

  it.each<readonly [string, Capabilities, object, string | undefined]>([
    ['tools', { tools: false }, { input: 'Hi', tools: [{ type: 'function', name: 'find' }] }, 'tools'],
    [
      'a schema',
      { jsonSchema: false },
      { input: 'Hi', text: { format: { type: 'json_schema', name: 'x', schema: {} } } },
      'json_schema',
    ],
    ['logprobs', { logprobs: false }, { input: 'Hi', include: ['message.output_text.logprobs'] }, 'logprobs'],
    [
      'a picture',
      { input: ['text'] },
      { input: [{ role: 'user', content: [{ type: 'input_image' }] }] },
      'input:image',
    ],
    [
      'a picture of a tool',
      { input: ['text'] },
      { input: [{ type: 'function_call_output', output: [{ type: 'input_image' }] }] },
      'input:image',
    ],
    ['a file', { input: ['text'] }, { input: [{ role: 'user', content: [{ type: 'input_file' }] }] }, 'input:file'],
    ['a long answer', { maxOutputTokens: 5 }, { input: 'Hi', max_output_tokens: 6 }, 'max_output'],
    ['a prefill', { prefill: false }, { input: [{ role: 'assistant', content: 'Hi' }] }, 'prefill'],
    ['a plain text', { prefill: false, tools: false, input: ['text'] }, { input: 'Hi' }, undefined],
  ])('responses: %s', (_, capabilities, request, reason) => {
    expect(excluded(capabilities, request, 'openai.responses')).toBe(reason)
  })

  it.each<readonly [string, Capabilities, object, string | undefined]>([
    ['tools', { tools: false }, { messages, tools: [{ name: 'find', input_schema: {} }] }, 'tools'],
    [
      'a schema',
      { jsonSchema: false },
      { messages, output_config: { format: { type: 'json_schema', schema: {} } } },
      'json_schema',
    ],
    ['a picture', { input: ['text'] }, { messages: [part('image')] }, 'input:image'],
    ['a document', { input: ['text'] }, { messages: [part('document')] }, 'input:file'],
    [
      'a picture in a tool result',
      { input: ['text'] },
      { messages: [{ role: 'user', content: [{ type: 'tool_result', content: [{ type: 'image' }] }] }] },
      'input:image',
    ],
    ['a prefill', { prefill: false }, { messages: [...messages, { role: 'assistant', content: 'Hi' }] }, 'prefill'],
    ['a long answer', { maxOutputTokens: 5 }, { messages, max_tokens: 6 }, 'max_output'],
  ])('messages: %s', (_, capabilities, request, reason) => {
    const r = routed({ places: { a: { sdk: 'anthropic', capabilities }, b: { sdk: 'anthropic' } } })
    const { candidates } = r.routes.decide({ model: 'auto', max_tokens: 1, ...request } as never, {
      api: 'anthropic.messages',
    })
    expect(candidates.find(({ id }) => id === 'a')?.excluded).toBe(reason)
  })

  it('the context length, from the estimate, with room for the answer', () => {
    const long = [{ role: 'user', content: 'word '.repeat(3000) }]
    expect(excluded({ contextTokens: 2000 }, { messages: long })).toBe('context_length')
    expect(excluded({ contextTokens: 20_000 }, { messages: long })).toBeUndefined()
    // The prompt fits, but not with the answer that is asked for.
    expect(excluded({ contextTokens: 4000 }, { messages: long, max_tokens: 200 })).toBeUndefined()
    expect(excluded({ contextTokens: 4000 }, { messages: long, max_tokens: 3500 })).toBe('context_length')
    expect(excluded({ contextTokens: 2000 }, { input: 'word '.repeat(3000) }, 'openai.responses')).toBe(
      'context_length',
    )
  })

  it('the context length of a prompt that is long in its tools, its schema or its pictures', () => {
    const parameters = { type: 'object', properties: { a: { type: 'string', description: 'word '.repeat(5000) } } }
    const tools = [{ type: 'function', function: { name: 'find', parameters } }]
    expect(excluded({ contextTokens: 3000 }, { messages, tools })).toBe('context_length')
    const format = { type: 'json_schema', json_schema: { name: 'x', schema: parameters } }
    expect(excluded({ contextTokens: 3000 }, { messages, response_format: format })).toBe('context_length')
    const previous = {
      role: 'assistant',
      tool_calls: [{ id: '1', type: 'function', function: { name: 'f', arguments: 'word '.repeat(5000) } }],
    }
    expect(
      excluded(
        { contextTokens: 3000 },
        { messages: [...messages, previous, { role: 'tool', tool_call_id: '1', content: 'x' }] },
      ),
    ).toBe('context_length')
  })

  it('the region: only those that are known to be in one', () => {
    const places: Record<string, TargetSpec> = {
      eu: { capabilities: { region: 'eu' } },
      us: { capabilities: { region: 'us' } },
      somewhere: {},
    }
    const left = (regions: never): RouteCandidate[] => [
      ...routed({ places, regions }).routes.decide({ model: 'auto', messages }).candidates,
    ]
    expect(left(['eu'] as never)).toEqual([
      { id: 'eu', score: expect.any(Number) },
      { id: 'us', excluded: 'region' },
      { id: 'somewhere', excluded: 'region' },
    ])
    expect(left((() => undefined) as never).filter((each) => each.excluded)).toEqual([])
    const byTenant = (call: { context: { tenant?: string } }) => (call.context.tenant === 'acme' ? ['us'] : undefined)
    const { routes } = routed({ places, regions: byTenant as never })
    expect(routes.decide({ model: 'auto', messages }, { tenant: 'acme' }).target).toBe('us')
    expect(routes.decide({ model: 'auto', messages }).target).toBe('eu')
  })

  it('the dialect: by bridge where there is one, natively else', () => {
    const places: Record<string, TargetSpec> = {
      a: { sdk: 'anthropic' },
      b: { apis: ['openai.chat'] },
      c: { apis: ['openai.responses'] },
    }
    const bridged = routed({ places }).routes
    for (const api of ['openai.chat', 'openai.responses', 'anthropic.messages'] as const)
      expect(
        bridged.decide({ model: 'auto', messages } as never, { api }).candidates.some((each) => each.excluded),
      ).toBe(false)
    const native = routed({ places, bridge: false }).routes
    expect(native.decide({ model: 'auto', messages } as never).candidates).toEqual([
      { id: 'b', score: expect.any(Number) },
      { id: 'a', excluded: 'dialect' },
      { id: 'c', excluded: 'dialect' },
    ])
    // Nothing translates old completions.
    expect(
      bridged.decide({ model: 'auto', prompt: 'x' } as never, { api: 'openai.completions' }).target,
    ).toBeUndefined()
  })

  it('knows the catalogue, and what is said of a target before that', () => {
    const { routes } = routed({
      places: {
        a: { model: 'gpt-3.5-turbo' },
        b: { model: 'gpt-3.5-turbo', id: 'b', capabilities: { input: ['text', 'image'], contextTokens: 1e6 } } as never,
      },
    })
    const { candidates } = routes.decide({ model: 'auto', messages: [part('image_url')] } as never)
    expect(candidates).toEqual([
      { id: 'b', score: expect.any(Number) },
      { id: 'a', excluded: 'input:image' },
    ])
  })

  it('an unknown dialect is refused by name', () => {
    const { routes } = routed()
    expect(() => routes.decide({ model: 'auto', messages }, { api: 'openai.chats' as never })).toThrow(SluiceError)
  })
})
