import Anthropic from '@anthropic-ai/sdk'
import type { Api, EventOf } from '@sluice/core'
import { fold } from '@sluice/core/apis'
import fc from 'fast-check'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { bridgedApis, translateAnswer } from '../answer/translate-answer.ts'
import { streamEncoder } from './encoder.ts'
import { generatedPieces } from './fixtures/generated-pieces.ts'
import { nativeStreams } from './fixtures/native-streams.ts'
import type { BridgedApi } from './piece.ts'
import { translateEvents } from './translate-events.ts'

const apis = Object.keys(bridgedApis) as BridgedApi[]
const pairs = apis.flatMap((from) => apis.filter((to) => to !== from).map((to) => [from, to] as const))
const options = { includeUsage: true, now: () => 1_763_800_000_000 }

const api = (id: BridgedApi): Api => bridgedApis[id] as unknown as Api

/** A client whose every answer is this stream. */
async function clientOptions(
  id: BridgedApi,
  events: AsyncIterable<unknown>,
): Promise<ConstructorParameters<typeof OpenAI>[0]> {
  let body = ''
  for await (const event of events) body += api(id).encode(event as never)
  const headers = { 'content-type': 'text/event-stream' }
  const response = new Response(body + api(id).trailer, { headers })
  return { apiKey: 'test', maxRetries: 0, fetch: async () => response }
}

const messages = [{ role: 'user' as const, content: 'Hi' }]

/** What the official SDK makes of a stream, with its own accumulator. */
async function accumulated(id: BridgedApi, events: AsyncIterable<unknown>): Promise<unknown> {
  const client = await clientOptions(id, events)
  const final = {
    'openai.chat': () => new OpenAI(client).chat.completions.stream({ model: 'm', messages }).finalChatCompletion(),
    'openai.responses': () => new OpenAI(client).responses.stream({ model: 'm', input: 'Hi' }).finalResponse(),
    'anthropic.messages': () =>
      new Anthropic(client as object).messages.stream({ model: 'm', max_tokens: 9, messages }).finalMessage(),
  }
  return clean(await final[id]())
}

/** Less what the SDKs add of their own, and what they get wrong: of reasoning in chat they keep the last piece only. */
function clean(answer: unknown): unknown {
  const added = new Set([
    'output_text',
    'output_parsed',
    'parsed',
    'parsed_arguments',
    'parsed_output',
    'reasoning_content',
  ])
  // The SDK does not read cache writes by lifetime at the end of a message.
  added.add('cache_creation')
  return JSON.parse(JSON.stringify(answer, (key, field: unknown) => (added.has(key) ? undefined : field)))
}

/** Chat: the accumulator has `null` for no text. Anthropic: JSON that was cut is parsed as far as it goes. */
function comparable(answer: unknown): unknown {
  return JSON.parse(JSON.stringify(clean(answer)).replaceAll('"content":""', '"content":null'))
}

describe.each(pairs)('%s to %s', (from, to) => {
  const translated = (events: readonly unknown[]): AsyncIterable<unknown> =>
    translateEvents(from, to, ReadableStream.from(events) as never, options)
  const streams = nativeStreams[from].filter(
    ({ events, incomplete, name }) => events && !incomplete && !/error|failed|as models write it/.test(name),
  )

  it.each(streams.map(({ name, events = [] }) => [name, events] as const))('the SDK reads %s', async (_, events) => {
    const { answer } = translateAnswer(from, to, fold(api(from), events as never) as never, options)
    expect(comparable(await accumulated(to, translated(events)))).toEqual(comparable(answer))
  })

  it('the SDK reads any stream as the translated answer', async () => {
    await fc.assert(
      fc.asyncProperty(generatedPieces(from), async (pieces) => {
        const encoder = streamEncoder(from, options)
        const events = [...pieces.flatMap((piece) => encoder.push(piece)), ...encoder.end()] as EventOf<never>[]
        const { answer } = translateAnswer(from, to, fold(api(from), events) as never, options)
        expect(comparable(await accumulated(to, translated(events)))).toEqual(comparable(answer))
      }),
      { numRuns: 40 },
    )
  })
})

describe.each(apis)('an error in the stream, as the SDK of %s meets it', (to) => {
  const from = to === 'openai.chat' ? 'anthropic.messages' : 'openai.chat'

  it('is thrown with the code of the provider', async () => {
    const pieces = [
      { type: 'start', id: 'a', model: 'm', createdAtS: 1 },
      { type: 'text', part: 0, text: 'Well' },
      { type: 'error', error: { code: 'overloaded_error', type: 'overloaded_error', message: 'Try later.' } },
    ] as const
    const encoder = streamEncoder(from, options)
    const events = pieces.flatMap((piece) => [...encoder.push(piece)])
    const stream = translateEvents(from, to, ReadableStream.from(events) as never, options)
    await expect(accumulated(to, stream)).rejects.toThrow(/Try later|overloaded_error/)
  })
})
