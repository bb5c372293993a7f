import type { Nearest } from './nearest.ts'
import { groupRows, paddedLength, type Rows } from './rows.ts'
import { groupBytes, Segment } from './segment.ts'

/** A segment is given back when it empties, so this is also the most that a partition holds in vain. */
const segmentBytes = 16 * 2 ** 20

/** Rounding of the kernel's 32-bit floats: a handful of roundings of values below 4, each of at most 2⁻²³. */
const rounding = 2e-6

/**
 * Rows in memories of the kernel. A search is exact: for every row the kernel bounds the cosine from above by 8-bit codes
 * of the vector and the length of what the codes leave out (|q·x − q·x̂| ≤ |q| |x − x̂|, by Cauchy and Schwarz), and every row
 * whose bound reaches the k-th best cosine is computed in double precision.
 */
export class KernelRows implements Rows {
  readonly #dimensions: number
  readonly #padded: number
  readonly #rowsOfSegment: number
  readonly #segments: Segment[] = []
  readonly #query16: Int16Array
  readonly #query64: Float64Array
  #length = 0

  constructor(dimensions: number) {
    this.#dimensions = dimensions
    this.#padded = paddedLength(dimensions)
    this.#rowsOfSegment = groupRows * Math.max(1, Math.floor(segmentBytes / groupBytes(this.#padded)))
    this.#query16 = new Int16Array(this.#padded)
    this.#query64 = new Float64Array(this.#padded)
  }

  get length(): number {
    return this.#length
  }

  get bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  get memories(): number {
    return this.#segments.length
  }

  push(vector: Float32Array): void {
    const at = Math.floor(this.#length / this.#rowsOfSegment)
    const segment = (this.#segments[at] ??= new Segment(this.#padded))
    segment.reserve(Math.floor((this.#length % this.#rowsOfSegment) / groupRows) + 1)
    this.#length += 1
    this.set(this.#length - 1, vector)
  }

  set(row: number, vector: Float32Array): void {
    const segment = this.#segment(row)
    const local = row % this.#rowsOfSegment
    const { codes, floats } = segment
    floats.set(vector, segment.vectorAt(local))
    let greatest = 0
    for (let index = 0; index < vector.length; index += 1)
      greatest = Math.max(greatest, Math.abs(vector[index] as number))
    const scale = Math.fround(greatest / 127)
    const start = segment.codesAt(local)
    let left = 0
    for (let index = 0; index < vector.length; index += 1) {
      const value = vector[index] as number
      const code = Math.max(-127, Math.min(127, Math.round(value / scale)))
      codes[start + ((index >> 4) << 6) + (index & 15)] = code
      left += (value - code * scale) ** 2
    }
    const meta = segment.scaleAt(local)
    floats[meta] = scale
    floats[meta + groupRows] = Math.sqrt(left) * (1 + rounding) + rounding
  }

  get(row: number): Float32Array {
    const segment = this.#segment(row)
    const start = segment.vectorAt(row % this.#rowsOfSegment)
    return segment.floats.slice(start, start + this.#dimensions)
  }

  removeAt(row: number): void {
    const last = this.#length - 1
    if (row !== last) this.set(row, this.get(last))
    this.#length = last
    this.#segments.length = Math.ceil(last / this.#rowsOfSegment)
  }

  search(vector: Float32Array, nearest: Nearest): void {
    const { unit, slack } = this.#quantiseQuery(vector)
    const groups: Group[] = []
    for (const [at, segment] of this.#segments.entries()) {
      const count = Math.ceil(this.#rowsIn(at) / groupRows)
      segment.load(this.#query16, this.#query64)
      for (let group = 0; group < count; group += 1)
        groups.push({ at, group, greatest: segment.bound(group, unit, slack) })
    }
    // The group with the greatest bound comes first: its cosines set a mark that spares most of the others.
    const first = groups.reduce((best, group) => (group.greatest > best.greatest ? group : best))
    this.#compute(first, nearest)
    const rest = groups.filter((group) => group !== first && group.greatest >= nearest.threshold)
    for (const group of rest.sort((a, b) => b.greatest - a.greatest)) {
      if (group.greatest < nearest.threshold) break
      this.#compute(group, nearest)
    }
  }

  /** Computes the cosines of a group's rows that may be among the nearest. */
  #compute({ at, group }: Group, nearest: Nearest): void {
    const segment = this.#segments[at] as Segment
    const { floats } = segment
    const start = group * groupRows
    const bounds = segment.scaleAt(start) + 2 * groupRows
    const rows = Math.min(groupRows, this.#rowsIn(at) - start)
    for (let row = 0; row < rows; row += 1)
      if ((floats[bounds + row] as number) >= nearest.threshold)
        nearest.offer(at * this.#rowsOfSegment + start + row, segment.cosine(start + row))
  }

  /** Fills the query's two forms. `unit` is what one step of the integers is worth, `slack` bounds what they leave out. */
  #quantiseQuery(vector: Float32Array): { unit: number; slack: number } {
    let greatest = 0
    let sum = 0
    for (let index = 0; index < vector.length; index += 1) {
      const size = Math.abs(vector[index] as number)
      greatest = Math.max(greatest, size)
      sum += size
    }
    // The kernel adds up in 32 bits: the integers must not add up to more than that leaves beside codes of 127.
    const room = Math.floor((2 ** 31 - 1) / 127) - vector.length
    const steps = Math.min(32_767 / greatest, room / sum)
    let left = 0
    for (let index = 0; index < vector.length; index += 1) {
      const value = vector[index] as number
      const code = Math.max(-32_767, Math.min(32_767, Math.round(value * steps)))
      this.#query16[index] = code
      this.#query64[index] = value
      left += (value - code / steps) ** 2
    }
    // |(q − q̂)·x̂| ≤ |q − q̂| |x̂|, and no x̂ is longer than x and what it leaves out, each at most 1.
    return { unit: 1 / steps, slack: 2 * Math.sqrt(left) + rounding }
  }

  #segment(row: number): Segment {
    return this.#segments[Math.floor(row / this.#rowsOfSegment)] as Segment
  }

  #rowsIn(at: number): number {
    return Math.min(this.#rowsOfSegment, this.#length - at * this.#rowsOfSegment)
  }
}

/** A group of a segment and its greatest bound. */
interface Group {
  readonly at: number
  readonly group: number
  readonly greatest: number
}
