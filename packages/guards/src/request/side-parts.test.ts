import { anthropicMessages, openaiResponses } from '@sluice/core/apis'
import { describe, expect, it } from 'vitest'
import { pii } from '../pii/pii.ts'
import { chatAnswer, messagesAnswer, recorded, responsesAnswer } from '../testing/recorded.ts'
import { sideParts } from './side-parts.ts'

const model = 'gpt-5-mini'
const personal = pii({ restore: true, entities: ['email'] })
const both = { input: [personal], output: [personal] }
const email = /[a-z_]+@example\.com/g
const leaked = (value: unknown): string[] => JSON.stringify(value).match(email) ?? []
const placeholderIn = (body: unknown): string => JSON.stringify(body).match(/\[EMAIL_[a-z]{8}\]/)?.[0] ?? ''
const at = (name: string): string => `x ${name}@example.com y`

/** Items of Responses with a text in each place that is not of their own. */
const items = [
  {
    type: 'message',
    id: 'm1',
    role: 'assistant',
    status: 'completed',
    content: [
      {
        type: 'output_text',
        text: 'See there.',
        annotations: [
          {
            type: 'url_citation',
            url: `https://a.example/${at('url')}`,
            title: at('title'),
            start_index: 0,
            end_index: 1,
          },
          { type: 'file_citation', file_id: 'f1', filename: at('filename'), index: 1 },
        ],
      },
    ],
  },
  { type: 'web_search_call', id: 'w1', status: 'completed', action: { type: 'search', query: at('query') } },
  {
    type: 'file_search_call',
    id: 'f1',
    status: 'completed',
    queries: [at('queries')],
    results: [{ text: at('found'), filename: at('file'), score: 1, attributes: { of: at('attribute') } }],
  },
  { type: 'shell_call', id: 's1', call_id: 's1', status: 'completed', action: { commands: [at('command'), 'ls'] } },
  {
    type: 'local_shell_call',
    id: 'l1',
    call_id: 'l1',
    status: 'completed',
    action: { type: 'exec', command: [at('local')], env: {} },
  },
  {
    type: 'apply_patch_call',
    id: 'p1',
    call_id: 'p1',
    status: 'completed',
    operation: { type: 'update_file', path: 'a', diff: at('diff') },
  },
  {
    type: 'computer_call',
    id: 'c1',
    call_id: 'c1',
    status: 'completed',
    pending_safety_checks: [],
    action: { type: 'type', text: at('typed') },
  },
  {
    type: 'mcp_call',
    id: 'mc1',
    server_label: 's',
    name: 'n',
    arguments: `{"a":"${at('argument')}"}`,
    output: at('output'),
    error: at('error'),
  },
  { type: 'mcp_approval_request', id: 'a1', server_label: 's', name: 'n', arguments: `{"a":"${at('approval')}"}` },
  { type: 'mcp_approval_response', approval_request_id: 'a1', approve: false, reason: at('reason') },
  {
    type: 'image_generation_call',
    id: 'i1',
    status: 'completed',
    result: 'iVBORw0KGgo=',
    revised_prompt: at('prompt'),
  },
] as const

const blocks = [
  {
    type: 'text',
    text: 'It is there.',
    citations: [
      {
        type: 'char_location',
        cited_text: at('cited'),
        document_title: at('of'),
        document_index: 0,
        start_char_index: 0,
        end_char_index: 3,
      },
    ],
  },
  { type: 'server_tool_use', id: 't1', name: 'web_search', input: { query: at('query') } },
  {
    type: 'web_search_tool_result',
    tool_use_id: 't1',
    content: [
      {
        type: 'web_search_result',
        title: at('title'),
        url: `https://a.example/${at('url')}`,
        encrypted_content: 'EqQB',
        page_age: null,
      },
    ],
  },
] as const

describe('what a request holds beside its own texts', () => {
  it('is sent back as it came: citations and results that were restored are redacted again', async () => {
    const quoting = (body: unknown): unknown => {
      const placeholder = placeholderIn(body)
      return messagesAnswer([
        {
          type: 'text',
          text: `It is ${placeholder}`,
          citations: [
            {
              type: 'char_location',
              cited_text: `mail ${placeholder}`,
              document_title: placeholder,
              document_index: 0,
              start_char_index: 0,
              end_char_index: 3,
            },
          ],
        },
      ])
    }
    const { anthropic, sent } = recorded(both, quoting)
    const asked = { role: 'user' as const, content: 'mail ada@example.com' }
    const { content } = await anthropic.messages.create({ model, max_tokens: 9, messages: [asked] })
    expect(leaked(content)).toEqual(['ada@example.com', 'ada@example.com', 'ada@example.com'])
    await anthropic.messages.create({
      model,
      max_tokens: 9,
      messages: [asked, { role: 'assistant', content }, { role: 'user', content: 'thanks' }],
    })
    const [first, second] = sent as readonly { messages: { content: unknown }[] }[]
    expect(second?.messages[0]).toEqual(first?.messages[0])
    // What the provider wrote is what it gets back.
    const [came] = (quoting(first) as { content: unknown[] }).content
    expect(second?.messages[1]?.content).toEqual([came])
  })

  it('is sent back as it came by Responses, too', async () => {
    const reply = (body: unknown): unknown => {
      const placeholder = placeholderIn(body)
      return responsesAnswer(JSON.parse(JSON.stringify(items).replaceAll(email, placeholder)))
    }
    const { openai, sent } = recorded(both, reply)
    const asked = { role: 'user' as const, content: 'mail ada@example.com' }
    const { output } = await openai.responses.create({ model, input: [asked] })
    expect(placeholderIn(output)).toBe('')
    await openai.responses.create({
      model,
      input: [asked, ...(output as OpenAIItems), { role: 'user', content: 'go on' }],
    })
    const [first, second] = sent as readonly { input: unknown[] }[]
    const { output: came } = reply(first) as { output: unknown[] }
    expect(second?.input.slice(1, -1)).toEqual(came)
  })

  it('is redacted wherever it stands', async () => {
    const { openai, anthropic, sent } = recorded({ input: [pii()], output: [pii()] }, (body) =>
      body['max_tokens'] ? messagesAnswer([]) : body['messages'] ? chatAnswer({ content: '' }) : responsesAnswer([]),
    )
    await openai.responses.create({ model, input: [...items] as unknown as OpenAIItems })
    await anthropic.messages.create({
      model,
      max_tokens: 9,
      messages: [
        { role: 'assistant', content: [...blocks] as never },
        {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              tool_use_id: 't2',
              content: [
                {
                  type: 'search_result',
                  source: at('source'),
                  title: at('t'),
                  content: [{ type: 'text', text: at('found') }],
                },
              ],
            },
          ],
        },
      ],
    })
    await openai.chat.completions.create({
      model,
      prediction: { type: 'content', content: at('predicted') },
      messages: [
        {
          role: 'assistant',
          content: 'Hi',
          annotations: [
            {
              type: 'url_citation',
              url_citation: { url: 'https://a.example', title: at('title'), start_index: 0, end_index: 1 },
            },
          ],
        } as never,
        { role: 'user', content: ['in a list', at('listed')] as never },
        { role: 'user', content: { type: 'text', text: at('alone') } as never },
      ],
    })
    expect(leaked(sent)).toEqual([])
    expect(JSON.stringify(sent).match(/\[EMAIL\]/g)).toHaveLength(30)
  })

  it('judges a prediction, which is no answer', async () => {
    const { openai, sent } = recorded({ input: [pii({ mode: 'block' })] }, () => chatAnswer({ content: '' }))
    const call = openai.chat.completions.create({
      model,
      prediction: { type: 'content', content: 'mail ada@example.com' },
      messages: [{ role: 'user', content: 'Fix it' }],
    })
    await expect(call).rejects.toMatchObject({ code: 'guard.blocked' })
    expect(sent).toEqual([])
  })

  it('leaves images, files and what else is no text as it is', async () => {
    const { openai, sent } = recorded({ input: [pii()] }, () => chatAnswer({ content: '' }))
    const image_url = { url: 'https://a.example/?q=ada@example.com' }
    const file = { filename: 'ada@example.com.pdf', file_data: 'data:text/plain,ada@example.com' }
    const content = [
      { type: 'image_url' as const, image_url },
      { type: 'file' as const, file },
    ]
    await openai.chat.completions.create({ model, messages: [{ role: 'user', content }] })
    expect(sent[0]?.['messages']).toEqual([{ role: 'user', content }])
  })

  it('leaves a program as it is: its provider signed it', async () => {
    const { openai, sent } = recorded({ input: [pii()] }, () => responsesAnswer([]))
    const program = { type: 'program', id: 'p', call_id: 'p', code: 'mail("ada@example.com")', fingerprint: 'EqQB' }
    const output = { type: 'program_output', id: 'o', call_id: 'p', result: 'to ada@example.com', status: 'completed' }
    await openai.responses.create({ model, input: [program, output] as unknown as OpenAIItems })
    expect(sent[0]?.['input']).toEqual([program, { ...output, result: 'to [EMAIL]' }])
  })

  it('is none of the texts that a dialect lists', () => {
    const request = { model, input: items }
    const listed = openaiResponses.prompt(request as never).map(({ path }) => path.join('.'))
    const sides = sideParts(request, true).map(({ path }) => path.join('.'))
    expect(sides.filter((path) => listed.includes(path))).toEqual([])
    const messages = { model, max_tokens: 9, messages: [{ role: 'assistant', content: blocks }] }
    const known = anthropicMessages.prompt(messages as never).map(({ path }) => path.join('.'))
    expect(sideParts(messages, true).filter(({ path }) => known.includes(path.join('.')))).toEqual([])
  })
})

type OpenAIItems = Exclude<
  Parameters<ReturnType<typeof recorded>['openai']['responses']['create']>[0]['input'],
  string | undefined
>

describe('definitions of tools', () => {
  const parameters = {
    type: 'object',
    description: at('schema'),
    properties: {
      to: { type: 'string', description: at('property'), enum: ['me', at('enum')], default: at('default') },
      default: { type: 'string', title: at('title'), pattern: '4111111111111111' },
    },
  }

  it('are read with what their schemas say, where somebody looks at them', async () => {
    const { openai, anthropic, sent } = recorded({ tools: { definitions: [pii()] } }, (body) =>
      body['max_tokens'] ? messagesAnswer([]) : body['messages'] ? chatAnswer({ content: '' }) : responsesAnswer([]),
    )
    const messages = [{ role: 'user' as const, content: 'Hi' }]
    await openai.chat.completions.create({
      model,
      messages,
      tools: [{ type: 'function', function: { name: 'send', description: at('tool'), parameters } }],
    })
    await openai.responses.create({
      model,
      input: 'Hi',
      tools: [{ type: 'function', name: 'send', parameters, strict: true }],
    })
    await anthropic.messages.create({
      model,
      max_tokens: 9,
      messages,
      tools: [{ name: 'send', input_schema: parameters as never, input_examples: [{ to: at('example') }] }],
    })
    expect(leaked(sent)).toEqual([])
    const [chat] = sent as unknown as [{ tools: [{ function: { parameters: unknown } }] }]
    expect(chat.tools[0].function.parameters).toEqual({
      type: 'object',
      description: 'x [EMAIL] y',
      properties: {
        to: { type: 'string', description: 'x [EMAIL] y', enum: ['me', 'x [EMAIL] y'], default: 'x [EMAIL] y' },
        default: { type: 'string', title: 'x [EMAIL] y', pattern: '4111111111111111' },
      },
    })
  })

  it('are left alone where nobody does', async () => {
    const { openai, sent } = recorded({ input: [pii()] }, () => chatAnswer({ content: '' }))
    const tools = [{ type: 'function' as const, function: { name: 'send', description: at('tool'), parameters } }]
    await openai.chat.completions.create({ model, messages: [{ role: 'user', content: 'Hi' }], tools })
    expect(sent[0]?.['tools']).toEqual(tools)
  })
})
