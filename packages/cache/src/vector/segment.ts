import { newKernel, type Kernel } from './kernel/kernel.ts'
import type { WasmMemory } from './kernel/web-assembly.ts'
import { groupRows } from './rows.ts'

const pageBytes = 65_536

/**
 * A memory of the kernel that grows by the group. It begins with the query, as 64-bit floats and as 16-bit integers.
 * Then come the groups, each of
 *
 *     codes    64 × length   i8    the vectors, quantised: of four vectors by turns, 16 components each, read in one stream
 *     bounds   4 × 64        f32   scales, errors, upper bounds, and as much again unused
 *     vectors  64 × length   f32   the vectors
 */
export class Segment {
  readonly #memory: WasmMemory
  readonly #kernel: Kernel
  readonly #length: number
  readonly #groupBytes: number
  readonly #firstGroup: number
  codes: Int8Array = new Int8Array(0)
  floats: Float32Array = new Float32Array(0)
  #query16: Int16Array = new Int16Array(0)
  #query64: Float64Array = new Float64Array(0)

  /** @param length of the vectors, padded. @throws {RangeError} where the process has no room for another memory. */
  constructor(length: number) {
    this.#length = length
    this.#groupBytes = groupBytes(length)
    this.#firstGroup = length * 10
    const { kernel, memory } = newKernel(Math.ceil((this.#firstGroup + this.#groupBytes) / pageBytes))
    this.#kernel = kernel
    this.#memory = memory
    this.#view()
  }

  get bytes(): number {
    return this.codes.byteLength
  }

  /** Makes room for so many groups. @throws {RangeError} where memory is out. */
  reserve(groups: number): void {
    const missing = this.#firstGroup + groups * this.#groupBytes - this.bytes
    if (missing <= 0) return
    this.#memory.grow(Math.ceil(missing / pageBytes))
    this.#view()
  }

  /** Byte at which a row's codes begin; an index into `codes`. Each further 16 lie 64 bytes on. */
  codesAt(row: number): number {
    return this.#groupAt(row) + ((row % groupRows) >> 2) * 4 * this.#length + (row & 3) * 16
  }

  /** Index into `floats` of a row's scale; its error lies 64 further on and its bound 128. */
  scaleAt(row: number): number {
    return (this.#groupAt(row) + groupRows * this.#length) / 4 + (row % groupRows)
  }

  /** Index into `floats` at which a row's vector begins. */
  vectorAt(row: number): number {
    return (this.#groupAt(row) + groupRows * this.#length) / 4 + 4 * groupRows + (row % groupRows) * this.#length
  }

  /** Takes a query over for the searches of `bound` and `cosine`. */
  load(query16: Int16Array, query64: Float64Array): void {
    this.#query16.set(query16)
    this.#query64.set(query64)
  }

  /** Bounds a group's cosines, and gives the greatest bound. */
  bound(group: number, unit: number, slack: number): number {
    const length = this.#length
    const codes = this.#firstGroup + group * this.#groupBytes
    return this.#kernel.bound(codes, codes + groupRows * length, length * 8, length, unit, slack)
  }

  cosine(row: number): number {
    return this.#kernel.cosine(this.vectorAt(row) * 4, 0, this.#length)
  }

  #groupAt(row: number): number {
    return this.#firstGroup + Math.floor(row / groupRows) * this.#groupBytes
  }

  /** A memory that grew has a new buffer. */
  #view(): void {
    const { buffer } = this.#memory
    this.codes = new Int8Array(buffer)
    this.floats = new Float32Array(buffer)
    this.#query64 = new Float64Array(buffer, 0, this.#length)
    this.#query16 = new Int16Array(buffer, this.#length * 8, this.#length)
  }
}

/** Bytes of a group of vectors of that padded length. */
export const groupBytes = (length: number): number => groupRows * (5 * length + 16)
