import { sentenceEnd } from './sentence-end.ts'
import type { View } from './view.ts'

/** A sentence of a text. Offsets are absolute. */
export interface Sentence {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** Cuts a growing text into sentences. */
export class Sentences {
  /** How far they were cut. */
  to = 0
  /** How far the text was read for the end of the next one. */
  #seen = 0

  /** Those that have become whole; with the rest of a text that is over. */
  next(view: View, isOver: boolean): readonly Sentence[] {
    const { text, from, end: textEnd } = view
    const sentences: Sentence[] = []
    while (this.to < textEnd) {
      const start = this.to
      const told = sentenceEnd(text, start - from, Math.max(start, this.#seen) - from)
      const end = told === undefined ? (isOver ? textEnd : start) : view.cut(from + told)
      if (end <= start) break
      sentences.push({ start, end, text: text.slice(start - from, end - from) })
      this.to = end
      this.#seen = end
    }
    this.#seen = textEnd
    return sentences
  }
}
