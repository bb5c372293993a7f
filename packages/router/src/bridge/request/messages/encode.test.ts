import type Anthropic from '@anthropic-ai/sdk'
import type OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { translated } from '../fixtures/expect-translation.ts'

type Chat = OpenAI.ChatCompletionCreateParams
type Messages = Anthropic.MessageCreateParams

const user = { role: 'user' as const, content: 'Hello' }
const weather = {
  type: 'function' as const,
  function: { name: 'weather', parameters: { type: 'object', properties: {} } },
}
const claudeWeather = { name: 'weather', input_schema: { type: 'object' as const, properties: {} } }

const toMessages = (request: Partial<Chat>, model = 'claude-opus-5'): ReturnType<typeof translated> =>
  translated('openai.chat', 'anthropic.messages', { messages: [user], ...request, model })

const base = { model: 'claude-opus-5', max_tokens: 4096 }

describe('a conversation for Anthropic', () => {
  it('has its tools, results, images and files in the blocks of Anthropic', () => {
    const request = {
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'developer', content: [{ type: 'text', text: 'In French.' }] },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Look' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA', detail: 'high' } },
            { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
            { type: 'file', file: { file_data: 'data:application/pdf;base64,BBBB', filename: 'a.pdf' } },
            { type: 'file', file: { file_data: 'data:text/plain;base64,aGk=', filename: 'a.txt' } },
          ],
        },
        {
          role: 'assistant',
          content: 'Looking.',
          tool_calls: [
            { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"city":"Paris"}' } },
            { id: 'c2', type: 'function', function: { name: 'weather', arguments: '' } },
          ],
        },
        { role: 'tool', tool_call_id: 'c2', content: 'rain' },
        {
          role: 'tool',
          tool_call_id: 'c1',
          content: [
            { type: 'text', text: 'sun' },
            { type: 'text', text: '!' },
          ],
        },
        { role: 'user', content: 'So?' },
      ],
      tools: [weather],
    } satisfies Partial<Chat>
    const { request: got, lossy } = toMessages(request)
    expect(got).toEqual({
      ...base,
      system: [
        { type: 'text', text: 'Be brief.' },
        { type: 'text', text: 'In French.' },
      ],
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Look' },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
            { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
            {
              type: 'document',
              source: { type: 'base64', media_type: 'application/pdf', data: 'BBBB' },
              title: 'a.pdf',
            },
            { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'hi' }, title: 'a.txt' },
          ],
        },
        {
          role: 'assistant',
          content: [
            { type: 'text', text: 'Looking.' },
            { type: 'tool_use', id: 'c1', name: 'weather', input: { city: 'Paris' } },
            { type: 'tool_use', id: 'c2', name: 'weather', input: {} },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'c2', content: 'rain' },
            {
              type: 'tool_result',
              tool_use_id: 'c1',
              content: [
                { type: 'text', text: 'sun' },
                { type: 'text', text: '!' },
              ],
            },
            { type: 'text', text: 'So?' },
          ],
        },
      ],
      tools: [claudeWeather],
    } satisfies Messages)
    expect(lossy).toEqual(['messages[2].content[1].image_url.detail'])
  })

  it.each<[string, Chat['messages'], Messages['messages'], string[]]>([
    [
      'joins messages of one role in a row',
      [user, { role: 'user', content: 'again' }],
      [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Hello' },
            { type: 'text', text: 'again' },
          ],
        },
      ],
      [],
    ],
    [
      'leaves out texts without a word',
      [
        {
          role: 'user',
          content: [
            { type: 'text', text: '' },
            { type: 'text', text: ' \n' },
            { type: 'text', text: 'a' },
          ],
        },
      ],
      [{ role: 'user', content: 'a' }],
      ['messages[0].content[1]'],
    ],
    [
      'lets the user begin',
      [{ role: 'assistant', content: 'Hi!' }, user],
      [{ role: 'user', content: '…' }, { role: 'assistant', content: 'Hi!' }, user],
      ['~messages[0]'],
    ],
    [
      'takes the words of a lone system message for those of the user',
      [{ role: 'system', content: 'Say hi.' }],
      [{ role: 'user', content: 'Say hi.' }],
      ['~messages[0]'],
    ],
    [
      'trims an answer to continue',
      [user, { role: 'assistant', content: 'The answer is ' }],
      [user, { role: 'assistant', content: 'The answer is' }],
      ['~messages[1]'],
    ],
    [
      'sends a refusal as text',
      [user, { role: 'assistant', content: null, refusal: 'No.' }, user],
      [user, { role: 'assistant', content: 'No.' }, user],
      ['~messages[1].refusal'],
    ],
    [
      'drops audio, names and reasoning of another provider',
      [
        {
          role: 'user',
          name: 'ann',
          content: [
            { type: 'text', text: 'a' },
            { type: 'input_audio', input_audio: { data: 'AA', format: 'wav' } },
          ],
        },
        { role: 'assistant', content: 'b', reasoning_content: 'hm', reasoning: 'hm' } as Chat['messages'][number],
        user,
      ],
      [{ role: 'user', content: 'a' }, { role: 'assistant', content: 'b' }, user],
      ['messages[0].name', 'messages[0].content[1]', 'messages[1].reasoning_content', 'messages[1].reasoning'],
    ],
    [
      'cannot do without a message that it cannot carry',
      [
        { role: 'user', content: [{ type: 'file', file: { file_id: 'file-1' } }] },
        { role: 'assistant', content: 'a' },
        user,
      ],
      [{ role: 'user', content: '…' }, { role: 'assistant', content: 'a' }, user],
      ['!messages[0].content[0]', '!messages[0].content[0]', '~messages[1]'],
    ],
    [
      'drops images that Anthropic does not take',
      [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'a' },
            { type: 'image_url', image_url: { url: 'data:image/svg+xml;utf8,<svg/>' } },
          ],
        },
      ],
      [{ role: 'user', content: 'a' }],
      ['messages[0].content[1]'],
    ],
  ])('%s', (_, messages, expected, lost) => {
    const { request, lossy } = toMessages({ messages })
    expect(request['messages']).toEqual(expected)
    expect(lossy).toEqual(lost)
  })

  it('gives calls ids that Anthropic takes, and their results the same', () => {
    const call = (id: string): Chat['messages'] => [
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id, type: 'function', function: { name: 'f', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: id, content: 'r' },
    ]
    const { request, lossy } = toMessages({ messages: [user, ...call('a:b'), ...call('x'), ...call('x')] })
    const blocks = (request['messages'] as Messages['messages']).flatMap(({ content }) =>
      typeof content === 'string' ? [] : content,
    )
    const ids = blocks.map((block) =>
      block.type === 'tool_use' ? block.id : block.type === 'tool_result' ? block.tool_use_id : undefined,
    )
    expect(ids).toEqual(['a_b', 'a_b', 'x', 'x', 'x_2', 'x_2'])
    expect(lossy).toEqual(['~messages[1].tool_calls[0]', '~messages[5].tool_calls[0]'])
  })

  it.each([
    ['not json', { input: 'not json' }],
    ['[1]', { input: '[1]' }],
    ['{"id":12345678901234567890}', { id: Number('12345678901234567890') }],
  ])('names arguments that are not what the model wrote: %s', (text, input) => {
    const { request, lossy } = toMessages({
      messages: [
        user,
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: text } }],
        },
        { role: 'tool', tool_call_id: 'c', content: '' },
      ],
    })
    expect(request['messages']).toEqual([
      user,
      { role: 'assistant', content: [{ type: 'tool_use', id: 'c', name: 'f', input }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c' }] },
    ] satisfies Messages['messages'])
    expect(lossy).toEqual(['~messages[1].tool_calls[0]'])
  })

  it.each([
    ['claude-opus-5', [{ role: 'system', content: 'Now in verse.' }], undefined, []],
    ['claude-sonnet-4-5', [], 'Now in verse.', ['~messages[3]']],
    ['anthropic.claude-opus-5-v1:0', [], 'Now in verse.', ['~messages[3]']],
  ])('places a system message in the middle as %s takes it', (model, inserted, system, lost) => {
    const before: Chat['messages'] = [user, { role: 'assistant', content: 'Hi' }, { role: 'user', content: 'More' }]
    const { request, lossy } = toMessages(
      { messages: [...before, { role: 'system', content: 'Now in verse.' }] },
      model,
    )
    expect(request['messages']).toEqual([...before, ...inserted])
    expect(request['system']).toEqual(system)
    expect(lossy).toEqual(lost)
  })

  it('moves a system message to the front where no turn of its own may stand', () => {
    const messages: Chat['messages'] = [
      user,
      { role: 'assistant', content: 'Hi' },
      { role: 'developer', content: 'Now.' },
      user,
    ]
    const { request, lossy } = toMessages({ messages })
    expect(request).toMatchObject({ system: 'Now.', messages: [user, { role: 'assistant', content: 'Hi' }, user] })
    expect(lossy).toEqual(['~messages[2]'])
  })

  it('reads calls from before they had ids', () => {
    const { request, lossy } = toMessages({
      messages: [
        user,
        { role: 'assistant', content: null, function_call: { name: 'weather', arguments: '{}' } },
        { role: 'function', name: 'weather', content: 'sun' },
      ],
      functions: [weather.function],
      function_call: { name: 'weather' },
    })
    expect(request).toMatchObject({
      messages: [
        user,
        { role: 'assistant', content: [{ type: 'tool_use', id: 'call_1_weather', name: 'weather', input: {} }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_1_weather', content: 'sun' }] },
      ],
      tools: [claudeWeather],
      tool_choice: { type: 'tool', name: 'weather' },
    })
    expect(lossy).toEqual([])
  })

  it('drops a result that answers no call', () => {
    const { request, lossy } = toMessages({ messages: [user, { role: 'tool', tool_call_id: 'gone', content: 'r' }] })
    expect(request['messages']).toEqual([user])
    expect(lossy).toEqual(['messages[1]'])
  })
})
