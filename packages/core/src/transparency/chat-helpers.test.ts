import type OpenAI from 'openai'
import { z } from 'zod'
import { z as z3 } from 'zod-3'
import { azureCases, openaiCases, type OpenAiSdk } from './clients.ts'
import { itIsTransparent, type Behaviours } from './compare.ts'
import { recordEvents, recordItems, thrownBy } from './recording.ts'

const chat = { model: 'gpt-5-mini', messages: [{ role: 'user' as const, content: 'When does my parcel come?' }] }
const events = [
  'connect',
  'chunk',
  'content',
  'content.delta',
  'content.done',
  'refusal.delta',
  'refusal.done',
  'tool_calls.function.arguments.delta',
  'tool_calls.function.arguments.done',
  'logprobs.content.delta',
  'logprobs.content.done',
  'logprobs.refusal.delta',
  'logprobs.refusal.done',
  'message',
  'functionToolCall',
  'chatCompletion',
  'finalContent',
  'finalMessage',
  'finalChatCompletion',
  'finalFunctionToolCall',
  'totalUsage',
  'abort',
  'error',
  'end',
]

type Helper = ReturnType<OpenAI['chat']['completions']['stream']>

/** Every event of the helper and everything it can be asked for at the end. */
async function everything(stream: Helper): Promise<unknown> {
  const log = recordEvents(stream, events)
  const { ended, errored, aborted } = stream
  await stream.done()
  return {
    log,
    flags: [ended, errored, aborted, stream.ended, stream.errored, stream.aborted],
    completion: await stream.finalChatCompletion(),
    message: await stream.finalMessage(),
    content: await stream.finalContent(),
    call: await stream.finalFunctionToolCall(),
    usage: await stream.totalUsage(),
    messages: stream.messages,
    all: stream.allChatCompletions(),
  }
}

const parcel = z.object({ carrier: z.enum(['dhl', 'ups']), days: z.number(), note: z.string().nullable() })
const parcel3 = z3.object({ carrier: z3.enum(['dhl', 'ups']), days: z3.number(), note: z3.string().nullable() })
const tool = {
  type: 'function' as const,
  function: { name: 'track', strict: true, parameters: z.toJSONSchema(parcel) as Record<string, unknown> },
}
const tracked = { toolCalls: [{ name: 'track', arguments: { carrier: 'ups', days: 2, note: null } }] }

const behaviours: Behaviours<OpenAI, OpenAiSdk> = {
  '.stream(), every event': (client) => everything(client.chat.completions.stream(chat)),
  '.stream() with usage': (client) =>
    everything(client.chat.completions.stream({ ...chat, stream_options: { include_usage: true } })),
  '.stream() with log probabilities': (client, { provider }) => {
    provider.enqueue('In two days.')
    return everything(client.chat.completions.stream({ ...chat, logprobs: true, top_logprobs: 1 }))
  },
  '.stream() of a refusal': (client, { provider }) => {
    provider.enqueue({ refusal: 'I cannot say.' })
    return everything(client.chat.completions.stream({ ...chat, logprobs: true }))
  },
  '.stream() of parallel tool calls': (client, { provider }) => {
    provider.enqueue({
      toolCalls: [...tracked.toolCalls, { name: 'track', arguments: { carrier: 'dhl', days: 1, note: 'ü' } }],
    })
    return everything(client.chat.completions.stream({ ...chat, tools: [tool] }))
  },
  '.stream() with a zod 4 schema': (client, { sdk }) =>
    everything(
      client.chat.completions.stream({ ...chat, response_format: sdk.zodResponseFormat(parcel, 'parcel') }) as Helper,
    ),
  '.stream() with a zod 3 schema': (client, { sdk }) =>
    everything(
      client.chat.completions.stream({ ...chat, response_format: sdk.zodResponseFormat(parcel3, 'parcel') }) as Helper,
    ),
  '.stream() with a zod tool': (client, { provider, sdk }) => {
    provider.enqueue(tracked)
    return everything(
      client.chat.completions.stream({
        ...chat,
        tools: [sdk.zodFunction({ name: 'track', parameters: parcel })],
      }) as Helper,
    )
  },
  '.stream() iterated': (client) => recordItems(client.chat.completions.stream(chat)),
  '.stream() as a readable stream': async (client) => {
    const readable = client.chat.completions.stream(chat).toReadableStream()
    return new Response(readable).text()
  },
  '.stream() left by a break': async (client) => {
    const stream = client.chat.completions.stream(chat)
    for await (const _ of stream) break
    return [stream.aborted, stream.ended]
  },
  '.stream() aborted at its third chunk': async (client, { transport }) => {
    const stream = client.chat.completions.stream(chat)
    let chunks = 0
    stream.on('chunk', () => {
      chunks += 1
      if (chunks === 3) stream.abort()
    })
    const log = recordEvents(stream, events)
    const error = await thrownBy(() => stream.done())
    // How many chunks one read of a socket brings is chance.
    return { error, aborted: stream.aborted, log: transport === 'in memory' ? log : log.slice(-2) }
  },
  '.stream() refused by the provider': async (client, { provider }) => {
    provider.fail('bad-request')
    const stream = client.chat.completions.stream(chat)
    const log = recordEvents(stream, events)
    return { error: await thrownBy(() => stream.finalChatCompletion()), log, errored: stream.errored }
  },
  '.stream() cut at its limit': async (client, { sdk }) => {
    const response_format = sdk.zodResponseFormat(parcel, 'parcel')
    const stream = client.chat.completions.stream({ ...chat, response_format, max_completion_tokens: 2 })
    return thrownBy(() => stream.finalChatCompletion())
  },
  '.parse() with zod 4': (client, { sdk }) =>
    client.chat.completions.parse({ ...chat, response_format: sdk.zodResponseFormat(parcel, 'parcel') }),
  '.parse() with zod 3': (client, { sdk }) =>
    client.chat.completions.parse({ ...chat, response_format: sdk.zodResponseFormat(parcel3, 'parcel') }),
  '.parse() with a zod tool': (client, { provider, sdk }) => {
    provider.enqueue(tracked)
    return client.chat.completions.parse({ ...chat, tools: [sdk.zodFunction({ name: 'track', parameters: parcel })] })
  },
  '.parse() of an answer that does not fit': (client, { provider, sdk }) => {
    provider.enqueue('{"carrier":"tnt"}')
    return thrownBy(() =>
      client.chat.completions.parse({ ...chat, response_format: sdk.zodResponseFormat(parcel, 'parcel') }),
    )
  },
  '.parse() of an answer cut at its limit': (client, { sdk }) => {
    const response_format = sdk.zodResponseFormat(parcel, 'parcel')
    return thrownBy(() => client.chat.completions.parse({ ...chat, response_format, max_completion_tokens: 2 }))
  },
  '.parse() of a filtered answer': (client, { provider, sdk }) => {
    provider.fail('content-filter-finish')
    return thrownBy(() =>
      client.chat.completions.parse({ ...chat, response_format: sdk.zodResponseFormat(parcel, 'parcel') }),
    )
  },
  '.parse() with its response': (client, { sdk }) =>
    client.chat.completions.parse({ ...chat, response_format: sdk.zodResponseFormat(parcel, 'parcel') }).withResponse(),
}

itIsTransparent([...openaiCases, ...azureCases.slice(0, 1)], ['in memory'], behaviours)
itIsTransparent(openaiCases.slice(0, 1), ['over HTTP'], behaviours)
