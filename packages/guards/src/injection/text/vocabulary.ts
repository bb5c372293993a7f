const emptyHash = 0x811c9dc5

/** The hash of a word with one more code unit at its end. */
export function hashed(code: number, hash: number = emptyHash): number {
  return Math.imul(hash ^ code, 0x01000193)
}

export function hashOf(word: string): number {
  let hash = emptyHash
  for (let index = 0; index < word.length; index += 1) hash = hashed(word.charCodeAt(index), hash)
  return hash
}

/**
 * Words by number, from 1, told by their hashes alone. Within a call everything here is out of the processor's caches, so
 * that each look at memory counts: there is one for each word. Of a million words that are not in it, less than one is taken
 * for one that is.
 */
export class Vocabulary {
  /** The longest word, in code units. */
  readonly longest: number
  readonly #mask: number
  /** Hash and number of each word, side by side, at the place of its hash or the next free one after it. */
  readonly #slots: Int32Array

  /** @throws {Error} if two of the words have the same hash */
  constructor(words: readonly string[]) {
    this.longest = words.reduce((most, { length }) => Math.max(most, length), 0)
    this.#mask = 2 ** Math.ceil(Math.log2(2 * words.length + 1)) - 1
    this.#slots = new Int32Array(2 * (this.#mask + 1))
    for (const [index, word] of words.entries()) {
      const hash = hashOf(word)
      if (this.numberOf(hash) > 0) throw new Error(`The hash of "${word}" is that of another word`)
      let slot = this.#slotOf(hash)
      while (this.#slots[2 * slot + 1] !== 0) slot = (slot + 1) & this.#mask
      this.#slots[2 * slot] = hash
      this.#slots[2 * slot + 1] = index + 1
    }
  }

  /** The number of the word that has this hash; 0 for one that is not in the vocabulary. */
  numberOf(hash: number): number {
    const slots = this.#slots
    for (let slot = this.#slotOf(hash); ; slot = (slot + 1) & this.#mask) {
      const number = slots[2 * slot + 1] as number
      if (number === 0 || slots[2 * slot] === hash) return number
    }
  }

  #slotOf(hash: number): number {
    return (hash ^ (hash >>> 15)) & this.#mask
  }
}
