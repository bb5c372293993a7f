/** No token has these bytes. Above every rank. */
export const none = 0x7fffffff

const ranksSize = 2 ** 19

/**
 * The tokens of an encoding by their bytes: one open-addressed table over one block of bytes, about 6 MB for 200,000
 * tokens, in which any stretch of a text can be looked up without making a string of it. A token's rank is also its id.
 */
export class Vocabulary {
  readonly #slots = new Int32Array(ranksSize)
  readonly #blob: Uint8Array
  readonly #ends: Uint32Array
  readonly #offset: number
  readonly #pairs = new Int32Array(0x10000).fill(none)
  readonly #singles = new Int32Array(256).fill(none)
  /** The hash of the bytes that were last looked for. */
  hash = 0

  /** Reads tiktoken's rank format: `! <first rank> <base64> <base64> …`, one token a word. */
  constructor(ranks: string) {
    const words = Buffer.from(ranks, 'latin1')
    this.#blob = new Uint8Array(words.length)
    this.#ends = new Uint32Array(ranksSize / 2)
    this.#offset = words.length > 0 ? this.#read(words) : 0
  }

  /** The rank of the token that is the bytes from `from` up to `to`, else {@link none}. */
  find(bytes: Uint8Array, from: number, to: number): number {
    const length = to - from
    if (length === 1) return this.#singles[bytes[from] ?? 0] ?? none
    let hash = length
    for (let at = from; at < to; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193)
    hash ^= hash >>> 15
    this.hash = hash
    const blob = this.#blob
    const ends = this.#ends
    for (let slot = hash & (ranksSize - 1); ; slot = (slot + 1) & (ranksSize - 1)) {
      const found = this.#slots[slot] ?? 0
      if (found === 0) return none
      const end = ends[found] ?? 0
      let stored = ends[found - 1] ?? 0
      if (end - stored !== length) continue
      let at = from
      while (at < to && blob[stored] === bytes[at]) {
        at += 1
        stored += 1
      }
      if (at === to) return found - 1 + this.#offset
    }
  }

  /** The rank of a token of one byte; every byte is one. */
  byteId(byte: number): number {
    return this.#singles[byte] ?? none
  }

  /** The rank of a token of two bytes, else {@link none}. */
  findPair(first: number, second: number): number {
    return this.#pairs[(first << 8) | second] ?? none
  }

  #read(words: Buffer): number {
    const blob = this.#blob
    const ends = this.#ends
    let count = 0
    let length = 0
    // Of the two words before the tokens the second is the first rank.
    let at = words.indexOf(32, 2) + 1
    const offset = Number(words.toString('latin1', 2, at - 1))
    const digits = base64Digits()
    while (at < words.length) {
      let bits = 0
      let filled = 0
      const from = length
      for (; at < words.length && words[at] !== 32; at += 1) {
        const digit = digits[words[at] ?? 0] ?? 255
        if (digit === 255) continue
        bits = ((bits << 6) | digit) & 0xffff
        filled += 6
        if (filled >= 8) {
          filled -= 8
          blob[length] = (bits >> filled) & 255
          length += 1
        }
      }
      at += 1
      count += 1
      ends[count] = length
      this.#add(blob, from, length, count, offset)
    }
    return offset
  }

  #add(blob: Uint8Array, from: number, to: number, entry: number, offset: number): void {
    const rank = entry - 1 + offset
    if (to - from === 1) {
      this.#singles[blob[from] ?? 0] = rank
      return
    }
    if (to - from === 2) this.#pairs[((blob[from] ?? 0) << 8) | (blob[from + 1] ?? 0)] = rank
    let hash = to - from
    for (let at = from; at < to; at += 1) hash = Math.imul(hash ^ (blob[at] ?? 0), 0x01000193)
    hash ^= hash >>> 15
    let slot = hash & (ranksSize - 1)
    while (this.#slots[slot] !== 0) slot = (slot + 1) & (ranksSize - 1)
    this.#slots[slot] = entry
  }
}

function base64Digits(): Uint8Array {
  const table = new Uint8Array(256).fill(255)
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  for (let at = 0; at < 64; at += 1) table[digits.charCodeAt(at)] = at
  return table
}
