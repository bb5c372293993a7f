import { findWords, Vocabulary } from '../text/words.ts'

/** Sets of words by name, words divided by spaces. A name in capitals stands for all words of that set. */
export type Lexicon = Readonly<Record<string, string>>

/** How much a family says when it fires alone. `weak` ones count in company only. */
export type Strength = 'strong' | 'weak'

/** Phrases that mean the same. */
export interface PhraseGroup {
  readonly family: string
  readonly strength: Strength
  /**
   * One phrase each: words that follow each other, divided by spaces. `a|b` is either, a name in capitals one of a set
   * of the lexicon, `..3` up to three words of any kind within the sentence, `x?` may be left out, a leading `^` the
   * beginning of a sentence, a leading `!a|b` none of these among the two words before.
   */
  readonly phrases: readonly string[]
}

/** Where a phrase was found, in code units of the plain text. */
export interface PhraseHit {
  readonly group: PhraseGroup
  readonly start: number
  readonly end: number
}

interface Step {
  readonly symbol: number
  /** How many words may stand between the step before and this one. */
  readonly gap: number
}

interface Phrase {
  readonly group: PhraseGroup
  readonly steps: readonly Step[]
  readonly sentenceStart: boolean
  /** The symbol that must not be among the two words before, or -1. */
  readonly notAfter: number
}

/** What a word of the vocabulary can be. */
interface Entry {
  /** The sets that it belongs to, as bits. */
  readonly bits: Uint32Array
  /** Phrases that begin with it. */
  readonly phrases: readonly Phrase[]
  /** The symbol of the last step of each of them, in one place: most phrases need not be looked at. */
  readonly lasts: Int16Array
}

export interface PhraseBook {
  /** Finds the first places of every group, at most 32 each. */
  find(text: string): PhraseHit[]
  /** Whether any phrase uses this word. */
  knows(word: string): boolean
}

const placesPerGroup = 32

/**
 * Compiles phrases to a matcher that reads a text once. From each word that can begin a phrase it looks ahead no further
 * than the phrase is long, so that the time is linear in the text whatever it holds.
 */
export function phraseBook(lexicon: Lexicon, groups: readonly PhraseGroup[]): PhraseBook {
  const symbols = new Map<string, number>()
  const words = new Map<string, Set<number>>()
  const symbolOf = (source: string): number => {
    const known = symbols.get(source)
    if (known !== undefined) return known
    const symbol = symbols.size
    symbols.set(source, symbol)
    for (const word of wordsOf(source, lexicon)) {
      const of = words.get(word) ?? new Set()
      words.set(word, of.add(symbol))
    }
    return symbol
  }
  const phrases = groups.flatMap((group) =>
    group.phrases.flatMap((source) => variants(source).map((variant) => parse(variant, group, symbolOf))),
  )
  const byFirst = Map.groupBy(phrases, ({ steps }) => steps[0]?.symbol ?? -1)
  const entries = new Map<string, Entry>()
  for (const [word, of] of words) {
    const bits = new Uint32Array((symbols.size >> 5) + 1)
    for (const symbol of of) bits[symbol >> 5] = (bits[symbol >> 5] ?? 0) | (1 << (symbol & 31))
    const begun = [...of].flatMap((symbol) => byFirst.get(symbol) ?? [])
    entries.set(word, { bits, phrases: begun, lasts: Int16Array.from(begun, ({ steps }) => steps.at(-1)?.symbol ?? 0) })
  }
  const vocabulary = new Vocabulary(entries)
  return { find: (text) => find(text, vocabulary), knows: (word) => entries.has(word) }
}

/** The phrases that `x?` stands for: with it and without. */
function variants(source: string): string[] {
  const parts = source.split(' ')
  const at = parts.findIndex((part) => part.endsWith('?'))
  if (at < 0) return [source]
  const before = parts.slice(0, at)
  const after = parts.slice(at + 1)
  const part = (parts[at] ?? '').slice(0, -1)
  return [
    [...before, part, ...after],
    [...before, ...after],
  ].flatMap((each) => variants(each.join(' ')))
}

function parse(source: string, group: PhraseGroup, symbolOf: (source: string) => number): Phrase {
  const steps: Step[] = []
  let gap = 0
  let sentenceStart = false
  let notAfter = -1
  for (const part of source.split(' ')) {
    if (part === '^') sentenceStart = true
    else if (part.startsWith('!')) notAfter = symbolOf(part.slice(1))
    else if (part.startsWith('..')) gap = Number(part.slice(2))
    else {
      steps.push({ symbol: symbolOf(part), gap })
      gap = 0
    }
  }
  return { group, steps, sentenceStart, notAfter }
}

function wordsOf(source: string, lexicon: Lexicon): string[] {
  return source.split('|').flatMap((part) => {
    const set = lexicon[part]
    if (set !== undefined) return set.split(' ').flatMap((word) => wordsOf(word, lexicon))
    if (/[A-Z]/.test(part)) throw new Error(`No set of words is named ${part}`)
    return [part]
  })
}

function find(text: string, vocabulary: Vocabulary<Entry>): PhraseHit[] {
  const { starts, ends, entries, breaks } = findWords(text, vocabulary)
  const hits: PhraseHit[] = []
  const places = new Map<PhraseGroup, number>()
  const near = new NearWords(entries)
  for (let at = 0; at < entries.length; at += 1) {
    const entry = entries[at]
    if (!entry) continue
    const { phrases, lasts } = entry
    for (let index = 0; index < lasts.length; index += 1) {
      // Of most phrases, the word that would have to follow is nowhere near.
      if (!near.has(at, lasts[index] as number)) continue
      const phrase = phrases[index] as Phrase
      if (phrase.sentenceStart && !breaks[at]) continue
      if (phrase.notAfter >= 0 && (has(entries[at - 1], phrase.notAfter) || has(entries[at - 2], phrase.notAfter)))
        continue
      const last = reach(phrase.steps, at, entries, breaks)
      if (last < 0) continue
      const found = places.get(phrase.group) ?? 0
      if (found >= placesPerGroup) continue
      places.set(phrase.group, found + 1)
      hits.push({ group: phrase.group, start: starts[at] ?? 0, end: ends[last] ?? text.length })
    }
  }
  return hits
}

/** What the words can be that stand in the block of 32 words of a place and in the next one: no phrase reaches further. */
class NearWords {
  readonly #width: number
  readonly #blocks: Uint32Array

  constructor(entries: readonly (Entry | undefined)[]) {
    this.#width = entries.find((entry) => entry !== undefined)?.bits.length ?? 0
    this.#blocks = new Uint32Array(this.#width * ((entries.length >> 5) + 2))
    for (let at = 0; at < entries.length; at += 1) {
      const bits = entries[at]?.bits
      if (!bits) continue
      const from = (at >> 5) * this.#width
      for (let index = 0; index < bits.length; index += 1)
        this.#blocks[from + index] = (this.#blocks[from + index] as number) | (bits[index] as number)
    }
  }

  has(at: number, symbol: number): boolean {
    const place = (at >> 5) * this.#width + (symbol >> 5)
    const bits = (this.#blocks[place] as number) | (this.#blocks[place + this.#width] as number)
    return ((bits >>> (symbol & 31)) & 1) === 1
  }
}

/**
 * The word that ends a phrase begun at `from`, or -1. `reached` has a bit for each word at which the steps so far can
 * end, counted from `from`; phrases reach no further than 31 words.
 */
function reach(
  steps: readonly Step[],
  from: number,
  entries: readonly (Entry | undefined)[],
  breaks: readonly boolean[],
): number {
  let reached = 1
  for (let index = 1; index < steps.length; index += 1) {
    const { symbol, gap } = steps[index] ?? { symbol: -1, gap: 0 }
    let next = 0
    for (let offset = 0; offset < 31 && reached >>> offset !== 0; offset += 1) {
      if (((reached >>> offset) & 1) === 0) continue
      const limit = Math.min(offset + gap + 1, 31)
      for (let to = offset + 1; to <= limit; to += 1) {
        if (from + to >= entries.length || breaks[from + to]) break
        if (has(entries[from + to], symbol)) next |= 1 << to
      }
    }
    if (next === 0) return -1
    reached = next
  }
  return from + 31 - Math.clz32(reached & -reached)
}

function has(entry: Entry | undefined, symbol: number): boolean {
  return entry !== undefined && (((entry.bits[symbol >> 5] ?? 0) >>> (symbol & 31)) & 1) === 1
}
