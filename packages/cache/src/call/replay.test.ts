import { describe, expect, it } from 'vitest'
import { cachedClients, chat, eventsOf } from '../cache-fixture.ts'

const model = 'gpt-5-mini'
const messages = chat.messages
const dialects = {
  chat: { path: 'chat/completions', body: { model, messages } },
  'chat with usage': { path: 'chat/completions', body: { model, messages, stream_options: { include_usage: true } } },
  responses: { path: 'responses', body: { model, input: 'Hi' } },
  messages: { path: 'messages', body: { model, messages, max_tokens: 99 } },
}
const script = {
  chunks: ['Fünf ', 'to seven', ' days 🎉', '.'],
  reasoning: 'Cards are posted on weekdays.',
  toolCalls: [
    { name: 'track', arguments: '{"id":"1187"}' },
    { name: 'notify', arguments: '{"by":"mail"}' },
  ],
}

describe.each(Object.entries(dialects))('a replayed stream: %s', (_, { path, body }) => {
  const world = cachedClients()
  const client = path === 'messages' ? world.anthropic : world.openai
  const read = async (): Promise<string> => {
    const sent = client.post(path === 'messages' ? '/v1/messages' : `/${path}`, { body: { ...body, stream: true } })
    return (await sent.asResponse()).text()
  }

  it('has the pieces, the reasoning, the tool calls, the ids and the end of the first, and is always the same bytes', async () => {
    world.provider.enqueue(script)
    const first = await read()
    const [second, third] = [await read(), await read()]
    world.provider.expectCalls(1)
    expect(third).toBe(second)
    expect(framesOf(second)).toEqual(framesOf(first))
    for (const piece of ['to seven', 'weekdays', 'track', 'notify']) expect(second).toContain(piece)
  })
})

/**
 * The events of a body without what says nothing: nulls, empty texts and lists, padding, pings, tokens so far, and the
 * name of a tool in the event that ends its arguments, which not all servers send.
 */
function framesOf(body: string): unknown[] {
  return body
    .split('\n\n')
    .flatMap((frame) => frame.split('\n').filter((line) => line.startsWith('data: ')))
    .map((line) => (line === 'data: [DONE]' ? line : said(JSON.parse(line.slice(6)) as Event)))
    .map((event) => {
      const { type } = event as Event
      if (type === 'response.function_call_arguments.done') return { ...(event as Event), name: undefined }
      return type === 'message_start'
        ? { ...(event as Event), message: { ...(event as Event).message, usage: 0 } }
        : event
    })
    .filter(
      (event) => (event as Event).type !== 'ping' && Object.keys((event as Event).delta ?? 'some').join() !== 'type',
    )
}

interface Event {
  readonly type?: string
  readonly message?: object
  readonly delta?: object | string
}

function plain(value: object): object {
  return JSON.parse(JSON.stringify(value)) as object
}

function said(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(said)
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value).filter(
    ([name, field]) =>
      name !== 'obfuscation' && field !== null && field !== '' && !(Array.isArray(field) && field.length === 0),
  )
  return Object.fromEntries(fields.map(([name, field]) => [name, said(field)]))
}

describe('an answer', () => {
  it('that came whole is served as a stream, and the other way round, through every helper', async () => {
    const { openai, anthropic, provider } = cachedClients()
    provider.enqueue(script)
    const whole = await openai.chat.completions.create(chat)
    const wanting = { ...chat, stream_options: { include_usage: true } }
    expect(await openai.chat.completions.stream(wanting).finalChatCompletion()).toMatchObject({
      id: whole.id,
      usage: whole.usage,
      choices: [
        {
          finish_reason: 'tool_calls',
          message: { tool_calls: [{ id: whole.choices[0]?.message.tool_calls?.[0]?.id }, {}] },
        },
      ],
    })
    const asked = { model, messages, max_tokens: 99 }
    provider.enqueue(script)
    const events = await eventsOf(anthropic.messages.create({ ...asked, stream: true }))
    const message = await anthropic.messages.create(asked)
    expect(await anthropic.messages.stream(asked).finalMessage()).toMatchObject(plain(message))
    expect(message.content.map(({ type }) => type)).toEqual(['thinking', 'text', 'tool_use', 'tool_use'])
    expect(events[0]).toMatchObject({ type: 'message_start', message: { id: message.id } })
    provider.expectCalls(2)
  })
})
