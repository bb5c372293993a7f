import type OpenAI from 'openai'
import { z } from 'zod'
import { z as z3 } from 'zod-3'
import { openaiCases, type OpenAiSdk } from './clients.ts'
import { itIsTransparent, type Behaviours } from './compare.ts'
import { recordEvents, recordItems, thrownBy } from './recording.ts'

const ask = { model: 'gpt-5-mini', input: 'What does shipping cost? 🙂' }
const streamed = { ...ask, stream: true as const }
const tool = {
  type: 'function' as const,
  name: 'track',
  strict: false,
  parameters: { type: 'object', properties: { id: { type: 'string' } } },
}
const calls = {
  toolCalls: [
    { name: 'track', arguments: { id: 'a' } },
    { name: 'track', arguments: { id: 'b' } },
  ],
}
const parcel = z.object({ carrier: z.enum(['dhl', 'ups']), days: z.number() })
const parcel3 = z3.object({ carrier: z3.enum(['dhl', 'ups']), days: z3.number() })
const events = [
  'connect',
  'event',
  'response.created',
  'response.in_progress',
  'response.output_item.added',
  'response.content_part.added',
  'response.output_text.delta',
  'response.output_text.done',
  'response.output_text.annotation.added',
  'response.refusal.delta',
  'response.refusal.done',
  'response.function_call_arguments.delta',
  'response.function_call_arguments.done',
  'response.reasoning_summary_text.delta',
  'response.reasoning_summary_text.done',
  'response.content_part.done',
  'response.output_item.done',
  'response.completed',
  'response.incomplete',
  'response.failed',
  'abort',
  'error',
  'end',
]

type Helper = ReturnType<OpenAI['responses']['stream']>

async function everything(stream: Helper): Promise<unknown> {
  const log = recordEvents(stream, events)
  return { final: await stream.finalResponse(), log, flags: [stream.ended, stream.errored, stream.aborted] }
}

const behaviours: Behaviours<OpenAI, OpenAiSdk> = {
  'create, whole': (client) => client.responses.create(ask),
  'create, whole, its convenience getter': async (client) => (await client.responses.create(ask)).output_text,
  'create, whole, with instructions, items and reasoning': (client) =>
    client.responses.create({
      model: 'gpt-5-mini',
      instructions: 'Be brief.',
      input: [
        { role: 'user', content: [{ type: 'input_text', text: 'Hello' }] },
        { type: 'function_call', call_id: 'c1', name: 'track', arguments: '{"id":"a"}' },
        { type: 'function_call_output', call_id: 'c1', output: 'lost' },
        { role: 'user', content: 'And now?' },
      ],
      reasoning: { effort: 'low', summary: 'auto' },
      tools: [tool],
      metadata: { order: '1' },
    }),
  'create, whole, with tool calls': (client, { provider }) => {
    provider.enqueue(calls)
    return client.responses.create({ ...ask, tools: [tool] })
  },
  'create, whole, refused': (client, { provider }) => {
    provider.enqueue({ refusal: 'I cannot help with that.' })
    return client.responses.create(ask)
  },
  'create, whole, with citations': (client, { provider }) => {
    provider.enqueue({ text: 'Five euros.', citations: [{ url: 'https://example.com/p', title: 'Prices' }] })
    return client.responses.create(ask)
  },
  'create, whole, cut at its limit': (client) => client.responses.create({ ...ask, max_output_tokens: 3 }),
  'create, streamed': async (client) => recordItems(await client.responses.create(streamed)),
  'create, streamed, with reasoning': async (client, { provider }) => {
    provider.enqueue({ reasoning: 'A price is wanted.', text: 'Five euros.' })
    return recordItems(await client.responses.create({ ...streamed, reasoning: { summary: 'auto' } }))
  },
  'create, streamed, with tool calls': async (client, { provider }) => {
    provider.enqueue(calls)
    return recordItems(await client.responses.create({ ...streamed, tools: [tool] }))
  },
  'create, streamed, refused, with log probabilities': async (client, { provider }) => {
    provider.enqueue({ refusal: 'I cannot help with that.' })
    return recordItems(
      await client.responses.create({ ...streamed, include: ['message.output_text.logprobs'], top_logprobs: 1 }),
    )
  },
  'create, streamed, cut at its limit': async (client) =>
    recordItems(await client.responses.create({ ...streamed, max_output_tokens: 3 })),
  'a conversation by previous_response_id': async (client) => {
    const first = await client.responses.create(ask)
    return [first, await client.responses.create({ ...ask, input: 'And to Norway?', previous_response_id: first.id })]
  },
  '.stream(), every event': (client) => everything(client.responses.stream(ask)),
  '.stream() of reasoning and text': (client, { provider }) => {
    provider.enqueue({ reasoning: 'A price.', text: 'Five.', citations: [{ url: 'https://example.com', title: 'P' }] })
    return everything(client.responses.stream({ ...ask, reasoning: { summary: 'auto' } }))
  },
  '.stream() of tool calls': (client, { provider }) => {
    provider.enqueue(calls)
    return everything(client.responses.stream({ ...ask, tools: [tool] }))
  },
  '.stream() of a refusal': (client, { provider }) => {
    provider.enqueue({ refusal: 'No.' })
    return everything(client.responses.stream(ask))
  },
  '.stream() with a zod 4 schema': (client, { sdk }) =>
    everything(client.responses.stream({ ...ask, text: { format: sdk.zodTextFormat(parcel, 'parcel') } }) as Helper),
  '.stream() with a zod 3 schema': (client, { sdk }) =>
    everything(client.responses.stream({ ...ask, text: { format: sdk.zodTextFormat(parcel3, 'parcel') } }) as Helper),
  '.stream() iterated': (client) => recordItems(client.responses.stream(ask)),
  '.stream() left by a break': async (client) => {
    const stream = client.responses.stream(ask)
    for await (const _ of stream) break
    return [stream.aborted, stream.ended]
  },
  '.stream() refused by the provider': async (client, { provider }) => {
    provider.fail('not-found')
    const stream = client.responses.stream(ask)
    const log = recordEvents(stream, events)
    return { error: await thrownBy(() => stream.finalResponse()), log }
  },
  '.parse() with zod 4': (client, { sdk }) =>
    client.responses.parse({ ...ask, text: { format: sdk.zodTextFormat(parcel, 'parcel') } }),
  '.parse() with zod 3': (client, { sdk }) =>
    client.responses.parse({ ...ask, text: { format: sdk.zodTextFormat(parcel3, 'parcel') } }),
  '.parse() of an answer that does not fit': (client, { provider, sdk }) => {
    provider.enqueue('{"carrier":"tnt"}')
    return thrownBy(() => client.responses.parse({ ...ask, text: { format: sdk.zodTextFormat(parcel, 'parcel') } }))
  },
  'retrieve, inputItems and delete': async (client) => {
    const { id } = await client.responses.create(ask)
    const retrieved = await client.responses.retrieve(id)
    const items = await recordItems(client.responses.inputItems.list(id))
    const deleted = await client.responses.delete(id)
    return { retrieved, items, deleted, gone: await thrownBy(() => client.responses.retrieve(id)) }
  },
  'retrieve as a stream': async (client) => {
    const { id } = await client.responses.create(ask)
    return recordItems(await client.responses.retrieve(id, { stream: true, starting_after: 2 }))
  },
  'background, retrieved and cancelled': async (client, { provider }) => {
    provider.enqueue({ text: 'Later.', ttftMs: 1000, tokensPerSecond: 1 })
    const created = await client.responses.create({ ...ask, background: true })
    const queued = await client.responses.retrieve(created.id)
    const cancelled = await client.responses.cancel(created.id)
    return [created, queued, cancelled, await client.responses.retrieve(created.id)]
  },
  'background, streamed': async (client) =>
    recordItems(await client.responses.create({ ...streamed, background: true })),
  'input tokens': (client) => client.responses.inputTokens.count(ask),
}

itIsTransparent(openaiCases, ['in memory', 'over HTTP'], behaviours)
