import type { JsonObject } from '../../json.ts'

/*
 * The JSON of POST /responses, structurally: fields that Sluice reads are typed, all others pass by as `unknown`.
 * Items, parts and events are one open shape each and not unions by `type`: the provider adds types every few weeks.
 */

/** One piece of content: `input_text`, `output_text`, `refusal`, `reasoning_text`, `summary_text`, images, files… */
export interface ResponsesPart extends JsonObject {
  readonly type: string
  readonly text?: string
  readonly refusal?: string
  readonly annotations?: readonly unknown[]
  readonly logprobs?: readonly unknown[] | null
}

/** One item of `input` or `output`: a message (its `type` may be left out), a tool call, its result, reasoning… */
export interface ResponsesItem extends JsonObject {
  readonly type?: string | null
  readonly id?: string | null
  readonly status?: string | null
  /** Messages. */
  readonly role?: string
  readonly content?: string | readonly ResponsesPart[] | null
  /** `reasoning` items. */
  readonly summary?: readonly ResponsesPart[]
  readonly encrypted_content?: string | null
  /** Tool calls: `arguments` is JSON text for functions, an object for `tool_search_call`. */
  readonly call_id?: string | null
  readonly name?: string | null
  readonly arguments?: unknown
  /** `custom_tool_call`: free text. */
  readonly input?: string
  /** `code_interpreter_call`. */
  readonly code?: string | null
  /** Tool results: text, or a list of parts; other shapes for shell and computer items. */
  readonly output?: unknown
}

/** One tool offered to the model. */
export interface ResponsesTool extends JsonObject {
  readonly type: string
  readonly name?: string
  readonly description?: string | null
  /** Tools of a `namespace`. */
  readonly tools?: readonly ResponsesTool[]
}

/** The body of a call. */
export interface ResponsesRequest extends JsonObject {
  /** Left out when a stored `prompt` or `conversation` names the model. */
  readonly model?: string
  readonly instructions?: string | null
  readonly input?: string | readonly ResponsesItem[]
  readonly tools?: readonly ResponsesTool[]
  readonly stream?: boolean | null
  readonly background?: boolean | null
  readonly max_output_tokens?: number | null
  readonly previous_response_id?: string | null
}

/** Tokens of a response; the details are inside the totals. */
export interface ResponsesUsage extends JsonObject {
  readonly input_tokens: number
  readonly input_tokens_details?: ResponsesInputDetails | null
  readonly output_tokens: number
  readonly output_tokens_details?: ResponsesOutputDetails | null
  readonly total_tokens?: number
}

export interface ResponsesInputDetails extends JsonObject {
  readonly cached_tokens?: number | null
  readonly cache_write_tokens?: number | null
  readonly cache_write_tokens_details?: { readonly ttl_30m_tokens?: number; readonly ttl_12h_tokens?: number } | null
}

export interface ResponsesOutputDetails extends JsonObject {
  readonly reasoning_tokens?: number | null
}

/** A response: whole, or as a lifecycle event of a stream carries it. */
export interface ResponsesAnswer extends JsonObject {
  readonly id: string
  readonly model: string
  readonly output: readonly ResponsesItem[]
  readonly status?: string
  readonly incomplete_details?: { readonly reason?: string } | null
  readonly error?: { readonly code?: string | null; readonly message: string; readonly type?: string | null } | null
  readonly usage?: ResponsesUsage | null
}

/** One event of a streamed response. Which fields are there depends on `type`. */
export interface ResponsesEvent extends JsonObject {
  readonly type: string
  /** Counts the events of one stream from 0. */
  readonly sequence_number?: number
  /** Lifecycle events: `response.created` … `response.completed`. */
  readonly response?: ResponsesAnswer
  readonly output_index?: number
  readonly item_id?: string
  readonly item?: ResponsesItem
  readonly content_index?: number
  readonly summary_index?: number
  readonly part?: ResponsesPart
  /** Text that is added; an object for shell output. */
  readonly delta?: unknown
  /** The whole piece, in `*.done` events. */
  readonly text?: string
  readonly refusal?: string
  readonly arguments?: string
  readonly input?: string
  readonly code?: string | null
  readonly annotation?: unknown
  readonly annotation_index?: number
  readonly logprobs?: readonly unknown[]
  /** `error` events. */
  readonly message?: string
}
