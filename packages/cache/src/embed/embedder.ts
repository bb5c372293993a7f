/** Makes vectors of texts, near each other where the texts say alike. */
export interface Embedder {
  /**
   * Names everything that its vectors depend on: kind, model, dimensions, pooling, version. Vectors of two embedders with
   * different ids are never compared.
   */
  readonly id: string
  /** Length of its vectors, where that is known before the first one. */
  readonly dimensions: number | undefined
  /** One vector of unit length a text, in their order. Rejects when it cannot; the cache takes that for a miss. */
  embed(texts: readonly string[], options?: { readonly signal?: AbortSignal }): Promise<readonly Float32Array[]>
}
