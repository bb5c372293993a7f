import type OpenAI from 'openai'
import { azureCases, openaiCases, type OpenAiSdk } from './clients.ts'
import { itIsTransparent, type Behaviours } from './compare.ts'
import { recordItems } from './recording.ts'

const messages = [{ role: 'user' as const, content: 'What does shipping cost? 🙂' }]
const chat = { model: 'gpt-5-mini', messages }
const streamed = { ...chat, stream: true as const }
const tools = [
  {
    type: 'function' as const,
    function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
  },
]
const twoCalls = {
  toolCalls: [
    { name: 'weather', arguments: { city: 'Oslo' } },
    { name: 'weather', arguments: '{"city": "Cádiz"' },
  ],
}

const behaviours: Behaviours<OpenAI, OpenAiSdk> = {
  'create, whole': (client) => client.chat.completions.create(chat),
  'create, whole, three choices': (client) => client.chat.completions.create({ ...chat, n: 3 }),
  'create, whole, with log probabilities': (client) =>
    client.chat.completions.create({ ...chat, logprobs: true, top_logprobs: 2 }),
  'create, whole, with tool calls': (client, { provider }) => {
    provider.enqueue(twoCalls)
    return client.chat.completions.create({ ...chat, tools })
  },
  'create, whole, refused': (client, { provider }) => {
    provider.enqueue({ refusal: 'I cannot help with that.' })
    return client.chat.completions.create(chat)
  },
  'create, whole, cut at its limit': (client) => client.chat.completions.create({ ...chat, max_completion_tokens: 3 }),
  'create, whole, with every kind of message': (client) =>
    client.chat.completions.create({
      model: 'gpt-5-mini',
      messages: [
        { role: 'developer', content: [{ type: 'text', text: 'Be brief.' }] },
        { role: 'system', content: 'Be kind.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'image_url', image_url: { url: 'https://example.com/cat.png', detail: 'low' } },
          ],
        },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c1', type: 'function', function: { name: 'weather', arguments: '{}' } }],
        },
        { role: 'tool', tool_call_id: 'c1', content: 'Rain \u2028 and "snow"' },
        { role: 'user', content: 'Thanks! \ud83d' },
      ],
      tools,
      metadata: { order: '1' },
      seed: 7,
      temperature: 0.5,
      user: 'u1',
    }),
  'create with fields that no version knows': (client) =>
    client.chat.completions.create({
      ...chat,
      x_vendor: { deep: [1, null, { a: undefined }] },
      top_k: 20,
    } as typeof chat),
  'create with values that JSON drops or changes': (client) =>
    client.chat.completions.create({
      ...chat,
      metadata: { at: new Date(0), none: undefined, not: Number.NaN, minus: -0 } as never,
      stop: undefined as never,
    }),
  'create, streamed': async (client) => recordItems(await client.chat.completions.create(streamed)),
  'create, streamed, with usage': async (client) =>
    recordItems(await client.chat.completions.create({ ...streamed, stream_options: { include_usage: true } })),
  'create, streamed, three choices': async (client) =>
    recordItems(await client.chat.completions.create({ ...streamed, n: 3 })),
  'create, streamed, with log probabilities': async (client) =>
    recordItems(await client.chat.completions.create({ ...streamed, logprobs: true, top_logprobs: 2 })),
  'create, streamed, with tool calls': async (client, { provider }) => {
    provider.enqueue(twoCalls)
    return recordItems(await client.chat.completions.create({ ...streamed, tools }))
  },
  'create, streamed, with reasoning': async (client, { provider }) => {
    provider.enqueue({ reasoning: 'They ask for a price.', text: 'Five euros.' })
    return recordItems(await client.chat.completions.create(streamed))
  },
  'create, streamed, refused': async (client, { provider }) => {
    provider.enqueue({ refusal: 'I cannot help with that.' })
    return recordItems(await client.chat.completions.create(streamed))
  },
  'create, streamed, filtered at the end': async (client, { provider }) => {
    provider.fail('content-filter-finish')
    return recordItems(await client.chat.completions.create(streamed))
  },
  'create with a stream flag of either kind': async (client) => {
    const ask = async (stream: boolean): Promise<unknown> => {
      const answer = await client.chat.completions.create({ ...chat, stream })
      return Symbol.asyncIterator in answer ? recordItems(answer) : answer
    }
    return [await ask(false), await ask(true)]
  },
}

const atOnce: Behaviours<OpenAI, OpenAiSdk> = {
  'a hundred calls at once, each with its own answer': async (client, { provider }) => {
    provider.on(/number/, ({ lastUserText }) => `answer to ${lastUserText}`)
    const ask = async (index: number): Promise<unknown> => {
      const params = { ...chat, messages: [{ role: 'user' as const, content: `number ${index}` }] }
      if (index % 2) return (await client.chat.completions.create(params)).choices[0]?.message.content
      let text = ''
      for await (const { choices } of await client.chat.completions.create({ ...params, stream: true }))
        text += choices[0]?.delta.content ?? ''
      return text
    }
    const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => ask(index)))
    if (!answers.every((text, index) => text === `answer to number ${index}`))
      throw new Error(`Mixed up: ${answers.join()}`)
    return answers
  },
}

itIsTransparent([...openaiCases, ...azureCases], ['in memory'], behaviours)
itIsTransparent(openaiCases, ['over HTTP'], behaviours)
itIsTransparent(openaiCases.slice(0, 1), ['in memory', 'over HTTP'], atOnce)
