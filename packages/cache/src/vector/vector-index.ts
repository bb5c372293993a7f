/** A neighbour of a vector that was searched for. */
export interface Neighbour {
  readonly id: string
  /** Cosine of the two vectors, −1..1. */
  readonly similarity: number
}

/**
 * Vectors by id, apart by partition, compared by cosine. The contract suite `vectorIndexContract` of `@sluice/cache/testing` says what
 * one must do.
 */
export interface VectorIndex {
  /** For reports: `flat`, `usearch`. */
  readonly name: string
  /** The length that all of its vectors must have; absent where each partition takes that of its first. */
  readonly dimensions?: number
  /** Keeps a vector under an id, in the place of another of that id. @throws {SluiceError} `cache.dimensions` when it has not the length of the partition's others. */
  add(partition: string, id: string, vector: Float32Array): Promise<void>
  /** The `k` nearest of a partition, nearest first; fewer when it has fewer. */
  search(partition: string, vector: Float32Array, k: number): Promise<readonly Neighbour[]>
  /** Forgets a vector. `true` when there was one. */
  remove(partition: string, id: string): Promise<boolean>
  /** Forgets a partition. */
  clear(partition: string): Promise<void>
  /** How many vectors it holds, of one partition or all; `undefined` where it cannot tell. */
  size(partition?: string): number | undefined
}
