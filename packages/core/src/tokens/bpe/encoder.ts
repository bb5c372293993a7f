import { Merger } from './merger.ts'
import { Splitter, type SplitRules } from './splitter.ts'
import { none, Vocabulary } from './vocabulary.ts'

const cacheEntries = 2 ** 16
const cacheBytes = 2 ** 21
/** Longer pieces are not remembered. */
const longestKey = 512

/** Counts and encodes text in one encoding. Special tokens in the text are ordinary text. */
export class Encoder {
  readonly rules: SplitRules
  readonly merger: Merger
  readonly #vocabulary: Vocabulary
  readonly #splitter: Splitter
  // Counts of pieces that are no token, by their hash. Their bytes are in a ring that forgets the oldest. 2.6 MB.
  readonly #counts = new Uint16Array(cacheEntries)
  readonly #lengths = new Uint16Array(cacheEntries)
  readonly #places = new Uint32Array(cacheEntries)
  readonly #ring = new Uint8Array(cacheBytes)
  /** Bytes ever written to the ring, modulo 2³². */
  #written = 0

  constructor(rules: SplitRules, ranks: string) {
    this.rules = rules
    this.#vocabulary = new Vocabulary(ranks)
    this.merger = new Merger(this.#vocabulary)
    this.#splitter = new Splitter(rules)
  }

  /** Steps taken so far by all counting and encoding. */
  get steps(): number {
    return this.#splitter.looked + this.merger.steps
  }

  /** The number of tokens; once it is above `limit`, any number above `limit`. */
  count(text: string, limit: number = Infinity): number {
    return this.countBytes(utf8(text), limit)
  }

  countBytes(bytes: Uint8Array, limit: number = Infinity): number {
    const end = bytes.length
    const splitter = this.#splitter
    splitter.bytes = bytes
    splitter.end = end
    let tokens = 0
    for (let start = 0; start < end;) {
      splitter.begin(start)
      const past = splitter.next()
      // No token is longer than 128 bytes: a long piece need not be merged to be too long.
      if ((past - start) >> 7 > limit - tokens) return Infinity
      tokens += this.countPiece(bytes, start, past)
      if (tokens > limit) break
      start = past
    }
    splitter.bytes = nothing
    return tokens
  }

  /** The ids of the tokens. */
  encode(text: string): number[] {
    const bytes = utf8(text)
    const splitter = this.#splitter
    splitter.bytes = bytes
    splitter.end = bytes.length
    const ids: number[] = []
    for (let start = 0; start < bytes.length;) {
      splitter.begin(start)
      const past = splitter.next()
      for (const end of this.endsOf(bytes, start, past)) {
        ids.push(this.#vocabulary.find(bytes, start, end))
        start = end
      }
    }
    splitter.bytes = nothing
    return ids
  }

  /** Where the tokens of a text end, in bytes of its UTF-8. */
  boundaries(bytes: Uint8Array, atMost: number): number[] {
    const splitter = this.#splitter
    splitter.bytes = bytes
    splitter.end = bytes.length
    const ends: number[] = []
    for (let start = 0; start < bytes.length && ends.length < atMost;) {
      splitter.begin(start)
      const past = splitter.next()
      for (const end of this.endsOf(bytes, start, past)) ends.push(end)
      start = past
    }
    splitter.bytes = nothing
    return ends
  }

  /** Where the tokens of one piece end. */
  endsOf(bytes: Uint8Array, from: number, to: number): Int32Array | readonly number[] {
    if (this.isToken(bytes, from, to)) return [to]
    const count = this.merger.merge(bytes, from, to)
    return this.merger.ends.subarray(0, count)
  }

  isToken(bytes: Uint8Array, from: number, to: number): boolean {
    return to - from === 1 || (to - from <= longestKey && this.#vocabulary.find(bytes, from, to) !== none)
  }

  countPiece(bytes: Uint8Array, from: number, to: number): number {
    if (this.isToken(bytes, from, to)) return 1
    const length = to - from
    if (length > longestKey) return this.merger.merge(bytes, from, to)
    const slot = this.#vocabulary.hash & (cacheEntries - 1)
    const ring = this.#ring
    if (this.#lengths[slot] === length) {
      const place = this.#places[slot] ?? 0
      const key = place & (cacheBytes - 1)
      if ((this.#written - place) >>> 0 <= cacheBytes) {
        let at = 0
        while (at < length && ring[key + at] === bytes[from + at]) at += 1
        if (at === length) return this.#counts[slot] ?? 0
      }
    }
    const count = this.merger.merge(bytes, from, to)
    let place = this.#written
    // A key does not go round the end of the ring.
    if ((place & (cacheBytes - 1)) + length > cacheBytes) place += cacheBytes - (place & (cacheBytes - 1))
    for (let at = 0, key = place & (cacheBytes - 1); at < length; at += 1) ring[key + at] = bytes[from + at] ?? 0
    this.#places[slot] = place
    this.#lengths[slot] = length
    this.#counts[slot] = count
    this.#written = (place + length) >>> 0
    return count
  }
}

const nothing = new Uint8Array(0)

/** UTF-8 of a text; lone surrogates become U+FFFD, as in every provider's JSON. */
export function utf8(text: string): Uint8Array {
  return Buffer.from(text, 'utf8')
}
