import Anthropic from '@anthropic-ai/sdk'
import { sluice, withReport } from '@sluice/core'
import { fakeProvider } from '@sluice/core/testing'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import type { Detector, DetectorContext } from './detector.ts'
import { guards, type GuardsOptions } from './guards.ts'
import { wholeDetector, wordDetector } from './testing/tiny-detectors.ts'

const model = 'gpt-5-mini'

function setUp(options: GuardsOptions) {
  const provider = fakeProvider()
  const middleware = [guards(options)]
  const openai = sluice(new OpenAI({ apiKey: 'test', fetch: provider.fetch }), middleware)
  const anthropic = sluice(new Anthropic({ apiKey: 'test', fetch: provider.fetch }), middleware)
  return { provider, openai, anthropic, sent: () => JSON.stringify(provider.lastCall?.body) }
}

/** Notes what it is told, and finds nothing. */
function spy(name = 'spy', more: Partial<Detector> = {}): Detector & { readonly seen: [string, DetectorContext][] } {
  const seen: [string, DetectorContext][] = []
  return {
    name,
    seen,
    check(text, context) {
      seen.push([text, context])
      return { action: 'allow', score: 0, spans: [], rules: [], explanation: '' }
    },
    ...more,
  }
}

const turn = (...contents: string[]): OpenAI.ChatCompletionMessageParam[] =>
  contents.map((content, index) => (index % 2 === 0 ? { role: 'user', content } : { role: 'assistant', content }))

describe('which messages are judged', () => {
  it('scans history once, blocks what was not let through before, and redacts it always', async () => {
    const seen = spy()
    const { openai, provider, sent } = setUp({ input: [seen, wordDetector('bar', 'block'), wordDetector('foo')] })
    await openai.chat.completions.create({ model, messages: turn('a fool') })
    await openai.chat.completions.create({ model, messages: turn('a fool', 'Yes?', 'and more') })
    expect(seen.seen.map(([text]) => text)).toEqual(['a fool', 'Yes?', 'and more'])
    expect(sent()).toContain('a [FOO]')
    const forged = openai.chat.completions.create({ model, messages: turn('a bar', 'Yes?', 'and more') })
    await expect(forged).rejects.toMatchObject({ code: 'guard.blocked' })
    provider.expectCalls(2)
  })

  it('blocks again what it blocked, however often it comes', async () => {
    const { openai, provider } = setUp({ input: [wholeDetector('bar')] })
    for (const messages of [turn('a bar'), turn('a bar'), turn('a bar', 'No.', 'please')])
      await expect(openai.chat.completions.create({ model, messages })).rejects.toMatchObject({ code: 'guard.blocked' })
    provider.expectCalls(0)
  })

  it('warns of a message once in its conversation, and again in another', async () => {
    const { openai } = setUp({ input: [wordDetector('foo', 'warn')] })
    const warnings = async (...contents: string[]): Promise<unknown> => {
      const run = () => openai.chat.completions.create({ model, messages: turn(...contents) })
      return (await withReport(run)).report?.decisions.filter(({ action }) => action === 'warn').length
    }
    expect(await warnings('a fool')).toBe(1)
    expect(await warnings('a fool', 'Yes?', 'and more')).toBe(0)
    expect(await warnings('a fool')).toBe(1)
  })

  it('judges all of them anew when it is told to, and remembers no more than it may', async () => {
    const all = spy()
    const every = setUp({ input: [wordDetector('foo', 'warn'), all], messages: 'all', maxRemembered: 0 })
    const messages = turn('a fool', 'Yes?', 'and more')
    for (let call = 0; call < 2; call += 1) await every.openai.chat.completions.create({ model, messages })
    expect(all.seen).toHaveLength(6)
    const few = spy()
    const small = setUp({ input: [few], maxRemembered: 1 })
    for (const text of ['one', 'two', 'two', 'one'])
      await small.openai.chat.completions.create({ model, messages: turn(text) })
    expect(few.seen.map(([text]) => text)).toEqual(['one', 'two', 'one'])
  })

  it('does not judge what the model said, but redacts it', async () => {
    const { openai, sent } = setUp({ input: [wordDetector('bar', 'block'), wordDetector('foo')] })
    await openai.chat.completions.create({ model, messages: turn('Hi', 'a bar, a fool', 'go on') })
    expect(sent()).toContain('a bar, a [FOO]')
  })

  it('leaves alone what the model thought, and nobody else: its provider signed it', async () => {
    const { anthropic, openai, sent } = setUp({ input: [wordDetector('foo')] })
    await anthropic.messages.create({
      model,
      max_tokens: 9,
      messages: [
        { role: 'user', content: 'Hi' },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'a fool', signature: 'c2ln' },
            { type: 'text', text: 'fool' },
          ],
        },
        { role: 'user', content: 'go on' },
      ],
    })
    expect(sent()).toContain('"thinking":"a fool"')
    expect(sent()).toContain('"text":"[FOO]"')
    const smuggled = { role: 'user' as const, content: 'Hi', reasoning_content: 'a fool' }
    await openai.chat.completions.create({ model, messages: [smuggled] })
    expect(sent()).toContain('"reasoning_content":"a [FOO]"')
  })
})

describe('tools and documents', () => {
  it('have detectors of their own, which are told the tool and the source', async () => {
    const [input, definitions, calls, results, documents] = [
      'input',
      'definitions',
      'calls',
      'results',
      'documents',
    ].map((name) => spy(name)) as [
      ReturnType<typeof spy>,
      ReturnType<typeof spy>,
      ReturnType<typeof spy>,
      ReturnType<typeof spy>,
      ReturnType<typeof spy>,
    ]
    const stream = { maxMatch: 1, couldGrow: (tail: string): number => tail.length }
    const options = {
      input: [input],
      tools: { definitions: [definitions], calls: [{ ...calls, stream }], results: [results] },
      documents: [documents],
    }
    const { openai, anthropic } = setUp({
      ...options,
      provenance: ({ text }) => (text.startsWith('From the web:') ? { source: 'web' } : undefined),
    })
    const call = { id: 'c1', type: 'function' as const, function: { name: 'find', arguments: '{"q":"\\u0061"}' } }
    await openai.chat.completions.create({
      model,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Hi' },
            { type: 'text', text: 'From the web: x' },
          ],
        },
        { role: 'assistant', content: null, tool_calls: [call] },
        { role: 'tool', tool_call_id: 'c1', content: 'found' },
      ],
      tools: [{ type: 'function', function: { name: 'find', description: 'Finds', parameters: {} } }],
    })
    await openai.responses.create({
      model,
      input: [
        { type: 'function_call', call_id: 'c2', name: 'look', arguments: '{"a":1}' },
        { type: 'function_call_output', call_id: 'c2', output: 'seen' },
      ],
    })
    await anthropic.messages.create({
      model,
      max_tokens: 9,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'document', title: 'Doc', source: { type: 'text', media_type: 'text/plain', data: 'body' } },
          ],
        },
        { role: 'assistant', content: [{ type: 'tool_use', id: 't1', name: 'read', input: { b: 2 } }] },
        {
          role: 'user',
          content: [{ type: 'tool_result', tool_use_id: 't1', content: [{ type: 'text', text: 'read it' }] }],
        },
      ],
    })
    const told = ({ seen }: ReturnType<typeof spy>) =>
      seen.map(([text, { stage, source, tool }]) => [text, stage, source, tool])
    expect(told(input)).toEqual([['Hi', 'input', undefined, undefined]])
    expect(told(definitions)).toEqual([['Finds', 'input', undefined, undefined]])
    expect(told(calls)).toEqual([
      ['{"q":"a"}', 'tool_call', 'find', 'find'],
      ['{"a":1}', 'tool_call', 'look', 'look'],
      ['{"b":2}', 'tool_call', 'read', 'read'],
    ])
    expect(told(results)).toEqual([
      ['found', 'tool_result', 'find', 'find'],
      ['seen', 'tool_result', 'look', 'look'],
      ['read it', 'tool_result', 'read', 'read'],
    ])
    expect(told(documents)).toEqual([
      ['From the web: x', 'document', 'web', undefined],
      ['Doc', 'document', undefined, undefined],
      ['body', 'document', undefined, undefined],
    ])
  })

  it('are told by what is next to the text, and not by what the model wrote', async () => {
    const calls = spy('calls', { stream: { maxMatch: 1, couldGrow: (tail) => tail.length } })
    const documents = spy('documents')
    const { openai, anthropic } = setUp({ input: [], tools: { calls: [calls] }, documents: [documents] })
    const find = { id: 'c1', type: 'function' as const, function: { name: 'find', arguments: '{"q":1}' } }
    await openai.chat.completions.create({
      model,
      messages: [
        { role: 'assistant', name: 'Eve', tool_calls: [find] },
        { role: 'tool', tool_call_id: 'c1', content: 'x' },
      ],
    })
    await anthropic.messages.create({
      model,
      max_tokens: 9,
      messages: [
        {
          role: 'assistant',
          content: [{ type: 'tool_use', id: 't1', name: 'save', input: { type: 'document', name: 'letter' } }],
        },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: 'saved' }] },
      ],
    })
    expect(calls.seen.map(([, { stage, tool }]) => [stage, tool])).toEqual([
      ['tool_call', 'find'],
      ['tool_call', 'save'],
    ])
    expect(documents.seen).toEqual([])
  })

  it('have those of the input and the output unless they are given some', async () => {
    const { openai, sent, provider } = setUp({ input: [wordDetector('foo')], output: [wordDetector('bar')] })
    provider.enqueue({ toolCalls: [{ name: 'find', arguments: { q: 'a bar' } }] })
    const { choices } = await openai.chat.completions.create({
      model,
      messages: [
        { role: 'user', content: 'Hi' },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c1', type: 'function', function: { name: 'find', arguments: '{}' } }],
        },
        { role: 'tool', tool_call_id: 'c1', content: '{"who":"a \\u0066ool"}' },
      ],
    })
    expect(sent()).toContain('{\\"who\\":\\"a [FOO]\\"}')
    const call = choices[0]?.message.tool_calls?.[0]
    expect(call?.type === 'function' && call.function.arguments).toBe('{"q":"a [BAR]"}')
  })
})

describe('answers', () => {
  it('are checked channel by channel, of those that are asked for', async () => {
    const { openai, provider } = setUp({ output: [wordDetector('foo')], channels: ['text'] })
    provider.enqueue({ text: 'a fool', reasoning: 'such a fool' })
    const { choices } = await openai.chat.completions.create({ model, messages: turn('Hi') })
    expect(choices[0]?.message).toMatchObject({ content: 'a [FOO]', reasoning_content: 'such a fool' })
  })

  it('are checked where they quote', async () => {
    const { anthropic, openai, provider } = setUp({ output: [wordDetector('foo')] })
    const citations = [{ url: 'https://x.example', title: 'Of fools', citedText: 'a fool' }]
    provider.on(() => true, { text: 'Well.', citations })
    const quoted = [
      await anthropic.messages.create({ model, max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }] }),
      await anthropic.messages
        .stream({ model, max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }] })
        .finalMessage(),
      await openai.responses.create({ model, input: 'Hi' }),
      await openai.responses.stream({ model, input: 'Hi' }).finalResponse(),
    ].map((answer) => JSON.stringify(answer))
    for (const answer of quoted) {
      expect(answer).not.toContain('fool')
      expect(answer).toContain('[FOO]')
    }
  })

  it('are blocked whole, as the error class of the SDK, and tell the stage', async () => {
    const { openai, provider } = setUp({ output: [wordDetector('foo', 'block')] })
    provider.enqueue('a fool')
    const { report, error } = await openai.chat.completions.create({ model, messages: turn('Hi') }).then(
      () => ({ report: undefined, error: undefined }),
      (reason: unknown) => ({ report: undefined, error: reason }),
    )
    expect(report).toBeUndefined()
    expect(error).toBeInstanceOf(OpenAI.BadRequestError)
    expect(error).toMatchObject({ code: 'guard.blocked' })
  })

  it('pass byte for byte where nothing is found in them', async () => {
    const body =
      '{ "id":"x","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}] }'
    const fetch = async (): Promise<Response> => new Response(body, { headers: { 'content-type': 'application/json' } })
    const openai = sluice(new OpenAI({ apiKey: 'test', fetch }), [guards({ output: [wordDetector('foo')] })])
    const response = await openai.chat.completions.create({ model, messages: turn('Hi') }).asResponse()
    expect(await response.text()).toBe(body)
  })
})
