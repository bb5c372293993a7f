import type { Nearest } from './nearest.ts'
import { groupRows, paddedLength, type Rows } from './rows.ts'

/** Rows in plain arrays, scanned in JavaScript: for partitions too small to be worth a kernel, and engines without SIMD. */
export class PlainRows implements Rows {
  readonly #dimensions: number
  readonly #padded: number
  readonly #groups: Float32Array[] = []
  readonly memories: number = 0
  #length = 0
  #bytes = 0

  constructor(dimensions: number) {
    this.#dimensions = dimensions
    this.#padded = paddedLength(dimensions)
  }

  get length(): number {
    return this.#length
  }

  get bytes(): number {
    return this.#bytes
  }

  push(vector: Float32Array): void {
    const groupAt = Math.floor(this.#length / groupRows)
    const group = this.#groups[groupAt]
    const needed = (this.#length % groupRows) + 1
    if (!group || group.length < needed * this.#padded) {
      // The first group doubles, since most partitions are small; further ones come whole.
      const capacity = groupAt > 0 ? groupRows : 2 ** Math.ceil(Math.log2(needed))
      const grown = new Float32Array(capacity * this.#padded)
      if (group) grown.set(group)
      this.#replace(groupAt, grown)
    }
    this.#length += 1
    this.set(this.#length - 1, vector)
  }

  set(row: number, vector: Float32Array): void {
    this.#group(row).set(vector, (row % groupRows) * this.#padded)
  }

  get(row: number): Float32Array {
    const start = (row % groupRows) * this.#padded
    return this.#group(row).slice(start, start + this.#dimensions)
  }

  removeAt(row: number): void {
    const last = this.#length - 1
    if (row !== last) this.set(row, this.get(last))
    this.#length = last
    if (last % groupRows === 0) this.#bytes -= (this.#groups.pop() as Float32Array).byteLength
    const [only] = this.#groups
    if (this.#groups.length === 1 && only && last * 4 * this.#padded <= only.length)
      this.#replace(0, only.slice(0, last * 2 * this.#padded))
  }

  search(vector: Float32Array, nearest: Nearest): void {
    const query = new Float64Array(this.#padded)
    query.set(vector)
    for (let row = 0; row < this.#length; row += 1)
      nearest.offer(row, dot(this.#group(row), (row % groupRows) * this.#padded, query))
  }

  #replace(at: number, group: Float32Array): void {
    this.#bytes += group.byteLength - (this.#groups[at]?.byteLength ?? 0)
    this.#groups[at] = group
  }

  #group(row: number): Float32Array {
    return this.#groups[Math.floor(row / groupRows)] as Float32Array
  }
}

/** A dot product in double precision, added up in the order that the kernel's `cosine` has. */
function dot(rows: Float32Array, start: number, query: Float64Array): number {
  let sum0 = 0
  let sum1 = 0
  let sum2 = 0
  let sum3 = 0
  let sum4 = 0
  let sum5 = 0
  let sum6 = 0
  let sum7 = 0
  for (let at = 0, row = start; at < query.length; at += 8, row += 8) {
    sum0 += (rows[row] as number) * (query[at] as number)
    sum1 += (rows[row + 1] as number) * (query[at + 1] as number)
    sum2 += (rows[row + 2] as number) * (query[at + 2] as number)
    sum3 += (rows[row + 3] as number) * (query[at + 3] as number)
    sum4 += (rows[row + 4] as number) * (query[at + 4] as number)
    sum5 += (rows[row + 5] as number) * (query[at + 5] as number)
    sum6 += (rows[row + 6] as number) * (query[at + 6] as number)
    sum7 += (rows[row + 7] as number) * (query[at + 7] as number)
  }
  return sum0 + sum2 + (sum4 + sum6) + (sum1 + sum3 + (sum5 + sum7))
}
