import { describe, expect, it } from 'vitest'
import type { Api, Folder } from '../api/api.ts'
import { openaiChat } from '../api/openai-chat/index.ts'
import type { ChatAnswer, ChatEvent, ChatRequest } from '../api/openai-chat/wire.ts'
import { isObject } from '../json.ts'
import { apiContract } from './api-contract.ts'
import { chatServerFixtures } from './fixtures/openai-chat-servers.ts'
import { chatFixtures } from './fixtures/openai-chat.ts'
import { chatRequestFixtures } from './fixtures/openai-requests.ts'

const chat = openaiChat
const fixtures = [...chatFixtures, ...chatServerFixtures, ...chatRequestFixtures]

/** The cases of a law, or of all laws, that an Api breaks. */
function broken(change: Partial<Api<'openai.chat'>>, law = ''): readonly string[] {
  const cases = apiContract({ ...chat, ...change }, fixtures).filter(({ name }) => name.endsWith(law))
  const failed = cases.filter(({ run }) => {
    try {
      void run()
      return false
    } catch {
      return true
    }
  })
  return failed.map(({ name }) => name)
}

function folderWith(
  change: (folder: Folder<'openai.chat'>) => Partial<Folder<'openai.chat'>>,
): () => Folder<'openai.chat'> {
  return () => {
    const folder = chat.folder()
    return { push: folder.push, answer: folder.answer, boundaries: folder.boundaries, ...change(folder) }
  }
}

it('holds for a good Api', () => {
  expect(broken({})).toEqual([])
})

it('lists its cases even where the Api throws at once', () => {
  const fails = (): never => {
    throw new Error('nothing works')
  }
  const law = 'can be folded and replayed'
  expect(broken({ replay: fails, folder: fails }, law)).toContain(`whole: no choices, no usage: ${law}`)
})

describe('a broken Api is found out', () => {
  it.each<[law: string, change: Partial<Api<'openai.chat'>>]>([
    ['withModel changes the model alone', { withModel: ({ messages }, model) => ({ model, messages }) }],
    ['withModel changes the model alone', { withModel: (request, model) => ({ ...request, model }) }],
    ['withModel changes the model alone', { withModel: (request, model) => Object.assign(request, { model }) }],
    ['withStream changes how the answer comes alone', { withStream: (request, stream) => ({ ...request, stream }) }],
    ['withStream changes how the answer comes alone', { withStream: (request) => request }],
    [
      'withStreamUsage is idempotent and changes no text',
      { withStreamUsage: (request) => ({ ...request, stream_options: { include_usage: true } }) },
    ],
    [
      'prompt parts say where they are',
      { prompt: (r) => chat.prompt(r).map((part) => ({ ...part, path: part.path.slice(1) })) },
    ],
    [
      'mapText with identity returns the same object',
      { mapText: (request, map) => ({ ...chat.mapText(request, map) }) },
    ],
    [
      'mapText rewrites exactly the prompt parts',
      { mapText: (r, map) => chat.mapText(r, (part) => (part.kind === 'tool_result' ? part.text : map(part))) },
    ],
    [
      'mapText rewrites exactly the prompt parts',
      { prompt: (r) => chat.prompt(r).filter(({ role }) => role !== 'system') },
    ],
    [
      'mapText rewrites exactly the prompt parts',
      { mapText: (r, map) => ({ ...(JSON.parse(JSON.stringify(chat.mapText(r, map))) as ChatRequest) }) },
    ],
    [
      'mapAnswer rewrites exactly the answer text',
      { mapAnswer: (value, map) => ({ ...chat.mapAnswer(value, map), system_fingerprint: 'rewritten' }) },
    ],
    ['mapAnswer rewrites exactly the answer text', { mapAnswer: (value) => value }],
    [
      'mapAnswer with identity returns the same object',
      { mapAnswer: (value, map) => ({ ...chat.mapAnswer(value, map) }) },
    ],
    [
      'parts of an answer are named once',
      { answerText: (v) => chat.answerText(v).map((part) => ({ ...part, part: 'text' })) },
    ],
    [
      'the view says what the answer text says',
      {
        answer: (v) => ({
          ...chat.answer(v),
          choices: chat.answer(v).choices.map((c) => ({ ...c, text: c.text.trim() + '.' })),
        }),
      },
    ],
    ['token meters sum to the provider totals', { usage: (v) => withoutCache(chat.usage(v)) }],
    [
      'usage runs up to the provider totals',
      { usage: (v) => ('choices' in v && v.choices.length ? chat.usage(v) : undefined) },
    ],
    ['an answer is no error', { error: () => ({ code: 'x', type: undefined, message: 'x' }) }],
    [
      'nothing that is not an error is taken for one',
      { error: (v) => (isObject(v) ? { code: 'x', type: 'x', message: 'x' } : undefined) },
    ],
    ['errors are given back by their code', { errorBody: ({ message }) => ({ error: { message } }) }],
    [
      'events fold to the whole answer',
      { folder: folderWith(({ answer }) => ({ answer: () => ({ ...answer(), object: 'x' }) as ChatAnswer })) },
    ],
    [
      'an answer taken in the middle does not change afterwards',
      {
        folder: () => {
          const seen: ChatEvent[] = []
          const folder = chat.folder()
          const answer = (): ChatAnswer =>
            ({ ...folder.answer(), choices: folder.answer()?.choices ?? [], seen }) as ChatAnswer
          return { ...folder, push: (event) => (seen.push(event), folder.push(event)), answer }
        },
      },
    ],
    [
      'events fold to the whole answer',
      { folder: folderWith(({ push }) => ({ push: (event) => push(Object.assign(event, { seen: true })) })) },
    ],
    [
      'a folder that saw nothing has no answer',
      { folder: folderWith(({ answer }) => ({ answer: () => answer() ?? ({ choices: [] } as never) })) },
    ],
    [
      'replay folds back to the answer',
      { replay: (value, cuts) => chat.replay({ ...value, provider: undefined, x_unknown_to_sluice: 1 }, cuts) },
    ],
    ['replay cuts where the stream was cut', { replay: (value) => chat.replay(value) }],
    ['replay cuts where the stream was cut', { folder: folderWith(() => ({ boundaries: () => [] })) }],
    ['replay cuts where it is told', { replay: (value, cuts) => chat.replay(value, cuts?.toReversed()) }],
    [
      'replay survives boundaries that do not fit',
      {
        replay: (value, cuts = []) => (cuts.some(([part]) => part === 'no-such-part') ? [] : chat.replay(value, cuts)),
      },
    ],
    [
      'deltas of a stream join to the text of its answer',
      { delta: (event) => chat.delta(event).filter(({ channel }) => channel !== 'reasoning') },
    ],
    [
      'deltas of a stream join to the text of its answer',
      { delta: (e) => chat.delta(e).map((part) => ({ ...part, mode: 'snapshot' })) },
    ],
    [
      'mapDelta with identity returns the same object',
      { mapDelta: (event, map) => ({ ...chat.mapDelta(event, map) }) },
    ],
    [
      'mapDelta rewrites exactly the texts of delta',
      { mapDelta: (event, map) => ({ ...chat.mapDelta(event, map), id: 'other' }) },
    ],
    ['mapDelta rewrites exactly the texts of delta', { mapDelta: (event) => event }],
    ['events with text are content', { isContent: () => false }],
    ['the answer is over with its terminal event and not before', { isTerminal: () => false }],
    ['the answer is over with its terminal event and not before', { isTerminal: () => true }],
    ['the answer is over with its terminal event and not before', { isTerminal: (event) => event.choices?.length > 0 }],
    ['events of usage alone can be left out', { isUsageOnly: (event) => chat.usage(event) !== undefined }],
    ['events of usage alone can be left out', { isUsageOnly: (event) => !chat.isContent(event) }],
    ['encoded events are read back from server-sent events', { encode: (event) => `data: ${JSON.stringify(event)}\n` }],
    [
      'nothing but the trace of streamed usage is taken out of events',
      {
        withoutUsageTrace: (event) => (event.usage ? { ...event, usage: null } : event),
      },
    ],
    [
      'nothing but the trace of streamed usage is taken out of events',
      { withoutUsageTrace: (event) => ({ ...event }) },
    ],
    [
      'encoded events are read back from server-sent events',
      { encode: (e) => `data: ${JSON.stringify(e, null, 1)}\n\n` },
    ],
    ['encoded events are read back from server-sent events', { trailer: 'data: [DONE]\n' }],
  ])('%s (%#)', (law, change) => {
    expect(broken(change, law)).not.toEqual([])
  })
})

function withoutCache(usage: ReturnType<typeof chat.usage>): ReturnType<typeof chat.usage> {
  return usage && { ...usage, cacheRead: 0 }
}
