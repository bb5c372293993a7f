import type { JsonObject } from '../../json.ts'

/** `POST …/embeddings`. Fields not listed are kept as they are; read them as `unknown`. */
export interface EmbeddingsRequest extends JsonObject {
  readonly model: string
  /** Texts, or tokens of one or several texts. */
  readonly input: string | readonly string[] | readonly number[] | readonly (readonly number[])[]
  readonly dimensions?: number
  /** `float` or `base64`. The official SDK sends `base64` and decodes the answer unless its caller chose one. */
  readonly encoding_format?: string
  readonly user?: string
}

export interface EmbeddingsAnswer extends JsonObject {
  /** `list`. */
  readonly object: string
  readonly data: readonly Embedding[]
  readonly model: string
  readonly usage?: EmbeddingsUsage
}

export interface Embedding extends JsonObject {
  readonly object: string
  readonly index: number
  /** Numbers, or base64 of little-endian 32-bit floats. */
  readonly embedding: readonly number[] | string
}

export interface EmbeddingsUsage extends JsonObject {
  readonly prompt_tokens: number
  readonly total_tokens: number
}
