/** What a message can carry. */
export type Modality = 'text' | 'image' | 'audio' | 'file' | 'video'

/**
 * What is known of a model, in the field names of a target's capabilities. A field that is left out is not known; it
 * never means "no".
 */
export interface ModelFacts {
  /** Tokens of one request and its answer together. An open model's own limit: a server may be set lower. */
  readonly contextTokens: number
  readonly maxOutputTokens?: number
  readonly input?: readonly Modality[]
  readonly output?: readonly Modality[]
  readonly tools?: boolean
  /** Several tool calls in one answer. */
  readonly parallelTools?: boolean
  /** Answers held to a JSON schema by the provider or, for an open model, by vLLM's constrained decoding. */
  readonly jsonSchema?: boolean
  readonly streaming?: boolean
  /** Can think before it answers. */
  readonly reasoning?: boolean
  readonly logprobs?: boolean
  /**
   * Goes on with an assistant message that ends the request. `false` for open models: vLLM does it only when the request
   * asks with `continue_final_message`.
   */
  readonly prefill?: boolean
}

/** Facts of many models, with the day and the place they were looked up. */
export interface Catalogue {
  /** `YYYY-MM-DD`. */
  readonly checkedAt: string
  readonly source: string
  /** By family name: `gpt-5-mini`, `claude-haiku-4-5`, `llama-3.1`. */
  readonly models: Readonly<Record<string, ModelFacts>>
}
