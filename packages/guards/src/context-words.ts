const wordsEachSide = 5
/** How far to look for words before a candidate, in code units. */
export const contextBefore = 64
/** How far to look after it; on a stream this is what a doubtful candidate is held for. */
export const contextAfter = 40

const letter = /[\p{L}\p{M}\p{N}]/u
/** What is known of a code unit beyond ASCII: 1 for a part of a word, 2 for none. Characters beyond 16 bits are in no cue. */
const known = new Uint8Array(0x10000)

function isWordPart(code: number): boolean {
  if (code < 0x80) return isDigit(code) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a)
  if (known[code] === 0) known[code] = letter.test(String.fromCharCode(code)) ? 1 : 2
  return known[code] === 1
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

/**
 * The five whole words on each side of a piece of text: before it within {@link contextBefore} characters, after it within
 * {@link contextAfter} and in the same line and sentence (what stands beyond belongs to what follows).
 *
 * Most pieces have no cue beside them: words are cut out of the text only where one is looked up.
 */
export class Surroundings {
  readonly text: string
  /** The piece that they surround. */
  readonly start: number
  readonly end: number
  /** False where the text ends before all words after the place are seen. */
  readonly complete: boolean
  /** The marks of the cues that may be among the words; 0 in a table of figures, where there is nothing to look up. */
  readonly marks: number
  #before: readonly string[] | undefined
  #after: readonly string[] | undefined

  constructor(text: string, start: number, end: number) {
    this.text = text
    this.start = start
    this.end = end
    spoken = false
    const marks = lookBefore(this) | lookAfter(this)
    this.complete = complete
    this.marks = spoken ? marks : 0
  }

  /** In the order of the text and in lower case. */
  get before(): readonly string[] {
    if (this.#before === undefined) {
      const words: string[] = []
      lookBefore(this, words)
      this.#before = words.reverse()
    }
    return this.#before
  }

  get after(): readonly string[] {
    if (this.#after === undefined) {
      const words: string[] = []
      lookAfter(this, words)
      this.#after = words
    }
    return this.#after
  }
}

/** What the last look has told beside the marks: whether a word was more than a number, and whether all were there. */
let spoken = false
let complete = true

/** The marks of the last words before a place, but for one that is cut; the nearest comes first into `words`. */
function lookBefore({ text, start: to }: Surroundings, words?: string[]): number {
  const from = Math.max(0, to - contextBefore)
  let marks = 0
  for (let at = to, count = 0; count < wordsEachSide; count += 1) {
    while (at > from && !isWordPart(text.charCodeAt(at - 1))) at -= 1
    const end = at
    let weight = 0
    let head = 0
    let tail = 0
    for (; at > from; at -= 1) {
      head = text.charCodeAt(at - 1)
      if (!isWordPart(head)) break
      if (at === end) tail = head
      weight += weightOf(head)
    }
    if (at === end || (at === from && from > 0 && isWordPart(text.charCodeAt(from - 1)))) break
    marks |= marksOf(weight, tail)
    if (!isDigit(text.charCodeAt(at))) spoken = true
    words?.push(text.slice(at, end).toLowerCase())
  }
  return marks
}

/** The marks of the first words after a place, up to the end of the line or sentence. */
function lookAfter({ text, end: from }: Surroundings, words?: string[]): number {
  const to = Math.min(text.length, from + contextAfter)
  const full = to === from + contextAfter
  complete = true
  let marks = 0
  for (let at = from, count = 0; count < wordsEachSide; count += 1) {
    for (; at < to; at += 1) {
      const code = text.charCodeAt(at)
      if (isWordPart(code)) break
      if (endsSentence(code, text, at, to)) return marks
    }
    const start = at
    let weight = 0
    let tail = 0
    for (; at < to; at += 1) {
      const code = text.charCodeAt(at)
      if (!isWordPart(code)) break
      tail = code
      weight += weightOf(code)
    }
    // At the end of what is looked at a word may be cut: by the bound it is left out, by the end of the text it may go on.
    if (at > start && (at < to || !full)) {
      marks |= marksOf(weight, tail)
      if (!isDigit(text.charCodeAt(start))) spoken = true
      words?.push(text.slice(start, at).toLowerCase())
    }
    if (at === to) {
      complete = full
      return marks
    }
  }
  return marks
}

function endsSentence(code: number, text: string, index: number, to: number): boolean {
  if (code === 0x0a || code === 0x0d) return true
  const isStop = code === 0x2e || code === 0x21 || code === 0x3f || code === 0x3b
  return isStop && index + 1 < to && text.charCodeAt(index + 1) === 0x20
}

const slots = 0x800
/**
 * By the weight of a word, the marks of the cues that begin with such a word: each has one bit of 16. Most words of a text are
 * told from all of them by that alone.
 */
const marksByWeight = new Uint16Array(slots)

const numbers = new Map<string, number>()
/** Far more than the detectors have; cues of an application may be without number. */
const mostNumbers = 256

/** The mark of cues, one and the same for however many detectors: the first ones have one of their own, the rest share. */
function markOf(kin: string): number {
  const number = numbers.get(kin) ?? numbers.size
  if (number < mostNumbers) numbers.set(kin, number)
  return 1 << (number < 14 ? number : 14 + (number % 2))
}

/** The marks of the cues that begin with a word of this weight, or with that without the `s` at its end. */
function marksOf(weight: number, tail: number): number {
  const marks = marksByWeight[slotOf(weight)] as number
  return (tail | 0x20) === 0x73 ? marks | (marksByWeight[slotOf(weight - weightOf(tail))] as number) : marks
}

/**
 * What a character adds to the weight of a word, which is the same whatever the order and the case of its letters: those
 * beyond ASCII all weigh the same, but for two that are ASCII in lower case.
 */
function weightOf(code: number): number {
  if (code < 0x80) return scattered(code | 0x20)
  if (code === 0x212a) return scattered(0x6b)
  return code === 0x130 ? scattered(0x69) + scattered(0x80) : scattered(0x80)
}

/** Below 2 ** 24, so that the weights of long words are exact, too. */
function scattered(code: number): number {
  return (Math.imul(code, Math.imul(code, 0x2c1b3c6d) ^ 0x297a2d39) >>> 8) & 0xffffff
}

function slotOf(weight: number): number {
  return (weight ^ (weight >>> 11)) & (slots - 1)
}

/** Phrases that are separated by commas. */
export function phrases(list: string): string[] {
  return list.split(',').map((phrase) => phrase.trim())
}

/** Words that say what a number beside them is. */
export interface Cues {
  /** How many words away the nearest cue is, from 1, on both sides or on one; 0 where there is none. */
  distance(around: Surroundings, side?: 'before' | 'after'): number
}

/**
 * Cues from words and short phrases in lower case. A word is also met in its plural with `s`. A phrase does not count where
 * one of `heads` comes right after it, since then it speaks of that: `account` of a number, but `account manager`.
 *
 * Marks are few: cues that are looked for only where others were found share theirs, by the same `kin`.
 */
export function cues(phrases: readonly string[], heads: readonly string[] = [], kin: string = phrases.join()): Cues {
  const others = new Set(heads)
  const byFirst = new Map<string, string[][]>()
  const mark = markOf(kin)
  for (const phrase of phrases) {
    const words = phrase.split(' ')
    const first = words[0] as string
    byFirst.set(first, [...(byFirst.get(first) ?? []), words.slice(1)])
    let weight = 0
    for (let index = 0; index < first.length; index += 1) weight += weightOf(first.charCodeAt(index))
    const slot = slotOf(weight)
    marksByWeight[slot] = (marksByWeight[slot] as number) | mark
  }
  const beginsAt = (words: readonly string[], index: number): boolean => {
    const each = words[index]
    if (each === undefined) return false
    const rests = byFirst.get(each) ?? (each.endsWith('s') ? byFirst.get(each.slice(0, -1)) : undefined)
    return (
      rests?.some((rest) => isAt(words, index + 1, rest) && !others.has(words[index + 1 + rest.length] ?? '')) ?? false
    )
  }
  return {
    distance(around, side) {
      if ((around.marks & mark) === 0) return 0
      const { before, after } = around
      for (let away = 1; away <= wordsEachSide; away += 1) {
        if (side !== 'after' && beginsAt(before, before.length - away)) return away
        if (side !== 'before' && beginsAt(after, away - 1)) return away
      }
      return 0
    },
  }
}

function isAt(words: readonly string[], index: number, phrase: readonly string[]): boolean {
  return phrase.every((word, step) => words[index + step] === word)
}

/** What is counted in texts that speak of programs, tables and amounts. */
const counted: ReadonlySet<string> = new Set(
  phrases(`
    rows, lines, columns, records, entries, items, iterations, steps, cycles, loops, attempts, retries, requests, users,
    customers, members, people, persons, inhabitants, employees, patients, visitors, followers, subscribers, tokens,
    words, characters, chars, bytes, bits, kb, mb, gb, kib, mib, gib, samples, units, pieces, genes, ms, seconds, minutes,
    hours, days, weeks, months, years, percent, dollars, euros, zeilen, einwohner, stück, habitants, lignes, habitantes,
    abitanti
  `),
)

/** Whether a number counts something: `1234 lines`. Where {@link Surroundings.complete} is not, it may do so yet. */
export function isCounted(around: Surroundings): boolean {
  const { text, end, after } = around
  return after.length > 0 && text.charCodeAt(end) === 0x20 && counted.has(after[0] as string)
}
