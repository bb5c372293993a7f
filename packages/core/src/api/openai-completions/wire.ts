import type { JsonObject } from '../../json.ts'
import type { ChatStreamOptions, ChatUsage } from '../openai-chat/wire.ts'

/** `POST …/completions`, the text-in, text-out API. Fields not listed are kept; read them as `unknown`. */
export interface CompletionsRequest extends JsonObject {
  readonly model: string
  /** Texts, or tokens of one or several prompts. */
  readonly prompt?: string | readonly string[] | readonly number[] | readonly (readonly number[])[] | null
  /** What comes after the text to be filled in. */
  readonly suffix?: string | null
  readonly stream?: boolean | null
  readonly stream_options?: ChatStreamOptions | null
  /** Choices for each prompt: the answer has `n` times as many choices as there are prompts. */
  readonly n?: number | null
  readonly best_of?: number | null
  readonly echo?: boolean | null
  readonly logprobs?: number | null
  readonly max_tokens?: number | null
  readonly temperature?: number | null
  readonly top_p?: number | null
  readonly stop?: string | readonly string[] | null
  readonly seed?: number | null
  readonly logit_bias?: { readonly [token: string]: number } | null
  readonly presence_penalty?: number | null
  readonly frequency_penalty?: number | null
  readonly user?: string
}

/** A whole answer: `object` is `text_completion`. */
export interface CompletionsAnswer extends JsonObject {
  readonly id: string
  readonly object: string
  /** Unix seconds. */
  readonly created: number
  readonly model: string
  readonly choices: readonly CompletionsChoice[]
  readonly usage?: ChatUsage | null
  readonly system_fingerprint?: string | null
}

export interface CompletionsChoice extends JsonObject {
  readonly index: number
  readonly text: string
  readonly finish_reason: string | null
  readonly logprobs?: CompletionsLogprobs | null
}

/** Parallel arrays, one entry a token. */
export interface CompletionsLogprobs extends JsonObject {
  readonly tokens?: readonly string[]
  readonly token_logprobs?: readonly (number | null)[]
  readonly top_logprobs?: readonly ({ readonly [token: string]: number } | null)[] | null
  readonly text_offset?: readonly number[]
}

/** One event of a stream: the shape of a whole answer, each choice holding only the text that is new. */
export type CompletionsEvent = CompletionsAnswer
