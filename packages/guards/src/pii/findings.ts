import { type Cues, Surroundings } from '../context-words.ts'
import { isUnderscoreAt, mostUnderscores } from './characters.ts'

/** A piece of text that looks like an entity, before overlaps are resolved. */
export interface Candidate {
  readonly start: number
  /** The first code unit after it. */
  readonly end: number
  readonly entity: string
  /** How sure the recogniser is, 0..1, context counted in. */
  readonly score: number
  /** What a candidate of a lower rank gives way to where the two overlap. @see rank */
  readonly rank: number
}

/** Ranks: how much the form alone tells. */
export const rank = {
  /** A form that may hold others: an e-mail address within a URL. */
  enclosing: 5,
  /** A form that nothing else has: an e-mail address, an IBAN, a whole URL. */
  form: 4,
  /** A checked number in a form of its own: an id with its separators, a phone number with its plus. */
  checked: 3,
  /** A checked number that many a number could be: a card. */
  number: 2,
  /** Told by the words around it. */
  context: 1,
} as const

/** What one pass over a text has found, and where text that is still to come could change it. */
export class Findings {
  /** The text, with digits and fullwidth forms in ASCII. */
  readonly text: string
  /** The text as it is. */
  readonly original: string
  /** Candidates of a lower score do not count, so there is no need to look at them closely. */
  readonly minScore: number
  readonly candidates: Candidate[] = []
  /** Where the earliest match begins that more text could complete, lengthen or decide. */
  openAt: number
  #around: Surroundings | undefined

  constructor(text: string, minScore: number, original: string = text) {
    this.text = text
    this.original = original
    this.minScore = minScore
    this.openAt = text.length
  }

  add(start: number, end: number, entity: string, score: number, ranked: number): void {
    // A match at the very end could go on, and so could the word of underscores there.
    if (end >= this.text.length - mostUnderscores && (end >= this.text.length || isUnderscoreAt(this.text, end)))
      this.touch(start)
    if (score < this.minScore) return
    this.candidates.push({ start, end, entity, score, rank: ranked })
  }

  /** Says that a match which begins at `start` has come to the end of the text before it was decided. */
  touch(start: number): void {
    if (start < this.openAt) this.openAt = start
  }

  /** The words around a candidate; where they are not all there and could matter, the candidate is left open. */
  around(start: number, end: number): Surroundings {
    // Several recognisers ask about the same number, one after the other.
    if (this.#around?.start !== start || this.#around.end !== end)
      this.#around = new Surroundings(this.text, start, end)
    return this.#around
  }

  /** Whether one of the words around a candidate, at most `within` words away, is a cue. */
  hasCue(start: number, end: number, cues: Cues, within: number = Infinity): boolean {
    const around = this.around(start, end)
    const isNear = (distance: number): boolean => distance > 0 && distance <= within
    if (around.complete) return isNear(cues.distance(around))
    if (isNear(cues.distance(around, 'before'))) return true
    this.touch(start)
    return isNear(cues.distance(around))
  }
}
