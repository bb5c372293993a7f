import { HumanMessage, SystemMessage, ToolMessage, type AIMessageChunk } from '@langchain/core/messages'
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai'
import { z } from 'zod'
import { sluiceFetch } from '../fetch.ts'
import type { ClientCase, ClientInit } from './clients.ts'
import { itIsTransparent, type Behaviours } from './compare.ts'
import { once, thrownBy } from './recording.ts'

interface Chain {
  readonly chat: ChatOpenAI
  readonly embeddings: OpenAIEmbeddings
}

function over(name: string, useResponsesApi: boolean): ClientCase<Chain, undefined> {
  const create = ({ origin, fetch }: Pick<ClientInit, 'origin' | 'fetch'>): Chain => {
    const configuration = { baseURL: `${origin}/v1`, fetch }
    return {
      chat: new ChatOpenAI({ model: 'gpt-5-mini', apiKey: 'sk-test', maxRetries: 0, useResponsesApi, configuration }),
      embeddings: new OpenAIEmbeddings({
        model: 'text-embedding-3-small',
        apiKey: 'sk-test',
        maxRetries: 0,
        configuration,
      }),
    }
  }
  return {
    name,
    sdk: undefined,
    create,
    under: ({ origin, fetch }, middleware, options) =>
      create({ origin, fetch: sluiceFetch(middleware, { ...options, fetch }) }),
  }
}

const question = [new SystemMessage('Be brief.'), new HumanMessage('What does shipping cost? 🙂')]
const weather = {
  type: 'function' as const,
  function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
}
const call = {
  toolCalls: [
    { name: 'weather', arguments: { city: 'Oslo' } },
    { name: 'weather', arguments: { city: 'Rome' } },
  ],
}

/** A message as LangChain itself would write it down. */
const written = (message: { toDict(): unknown }): unknown => message.toDict()

async function chunks(stream: AsyncIterable<AIMessageChunk>): Promise<unknown[]> {
  const log: unknown[] = []
  for await (const chunk of stream) log.push(written(chunk))
  return log
}

const behaviours: Behaviours<Chain, undefined> = {
  invoke: async ({ chat }) => written(await chat.invoke(question)),
  'invoke with tool calls and their results': async ({ chat }, { provider }) => {
    provider.enqueue(call, 'It rains.')
    const bound = chat.bindTools([weather])
    const first = await bound.invoke(question)
    const results = (first.tool_calls ?? []).map(
      ({ id = '' }) => new ToolMessage({ content: 'rain', tool_call_id: id }),
    )
    return [written(first), written(await bound.invoke([...question, first, ...results]))]
  },
  withStructuredOutput: ({ chat }) =>
    chat
      .withStructuredOutput(z.object({ carrier: z.string(), days: z.number() }), {
        name: 'parcel',
        method: 'jsonSchema',
      })
      .invoke(question),
  stream: async ({ chat }) => chunks(await chat.stream(question)),
  'stream with tool calls': async ({ chat }, { provider }) => {
    provider.enqueue(call)
    return chunks(await chat.bindTools([weather]).stream(question))
  },
  'stream left early': async ({ chat }) => {
    for await (const chunk of await chat.stream(question)) return written(chunk)
    return undefined
  },
  batch: async ({ chat }, { provider }) => {
    provider.on(/number/, ({ lastUserText }) => `answer to ${lastUserText}`)
    const answers = await chat.batch(['number 1', 'number 2', 'number 3'])
    return answers.map(({ content }) => content)
  },
  errors: async ({ chat }, { provider }) => {
    provider.fail('http-429', { times: 1 })
    const limited = await thrownBy(() => chat.invoke(question))
    provider.fail('bad-request', { times: 1 })
    return [limited, await thrownBy(() => chat.stream(question))]
  },
  'an abort': async ({ chat }, { provider }) => {
    provider.fail('silence')
    const caller = new AbortController()
    once(
      () => provider.pending.length > 0,
      () => caller.abort(),
    )
    return String(await thrownBy(() => chat.invoke(question, { signal: caller.signal })))
  },
  embeddings: ({ embeddings }) => embeddings.embedDocuments(['shipping', 'refund']),
}

itIsTransparent(
  [over('ChatOpenAI', false), over('ChatOpenAI on responses', true)],
  ['in memory', 'over HTTP'],
  behaviours,
)
