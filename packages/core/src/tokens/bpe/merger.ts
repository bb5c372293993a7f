import { none, type Vocabulary } from './vocabulary.ts'

/** Up to so many bytes looking for the best pair one by one is faster than keeping a heap. */
const shortBytes = 40
const shift = 2 ** 31
const knownPairs = 2 ** 15
/** Room for so many nodes is kept; what longer pieces need is given back. */
const keptNodes = 2048

/**
 * Merges the bytes of a piece, always the pair of the lowest rank and of equals the first, until no pair is a token.
 * Short pieces in an array; long ones in a linked list with a heap of the pairs, so that any piece takes O(n log n).
 */
export class Merger {
  /** Where the tokens of the last merge end; as many as it returned are valid. */
  ends: Int32Array = new Int32Array(256)
  /** Steps taken so far: pairs compared, looked up and moved in the heap. */
  steps = 0
  readonly #vocabulary: Vocabulary
  readonly #starts = new Int32Array(shortBytes + 1)
  readonly #ranks = new Int32Array(shortBytes + 1)
  readonly #ids = new Int32Array(shortBytes + 1)
  readonly #nodes = nodesFor(keptNodes)
  // Ranks of pairs of tokens by their ids: cheaper than looking up their bytes. A later pair takes an earlier one's place.
  readonly #firsts = new Int32Array(knownPairs).fill(-1)
  readonly #seconds = new Int32Array(knownPairs).fill(-1)
  readonly #pairRanks = new Int32Array(knownPairs)

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary
  }

  /** The number of tokens from `from` up to `to`. Of at least two bytes. */
  merge(bytes: Uint8Array, from: number, to: number): number {
    return to - from <= shortBytes ? this.#mergeShort(bytes, from, to) : this.#mergeLong(bytes, from, to)
  }

  /** The rank of what two tokens beside each other make, which are the bytes from `from` up to `to`. */
  #rankOf(first: number, second: number, bytes: Uint8Array, from: number, to: number): number {
    const slot = (Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b)) >>> 17
    if (this.#firsts[slot] === first && this.#seconds[slot] === second) return this.#pairRanks[slot] ?? none
    const rank = this.#vocabulary.find(bytes, from, to)
    this.#firsts[slot] = first
    this.#seconds[slot] = second
    this.#pairRanks[slot] = rank
    return rank
  }

  #mergeShort(bytes: Uint8Array, from: number, to: number): number {
    const vocabulary = this.#vocabulary
    const starts = this.#starts
    const ranks = this.#ranks
    const ids = this.#ids
    let count = to - from
    ids[count - 1] = vocabulary.byteId(bytes[to - 1] ?? 0)
    for (let at = 0; at < count - 1; at += 1) {
      starts[at] = from + at
      ids[at] = vocabulary.byteId(bytes[from + at] ?? 0)
      ranks[at] = vocabulary.findPair(bytes[from + at] ?? 0, bytes[from + at + 1] ?? 0)
    }
    starts[count - 1] = to - 1
    starts[count] = to
    for (;;) {
      let lowest = none
      let best = 0
      for (let at = 0; at < count - 1; at += 1) {
        const rank = ranks[at] ?? none
        if (rank < lowest) {
          lowest = rank
          best = at
        }
      }
      this.steps += count
      if (lowest === none) break
      count -= 1
      for (let at = best + 1; at < count; at += 1) {
        starts[at] = starts[at + 1] ?? 0
        ranks[at] = ranks[at + 1] ?? 0
        ids[at] = ids[at + 1] ?? 0
      }
      starts[count] = to
      ids[best] = lowest
      const start = starts[best] ?? 0
      ranks[best] =
        best + 1 < count ? this.#rankOf(lowest, ids[best + 1] ?? 0, bytes, start, starts[best + 2] ?? 0) : none
      if (best > 0)
        ranks[best - 1] = this.#rankOf(ids[best - 1] ?? 0, lowest, bytes, starts[best - 1] ?? 0, starts[best + 1] ?? 0)
    }
    this.#reserve(count)
    for (let at = 0; at < count; at += 1) this.ends[at] = starts[at + 1] ?? 0
    return count
  }

  #mergeLong(bytes: Uint8Array, from: number, to: number): number {
    const vocabulary = this.#vocabulary
    const size = to - from
    const { next, previous, ranks, ids, heap } = size <= keptNodes ? this.#nodes : nodesFor(size)
    heap.length = 0
    heap.steps = 0
    ranks[size - 1] = none
    for (let at = 0; at < size; at += 1) {
      next[at] = at + 1
      previous[at] = at - 1
      ids[at] = vocabulary.byteId(bytes[from + at] ?? 0)
      if (at + 1 === size) break
      const rank = vocabulary.findPair(bytes[from + at] ?? 0, bytes[from + at + 1] ?? 0)
      ranks[at] = rank
      if (rank !== none) heap.add(rank * shift + at)
    }
    heap.order()

    let count = size
    const rankOf = (at: number): number => {
      const second = next[at] ?? size
      if (second >= size) return none
      return this.#rankOf(ids[at] ?? 0, ids[second] ?? 0, bytes, from + at, from + (next[second] ?? size))
    }
    while (heap.length > 0) {
      const key = heap.first
      const rank = Math.floor(key / shift)
      const at = key - rank * shift
      // A pair that has been merged otherwise since.
      if (ranks[at] !== rank) {
        heap.drop()
        continue
      }
      const second = next[at] ?? size
      const after = next[second] ?? size
      next[at] = after
      previous[after] = at
      ranks[second] = none
      ids[at] = rank
      count -= 1
      const joined = rankOf(at)
      ranks[at] = joined
      if (joined === none) heap.drop()
      else heap.replace(joined * shift + at)
      const before = previous[at] ?? -1
      if (before >= 0) {
        const left = rankOf(before)
        ranks[before] = left
        if (left !== none) heap.push(left * shift + before)
      }
    }
    this.steps += size * 2 + heap.steps
    this.#reserve(count)
    for (let at = 0, token = 0; at < size; at = next[at] ?? size, token += 1)
      this.ends[token] = from + (next[at] ?? size)
    return count
  }

  #reserve(count: number): void {
    if (this.ends.length < count) this.ends = new Int32Array(count * 2)
    // What one huge text needed is not kept for ever.
    else if (this.ends.length > 1 << 16 && count < 1 << 12) this.ends = new Int32Array(256)
  }
}

/** One node a byte; a merge leaves the first node of the two. */
interface Nodes {
  readonly next: Int32Array
  readonly previous: Int32Array
  /** Of the pair that a node makes with the next one. */
  readonly ranks: Int32Array
  readonly ids: Int32Array
  readonly heap: PairHeap
}

function nodesFor(size: number): Nodes {
  const list = (): Int32Array => new Int32Array(size + 1)
  return { next: list(), previous: list(), ranks: list(), ids: list(), heap: new PairHeap(size) }
}

/** A binary heap of numbers, the smallest first. */
class PairHeap {
  length = 0
  steps = 0
  #keys: Float64Array

  constructor(size: number) {
    this.#keys = new Float64Array(size + 16)
  }

  get first(): number {
    return this.#keys[0] ?? 0
  }

  /** Adds without keeping the order: see {@link order}. */
  add(key: number): void {
    this.#keys[this.length] = key
    this.length += 1
  }

  order(): void {
    for (let at = (this.length >> 1) - 1; at >= 0; at -= 1) this.#down(at, this.#keys[at] ?? 0)
  }

  push(key: number): void {
    if (this.length === this.#keys.length) {
      const larger = new Float64Array(this.length * 2)
      larger.set(this.#keys)
      this.#keys = larger
    }
    const keys = this.#keys
    let at = this.length
    this.length += 1
    while (at > 0) {
      this.steps += 1
      const parent = (at - 1) >> 1
      const above = keys[parent] ?? 0
      if (above <= key) break
      keys[at] = above
      at = parent
    }
    keys[at] = key
  }

  /** Puts `key` in place of the first. */
  replace(key: number): void {
    this.#down(0, key)
  }

  drop(): void {
    this.length -= 1
    if (this.length > 0) this.#down(0, this.#keys[this.length] ?? 0)
  }

  #down(from: number, key: number): void {
    const keys = this.#keys
    const { length } = this
    let at = from
    for (;;) {
      this.steps += 1
      let child = 2 * at + 1
      if (child >= length) break
      let below = keys[child] ?? 0
      if (child + 1 < length) {
        const right = keys[child + 1] ?? 0
        if (right < below) {
          below = right
          child += 1
        }
      }
      if (below >= key) break
      keys[at] = below
      at = child
    }
    keys[at] = key
  }
}
