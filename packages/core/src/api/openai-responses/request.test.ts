import { describe, expect, it } from 'vitest'
import { conversation } from '../../testing/fixtures/responses-reasoning.ts'
import { openaiResponses as api } from './index.ts'
import type { ResponsesRequest } from './wire.ts'

describe('match', () => {
  it.each(['/v1/responses', '/openai/v1/responses', '/responses'])('takes %s', (path) => {
    expect(api.match(path)).toBe(true)
  })
  it.each([
    '/v1/responses/resp_1',
    '/v1/responses/resp_1/cancel',
    '/v1/responses/compact',
    '/v1/responses/input_tokens',
  ])('leaves %s alone', (path) => expect(api.match(path)).toBe(false))
})

describe('prompt', () => {
  it('lists every text of a conversation once, with who speaks', () => {
    const parts = api.prompt(conversation.request as ResponsesRequest)
    expect(parts.map(({ path, role, kind, text }) => `${path.join('.')} ${role} ${kind}: ${text}`)).toEqual([
      'instructions system text: Answer in French.',
      'input.0.content system text: Be kind.',
      'input.1.content.0.text user text: Look:',
      'input.2.content.0.text assistant text: A cat.',
      'input.2.content.1.refusal assistant refusal: No names.',
      'input.3.summary.0.text assistant reasoning: **Comparing cities**\n\nBoth are needed.',
      'input.3.summary.1.text assistant reasoning: **Calling the tool** twice',
      'input.4.content.0.text assistant reasoning: Hm.',
      'input.5.arguments assistant tool_call: {"city": "Rome", "days": 3}',
      'input.6.output tool tool_result: {"sun": true}',
      'input.7.output.0.text tool tool_result: page 1',
      'input.8.input assistant tool_call: select 1',
      'input.9.output tool tool_result: 1',
      'input.10.arguments assistant tool_call: {"q":"x"}',
      'input.10.output tool tool_result: found x',
      'input.11.results.0.text tool tool_result: chunk of a.txt',
      'input.12.code assistant tool_call: print(1)',
      'input.12.outputs.0.logs tool tool_result: 1',
      'input.13.output.0.stdout tool tool_result: ok',
      'input.13.output.0.stderr tool tool_result: warn',
      'input.14.tools.0.description system tool_definition: Search the docs.',
      'prompt.variables.name user text: Ada',
      'prompt.variables.note.text user text: VIP',
      'text.format.description system text: A reply.',
      'tools.1.description system tool_definition: Runs SQL.',
      'tools.2.server_description system tool_definition: The docs.',
      'tools.3.description system tool_definition: Customers.',
      'tools.3.tools.0.description system tool_definition: Finds one.',
    ])
  })

  it('takes the input as text', () => {
    expect(api.prompt({ model: 'm', input: 'Hi' })).toEqual([
      { path: ['input'], role: 'user', kind: 'text', text: 'Hi' },
    ])
    expect(api.mapText({ model: 'm', input: 'Hi' }, () => 'Ho')).toEqual({ model: 'm', input: 'Ho' })
  })
})

describe('model and stream', () => {
  it('names no model where a stored prompt does', () => {
    const request = { prompt: { id: 'pmpt_1' } }
    expect(api.model(request)).toBe('')
    expect(api.withModel(request, '')).toBe(request)
    expect(api.withModel(request, 'm')).toEqual({ ...request, model: 'm' })
  })

  it('takes the options of a stream away with it, and asks for no usage', () => {
    const request = { model: 'm', stream: true, stream_options: { include_obfuscation: false } }
    expect(api.withStream(request, false)).toEqual({ model: 'm', stream: false })
    expect(api.withStreamUsage(request)).toBe(request)
  })
})
