import type { AnswerOf, Api, EventOf, JsonObject } from '@sluice/core'
import { anthropicMessages, fold, openaiChat, openaiResponses } from '@sluice/core/apis'
import type { Loss } from '../lossy.ts'
import { customToolsOf } from '../stream/custom-tools.ts'
import { streamDecoder } from '../stream/decoder.ts'
import { streamEncoder } from '../stream/encoder.ts'
import type { EncoderOptions } from '../stream/encoder-options.ts'
import { reading } from '../stream/malformed.ts'
import type { BridgedApi, StreamPiece } from '../stream/piece.ts'

/** What a translation knows besides the answer. */
export interface TranslateAnswerOptions extends Pick<EncoderOptions, 'model' | 'id' | 'now'> {
  /** The caller's request, in the dialect `to`. */
  readonly request?: JsonObject
}

export interface TranslatedAnswer<A extends BridgedApi> {
  readonly answer: AnswerOf<A>
  /** What could not be carried; the paths are places in the answer that was translated. */
  readonly lossy: readonly Loss[]
}

export const bridgedApis: { readonly [A in BridgedApi]: Api<A> } = {
  'openai.chat': openaiChat,
  'anthropic.messages': anthropicMessages,
  'openai.responses': openaiResponses,
}

/**
 * A whole answer in another dialect: that which the stream of it would add up to, so that both ways of asking get the
 * same. The id and the model stay those of the provider that answered; ids of tool calls stay as they are. An answer that
 * is not finished, or failed, gives one that is not finished.
 *
 * @throws {SluiceError} `bridge.malformed` for an answer that is not in the dialect `from`.
 * @param from the dialect of `answer`.
 * @param to the dialect of the result; the answer itself where it is `from`.
 */
export function translateAnswer<From extends BridgedApi, To extends BridgedApi>(
  from: From,
  to: To,
  answer: AnswerOf<From>,
  options: TranslateAnswerOptions = {},
): TranslatedAnswer<To> {
  if ((from as BridgedApi) === to) return { answer: answer as unknown as AnswerOf<To>, lossy: [] }
  const decoder = streamDecoder(from, { customTools: customToolsOf(options.request) })
  const encoder = streamEncoder(to, { ...options, includeUsage: true })
  const pieces = [
    ...reading(from, 'answer', () => eventsOf(from, answer)).flatMap((event) => decoder.push(event)),
    ...decoder.end(),
  ]
  const start = pieces.find(({ type }) => type === 'start') ?? nameless
  const events = [start, ...pieces].flatMap((piece) => encoder.push(piece))
  events.push(...encoder.end())
  const { model = options.model ?? '', id = options.id ?? '' } = start as typeof nameless
  const empty = { id, object: 'chat.completion', created: 0, model, choices: [] } as unknown as AnswerOf<To>
  return { answer: fold(bridgedApis[to] as Api<To>, events) ?? empty, lossy: encoder.lossy }
}

const nameless: Extract<StreamPiece, { type: 'start' }> = {
  type: 'start',
  id: undefined,
  model: undefined,
  createdAtS: undefined,
}

/** The answer as events, for a decoder. */
function eventsOf<A extends BridgedApi>(api: A, answer: AnswerOf<A>): readonly EventOf<A>[] {
  if (api !== 'openai.chat') return (bridgedApis[api] as Api<A>).replay(answer)
  const { usage, choices, ...head } = answer as AnswerOf<'openai.chat'>
  // A message has the fields of a delta; log probabilities stay with the text that they are of.
  const made = (choices ?? []).map(({ message, ...choice }) => ({
    ...choice,
    delta: { ...message, tool_calls: message?.tool_calls?.map((call, index) => ({ ...call, index })) ?? [] },
  }))
  return [{ ...head, choices: made, ...(usage && { usage }) } as unknown as EventOf<A>]
}
