import OpenAI from 'openai'
import OpenAI6 from 'openai-6'
import { describe, expect, it } from 'vitest'
import { chatServerFixtures } from '../../testing/fixtures/openai-chat-servers.ts'
import { chatFixtures } from '../../testing/fixtures/openai-chat.ts'
import { fold } from '../api.ts'
import { openaiChat } from './index.ts'
import type { ChatAnswer, ChatEvent } from './wire.ts'

/** What the SDK makes of these events, read from a body as a provider would send it. */
async function accumulate(Client: typeof OpenAI, events: readonly ChatEvent[]): Promise<unknown> {
  const body = events.map((event) => openaiChat.encode(event)).join('') + openaiChat.trailer
  const client = new Client({
    apiKey: 'test',
    maxRetries: 0,
    fetch: async () => new Response(body, { headers: { 'content-type': 'text/event-stream' } }),
  })
  const stream = client.chat.completions.stream({ model: 'm', messages: [{ role: 'user', content: 'Hi' }] })
  return JSON.parse(JSON.stringify(await stream.finalChatCompletion()))
}

/** Without what the accumulator adds of its own, with the fields it fills in, without the null ones it drops. */
function comparable(answer: unknown, lost: readonly string[]): unknown {
  const { choices, ...top } = structuredClone(answer) as ChatAnswer
  for (const field of lost) delete (top as Record<string, unknown>)[field]
  return {
    ...top,
    choices: choices.map(({ message, ...choice }) => {
      const { parsed: _, ...rest } = { refusal: null, ...message } as Record<string, unknown>
      for (const field of lost) delete rest[field]
      for (const field of ['audio', 'function_call', 'tool_calls']) if (rest[field] === null) delete rest[field]
      return { logprobs: null, ...choice, message: { ...rest, content: rest['content'] || null } }
    }),
  }
}

/**
 * What `finalChatCompletion()` gets wrong in every version: it keeps the last piece of reasoning and of annotations, and
 * lets a later `usage: null` erase the usage.
 */
const lostBySdk: Record<string, readonly string[]> = {
  'DeepSeek: reasoning_content, usage on the last chunk': ['reasoning_content'],
  'OpenRouter: reasoning beside content, annotations one by one, fields of its own': [
    'reasoning',
    'reasoning_details',
    'annotations',
  ],
  'vLLM: usage with every chunk, first of all by itself': ['usage'],
}

/** Version 6 also keeps the padding of the last chunk, makes `null` of empty content, and cannot gather custom tools. */
const clients: readonly {
  version: string
  Client: typeof OpenAI
  lost: readonly string[]
  fails: readonly string[]
}[] = [
  { version: 'openai 7', Client: OpenAI, lost: [], fails: [] },
  {
    version: 'openai 6',
    Client: OpenAI6 as unknown as typeof OpenAI,
    lost: ['obfuscation'],
    fails: ['text, then a custom tool call'],
  },
]

for (const { version, Client, lost: always, fails } of clients) {
  describe(version, () => {
    for (const { name, events, whole, incomplete } of [...chatFixtures, ...chatServerFixtures]) {
      if (incomplete || fails.includes(name) || events?.some((event) => openaiChat.error(event))) continue
      const lost = [...always, ...(lostBySdk[name] ?? [])]
      if (events)
        it(`folds as the SDK accumulates: ${name}`, async () => {
          expect(comparable(await accumulate(Client, events), lost)).toEqual(comparable(fold(openaiChat, events), lost))
        })
      if (whole)
        it(`replays what the SDK accumulates to the answer: ${name}`, async () => {
          const cuts = openaiChat.answerText(whole).flatMap(({ part }) => [[part, 2] as const, [part, 1] as const])
          for (const replayed of [openaiChat.replay(whole), openaiChat.replay(whole, cuts)])
            expect(comparable(await accumulate(Client, replayed), lost)).toEqual(comparable(whole, lost))
        })
    }

    it('sees every event as it was encoded', async () => {
      const { events = [] } = chatFixtures[0] ?? {}
      const body = events.map((event) => openaiChat.encode(event)).join('') + openaiChat.trailer
      const client = new Client({ apiKey: 'test', fetch: async () => new Response(body) })
      const seen = []
      for await (const chunk of await client.chat.completions.create({ model: 'm', messages: [], stream: true }))
        seen.push(chunk)
      expect(seen).toEqual(events)
    })
  })
}
