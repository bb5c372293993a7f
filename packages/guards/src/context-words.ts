const wordsEachSide = 5
/** How far to look for words before a candidate, in code units. */
export const contextBefore = 64
/** How far to look after it; on a stream this is what a doubtful candidate is held for. */
export const contextAfter = 40

const letter = /[\p{L}\p{M}\p{N}]/u
/** What is known of a code unit: 1 for a part of a word, 2 for none. Characters beyond 16 bits are in no cue. */
const known = new Uint8Array(0x10000)

function isWordPart(text: string, index: number): boolean {
  const code = text.charCodeAt(index)
  if (known[code] === 0) known[code] = letter.test(text.charAt(index)) ? 1 : 2
  return known[code] === 1
}

/** The words around a place in a text, in the order of the text and in lower case. */
export interface Surroundings {
  readonly before: readonly string[]
  readonly after: readonly string[]
  /** Whether any of them is more than a number: in a table of figures there is nothing to look up. */
  readonly spoken: boolean
  /** False where the text ends before all words after the place are seen. */
  readonly complete: boolean
}

/**
 * The five whole words on each side of a piece of text: before it within {@link contextBefore} characters, after it within
 * {@link contextAfter} and in the same line and sentence (what stands beyond belongs to what follows).
 */
export function surroundings(text: string, start: number, end: number): Surroundings {
  const before = wordsBefore(text, Math.max(0, start - contextBefore), start)
  const { words: after, complete } = wordsAfter(text, end, Math.min(text.length, end + contextAfter))
  return { before, after, complete, spoken: before.some(isSpoken) || after.some(isSpoken) }
}

/** The last words between `from` and `to`, but for one that is cut. */
function wordsBefore(text: string, from: number, to: number): string[] {
  const words: string[] = []
  for (let end = to; words.length < wordsEachSide;) {
    while (end > from && !isWordPart(text, end - 1)) end -= 1
    let start = end
    while (start > from && isWordPart(text, start - 1)) start -= 1
    if (start === end || (start === from && from > 0 && isWordPart(text, from - 1))) break
    words.push(text.slice(start, end).toLowerCase())
    end = start
  }
  return words.reverse()
}

/** The first words from `from` on, up to `to` or the end of the line or sentence, and whether there can be no more. */
function wordsAfter(text: string, from: number, to: number): { words: string[]; complete: boolean } {
  const words: string[] = []
  const full = to === from + contextAfter
  for (let at = from; words.length < wordsEachSide;) {
    while (at < to && !isWordPart(text, at)) {
      if (endsSentence(text, at, to)) return { words, complete: true }
      at += 1
    }
    if (at === to) return { words, complete: full }
    const start = at
    while (at < to && isWordPart(text, at)) at += 1
    // At the end of what is looked at a word may be cut: by the bound it is left out, by the end of the text it may go on.
    if (at < to || !full) words.push(text.slice(start, at).toLowerCase())
    if (at === to) return { words, complete: full }
  }
  return { words, complete: true }
}

function endsSentence(text: string, index: number, to: number): boolean {
  const character = text[index]
  if (character === '\n' || character === '\r') return true
  return (
    (character === '.' || character === '!' || character === '?' || character === ';') &&
    index + 1 < to &&
    text[index + 1] === ' '
  )
}

function isSpoken(text: string): boolean {
  const code = text.charCodeAt(0)
  return code > 0x39 || code < 0x30
}

/** Phrases that are separated by commas. */
export function phrases(list: string): string[] {
  return list.split(',').map((phrase) => phrase.trim())
}

/** Words that say what a number beside them is. */
export interface Cues {
  /** How many words away the nearest cue is, from 1; 0 where there is none. */
  distance(around: Surroundings): number
}

/** Cues from words and short phrases in lower case. A word is also met in its plural with `s`. */
export function cues(phrases: readonly string[]): Cues {
  const byFirst = new Map<string, string[][]>()
  for (const phrase of phrases) {
    const words = phrase.split(' ')
    const first = words[0] as string
    byFirst.set(first, [...(byFirst.get(first) ?? []), words.slice(1)])
  }
  const beginsAt = (words: readonly string[], index: number): boolean => {
    const each = words[index]
    if (each === undefined) return false
    const rests = byFirst.get(each) ?? (each.endsWith('s') ? byFirst.get(each.slice(0, -1)) : undefined)
    return rests?.some((rest) => rest.every((next, step) => words[index + 1 + step] === next)) ?? false
  }
  return {
    distance({ before, after, spoken }) {
      if (!spoken) return 0
      for (let away = 1; away <= wordsEachSide; away += 1)
        if (beginsAt(before, before.length - away) || beginsAt(after, away - 1)) return away
      return 0
    },
  }
}
