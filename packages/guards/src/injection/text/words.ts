/** The words of a plain text, each with where it is. */
export interface Words<Entry> {
  readonly starts: readonly number[]
  readonly ends: readonly number[]
  /** What the vocabulary knows of each word. */
  readonly entries: readonly (Entry | undefined)[]
  /** Whether a sentence or a paragraph ends before the word. */
  readonly breaks: readonly boolean[]
}

/** Words by a hash that is taken while a text is cut, so that no word has to be copied out of it to be looked up. */
export class Vocabulary<Entry> {
  readonly #words: readonly string[]
  readonly #entries: readonly Entry[]
  readonly #mask: number
  /** Numbers of words, from 1, each at its hash or at the next free place after it. */
  readonly #slots: Int32Array

  constructor(entries: ReadonlyMap<string, Entry>) {
    this.#words = [...entries.keys()]
    this.#entries = [...entries.values()]
    this.#mask = 2 ** Math.ceil(Math.log2(4 * entries.size + 1)) - 1
    this.#slots = new Int32Array(this.#mask + 1)
    for (const [index, word] of this.#words.entries()) {
      let slot = slotOf(hashOf(word), this.#mask)
      while (this.#slots[slot] !== 0) slot = (slot + 1) & this.#mask
      this.#slots[slot] = index + 1
    }
  }

  get(word: string): Entry | undefined {
    return this.find(word, 0, word.length, hashOf(word))
  }

  /** The entry of the word of `text` from `start` to `end`, whose code units hash to `hash`. */
  find(text: string, start: number, end: number, hash: number): Entry | undefined {
    for (let slot = slotOf(hash, this.#mask); ; slot = (slot + 1) & this.#mask) {
      const index = (this.#slots[slot] as number) - 1
      if (index < 0) return undefined
      const word = this.#words[index] as string
      if (word.length === end - start && text.startsWith(word, start)) return this.#entries[index]
    }
  }
}

const emptyHash = 0x811c9dc5

function mixedIn(hash: number, code: number): number {
  return Math.imul(hash ^ code, 0x01000193)
}

function hashOf(word: string): number {
  let hash = emptyHash
  for (let index = 0; index < word.length; index += 1) hash = mixedIn(hash, word.charCodeAt(index))
  return hash
}

function slotOf(hash: number, mask: number): number {
  return (hash ^ (hash >>> 15)) & mask
}

/**
 * Cuts a plain text into words and looks each one up, in one pass. An apostrophe within a word is dropped (`don't` is
 * `dont`).
 */
export function findWords<Entry>(text: string, vocabulary: Vocabulary<Entry>): Words<Entry> {
  const starts: number[] = []
  const ends: number[] = []
  const entries: (Entry | undefined)[] = []
  const breaks: boolean[] = []
  let ended = true
  for (let at = 0; at < text.length;) {
    const first = text.charCodeAt(at)
    if (!isWordCode(first)) {
      ended ||= endsSentence(text, at)
      at += 1
      continue
    }
    const start = at
    let quoted = false
    let hash = mixedIn(emptyHash, first)
    for (at += 1; at < text.length; at += 1) {
      const code = text.charCodeAt(at)
      if (isWordCode(code)) {
        hash = mixedIn(hash, code)
        continue
      }
      if (code !== apostrophe || at + 1 >= text.length || !isWordCode(text.charCodeAt(at + 1))) break
      quoted = true
    }
    starts.push(start)
    ends.push(at)
    breaks.push(ended)
    if (at - start > longest) entries.push(undefined)
    else if (quoted) entries.push(vocabulary.get(text.slice(start, at).replaceAll("'", '')))
    else entries.push(vocabulary.find(text, start, at, hash))
    ended = false
  }
  return { starts, ends, entries, breaks }
}

/** No word of a vocabulary is longer. */
const longest = 28
const apostrophe = 39

function isWordCode(code: number): boolean {
  if (code < 128) return (code >= 97 && code <= 122) || (code >= 48 && code <= 57)
  return !((code >= 0x2000 && code <= 0x2bff) || (code >= 0x3000 && code <= 0x303f))
}

function endsSentence(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  if (code === 10) return at + 1 < text.length && text.charCodeAt(at + 1) === 10
  if (code === 0x3002) return true
  if (code !== 46 && code !== 33 && code !== 63 && code !== 59) return false
  return at + 1 >= text.length || text.charCodeAt(at + 1) <= 32
}
