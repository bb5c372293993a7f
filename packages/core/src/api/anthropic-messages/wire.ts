import type { JsonObject } from '../../json.ts'

/*
 * The JSON of POST /messages, structurally: fields that Sluice reads are typed, all others pass by as `unknown`.
 * Blocks, deltas and events are one open shape each and not unions by `type`: the provider adds types every few weeks.
 */

/** One content block, of a request or of an answer: text, thinking, a tool call, its result, a document… */
export interface MessagesBlock extends JsonObject {
  readonly type: string
  readonly text?: string
  readonly citations?: unknown
  readonly thinking?: string
  /** Proves to the provider that `thinking` is its own, unchanged. */
  readonly signature?: string | null
  /** `tool_use`, `server_tool_use`. */
  readonly id?: string
  readonly name?: string
  readonly input?: unknown
  /** `tool_result` and the results of server tools; `search_result` blocks of a request. */
  readonly tool_use_id?: string
  readonly content?: unknown
  /** `document`: an object. `search_result`: a name or URL. */
  readonly source?: unknown
}

/** One turn of a conversation. */
export interface MessagesTurn extends JsonObject {
  readonly role: string
  readonly content: string | readonly MessagesBlock[]
}

/** One tool offered to the model; the provider's own tools and toolsets have a `type` and no description. */
export interface MessagesTool extends JsonObject {
  readonly type?: string | null
  readonly name?: string
  readonly description?: string
}

/** The body of a call. */
export interface MessagesRequest extends JsonObject {
  readonly model: string
  readonly max_tokens: number
  readonly messages: readonly MessagesTurn[]
  readonly system?: string | readonly MessagesBlock[]
  readonly tools?: readonly MessagesTool[]
  readonly stream?: boolean
}

/** Tokens by how they were served: `input_tokens` excludes what the prompt cache read or wrote. */
export interface MessagesUsage extends JsonObject {
  readonly input_tokens?: number | null
  readonly cache_read_input_tokens?: number | null
  readonly cache_creation_input_tokens?: number | null
  readonly cache_creation?: MessagesCacheCreation | null
  readonly output_tokens?: number
  readonly output_tokens_details?: { readonly thinking_tokens?: number } | null
  readonly server_tool_use?: unknown
}

/** `cache_creation_input_tokens` by lifetime. */
export interface MessagesCacheCreation extends JsonObject {
  readonly ephemeral_5m_input_tokens?: number
  readonly ephemeral_1h_input_tokens?: number
}

/** A message: the whole answer, or as `message_start` opens it. */
export interface MessagesAnswer extends JsonObject {
  readonly id: string
  readonly type: 'message'
  readonly role: string
  readonly model: string
  readonly content: readonly MessagesBlock[]
  readonly stop_reason: string | null
  readonly stop_sequence?: string | null
  readonly stop_details?: unknown
  readonly usage: MessagesUsage
}

/** What a `content_block_delta` adds to its block, or a `message_delta` to its message. */
export interface MessagesDelta extends JsonObject {
  /** `text_delta`, `input_json_delta`, `thinking_delta`, `signature_delta`…; none in `message_delta`. */
  readonly type?: string
  readonly text?: string
  readonly partial_json?: string
  readonly thinking?: string
  readonly signature?: string | null
  readonly citation?: unknown
  readonly stop_reason?: string | null
}

/** One event of a streamed message. Which fields are there depends on `type`. */
export interface MessagesEvent extends JsonObject {
  readonly type: string
  readonly message?: MessagesAnswer
  readonly index?: number
  readonly content_block?: MessagesBlock
  readonly delta?: MessagesDelta
  /** `message_delta`: running totals. */
  readonly usage?: MessagesUsage
  readonly error?: { readonly type: string; readonly message: string }
}
