import { zodTextFormat } from 'openai/helpers/zod'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { fakeClock } from '../../fake-clock.ts'
import { fakeProvider } from '../fake-provider.ts'
import { inMemory, transports } from '../test-clients.ts'

const model = 'gpt-5'
const input = 'How do I change my PIN?'

describe.each(transports)('responses, $name', ({ open }) => {
  it('answers whole and streamed with the same output', async () => {
    await using clients = await open(fakeProvider())
    const params = { model, input, reasoning: { summary: 'auto' as const } }
    const whole = await clients.openai.responses.create(params)
    expect(whole.status).toBe('completed')
    expect(whole.output_text).toContain('your card')
    expect(whole.output.map((item) => item.type)).toEqual(['reasoning', 'message'])
    const types: string[] = []
    const numbers: number[] = []
    let text = ''
    const stream = clients.openai.responses.stream(params)
    for await (const event of stream) {
      types.push(event.type)
      numbers.push(event.sequence_number)
      if (event.type === 'response.output_text.delta') text += event.delta
    }
    expect(text).toBe(whole.output_text)
    expect(numbers).toEqual(numbers.map((_, i) => i))
    expect(types.slice(0, 2)).toEqual(['response.created', 'response.in_progress'])
    expect(types.at(-1)).toBe('response.completed')
    const final = await stream.finalResponse()
    expect(final.usage).toEqual(whole.usage)
    expect(final.output.map((item) => item.type)).toEqual(['reasoning', 'message'])
  })

  it('calls tools, takes their results, and remembers the conversation', async () => {
    const provider = fakeProvider()
    await using clients = await open(provider)
    const tools = [
      {
        type: 'function' as const,
        name: 'find_order',
        strict: true,
        parameters: {
          type: 'object',
          properties: { id: { type: 'integer' } },
          required: ['id'],
          additionalProperties: false,
        },
      },
    ]
    const first = await clients.openai.responses.create({ model, input, tools, tool_choice: 'required' })
    const [call] = first.output
    if (call?.type !== 'function_call') throw new Error(`expected a call, got ${call?.type}`)
    expect(JSON.parse(call.arguments)).toEqual({ id: expect.any(Number) })
    const second = await clients.openai.responses.create({
      model,
      previous_response_id: first.id,
      input: [{ type: 'function_call_output', call_id: call.call_id, output: 'It left on Monday' }],
      tools,
      tool_choice: 'required',
    })
    expect(second.output_text).toContain('It left on Monday')
    expect(second.usage?.input_tokens).toBeGreaterThan(first.usage?.input_tokens ?? 0)
  })

  it('conforms to a schema', async () => {
    await using clients = await open(fakeProvider())
    const City = z.object({ name: z.string(), population: z.int().min(1) })
    const parsed = await clients.openai.responses.parse({ model, input, text: { format: zodTextFormat(City, 'city') } })
    expect(City.safeParse(parsed.output_parsed).success).toBe(true)
  })

  it('streams a stored response again, from where the reader stopped', async () => {
    await using clients = await open(fakeProvider())
    const { id, output_text } = await clients.openai.responses.create({ model, input })
    const again = await clients.openai.responses.retrieve(id, { stream: true })
    let text = ''
    for await (const event of again) if (event.type === 'response.output_text.delta') text += event.delta
    expect(text).toBe(output_text)
    const rest = await clients.openai.responses.retrieve(id, { stream: true, starting_after: 10 })
    const numbers = []
    for await (const event of rest) numbers.push(event.sequence_number)
    expect(numbers[0]).toBe(11)
  })
})

describe('responses', () => {
  it('are incomplete when cut, with the reason', async () => {
    const provider = fakeProvider()
    const { openai } = inMemory(provider)
    const cut = await openai.responses.create({ model, input, max_output_tokens: 5 })
    expect(cut).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } })
    expect(cut.usage?.output_tokens).toBe(5)
    provider.enqueue({ text: 'Filtered', finish: 'content_filter' })
    const filtered = await openai.responses.stream({ model, input }).finalResponse()
    expect(filtered).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'content_filter' } })
  })

  it('show refusals, citations, log probabilities and several calls', async () => {
    const citations = [{ url: 'https://example.com', title: 'Example' }]
    const provider = fakeProvider()
      .enqueue({ refusal: 'No.' }, { text: 'See there.', citations })
      .enqueue({ toolCalls: [{ name: 'a' }, { name: 'b', arguments: { x: 1 } }] })
    const { openai } = inMemory(provider)
    const refused = await openai.responses.stream({ model, input }).finalResponse()
    expect(refused.output[0]).toMatchObject({ content: [{ type: 'refusal', refusal: 'No.' }] })
    const include = ['message.output_text.logprobs' as const]
    const cited = await openai.responses.stream({ model, input, include, top_logprobs: 1 }).finalResponse()
    const [message] = cited.output
    const [part] = message?.type === 'message' ? message.content : []
    expect(part).toMatchObject({ annotations: [{ type: 'url_citation', title: 'Example', end_index: 10 }] })
    expect(part?.type === 'output_text' && part.logprobs).toHaveLength(3)
    const calls = await openai.responses.stream({ model, input }).finalResponse()
    expect(calls.output.map((item) => item.type === 'function_call' && item.arguments)).toEqual(['{}', '{"x":1}'])
  })

  it('run in the background, by the clock', async () => {
    const clock = fakeClock()
    const { openai } = inMemory(
      fakeProvider({ clock }).on(model, { text: 'a b c d', ttftMs: 100, tokensPerSecond: 10 }),
    )
    const { id, status } = await openai.responses.create({ model, input, background: true })
    const look = async (): Promise<unknown> => (await openai.responses.retrieve(id)).status
    expect([status, await look()]).toEqual(['queued', 'queued'])
    await clock.advance(100)
    expect(await look()).toBe('in_progress')
    await clock.advance(400)
    const done = await openai.responses.retrieve(id)
    expect(done).toMatchObject({ status: 'completed', output_text: 'a b c d', background: true })
    expect((await openai.responses.cancel(id)).status).toBe('completed')
  })

  it('stream from the background, and are followed there later', async () => {
    const { openai } = inMemory(fakeProvider().on(model, 'Done.'))
    const types = []
    let id = ''
    for await (const event of await openai.responses.create({ model, input, background: true, stream: true })) {
      types.push(event.type)
      if (event.type === 'response.created') id = event.response.id
    }
    expect(types.slice(0, 3)).toEqual(['response.created', 'response.queued', 'response.in_progress'])
    const followed = await openai.responses.stream({ response_id: id, starting_after: 2 }).finalResponse()
    expect(followed.output_text).toBe('Done.')
  })

  it('can be cancelled in the background and nowhere else', async () => {
    const { openai } = inMemory(fakeProvider({ clock: fakeClock(), pace: 'realistic' }))
    const { id } = await openai.responses.create({ model, input, background: true })
    expect((await openai.responses.cancel(id)).status).toBe('cancelled')
    expect(await openai.responses.retrieve(id)).toMatchObject({ status: 'cancelled', output: [] })
    const instant = inMemory(fakeProvider()).openai
    const plain = await instant.responses.create({ model, input })
    await expect(instant.responses.cancel(plain.id)).rejects.toMatchObject({ status: 400 })
  })

  it('are stored unless told otherwise, and deleted for good', async () => {
    const { openai } = inMemory(fakeProvider())
    const kept = await openai.responses.create({ model, input })
    expect((await openai.responses.retrieve(kept.id)).output_text).toBe(kept.output_text)
    const items = await openai.responses.inputItems.list(kept.id)
    expect(items.data[0]).toMatchObject({ role: 'user', content: [{ type: 'input_text', text: input }] })
    await openai.responses.delete(kept.id)
    await expect(openai.responses.retrieve(kept.id)).rejects.toMatchObject({ status: 404 })
    const passing = await openai.responses.create({ model, input, store: false })
    await expect(openai.responses.retrieve(passing.id)).rejects.toMatchObject({ status: 404 })
    await expect(openai.responses.create({ model, input, previous_response_id: kept.id })).rejects.toMatchObject({
      status: 400,
      code: 'previous_response_not_found',
    })
  })

  it('count input tokens as the answer does', async () => {
    const { openai } = inMemory(fakeProvider())
    const instructions = 'Be kind.'
    const counted = await openai.responses.inputTokens.count({ model, input, instructions })
    const { usage } = await openai.responses.create({ model, input, instructions })
    expect(counted.input_tokens).toBe(usage?.input_tokens)
  })

  it('refuse an input that is none', async () => {
    const { openai } = inMemory(fakeProvider())
    await expect(openai.responses.create({ model, input: 7 as never })).rejects.toMatchObject({
      status: 400,
      param: 'input',
    })
  })
})
