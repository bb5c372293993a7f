import type { ApiId, EventOf, Finish, ProviderError, Usage } from '@sluice/core'
import type { Loss, Path } from '../lossy.ts'

/** The dialects that can be translated into each other. */
export type BridgedApi = Extract<ApiId, 'openai.chat' | 'anthropic.messages' | 'openai.responses'>

/** What a part of an answer holds. */
export type PartKind = 'text' | 'reasoning' | 'refusal' | 'tool'

/** Opaque proof or cipher text that belongs to reasoning; only the provider that made it can read it. */
export interface Seal {
  readonly by: BridgedApi
  readonly value: string
  /** Where it is in the answer. */
  readonly path: Path
}

/**
 * One step of a streamed answer, whatever its dialect. `part` numbers the parts of one source in the order in which they
 * begin; a part begins with its first piece. Parts may interleave.
 */
export type StreamPiece =
  /** What the provider says of the answer before it begins. `createdAtS` is in Unix seconds. */
  | {
      readonly type: 'start'
      readonly id: string | undefined
      readonly model: string | undefined
      readonly createdAtS: number | undefined
    }
  | { readonly type: 'text'; readonly part: number; readonly text: string; readonly logprobs?: Logprobs }
  | { readonly type: 'refusal'; readonly part: number; readonly text: string; readonly logprobs?: Logprobs }
  /** `raw`: the reasoning itself and not a summary of it, where the dialect tells the two apart (Responses). */
  | { readonly type: 'reasoning'; readonly part: number; readonly text: string; readonly raw?: true }
  /** `id` is as the provider gave it, `''` where it gave none. `custom`: its input is free text and not JSON. */
  | {
      readonly type: 'toolStart'
      readonly part: number
      readonly id: string
      readonly name: string
      readonly custom?: boolean
    }
  | { readonly type: 'toolDelta'; readonly part: number; readonly id: string; readonly text: string }
  | {
      readonly type: 'partEnd'
      readonly part: number
      readonly kind: PartKind
      readonly id?: string
      readonly seal?: Seal
    }
  /** The message or the train of thought that holds the last parts is over: what follows begins another one. */
  | {
      readonly type: 'itemEnd'
      readonly kind: 'message' | 'reasoning'
      readonly seal?: Seal
      readonly incomplete?: true
    }
  /** All tokens so far; each one takes the place of the one before. */
  | { readonly type: 'usage'; readonly usage: Usage }
  /** `native` is the provider's own word for a reason that the dialects do not share. */
  | {
      readonly type: 'finish'
      readonly reason: Exclude<Finish, 'error'>
      readonly stopSequence?: string
      readonly native?: string
    }
  | { readonly type: 'error'; readonly error: ProviderError }
  /** Something in the answer that no other dialect has a place for. */
  | { readonly type: 'loss'; readonly loss: Loss }

/** Log probabilities by token; chat and Responses spell them alike. */
export type Logprobs = readonly object[]

/** Reads the native events of one stream as pieces. */
export interface StreamDecoder<A extends BridgedApi = BridgedApi> {
  push(event: EventOf<A>): readonly StreamPiece[]
  /** What is left when the events are over. A stream that broke off has no `finish`. */
  end(): readonly StreamPiece[]
}

/** Writes pieces as the native events of one stream. */
export interface StreamEncoder<A extends BridgedApi = BridgedApi> {
  /**
   * Learns from a native event that the consumer got from another source, so that what is pushed later continues its
   * stream: the same ids, indices and numbers, and the same part where the last one is still open.
   */
  adopt(event: EventOf<A>): void
  push(piece: StreamPiece): readonly EventOf<A>[]
  /** The events that end the stream; none after an error, or where no `finish` was pushed. */
  end(): readonly EventOf<A>[]
  /** What could not be carried so far, each path once. */
  readonly lossy: readonly Loss[]
}
