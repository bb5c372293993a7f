import { hashOf, Vocabulary } from '../text/vocabulary.ts'
import { WordReader, type Words } from '../text/words.ts'

/** Sets of words by name, words divided by spaces. A name in capitals stands for all words of that set. */
export type Lexicon = Readonly<Record<string, string>>

/** How much a family says when it fires alone. `weak` ones count in company only, a `cue` only tells where to look closer. */
export type Strength = 'strong' | 'weak' | 'cue'

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
  /** The place of its group in the list. */
  readonly group: number
  readonly steps: readonly Step[]
  readonly sentenceStart: boolean
  /** The symbol that must not be among the two words before, or -1. */
  readonly notAfter: number
}

/** No phrase reaches over more words: a place in it is a bit of a number. */
const longestReach = 31
const placesPerGroup = 32
/** Blocks of 32 words for which there is memory at hand. */
const usualBlocks = 64

/**
 * Phrases compiled to a matcher that reads a text once. From each word that can begin a phrase it looks ahead no further
 * than the phrase is long, so that the time is linear in the text whatever it holds.
 *
 * A symbol is a set of words that stands somewhere in a phrase. Everything is numbered and flat, for the reason that
 * {@link Vocabulary} is.
 */
export class PhraseBook {
  readonly #groups: readonly PhraseGroup[]
  /** All words that phrases use. */
  readonly vocabulary: Vocabulary
  readonly #reader: WordReader
  /** The symbols that a word belongs to, as `#width` times 32 bits a word. */
  readonly #bits: Uint32Array
  readonly #width: number
  /** Of those, the numbers in front that hold the rarest symbols of phrases. */
  readonly #rareWidth: number
  /** The phrases that a word can begin are those from its place here up to the next, in the two lists that follow. */
  readonly #begins: Int32Array
  readonly #begun: Int16Array
  /** The rarest symbol of the phrase, which must be near, or -1 where there is no second one. */
  readonly #rarest: Int16Array
  /** Memory for {@link #nearWords} of the texts that most are. */
  readonly #near: Uint32Array
  /** Of each phrase: its group, what may not be before it, whether it begins a sentence, and where its steps begin. */
  readonly #groupOf: Int16Array
  readonly #notAfter: Int16Array
  readonly #sentenceStart: Uint8Array
  readonly #stepsFrom: Int32Array
  readonly #stepSymbols: Int16Array
  readonly #stepGaps: Uint8Array

  constructor(lexicon: Lexicon, groups: readonly PhraseGroup[]) {
    const { phrases, symbols } = parsed(lexicon, groups)
    const words = [...new Set(symbols.flatMap(({ words: each }) => each))]
    const numberOf = new Map(words.map((word, index) => [word, index + 1]))
    this.#groups = groups
    this.vocabulary = new Vocabulary(words)
    this.#reader = new WordReader(this.vocabulary)

    const anchors = phrases.map(({ steps }) => rarest(steps.slice(1), symbols))
    // The rarest ones first, so that near words are looked up in few numbers.
    const order = [...new Set([...anchors.filter((anchor) => anchor >= 0), ...symbols.keys()])]
    const place = new Map(order.map((symbol, index) => [symbol, index]))
    const placeOf = (symbol: number): number => place.get(symbol) ?? -1
    this.#rareWidth = (new Set(anchors).size >> 5) + 1
    this.#near = new Uint32Array(this.#rareWidth * usualBlocks)
    this.#width = (symbols.length >> 5) + 1
    this.#bits = new Uint32Array(this.#width * (words.length + 1))
    for (const [symbol, { words: each }] of symbols.entries()) {
      const bit = placeOf(symbol)
      for (const word of each) {
        const at = (numberOf.get(word) ?? 0) * this.#width + (bit >> 5)
        this.#bits[at] = (this.#bits[at] as number) | (1 << (bit & 31))
      }
    }

    const lists = Array.from({ length: words.length + 1 }, (): number[] => [])
    for (const [index, { steps }] of phrases.entries())
      for (const word of symbols[steps[0]?.symbol ?? -1]?.words ?? []) lists[numberOf.get(word) ?? 0]?.push(index)
    this.#begins = offsets(lists)
    this.#begun = Int16Array.from(lists.flat())
    this.#rarest = Int16Array.from(lists.flat(), (phrase) => placeOf(anchors[phrase] ?? -1))

    this.#groupOf = Int16Array.from(phrases, ({ group }) => group)
    this.#notAfter = Int16Array.from(phrases, ({ notAfter }) => placeOf(notAfter))
    this.#sentenceStart = Uint8Array.from(phrases, ({ sentenceStart }) => (sentenceStart ? 1 : 0))
    this.#stepsFrom = offsets(phrases.map(({ steps }) => steps))
    const steps = phrases.flatMap((phrase) => phrase.steps)
    this.#stepSymbols = Int16Array.from(steps, ({ symbol }) => placeOf(symbol))
    this.#stepGaps = Uint8Array.from(steps, ({ gap }) => gap)
  }

  /** Whether any phrase uses this word. */
  knows(word: string): boolean {
    return this.vocabulary.numberOf(hashOf(word)) > 0
  }

  /** The words of a plain text, for {@link find}; good until the next text is read. */
  read(text: string): Words {
    return this.#reader.read(text)
  }

  /** Finds the first places of every group, at most 32 each. */
  find(words: Words): PhraseHit[] {
    const { count, ids, breaks, starts, ends } = words
    const near = this.#nearWords(words)
    const hits: PhraseHit[] = []
    let places: Uint8Array | undefined
    for (let at = 0; at < count; at += 1) {
      const id = ids[at] as number
      if (id === 0) continue
      const to = this.#begins[id + 1] as number
      const block = (at >> 5) * this.#rareWidth
      for (let index = this.#begins[id] as number; index < to; index += 1) {
        // Of most phrases, the rarest word that would have to follow is nowhere near.
        const rare = this.#rarest[index] as number
        if (rare >= 0 && (((near[block + (rare >> 5)] as number) >>> (rare & 31)) & 1) === 0) continue
        const phrase = this.#begun[index] as number
        if (this.#sentenceStart[phrase] === 1 && breaks[at] === 0) continue
        if (this.#follows(words, at, this.#notAfter[phrase] as number)) continue
        const last = this.#reach(words, at, phrase)
        if (last < 0) continue
        const group = this.#groupOf[phrase] as number
        places ??= new Uint8Array(this.#groups.length)
        if ((places[group] as number) >= placesPerGroup) continue
        places[group] = (places[group] as number) + 1
        hits.push({ group: this.#groups[group] as PhraseGroup, start: starts[at] as number, end: ends[last] as number })
      }
    }
    return hits
  }

  /** Which of the rarest symbols stand in each block of 32 words or in the one after it: no phrase reaches further. */
  #nearWords({ count, ids }: Words): Uint32Array {
    const rareWidth = this.#rareWidth
    const blocks = (count >> 5) + 1
    const length = rareWidth * (blocks + 1)
    const near = length <= this.#near.length ? this.#near.fill(0, 0, length) : new Uint32Array(length)
    for (let at = 0; at < count; at += 1) {
      const id = ids[at] as number
      if (id === 0) continue
      const into = (at >> 5) * rareWidth
      const from = id * this.#width
      for (let index = 0; index < rareWidth; index += 1)
        near[into + index] = (near[into + index] as number) | (this.#bits[from + index] as number)
    }
    for (let index = 0; index < blocks * rareWidth; index += 1)
      near[index] = (near[index] as number) | (near[index + rareWidth] as number)
    return near
  }

  /** Whether one of the two words before a place can be a symbol. */
  #follows({ ids }: Words, at: number, symbol: number): boolean {
    if (symbol < 0) return false
    return (at > 0 && this.#has(ids[at - 1] as number, symbol)) || (at > 1 && this.#has(ids[at - 2] as number, symbol))
  }

  /**
   * The word that ends a phrase begun at `from`, or -1. `reached` has a bit for each word at which the steps so far can
   * end, counted from `from`.
   */
  #reach({ count, ids, breaks }: Words, from: number, phrase: number): number {
    const end = this.#stepsFrom[phrase + 1] as number
    let reached = 1
    for (let step = (this.#stepsFrom[phrase] as number) + 1; step < end; step += 1) {
      const symbol = this.#stepSymbols[step] as number
      const gap = this.#stepGaps[step] as number
      let next = 0
      for (let offset = 0; offset < longestReach && reached >>> offset !== 0; offset += 1) {
        if (((reached >>> offset) & 1) === 0) continue
        const limit = Math.min(offset + gap + 1, longestReach, count - 1 - from)
        for (let to = offset + 1; to <= limit && breaks[from + to] === 0; to += 1)
          if (this.#has(ids[from + to] as number, symbol)) next |= 1 << to
      }
      if (next === 0) return -1
      reached = next
    }
    return from + 31 - Math.clz32(reached & -reached)
  }

  #has(id: number, symbol: number): boolean {
    return (((this.#bits[id * this.#width + (symbol >> 5)] as number) >>> (symbol & 31)) & 1) === 1
  }
}

interface WordSet {
  readonly words: readonly string[]
  /** How often it is met in any text, roughly: in most languages the short words are the common ones. */
  readonly frequency: number
}

/** The phrases of all groups, and the sets of words that their symbols stand for. */
function parsed(
  lexicon: Lexicon,
  groups: readonly PhraseGroup[],
): { readonly phrases: readonly Phrase[]; readonly symbols: readonly WordSet[] } {
  const numbers = new Map<string, number>()
  const symbols: WordSet[] = []
  const symbolOf = (source: string): number => {
    const known = numbers.get(source)
    if (known !== undefined) return known
    const words = [...new Set(wordsOf(source, lexicon))]
    numbers.set(source, symbols.length)
    return symbols.push({ words, frequency: words.reduce((sum, { length }) => sum + 4 ** -length, 0) }) - 1
  }
  const phrases = groups.flatMap(({ phrases: sources }, group) =>
    sources.flatMap((source) => variants(source).map((variant) => parse(variant, group, symbolOf))),
  )
  return { phrases, symbols }
}

function rarest(steps: readonly Step[], symbols: readonly WordSet[]): number {
  const frequency = (symbol: number): number => symbols[symbol]?.frequency ?? Infinity
  return steps.reduce((best, { symbol }) => (best < 0 || frequency(symbol) < frequency(best) ? symbol : best), -1)
}

/** Where each of some lists begins when they are put one after the other, and where the last one ends. */
function offsets(lists: readonly (readonly unknown[])[]): Int32Array {
  const from = new Int32Array(lists.length + 1)
  for (const [index, { length }] of lists.entries()) from[index + 1] = (from[index] as number) + length
  return from
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

function parse(source: string, group: number, symbolOf: (source: string) => number): Phrase {
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
  const words: string[] = []
  for (const part of source.split('|')) {
    const set = lexicon[part]
    if (set === undefined && /[A-Z]/.test(part)) throw new Error(`No set of words is named ${part}`)
    for (const word of set?.split(' ') ?? [part]) {
      if (lexicon[word] === undefined) words.push(word)
      else words.push(...wordsOf(word, lexicon))
    }
  }
  return words
}
