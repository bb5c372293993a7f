import type { Call } from '../call.ts'
import type { ApiId } from '../api/api.ts'
import { SluiceError } from '../errors.ts'
import { encoderOf } from './bpe/encoders.ts'
import { utf8, type Encoder } from './bpe/encoder.ts'
import { encodingOf, type ModelEncoding } from './encoding-of.ts'
import { checkText, kindOf } from './estimate.ts'
import { tokensOf, type RequestTokens } from './estimate-request.ts'
import { checkRequest } from './request-check.ts'
import { modelOf, requestShape, type RequestShape } from './request-shape.ts'

/**
 * The tokens of `text` in the model's encoding, token for token as tiktoken counts; special tokens in it count as the
 * ordinary text they are. Near-linear for any text: a megabyte of one letter takes less than a second.
 *
 * Needs the optional peer `@dqbd/tiktoken`, whose ranks are read when they are first needed (about 60 ms and 8 MB for
 * o200k_base; {@link preloadEncoding} does it ahead). For models whose tokenizer is not public this is o200k_base:
 * see {@link encodingOf}.
 *
 * @throws {SluiceError} `tokens.input` for a text or model that is not a string; `tokens.encoder_missing` without the peer.
 *
 * @example
 * import { countTokens } from '@sluice/core/tokens'
 * const tokens = countTokens('How many tokens is this?', 'gpt-5-mini')
 */
export function countTokens(text: string, model: string): number {
  checkText(text, 'countTokens()')
  return encoderFor(model, 'countTokens()').count(text)
}

/**
 * Whether `text` has at most `limit` tokens. Stops as soon as that is known: at once for texts that are far too long or
 * short enough in bytes.
 *
 * @throws {SluiceError} `tokens.input`, `tokens.limit` for a limit that is no whole number ≥ 0, `tokens.encoder_missing`.
 *
 * @example
 * import { isWithinTokens } from '@sluice/core/tokens'
 * if (!isWithinTokens('a question', 2_000, 'gpt-5-mini')) throw new Error('Too long')
 */
export function isWithinTokens(text: string, limit: number, model: string): boolean {
  checkText(text, 'isWithinTokens()')
  checkLimit(limit, 'limit of isWithinTokens()')
  const encoder = encoderFor(model, 'isWithinTokens()')
  // Every token is at least one byte and at most 128, and every UTF-16 unit one to three bytes.
  if (text.length * 3 <= limit) return true
  return text.length <= limit * 128 && encoder.count(text, limit) <= limit
}

/**
 * The longest beginning of `text` with at most `maxTokens` tokens; it ends between characters and never inside a surrogate
 * pair. The text itself when it is short enough.
 *
 * @throws {SluiceError} `tokens.input`, `tokens.limit`, `tokens.encoder_missing`.
 */
export function truncateTokens(text: string, maxTokens: number, model: string): string {
  checkText(text, 'truncateTokens()')
  checkLimit(maxTokens, 'maxTokens of truncateTokens()')
  return truncated(encoderFor(model, 'truncateTokens()'), text, maxTokens)
}

function truncated(encoder: Encoder, text: string, maxTokens: number): string {
  if (encoder.count(text, maxTokens) <= maxTokens) return text
  const bytes = utf8(text)
  const ends = encoder.boundaries(bytes, maxTokens)
  // A beginning may split otherwise than the whole; then it is a token too long, seldom more.
  for (let kept = Math.min(maxTokens, ends.length); kept > 0; kept -= 1) {
    let end = ends[kept - 1] ?? 0
    while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1
    const beginning = Buffer.from(bytes.buffer, bytes.byteOffset, end).toString('utf8')
    if (encoder.count(beginning, maxTokens) <= maxTokens) return text.slice(0, beginning.length)
  }
  return ''
}

/** A request's tokens, counted with the encoder of its model. */
export interface RequestCount extends RequestTokens {
  /** What the text was counted in, and whether that is the model's own. */
  readonly encoding: ModelEncoding
}

/**
 * The input tokens of a call: its text with the model's encoder, tools, images and overheads as `estimateRequest` has them.
 * Without tools and images it is within a few tokens of what OpenAI bills; for the provider's own figure ask it:
 * `exactCounter`.
 *
 * @throws {SluiceError} `tokens.input` for a request that is not an object; `tokens.encoder_missing` without the peer.
 *
 * @example
 * import type { Middleware } from '@sluice/core'
 * import { countRequest } from '@sluice/core/tokens'
 *
 * const logged: Middleware = (call, next) => {
 *   console.log(countRequest(call).byPart)
 *   return next(call)
 * }
 */
export function countRequest<A extends ApiId>(call: Pick<Call<A>, 'api' | 'request'>): RequestCount {
  const { api, request } = call
  checkRequest(request, 'countRequest()')
  const model = modelOf(api, request)
  const encoder = encoderFor(model, 'countRequest()')
  return countShape(requestShape(api, request), model, (text) => encoder.count(text))
}

export function countShape(shape: RequestShape, model: string, count: (text: string) => number): RequestCount {
  let text = 0
  for (const part of shape.texts) text += count(part.text)
  for (const name of shape.names) text += count(name)
  return { ...tokensOf(shape, text, count(shape.definitions)), encoding: encodingOf(model) }
}

/**
 * Reads the ranks for a model ahead of the first count, so that it does not wait for them (about 60 ms of CPU).
 *
 * @throws {SluiceError} `tokens.encoder_missing` without the peer `@dqbd/tiktoken`.
 */
export function preloadEncoding(model: string): void {
  encoderFor(model, 'preloadEncoding()')
}

export function encoderFor(model: unknown, of: string): Encoder {
  if (typeof model === 'string') return encoderOf(encodingOf(model).encoding)
  throw new SluiceError({
    code: 'tokens.input',
    message: `The model of ${of} must be a model's name, got ${kindOf(model)}. Name it, for example "gpt-5-mini".`,
    details: { got: kindOf(model) },
  })
}

export function checkLimit(limit: unknown, of: string): void {
  if (Number.isSafeInteger(limit) && (limit as number) >= 0) return
  throw new SluiceError({
    code: 'tokens.limit',
    message: `The ${of} must be a whole number of tokens of at least 0, got ${String(limit)}.`,
  })
}
