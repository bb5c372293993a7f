import { decodeChat } from './decode-chat.ts'
import { decodeMessages } from './decode-messages.ts'
import { decodeResponses } from './decode-responses.ts'
import { reading } from './malformed.ts'
import type { BridgedApi, StreamDecoder } from './piece.ts'

/** What a decoder has to know of the request that is answered. */
export interface DecoderOptions {
  /**
   * Names of the caller's custom tools. Anthropic has none: there the request offered functions of one text in their
   * place, whose calls are turned back. @default none
   */
  readonly customTools?: ReadonlySet<string>
}

/**
 * A reader of one native stream as neutral pieces. What it does not know it skips.
 *
 * @throws {SluiceError} `bridge.malformed` from `push`, for an event whose known fields are of another kind.
 */
export function streamDecoder<A extends BridgedApi>(api: A, options: DecoderOptions = {}): StreamDecoder<A> {
  const { customTools = new Set<string>() } = options
  const decoders = {
    'openai.chat': decodeChat,
    'anthropic.messages': () => decodeMessages(customTools),
    'openai.responses': decodeResponses,
  }
  const decoder = decoders[api]() as StreamDecoder<A>
  return { push: (event) => reading(api, 'event', () => decoder.push(event)), end: () => decoder.end() }
}
