import type Anthropic from '@anthropic-ai/sdk'
import { z } from 'zod'
import { anthropicCases, type AnthropicSdk } from './clients.ts'
import { itIsTransparent, type Behaviours } from './compare.ts'
import { recordEvents, recordItems, thrownBy } from './recording.ts'

const ask = {
  model: 'claude-haiku-4-5',
  max_tokens: 200,
  messages: [{ role: 'user' as const, content: 'What does shipping cost? 🙂' }],
}
const streamed = { ...ask, stream: true as const }
const thinking = { thinking: { type: 'enabled' as const, budget_tokens: 1024 }, max_tokens: 2048 }
const tool = {
  name: 'track',
  description: 'Finds a parcel.',
  input_schema: { type: 'object' as const, properties: { id: { type: 'string' } } },
}
const calls = {
  text: 'Let me look.',
  toolCalls: [
    { name: 'track', arguments: { id: 'a' } },
    { name: 'track', arguments: { id: 'ü', deep: [1, { b: null }] } },
  ],
}
const cited = {
  text: 'Five euros.',
  citations: [{ url: 'https://example.com/p', title: 'Prices', citedText: 'Shipping: 5 EUR' }],
}
const parcel = z.object({ carrier: z.string(), days: z.number() })
const events = [
  'connect',
  'streamEvent',
  'text',
  'citation',
  'inputJson',
  'thinking',
  'signature',
  'contentBlock',
  'message',
  'finalMessage',
  'abort',
  'error',
  'end',
]

type Helper = ReturnType<Anthropic['messages']['stream']>

async function everything(stream: Helper): Promise<unknown> {
  const log = recordEvents(stream, events)
  const { ended, errored, aborted } = stream
  await stream.done()
  return {
    log,
    flags: [ended, errored, aborted, stream.ended, stream.errored, stream.aborted],
    message: await stream.finalMessage(),
    text: await stream.finalText().catch((error: unknown) => error),
    received: stream.receivedMessages,
    messages: stream.messages,
    request: stream.request_id,
  }
}

const behaviours: Behaviours<Anthropic, AnthropicSdk> = {
  'create, whole': (client) => client.messages.create(ask),
  'create, whole, with its response': (client) => client.messages.create(ask).withResponse(),
  'create, whole, with every kind of block': (client, { provider }) => {
    provider.enqueue(calls)
    return client.messages.create({
      model: 'claude-haiku-4-5',
      max_tokens: 100,
      system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Look:' },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'aGk=' } },
          ],
        },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'Hm', signature: 's' },
            { type: 'tool_use', id: 't1', name: 'track', input: { id: 'a' } },
          ],
        },
        {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              tool_use_id: 't1',
              content: [{ type: 'text', text: 'lost \u2028' }],
              is_error: true,
            },
          ],
        },
      ],
      tools: [tool],
      tool_choice: { type: 'auto', disable_parallel_tool_use: false },
      stop_sequences: ['END'],
      metadata: { user_id: 'u1' },
    })
  },
  'create, whole, with thinking': (client, { provider }) => {
    provider.enqueue({ reasoning: 'A price.', text: 'Five euros.' })
    return client.messages.create({ ...ask, ...thinking })
  },
  'create, whole, with citations': (client, { provider }) => {
    provider.enqueue(cited)
    return client.messages.create(ask)
  },
  'create, whole, refused': (client, { provider }) => {
    provider.enqueue({ refusal: 'I cannot help with that.' })
    return client.messages.create(ask)
  },
  'create, whole, cut at its limit': (client) => client.messages.create({ ...ask, max_tokens: 3 }),
  'create, streamed': async (client) => recordItems(await client.messages.create(streamed)),
  'create, streamed, with its response': async (client) => {
    const { data, response, request_id } = await client.messages.create(streamed).withResponse()
    return [response.headers.get('content-type'), request_id, await recordItems(data)]
  },
  'create, streamed, with thinking': async (client, { provider }) => {
    provider.enqueue({ reasoning: 'A price.', text: 'Five euros.' })
    return recordItems(await client.messages.create({ ...streamed, ...thinking }))
  },
  'create, streamed, with tool calls': async (client, { provider }) => {
    provider.enqueue(calls)
    return recordItems(await client.messages.create({ ...streamed, tools: [tool] }))
  },
  'create, streamed, with citations': async (client, { provider }) => {
    provider.enqueue(cited)
    return recordItems(await client.messages.create(streamed))
  },
  'asResponse(), whole and streamed': async (client) => {
    const whole = await client.messages.create(ask).asResponse()
    const stream = await client.messages.create(streamed).asResponse()
    return [whole, await whole.clone().text(), await whole.text(), await stream.text()]
  },
  countTokens: (client) =>
    client.messages.countTokens({ model: 'claude-haiku-4-5', messages: ask.messages, tools: [tool] }),
  'one promise awaited twice': async (client) => {
    const promise = client.messages.create(ask)
    return [(await promise) === (await promise), (await promise.withResponse()).data === (await promise), await promise]
  },
  '.stream(), every event': (client) => everything(client.messages.stream(ask)),
  '.stream() of thinking': (client, { provider }) => {
    provider.enqueue({ reasoning: 'A price.', text: 'Five euros.' })
    return everything(client.messages.stream({ ...ask, ...thinking }))
  },
  '.stream() of tool calls': (client, { provider }) => {
    provider.enqueue(calls)
    return everything(client.messages.stream({ ...ask, tools: [tool] }))
  },
  '.stream() of citations': (client, { provider }) => {
    provider.enqueue(cited)
    return everything(client.messages.stream(ask))
  },
  '.stream() iterated': (client) => recordItems(client.messages.stream(ask)),
  '.stream() with its response': async (client) => {
    const stream = client.messages.stream(ask)
    const { data, request_id, response } = await stream.withResponse()
    return [data === stream, request_id, response.status, await stream.finalText()]
  },
  '.stream() as a readable stream': (client) => new Response(client.messages.stream(ask).toReadableStream()).text(),
  '.stream() with a schema': (client, { sdk }) =>
    everything(client.messages.stream({ ...ask, output_config: { format: sdk.zodOutputFormat(parcel) } }) as Helper),
  '.stream() left by a break': async (client) => {
    const stream = client.messages.stream(ask)
    for await (const _ of stream) break
    return [stream.aborted, stream.controller.signal.aborted]
  },
  '.stream() aborted': async (client, { provider }) => {
    provider.fail('stall', { afterTokens: 1 })
    const stream = client.messages.stream(ask)
    const log = recordEvents(stream, ['text', 'abort', 'error', 'end'])
    stream.once('text', () => stream.abort())
    return { error: await thrownBy(() => stream.done()), log, flags: [stream.aborted, stream.errored] }
  },
  '.stream() refused by the provider': async (client, { provider }) => {
    provider.fail('bad-request')
    const stream = client.messages.stream(ask)
    const log = recordEvents(stream, events)
    return { error: await thrownBy(() => stream.finalMessage()), log }
  },
  '.parse()': (client, { sdk }) =>
    client.messages.parse({ ...ask, output_config: { format: sdk.zodOutputFormat(parcel) } }),
  '.parse() with a JSON schema': (client, { sdk }) => {
    const schema = {
      type: 'object',
      properties: { days: { type: 'integer' } },
      required: ['days'],
      additionalProperties: false,
    } as const
    return client.messages.parse({ ...ask, output_config: { format: sdk.jsonSchemaOutputFormat(schema) } })
  },
  '.parse() of an answer that does not fit': (client, { provider, sdk }) => {
    provider.enqueue('{"carrier":7}')
    return thrownBy(() => client.messages.parse({ ...ask, output_config: { format: sdk.zodOutputFormat(parcel) } }))
  },
  'beta.messages.create': async (client) => {
    const whole = await client.beta.messages.create({ ...ask, betas: ['files-api-2025-04-14'] })
    return [whole, await recordItems(await client.beta.messages.create(streamed))]
  },
  'beta.messages.stream()': async (client) => {
    const stream = client.beta.messages.stream(ask)
    const log = recordEvents(stream, events)
    return [await stream.finalMessage(), log]
  },
  'a break and what comes after': async (client) => {
    const stream = await client.messages.create(streamed)
    for await (const _ of stream) break
    return [
      stream.controller.signal.aborted,
      await thrownBy(async () => {
        for await (const _ of stream);
      }),
    ]
  },
  'tee() and toReadableStream()': async (client) => {
    const [left, right] = (await client.messages.create(streamed)).tee()
    return [await recordItems(left), await new Response(right.toReadableStream()).text()]
  },
  'controller.abort() while the provider stalls': async (client, { provider }) => {
    provider.fail('stall', { afterTokens: 2 })
    const stream = await client.messages.create(streamed)
    return recordItems(stream, [4, () => stream.controller.abort()])
  },
}

itIsTransparent(anthropicCases, ['in memory', 'over HTTP'], behaviours)
