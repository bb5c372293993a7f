import type { JsonObject } from '../../json.ts'

/** `POST …/chat/completions`. Fields not listed are kept as they are; read them as `unknown`. */
export interface ChatRequest extends JsonObject {
  readonly model: string
  readonly messages: readonly ChatMessage[]
  readonly tools?: readonly ChatTool[]
  readonly tool_choice?: string | JsonObject
  readonly parallel_tool_calls?: boolean
  /** The predecessor of `tools`. */
  readonly functions?: readonly ChatFunction[]
  readonly response_format?: ChatResponseFormat
  readonly stream?: boolean | null
  readonly stream_options?: ChatStreamOptions | null
  readonly n?: number | null
  /** Bounds output tokens, reasoning included. */
  readonly max_completion_tokens?: number | null
  /** The predecessor of `max_completion_tokens`, still the field of most other servers. */
  readonly max_tokens?: number | null
  readonly temperature?: number | null
  readonly top_p?: number | null
  readonly stop?: string | readonly string[] | null
  readonly seed?: number | null
  readonly logprobs?: boolean | null
  readonly top_logprobs?: number | null
  readonly logit_bias?: { readonly [token: string]: number } | null
  readonly presence_penalty?: number | null
  readonly frequency_penalty?: number | null
  readonly reasoning_effort?: string | null
  readonly modalities?: readonly string[] | null
  readonly prediction?: ChatPrediction | null
  readonly prompt_cache_key?: string | null
  readonly service_tier?: string | null
  readonly store?: boolean | null
  readonly metadata?: { readonly [key: string]: string } | null
  readonly user?: string
}

export interface ChatStreamOptions extends JsonObject {
  /** Asks for one more chunk, with `usage` and no choices, before the stream ends. */
  readonly include_usage?: boolean
  readonly include_obfuscation?: boolean
}

/** One message of the request; which fields it has depends on its role. */
export interface ChatMessage extends JsonObject {
  readonly role: 'system' | 'developer' | 'user' | 'assistant' | 'tool' | 'function'
  readonly content?: string | readonly ChatContentPart[] | null
  readonly name?: string
  readonly refusal?: string | null
  readonly tool_calls?: readonly ChatToolCall[]
  readonly tool_call_id?: string
  /** The predecessor of `tool_calls`. */
  readonly function_call?: ChatFunctionCall | null
  /** Reasoning sent back, as DeepSeek and vLLM name it. */
  readonly reasoning_content?: string | null
  /** Reasoning sent back, as OpenRouter names it. */
  readonly reasoning?: string | null
}

export interface ChatContentPart extends JsonObject {
  /** `text`, `refusal`, `image_url`, `input_audio`, `file`, or a type of another server. */
  readonly type: string
  readonly text?: string
  readonly refusal?: string
  /** `url` may be a data URL. */
  readonly image_url?: ChatImageUrl
  readonly input_audio?: ChatInputAudio
  readonly file?: ChatFile
}

export interface ChatImageUrl extends JsonObject {
  readonly url: string
  readonly detail?: string
}

export interface ChatInputAudio extends JsonObject {
  /** Base64. */
  readonly data: string
  readonly format: string
}

export interface ChatFile extends JsonObject {
  /** A data URL. */
  readonly file_data?: string
  readonly file_id?: string
  readonly filename?: string
}

export interface ChatTool extends JsonObject {
  readonly type: string
  readonly function?: ChatFunction
  readonly custom?: ChatCustomTool
}

export interface ChatFunction extends JsonObject {
  readonly name: string
  readonly description?: string
  /** JSON Schema of the arguments. */
  readonly parameters?: JsonObject
  readonly strict?: boolean | null
}

export interface ChatCustomTool extends JsonObject {
  readonly name: string
  readonly description?: string
}

export interface ChatResponseFormat extends JsonObject {
  /** `text`, `json_object` or `json_schema`. */
  readonly type: string
  readonly json_schema?: ChatJsonSchema
}

export interface ChatJsonSchema extends JsonObject {
  readonly name: string
  readonly description?: string
  readonly schema?: JsonObject
  readonly strict?: boolean | null
}

/** Text that the answer is expected to repeat. */
export interface ChatPrediction extends JsonObject {
  readonly type: string
  readonly content: string | readonly ChatContentPart[]
}

/** A whole answer: `object` is `chat.completion`. */
export interface ChatAnswer extends JsonObject {
  readonly id: string
  readonly object: string
  /** Unix seconds. */
  readonly created: number
  readonly model: string
  readonly choices: readonly ChatChoice[]
  readonly usage?: ChatUsage | null
  readonly service_tier?: string | null
  readonly system_fingerprint?: string | null
}

export interface ChatChoice extends JsonObject {
  readonly index: number
  readonly message: ChatAnswerMessage
  /** `null` in an answer folded from a stream that broke off. */
  readonly finish_reason: string | null
  readonly logprobs?: ChatLogprobs | null
}

export interface ChatAnswerMessage extends JsonObject {
  readonly role: string
  readonly content?: string | null
  readonly refusal?: string | null
  readonly tool_calls?: readonly ChatToolCall[]
  readonly function_call?: ChatFunctionCall | null
  readonly annotations?: readonly JsonObject[]
  readonly audio?: ChatAudio | null
  readonly reasoning_content?: string | null
  readonly reasoning?: string | null
}

export interface ChatToolCall extends JsonObject {
  readonly id: string
  /** `function` or `custom`. */
  readonly type: string
  readonly function?: ChatFunctionCall
  readonly custom?: ChatCustomCall
}

export interface ChatFunctionCall extends JsonObject {
  readonly name: string
  /** JSON text. */
  readonly arguments: string
}

export interface ChatCustomCall extends JsonObject {
  readonly name: string
  readonly input: string
}

export interface ChatAudio extends JsonObject {
  readonly id: string
  /** Base64. */
  readonly data: string
  readonly transcript: string
  /** Unix seconds. */
  readonly expires_at: number
}

export interface ChatLogprobs extends JsonObject {
  readonly content?: readonly ChatTokenLogprob[] | null
  readonly refusal?: readonly ChatTokenLogprob[] | null
}

export interface ChatTokenLogprob extends JsonObject {
  readonly token: string
  readonly logprob: number
  readonly bytes?: readonly number[] | null
  readonly top_logprobs?: readonly JsonObject[]
}

/** Token counts; the details are parts of the totals. Also the shape of completions. */
export interface ChatUsage extends JsonObject {
  readonly prompt_tokens: number
  readonly completion_tokens: number
  readonly total_tokens: number
  readonly prompt_tokens_details?: ChatPromptTokens | null
  readonly completion_tokens_details?: ChatCompletionTokens | null
  /** DeepSeek's name for cached tokens. */
  readonly prompt_cache_hit_tokens?: number
}

export interface ChatPromptTokens extends JsonObject {
  readonly cached_tokens?: number | null
  readonly cache_write_tokens?: number | null
  readonly audio_tokens?: number | null
  readonly image_tokens?: number | null
}

export interface ChatCompletionTokens extends JsonObject {
  readonly reasoning_tokens?: number | null
  readonly audio_tokens?: number | null
}

/** One chunk of a stream: `object` is `chat.completion.chunk`. Servers also send `{ error }` in its place. */
export interface ChatEvent extends JsonObject {
  readonly id: string
  readonly object: string
  readonly created: number
  readonly model: string
  /** Empty in the chunk that carries the usage. */
  readonly choices: readonly ChatEventChoice[]
  readonly usage?: ChatUsage | null
  readonly service_tier?: string | null
  readonly system_fingerprint?: string | null
}

export interface ChatEventChoice extends JsonObject {
  readonly index: number
  readonly delta: ChatDelta
  readonly finish_reason?: string | null
  readonly logprobs?: ChatLogprobs | null
}

export interface ChatDelta extends JsonObject {
  readonly role?: string
  readonly content?: string | null
  readonly refusal?: string | null
  readonly tool_calls?: readonly ChatToolCallDelta[]
  readonly function_call?: Partial<ChatFunctionCall>
  readonly audio?: Partial<ChatAudio>
  readonly reasoning_content?: string | null
  readonly reasoning?: string | null
}

export interface ChatToolCallDelta extends JsonObject {
  readonly index: number
  readonly id?: string
  readonly type?: string
  readonly function?: Partial<ChatFunctionCall>
  readonly custom?: Partial<ChatCustomCall>
}
