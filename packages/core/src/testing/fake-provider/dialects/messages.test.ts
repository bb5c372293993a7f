import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod'
import { betaZodTool } from '@anthropic-ai/sdk/helpers/beta/zod'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { fakeProvider } from '../fake-provider.ts'
import { inMemory, transports } from '../test-clients.ts'

const model = 'claude-haiku-4-5'
const max_tokens = 900
const messages = [{ role: 'user' as const, content: 'My parcel has not arrived' }]

describe.each(transports)('messages, $name', ({ open }) => {
  it('answers whole and streamed with the same content and usage', async () => {
    await using clients = await open(fakeProvider())
    const params = { model, max_tokens, messages, thinking: { type: 'adaptive' as const } }
    const whole = await clients.anthropic.messages.create(params)
    expect(whole.content.map((block) => block.type)).toEqual(['thinking', 'text'])
    expect(whole.content[1]).toMatchObject({ text: expect.stringContaining('your delivery') })
    const stream = clients.anthropic.messages.stream(params)
    const types: string[] = []
    for await (const event of stream) types.push(event.type)
    const streamed = await stream.finalMessage()
    expect(streamed.content.map((block) => block.type)).toEqual(['thinking', 'text'])
    expect(streamed.content[1]).toEqual(whole.content[1])
    expect(streamed.usage).toEqual(whole.usage)
    expect([types[0], types.at(-2), types.at(-1)]).toEqual(['message_start', 'message_delta', 'message_stop'])
  })

  it('runs tools: a call first, then an answer that uses the result', async () => {
    await using clients = await open(fakeProvider())
    const seen: unknown[] = []
    const track = betaZodTool({
      name: 'track',
      description: 'Track a parcel',
      inputSchema: z.object({ order: z.int() }),
      run: (args) => {
        seen.push(args)
        return 'It arrives on Friday'
      },
    })
    const final = await clients.anthropic.beta.messages.toolRunner({
      model,
      max_tokens,
      messages,
      tools: [track],
      tool_choice: { type: 'any' },
    })
    expect(seen).toEqual([{ order: expect.any(Number) }])
    expect(final.content[0]).toMatchObject({ type: 'text', text: expect.stringContaining('It arrives on Friday') })
  })

  it('conforms to a schema', async () => {
    await using clients = await open(fakeProvider())
    const Claim = z.object({ parcel: z.string(), days: z.int() })
    const output_config = { format: zodOutputFormat(Claim) }
    const parsed = await clients.anthropic.messages.parse({ model, max_tokens, messages, output_config })
    expect(Claim.safeParse(parsed.parsed_output).success).toBe(true)
  })
})

describe('messages', () => {
  const ask = (body: object, provider = fakeProvider()) =>
    inMemory(provider).anthropic.messages.create({ model, max_tokens, messages, ...body })

  it('say why they end', async () => {
    const provider = fakeProvider()
    expect((await ask({ max_tokens: 3 }, provider)).stop_reason).toBe('max_tokens')
    provider.enqueue('one two three')
    expect(await ask({ stop_sequences: [' three'] }, provider)).toMatchObject({
      stop_reason: 'stop_sequence',
      stop_sequence: ' three',
      content: [{ text: 'one two' }],
    })
    provider.enqueue({ refusal: 'I will not.' }, { toolCalls: [{ name: 'a' }, { name: 'b', arguments: { x: [1] } }] })
    expect(await ask({}, provider)).toMatchObject({ stop_reason: 'refusal', content: [{ text: 'I will not.' }] })
    const calls = await ask({}, provider)
    expect(calls.stop_reason).toBe('tool_use')
    expect(calls.content.map((block) => block.type === 'tool_use' && [block.name, block.input])).toEqual([
      ['a', {}],
      ['b', { x: [1] }],
    ])
  })

  it('stream text before several tool calls, and cut arguments as they come', async () => {
    const provider = fakeProvider().enqueue({
      text: 'Looking.',
      reasoning: 'Hm.',
      toolCalls: [{ name: 'a', arguments: { q: 'x' } }, { name: 'b' }],
      citations: [{ url: 'https://example.com', title: 'E', citedText: 'said' }],
    })
    const final = await inMemory(provider).anthropic.messages.stream({ model, max_tokens, messages }).finalMessage()
    expect(final.content).toMatchObject([
      { type: 'thinking', thinking: 'Hm.', signature: expect.stringMatching(/^[\w+/]+=*$/) },
      { type: 'text', text: 'Looking.', citations: [{ url: 'https://example.com', cited_text: 'said' }] },
      { type: 'tool_use', name: 'a', input: { q: 'x' } },
      { type: 'tool_use', name: 'b', input: {} },
    ])
  })

  it('count tokens as the answer does', async () => {
    const { anthropic } = inMemory(fakeProvider())
    const system = 'Be brief.'
    const counted = await anthropic.messages.countTokens({ model, messages, system })
    expect((await anthropic.messages.create({ model, max_tokens, messages, system })).usage.input_tokens).toBe(
      counted.input_tokens,
    )
  })

  it('meter the prompt cache apart from fresh input', async () => {
    const provider = fakeProvider()
    const system = [
      { type: 'text', text: 'Policy. '.repeat(800), cache_control: { type: 'ephemeral', ttl: '1h' } },
      { type: 'text', text: 'Style. '.repeat(600), cache_control: { type: 'ephemeral' } },
    ]
    const first = (await ask({ system }, provider)).usage
    const second = (await ask({ system }, provider)).usage
    expect(first.cache_read_input_tokens).toBe(0)
    expect(first.cache_creation?.ephemeral_1h_input_tokens).toBeGreaterThan(1600)
    expect(first.cache_creation?.ephemeral_5m_input_tokens).toBeGreaterThan(1200)
    expect(second.cache_read_input_tokens).toBe(first.cache_creation_input_tokens)
    expect(second.input_tokens).toBe(first.input_tokens)
    expect(second.input_tokens).toBeLessThan(20)
    const { usage } = provider.lastCall!
    expect(usage?.inputTokens).toBe(second.input_tokens + (second.cache_read_input_tokens ?? 0))
  })

  it('let a mark on the request stand for its last block', async () => {
    const provider = fakeProvider()
    const long = [{ role: 'user', content: 'word '.repeat(2000) }]
    const cache_control = { type: 'ephemeral' }
    expect((await ask({ messages: long, cache_control }, provider)).usage.cache_creation_input_tokens).toBeGreaterThan(
      2000,
    )
  })

  it.each([
    [{ max_tokens: undefined }, 'max_tokens: Field required'],
    [{ messages: [] }, 'at least one message'],
    [{ messages: undefined }, 'messages: Field required'],
    [{ messages: [{ role: 'robot', content: '' }] }, 'Unexpected role'],
  ])('refuse a malformed request as the provider does: %o', async (body, message) => {
    const error = await ask(body).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ status: 400, type: 'invalid_request_error' })
    expect(String(error)).toContain(message)
  })

  it('say how long a prompt is that does not fit', async () => {
    const provider = fakeProvider({ models: [{ ...fakeProvider().models[0]!, id: model, contextWindow: 10 }] })
    await expect(ask({}, provider)).rejects.toThrow(/prompt is too long: \d+ tokens > 10 maximum/)
  })
})
