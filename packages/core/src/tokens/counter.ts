import type { ApiId } from '../api/api.ts'
import type { Call } from '../call.ts'
import { GrowingText } from './bpe/growing-text.ts'
import { checkText } from './estimate.ts'
import { countShape, encoderFor, type RequestCount } from './count.ts'
import { encodingOf, type ModelEncoding } from './encoding-of.ts'
import { LeastRecent } from './least-recent.ts'
import { checkRequest } from './request-check.ts'
import { requestShape } from './request-shape.ts'

/** Counts one text that grows, or one conversation that grows, at the cost of what is new. */
export interface TokenCounter {
  readonly model: string
  readonly encoding: ModelEncoding
  /** Tokens of the text so far: exactly those of the whole, however it came. */
  readonly tokens: number
  /** Adds to the text, cut anywhere, inside a surrogate pair too. Returns the counter. */
  append(text: string): TokenCounter
  /** Makes `text` the text. When it begins with what was there, only the rest is counted. Returns its tokens. */
  set(text: string): number
  /**
   * The tokens of a request for this model as `countRequest` has them; texts that an earlier request of this counter held
   * are not counted again.
   */
  countRequest<A extends ApiId>(call: Pick<Call<A>, 'api' | 'request'>): RequestCount
}

/** Characters of messages whose counts one counter remembers. */
const rememberedCharacters = 4_000_000

/**
 * A counter for texts and conversations that only grow: a streamed answer, a chat that is sent again with every turn.
 * Keeps the last words of the text and of a conversation its texts, up to 4 million characters. Not for several streams
 * at once: make one for each.
 *
 * @throws {SluiceError} `tokens.input`, `tokens.encoder_missing`.
 *
 * @example
 * import { tokenCounter } from '@sluice/core/tokens'
 *
 * const counter = tokenCounter('gpt-5-mini')
 * for (const delta of ['Hel', 'lo ', 'wor', 'ld']) counter.append(delta)
 * console.log(counter.tokens) // 2, as of 'Hello world'
 */
export function tokenCounter(model: string): TokenCounter {
  const encoder = encoderFor(model, 'tokenCounter()')
  const counts = new LeastRecent<string, number>(rememberedCharacters, (text) => text.length + 16)
  let growing = new GrowingText(encoder)
  // Known from a `set` on, so that the next one can be compared with it.
  let whole: string | undefined

  const counter: TokenCounter = {
    model,
    encoding: encodingOf(model),
    get tokens() {
      return growing.tokens
    },
    append(text) {
      checkText(text, 'append()')
      growing.append(text)
      if (whole !== undefined) whole += text
      return counter
    },
    set(text) {
      checkText(text, 'set()')
      if (whole !== undefined && text.startsWith(whole)) growing.append(text.slice(whole.length))
      else {
        growing = new GrowingText(encoder)
        growing.append(text)
      }
      whole = text
      return growing.tokens
    },
    countRequest(call) {
      checkRequest(call.request, 'countRequest()')
      return countShape(requestShape(call.api, call.request), model, (text) => {
        // Counting a few words costs less than looking them up.
        if (text.length < 32) return encoder.count(text)
        let count = counts.get(text)
        if (count === undefined) counts.set(text, (count = encoder.count(text)))
        return count
      })
    },
  }
  return counter
}
