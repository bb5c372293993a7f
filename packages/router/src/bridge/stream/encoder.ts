import { ChatEncoder } from './encode-chat.ts'
import { MessagesEncoder } from './encode-messages.ts'
import { ResponsesEncoder } from './encode-responses.ts'
import type { EncoderOptions } from './encoder-options.ts'
import type { BridgedApi, StreamEncoder } from './piece.ts'

/** A writer of one native stream out of neutral pieces. */
export function streamEncoder<A extends BridgedApi>(api: A, options: EncoderOptions = {}): StreamEncoder<A> {
  const encoders = {
    'openai.chat': ChatEncoder,
    'anthropic.messages': MessagesEncoder,
    'openai.responses': ResponsesEncoder,
  }
  return new encoders[api](options) as unknown as StreamEncoder<A>
}
