import { describe, expect, it } from 'vitest'
import { conversation } from '../../testing/fixtures/messages-tools.ts'
import { anthropicMessages as api } from './index.ts'
import type { MessagesRequest } from './wire.ts'

const request = conversation.request as MessagesRequest

describe('match', () => {
  it.each(['/v1/messages', '/anthropic/v1/messages'])('takes %s', (path) => expect(api.match(path)).toBe(true))
  it.each(['/v1/messages/count_tokens', '/v1/messages/batches', '/v1/threads/thread_1/messages'])(
    'leaves %s alone',
    (path) => expect(api.match(path)).toBe(false),
  )
})

describe('prompt', () => {
  it('lists every text of a conversation once, with who speaks', () => {
    const parts = api.prompt(request)
    expect(parts.map(({ path, role, kind, text }) => `${path.join('.')} ${role} ${kind}: ${text}`)).toEqual([
      'system.0.text system text: Answer in French.',
      'system.1.text system text: Be kind.',
      'messages.0.content.0.title user text: Nature',
      'messages.0.content.0.context user text: A primer.',
      'messages.0.content.0.source.data user text: The grass is green.',
      'messages.0.content.1.source.content.0.text user text: chunk 1',
      'messages.0.content.2.source.content user text: one chunk',
      'messages.0.content.4.content.0.text user text: Turn it off.',
      'messages.0.content.4.title user text: Manual',
      'messages.0.content.6.text user text: Which colour?',
      'messages.1.content.0.thinking assistant reasoning: I should call.',
      'messages.1.content.2.text assistant text: Calling.',
      'messages.1.content.3.input assistant tool_call: {"city":"Paris"}',
      'messages.1.content.5.input assistant tool_call: {"query":"sluice"}',
      'messages.1.content.7.content.stdout tool tool_result: a\n',
      'messages.1.content.8.content.content.title tool tool_result: Page',
      'messages.1.content.8.content.content.source.data tool tool_result: a page',
      'messages.2.content.0.content tool tool_result: Sunny',
      'messages.2.content.1.content.0.text tool tool_result: No such city',
      'messages.2.content.1.content.1.content.0.text tool tool_result: inner',
      'messages.2.content.1.content.1.title tool tool_result: T',
      'messages.3.content system text: New rule.',
      'messages.4.content assistant text: Le ',
      'tools.0.description system tool_definition: Weather by city.',
    ])
  })

  it('rewrites tool input as JSON, and keeps what is none as text', () => {
    const rewrite = (text: string): unknown => {
      const changed = api.mapText(request, (part) => (part.text.includes('Paris') ? text : part.text))
      const content = changed.messages[1]?.content
      return typeof content === 'object' && content[3]?.input
    }
    expect(rewrite('{"city":"Rome"}')).toEqual({ city: 'Rome' })
    expect(rewrite('[redacted]')).toBe('[redacted]')
    expect(rewrite('"Rome"')).toBe('"Rome"')
  })

  it('takes system and content as text', () => {
    const plain = { model: 'm', max_tokens: 1, system: 'S', messages: [{ role: 'user', content: 'U' }] }
    expect(api.prompt(plain).map(({ path, role }) => [path.join('.'), role])).toEqual([
      ['system', 'system'],
      ['messages.0.content', 'user'],
    ])
  })
})
