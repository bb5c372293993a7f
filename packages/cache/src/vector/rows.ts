import type { Nearest } from './nearest.ts'

/** Vectors of one partition by row, 0 to `length` − 1. All vectors are of unit length. */
export interface Rows {
  readonly length: number
  /** Memory held, in bytes. */
  readonly bytes: number
  /** How many memories of the kernel it holds. */
  readonly memories: number
  push(vector: Float32Array): void
  set(row: number, vector: Float32Array): void
  get(row: number): Float32Array
  /** Takes a row out; the last one takes its place. */
  removeAt(row: number): void
  /** Offers every row that is among the nearest, and possibly others, with its exact cosine. */
  search(vector: Float32Array, nearest: Nearest): void
}

/** Rows that lie together: a unit of growth, and of bounding in the kernel. */
export const groupRows = 64

/** Lengths are padded with zeros to a multiple of this, for the kernel's sake. */
export const paddedLength = (dimensions: number): number => Math.ceil(dimensions / 16) * 16
