import { anthropicMessages } from '../../api/anthropic-messages/index.ts'
import type { Api, TextPart } from '../../api/api.ts'
import { openaiChat } from '../../api/openai-chat/index.ts'
import { SluiceError } from '../../errors.ts'
import type { JsonObject } from '../../json.ts'
import { encoderFor } from '../count.ts'
import { perRequestTokens, requestShape } from '../request-shape.ts'
import { cutMarker, cutText, type Measure } from './cut-text.ts'
import { areAnthropic, conversationOf, toolRounds } from './exchanges.ts'
import { asJson, checkTrim, type TrimOptions } from './options.ts'

export interface Trimmed<M> {
  /** The list that was passed in when nothing had to go. */
  readonly messages: readonly M[]
  /** Tokens of `messages`, reserved ones included: at most `maxTokens`. */
  readonly tokens: number
  /** The same of what was passed in. */
  readonly tokensBefore: number
  /** What is no longer there, in order. */
  readonly dropped: readonly M[]
  /** Whether text was taken out of the middle of a message, for want of anything else to drop. */
  readonly isCut: boolean
}

/** Keeps this much free for a summary, of `maxTokens`. */
const summaryShare = 0.1

/**
 * Messages of a chat or Messages request in at most `maxTokens` input tokens.
 *
 * Drops whole exchanges (what the user said and everything up to the next time) and keeps system messages and the last
 * user turn with all that follows it. Only when that alone is too long do its older tool calls go, with their results; and
 * at the very last text is taken out of the middle of its longest message, never of system messages, tool arguments or
 * results in JSON. Once something has to go, it trims to 70 %, so that the turns after it can be appended to an unchanged
 * beginning, which the provider's prompt cache still has.
 *
 * Messages are never changed in place. Counts with the model's encoder, or with `count`; images by the published recipes.
 *
 * @throws {SluiceError} `tokens.over_limit` when what must be kept does not fit; `config.option`; `tokens.limit`;
 * `tokens.input`; `tokens.encoder_missing`.
 *
 * @example
 * import { trimMessages } from '@sluice/core/tokens'
 *
 * const history = [
 *   { role: 'system' as const, content: 'Answer briefly.' },
 *   { role: 'user' as const, content: 'What is a sluice?' },
 * ]
 * const { messages } = await trimMessages(history, { maxTokens: 8_000, model: 'gpt-5-mini', reservedTokens: 1_000 })
 */
export async function trimMessages<M extends object>(
  messages: readonly M[],
  options: TrimOptions<M>,
): Promise<Trimmed<M>> {
  const { maxTokens, model, strategy, reservedTokens = 0, keepShare = 0.7, summarise } = checkTrim(messages, options)
  const counting = countingFor(messages.map(asJson), model, options.count)
  const costs = messages.map((message) => counting.tokensOf(asJson(message)))
  const fixed = reservedTokens + perRequestTokens
  const tokensBefore = costs.reduce((sum, cost) => sum + cost, fixed)
  if (tokensBefore <= maxTokens) return { messages, tokens: tokensBefore, tokensBefore, dropped: [], isCut: false }

  const summaryRoom = summarise ? Math.floor(maxTokens * summaryShare) : 0
  const goal = Math.floor(maxTokens * keepShare) - summaryRoom
  let tokens = tokensBefore
  const gone = new Set<number>()
  const drop = (indexes: readonly number[]): void => {
    for (const index of indexes) {
      gone.add(index)
      tokens -= costs[index] ?? 0
    }
  }
  for (const exchange of droppable(conversationOf(messages.map(asJson)).exchanges, strategy)) {
    if (tokens <= goal) break
    drop(exchange)
  }
  const { exchanges } = conversationOf(messages.map(asJson))
  if (tokens + summaryRoom > maxTokens)
    // The latest results are what the model is about to answer from.
    for (const round of toolRounds(messages.map(asJson), exchanges.at(-1) ?? []).slice(0, -1)) {
      if (tokens <= goal) break
      drop(round)
    }

  const dropped = messages.filter((_, index) => gone.has(index))
  const kept = messages.filter((_, index) => !gone.has(index))
  if (summarise && dropped.length > 0) {
    const room = Math.max(Math.floor(maxTokens * keepShare) - tokens, Math.min(summaryRoom, maxTokens - tokens), 0)
    const summary = counting.message(await summarise({ messages: dropped, maxTokens: room }), room)
    if (summary) {
      // In the place of the first that is gone: after the system messages before it.
      const at = messages.slice(0, Math.min(...gone)).filter((_, index) => !gone.has(index)).length
      kept.splice(at, 0, summary as M)
      tokens += counting.tokensOf(summary)
    }
  }
  const isCut = tokens > maxTokens
  if (isCut) tokens = cutLongest(kept, tokens, maxTokens, counting)
  return { messages: kept, tokens, tokensBefore, dropped, isCut }
}

/** The exchanges that may go, in the order in which they do; never the last. */
function droppable(
  exchanges: readonly (readonly number[])[],
  strategy: TrimOptions<unknown>['strategy'],
): readonly (readonly number[])[] {
  const older = exchanges.slice(0, -1)
  return strategy === 'middle' ? [...older.slice(1), ...older.slice(0, 1)] : older
}

/** Takes text out of messages in place in `kept`, the longest text first, until they fit. */
function cutLongest<M extends object>(kept: M[], tokens: number, maxTokens: number, counting: Counting): number {
  const texts = kept
    .flatMap((message, at) => counting.cuttable(asJson(message)).map((part) => ({ at, part })))
    .map((one) => ({ ...one, tokens: counting.measure.count(one.part.text) }))
    .toSorted((a, b) => b.tokens - a.tokens)
  let left = tokens
  for (const { at, part, tokens: size } of texts) {
    if (left <= maxTokens) break
    const text = cutText(part.text, Math.max(0, size - (left - maxTokens)), counting.measure)
    if (text === undefined) continue
    const message = asJson(kept[at] as M)
    const changed = counting.withText(message, part, text)
    left += counting.tokensOf(changed) - counting.tokensOf(message)
    kept[at] = changed as M
  }
  if (left <= maxTokens) return left
  throw new SluiceError({
    code: 'tokens.over_limit',
    message:
      `What trimMessages() must keep (system messages, the last user turn, its tool arguments and JSON results, reserved ` +
      `tokens) has ${left} tokens, more than maxTokens ${maxTokens}. Raise maxTokens, reserve less, or shorten those messages.`,
    details: { tokens: left, maxTokens },
  })
}

/** How the messages of one dialect are counted and changed. */
interface Counting {
  readonly measure: Measure
  tokensOf(message: JsonObject): number
  /** The texts of a message that may be cut. */
  cuttable(message: JsonObject): readonly TextPart[]
  withText(message: JsonObject, part: TextPart, text: string): JsonObject
  /** A message of the user in at most so many tokens; `undefined` for no text or no room. */
  message(text: string, maxTokens: number): JsonObject | undefined
}

function countingFor(
  messages: readonly JsonObject[],
  model: string,
  own: ((text: string) => number) | undefined,
): Counting {
  const encoder = own ? undefined : encoderFor(model, 'trimMessages()')
  const count = own ?? ((text: string) => encoder?.count(text) ?? 0)
  const measure: Measure = { count, encoder }
  // The two dialects differ in types only: what is asked of them here reads and rewrites `messages` of any shape.
  const api = (areAnthropic(messages) ? anthropicMessages : openaiChat) as unknown as Api
  const requestOf = (message: JsonObject) => ({ model, messages: [message] }) as never

  const tokensOf = (message: JsonObject): number => {
    const { texts, names, mediaTokens, overheadTokens } = requestShape(api, requestOf(message))
    let sum = mediaTokens + overheadTokens - perRequestTokens
    for (const part of texts) sum += count(part.text)
    for (const name of names) sum += count(name)
    return sum
  }
  return {
    measure,
    tokensOf,
    cuttable(message) {
      return api.prompt(requestOf(message)).filter(({ role, kind, text }) => {
        if (role === 'system') return false
        return kind === 'text' || (kind === 'tool_result' && !isJson(text))
      })
    },
    withText(message, part, text) {
      const path = part.path.join('/')
      const request = api.mapText(requestOf(message), (one) => (one.path.join('/') === path ? text : one.text))
      return (request as unknown as { messages: readonly JsonObject[] }).messages[0] ?? message
    },
    message(text, maxTokens) {
      const bare = { role: 'user', content: text }
      if (text === '' || tokensOf(bare) <= maxTokens) return text === '' ? undefined : bare
      const cut = cutText(text, maxTokens - tokensOf({ role: 'user', content: '' }), measure)
      return cut === undefined || cut === cutMarker ? undefined : { role: 'user', content: cut }
    },
  }
}

function isJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
