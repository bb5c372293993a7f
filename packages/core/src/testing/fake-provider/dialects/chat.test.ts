import { AzureOpenAI } from 'openai'
import { zodResponseFormat } from 'openai/helpers/zod'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { fakeProvider } from '../fake-provider.ts'
import { defaultTokenizer } from '../model/tokens.ts'
import { inMemory, transports } from '../test-clients.ts'

const model = 'gpt-5-mini'
const messages = [
  { role: 'system' as const, content: 'You are a support agent.' },
  { role: 'user' as const, content: 'Where is my refund?' },
]

describe.each(transports)('chat completions, $name', ({ open }) => {
  it('answers whole and streamed with the same text, one token a chunk, and exact usage', async () => {
    const provider = fakeProvider()
    await using clients = await open(provider)
    const whole = await clients.openai.chat.completions.create({ model, messages })
    const deltas: string[] = []
    let usage
    const stream_options = { include_usage: true }
    const stream = await clients.openai.chat.completions.create({ model, messages, stream: true, stream_options })
    for await (const chunk of stream) {
      if (chunk.choices[0]?.delta.content) deltas.push(chunk.choices[0].delta.content)
      usage = chunk.usage
    }
    const { encode } = await defaultTokenizer()
    const text = whole.choices[0]?.message.content ?? ''
    expect(text).toContain('your refund')
    expect(deltas).toEqual(encode(text))
    expect(usage).toEqual(whole.usage)
    // 3 a message, 1 for each role, 6 and 5 for the texts, 3 to begin the answer.
    expect(usage).toMatchObject({ prompt_tokens: 2 * 4 + 6 + 5 + 3, completion_tokens: deltas.length })
  })

  it('lets the helper fold several choices, tool calls and log probabilities', async () => {
    const provider = fakeProvider().on('gpt-5', {
      text: 'Let me look.',
      toolCalls: [
        { name: 'find', arguments: { id: 7 } },
        { name: 'find', arguments: '{"id": 8}', id: 'call_mine' },
      ],
    })
    await using clients = await open(provider)
    const tools = [{ type: 'function' as const, function: { name: 'find', parameters: { type: 'object' } } }]
    const params = { model: 'gpt-5', messages, tools, n: 2, logprobs: true, top_logprobs: 2 }
    const whole = await clients.openai.chat.completions.create(params)
    const folded = await clients.openai.chat.completions.stream(params).finalChatCompletion()
    expect(whole.choices).toHaveLength(2)
    expect(whole.choices[0]).toMatchObject({ finish_reason: 'tool_calls', message: { content: 'Let me look.' } })
    expect(
      whole.choices[0]?.message.tool_calls?.map((call) => call.type === 'function' && call.function.arguments),
    ).toEqual(['{"id":7}', '{"id": 8}'])
    expect(whole.choices[0]?.message.tool_calls?.[1]?.id).toBe('call_mine')
    expect(folded.choices[1]?.message.tool_calls?.[0]?.id).not.toBe(folded.choices[0]?.message.tool_calls?.[0]?.id)
    expect(whole.choices[0]?.logprobs?.content).toHaveLength(4)
    expect(folded.choices.map((choice) => choice.logprobs?.content)).toEqual(
      whole.choices.map((choice) => choice.logprobs?.content),
    )
  })

  it('conforms to a schema, for parse() and for tools', async () => {
    await using clients = await open(fakeProvider())
    const Ticket = z.object({
      title: z.string(),
      urgency: z.enum(['low', 'high']),
      customer: z.object({ email: z.email() }),
    })
    const format = { response_format: zodResponseFormat(Ticket, 'ticket') }
    const parsed = await clients.openai.chat.completions.parse({ model, messages, ...format })
    expect(Ticket.safeParse(parsed.choices[0]?.message.parsed).success).toBe(true)
    const streamed = await clients.openai.chat.completions.stream({ model, messages, ...format }).finalChatCompletion()
    expect(streamed.choices[0]?.message.parsed).toEqual(parsed.choices[0]?.message.parsed)
  })

  it('runs tools: a call first, then an answer that uses the result', async () => {
    await using clients = await open(fakeProvider())
    const seen: unknown[] = []
    const runner = clients.openai.chat.completions.runTools({
      model,
      messages,
      tool_choice: 'required',
      tools: [
        {
          type: 'function',
          function: {
            name: 'track',
            description: 'Track an order',
            parse: JSON.parse,
            function: (args: { order: number }) => {
              seen.push(args)
              return 'arrives on Friday'
            },
            parameters: { type: 'object', properties: { order: { type: 'integer' } }, required: ['order'] },
          },
        },
      ],
    })
    expect(await runner.finalContent()).toContain('arrives on Friday')
    expect(seen).toEqual([{ order: expect.any(Number) }])
  })
})

describe('chat completions', () => {
  const ask = async (body: object, provider = fakeProvider()) =>
    inMemory(provider).openai.chat.completions.create({ model, messages, ...body })

  it('cuts at the limit, whichever way it is given', async () => {
    for (const limit of [{ max_tokens: 5 }, { max_completion_tokens: 5 }]) {
      const { choices, usage } = await ask(limit)
      expect(choices[0]?.finish_reason).toBe('length')
      expect(usage?.completion_tokens).toBe(5)
    }
  })

  it('stops before a stop sequence', async () => {
    const provider = fakeProvider().on(model, 'one two three two')
    const { choices } = await ask({ stop: ['three', ' two'] }, provider)
    expect(choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: 'one' } })
  })

  it('gives every choice its own text', async () => {
    const { choices, usage } = await ask({ n: 3 })
    expect(new Set(choices.map((choice) => choice.message.content)).size).toBe(3)
    expect(usage?.completion_tokens).toBeGreaterThan(100)
  })

  it('answers with an object in JSON mode', async () => {
    const { choices } = await ask({ response_format: { type: 'json_object' } })
    expect(JSON.parse(choices[0]?.message.content ?? '')).toMatchObject({ topic: 'your refund' })
  })

  it.each([
    ['required', 'required', 'tool_calls'],
    ['auto without the name', 'auto', 'stop'],
    ['none', 'none', 'stop'],
    ['a named tool', { type: 'function', function: { name: 'b' } }, 'tool_calls'],
    ['allowed tools', { type: 'allowed_tools', allowed_tools: { mode: 'required', tools: [] } }, 'tool_calls'],
  ])('obeys tool_choice: %s', async (_, tool_choice, finish) => {
    const tools = ['a', 'b'].map((name) => ({
      type: 'function',
      function: { name: `tool_${name}`.replace('tool_b', 'b') },
    }))
    const { choices } = await ask({ tools, tool_choice, messages: [{ role: 'user', content: 'Hello' }] })
    expect(choices[0]?.finish_reason).toBe(finish)
  })

  it('calls a tool that the user names when the choice is open', async () => {
    const tools = [{ type: 'function', function: { name: 'get_rate', parameters: { type: 'object', properties: {} } } }]
    const { choices } = await ask({ tools, messages: [{ role: 'user', content: 'Use get_rate for EUR' }] })
    expect(choices[0]?.message.tool_calls?.[0]).toMatchObject({ function: { name: 'get_rate', arguments: '{}' } })
  })

  it('shows refusals, reasoning and citations', async () => {
    const citations = [{ url: 'https://example.com/a', title: 'A' }]
    const provider = fakeProvider().enqueue({ refusal: 'No.' }, { text: 'Yes.', reasoning: 'Hm.', citations })
    const refused = await ask({}, provider)
    expect(refused.choices[0]?.message).toMatchObject({ content: null, refusal: 'No.' })
    const cited = await ask({}, provider)
    expect(cited.choices[0]?.message).toMatchObject({
      reasoning_content: 'Hm.',
      annotations: [{ type: 'url_citation', url_citation: { title: 'A', end_index: 4 } }],
    })
    expect(cited.usage?.completion_tokens_details?.reasoning_tokens).toBe(2)
  })

  it('reports what the prompt cache served', async () => {
    const provider = fakeProvider()
    const long = [{ role: 'system', content: 'Refund policy, article. '.repeat(400) }, ...messages]
    const first = await ask({ messages: long }, provider)
    const second = await ask({ messages: long }, provider)
    expect(first.usage?.prompt_tokens_details?.cached_tokens).toBe(0)
    const cached = second.usage?.prompt_tokens_details?.cached_tokens ?? 0
    expect(cached % 128).toBe(0)
    expect(cached).toBeGreaterThan((second.usage?.prompt_tokens ?? 0) - 128)
  })

  it('counts tools, images and names as part of the prompt', async () => {
    const plain = (await ask({})).usage?.prompt_tokens ?? 0
    const tools = [{ type: 'function', function: { name: 'f', description: 'Finds a thing' } }]
    expect((await ask({ tools })).usage?.prompt_tokens).toBeGreaterThan(plain + 10)
    const named = [{ ...messages[0], name: 'ann' }, messages[1]]
    expect((await ask({ messages: named })).usage?.prompt_tokens).toBe(plain + 2)
    const seen = [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:,' } }] }]
    expect((await ask({ messages: seen })).usage?.prompt_tokens).toBe(85 + 4 + 3)
  })

  it('serves Azure deployments', async () => {
    const provider = fakeProvider()
    const azure = new AzureOpenAI({
      apiKey: 'test',
      apiVersion: '2026-01-01',
      endpoint: 'https://example.openai.azure.com',
      deployment: 'my-deployment',
      fetch: provider.fetch,
    })
    const answer = await azure.chat.completions.create({ model: 'ignored', messages })
    expect(answer.model).toBe('my-deployment')
    expect(provider.lastCall).toMatchObject({
      api: 'openai.chat',
      model: 'my-deployment',
      path: '/openai/deployments/my-deployment/chat/completions',
    })
    expect(provider.lastCall?.headers['api-key']).toBe('***')
  })

  it.each([
    [{ messages: [] }, 400, 'messages'],
    [{ messages: 'hello' }, 400, 'messages'],
    [{ messages: [{ role: 'robot', content: 'x' }] }, 400, 'messages'],
    [{ n: 0 }, 400, 'n'],
    [{ max_tokens: 1.5 }, 400, 'max_tokens'],
    [{ model: undefined }, 400, 'model'],
    [{ response_format: { type: 'json_schema', json_schema: { schema: { not: {} } } } }, 400, null],
  ])('refuses a malformed request as the provider does: %o', async (body, status, param) => {
    await expect(ask(body)).rejects.toMatchObject({ status, param, type: 'invalid_request_error' })
  })

  it('refuses a prompt that does not fit', async () => {
    const provider = fakeProvider({ models: [{ ...fakeProvider().models[0]!, id: 'tiny', contextWindow: 20 }] })
    const long = [{ role: 'user', content: 'word '.repeat(30) }]
    await expect(ask({ model: 'tiny', messages: long }, provider)).rejects.toMatchObject({
      status: 400,
      code: 'context_length_exceeded',
    })
    // The answer gets what the prompt leaves.
    expect(
      (await ask({ model: 'tiny', messages: [{ role: 'user', content: 'hi' }] }, provider)).usage?.total_tokens,
    ).toBe(20)
  })
})
