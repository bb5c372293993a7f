import { hashed, type Vocabulary } from './vocabulary.ts'

/** The words of a plain text. What they hold belongs to the reader that made them, and is good until its next reading. */
export interface Words {
  readonly count: number
  /** Where each word begins and ends, in code units. */
  readonly starts: Int32Array
  readonly ends: Int32Array
  /** The number of each word in the vocabulary; 0 for one that is not in it. */
  readonly ids: Int16Array
  /** 1 where a sentence or a paragraph ends before the word. */
  readonly breaks: Uint8Array
  readonly signs: Signs
}

/** What a plain text has beside its words. Most texts lack most of what the rules look closer for. */
export interface Signs {
  /** Whether one of some characters that are in no word occurs; {@link beyond} stands for any that is not ASCII. */
  hasOneOf(codes: readonly number[]): boolean
  readonly digits: boolean
  /** Whether a digit or a sign stands beside a letter, where it could be one in disguise. */
  readonly leet: boolean
  /** Whether a run of characters is long enough to be encoded. May be true where none is. */
  readonly longRun: boolean
  /** The most letters and digits in a row that stand alone, or more. */
  readonly apart: number
  /** The most words in a row that have no more than four characters. */
  readonly short: number
}

/** Stands for every character beyond ASCII. */
export const beyond = 128
/** Characters of the shortest run that is decoded. */
export const shortestRun = 16

const apostrophe = 39
const [letter, digit, foreign, sign, mark, runOnly] = [1, 2, 4, 8, 16, 32]
const wordly = letter | digit | foreign
/** What each ASCII character is here: of a word, a sign that can pass for a letter (`!` before one only), or of an encoding. */
const kinds = new Uint8Array(beyond)
for (const [characters, kind] of [
  ['abcdefghijklmnopqrstuvwxyz', letter],
  ['0123456789', digit],
  ['@$|', sign],
  ['!', mark],
  ['+/-_', runOnly],
] as const)
  for (const character of characters) kinds[character.charCodeAt(0)] = kind

function kindOf(code: number): number {
  if (code < beyond) return kinds[code] as number
  return (code >= 0x2000 && code <= 0x2bff) || (code >= 0x3000 && code <= 0x303f) ? 0 : foreign
}

/** Memory for the words of a text of so many code units. */
class Room {
  readonly starts: Int32Array
  readonly ends: Int32Array
  readonly ids: Int16Array
  readonly breaks: Uint8Array

  constructor(length: number) {
    const most = (length >> 1) + 1
    this.starts = new Int32Array(most)
    this.ends = new Int32Array(most)
    this.ids = new Int16Array(most)
    this.breaks = new Uint8Array(most)
  }
}

/** Code units of the texts that share memory, one after the other: most are shorter. */
const usual = 8_192

/** Cuts plain texts into words, looks each one up and sees what else there is, in one pass. */
export class WordReader {
  readonly #vocabulary: Vocabulary
  readonly #room = new Room(usual)

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary
  }

  /** An apostrophe within a word is dropped: `don't` is `dont`. */
  read(text: string): Words {
    const { length } = text
    const vocabulary = this.#vocabulary
    const { longest } = vocabulary
    const { starts, ends, ids, breaks } = length <= usual ? this.#room : new Room(length)
    const signs = new SignCounts()
    let count = 0
    let ended = 1
    let before = 0
    for (let at = 0; at < length;) {
      const first = text.charCodeAt(at)
      let kinds = kindOf(first)
      if ((kinds & wordly) === 0) {
        const next = kindOf(at + 1 < length ? text.charCodeAt(at + 1) : 32)
        signs.between(first, kinds, before, next)
        if (ended === 0 && endsSentence(text, at, first)) ended = 1
        before = kinds
        at += 1
        continue
      }
      const start = at
      let quotes = 0
      let hash = hashed(first)
      for (at += 1; at < length; at += 1) {
        const code = text.charCodeAt(at)
        const kind = kindOf(code)
        if ((kind & wordly) !== 0) {
          kinds |= kind
          hash = hashed(code, hash)
          continue
        }
        if (code !== apostrophe || at + 1 >= length || (kindOf(text.charCodeAt(at + 1)) & wordly) === 0) break
        quotes += 1
      }
      starts[count] = start
      ends[count] = at
      breaks[count] = ended
      if (at - start > longest + quotes) ids[count] = 0
      // The hash leaves out the apostrophes.
      else ids[count] = vocabulary.numberOf(hash)
      signs.word(at - start, kinds, quotes)
      count += 1
      ended = 0
      before = kindOf(text.charCodeAt(at - 1))
    }
    return { count, starts, ends, ids, breaks, signs }
  }
}

class SignCounts implements Signs {
  digits = false
  leet = false
  longRun = false
  apart = 0
  short = 0
  /** A bit for each character that was seen. */
  readonly #seen = new Uint32Array((beyond >> 5) + 1)
  #run = 0
  #apart = 0
  #short = 0

  hasOneOf(codes: readonly number[]): boolean {
    for (const code of codes) if ((((this.#seen[code >> 5] as number) >>> (code & 31)) & 1) === 1) return true
    return false
  }

  #see(code: number): void {
    this.#seen[code >> 5] = (this.#seen[code >> 5] as number) | (1 << (code & 31))
  }

  /** A character that is in no word, what it is, and what is before and after it. */
  between(code: number, kind: number, before: number, after: number): void {
    this.#see(Math.min(code, beyond))
    if ((kind & runOnly) !== 0) this.#run += 1
    else this.#run = 0
    if ((kind & (sign | mark)) !== 0 && (after === letter || (kind === sign && before === letter))) this.leet = true
  }

  /** A word, what its characters are together, and how many apostrophes are in it. */
  word(length: number, of: number, quotes: number): void {
    this.#run += length
    if (this.#run >= shortestRun) this.longRun = true
    if ((of & digit) !== 0) {
      this.digits = true
      if ((of & letter) !== 0) this.leet = true
    }
    if ((of & foreign) !== 0) {
      this.#see(beyond)
      // Letters may stand alone between those of another script.
      this.#apart += length
    } else if (quotes > 0) {
      this.#see(apostrophe)
      this.#apart = quotes === 1 && length > 3 ? 1 : this.#apart + quotes + 1
    } else this.#apart = length === 1 ? this.#apart + 1 : 0
    if (this.#apart > this.apart) this.apart = this.#apart
    this.#short = length <= 4 ? this.#short + 1 : 0
    if (this.#short > this.short) this.short = this.#short
  }
}

function endsSentence(text: string, at: number, code: number): boolean {
  if (code === 32 || code === 44) return false
  if (code === 10) return at + 1 < text.length && text.charCodeAt(at + 1) === 10
  if (code === 0x3002) return true
  if (code !== 46 && code !== 33 && code !== 63 && code !== 59) return false
  return at + 1 >= text.length || text.charCodeAt(at + 1) <= 32
}

/** The codes of characters, for {@link Signs.hasOneOf}. */
export function codesOf(characters: string): readonly number[] {
  return [...characters].map((character) => Math.min(character.charCodeAt(0), beyond))
}
