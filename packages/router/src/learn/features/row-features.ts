import { answerSigns } from './answer-signs.ts'
import { promptSurface } from './surface.ts'
import { countWords, type WordCounts } from './words.ts'

/** What a head may look at. */
export interface SeenRow {
  readonly prompt: string
  readonly label?: string | undefined
  readonly answer?: string | undefined
}

/** A row turned into numbers; what was learned from other rows plays no part yet. */
export interface RowFeatures {
  readonly words: WordCounts
  readonly surface: readonly number[]
  readonly label: string | undefined
  readonly answerWords: WordCounts | undefined
  readonly signs: readonly number[] | undefined
}

/** Longer texts are read up to here: the rest rarely changes the decision, and a decision must stay cheap. */
const maxCharacters = 8_000

export function rowFeatures({ prompt, label, answer }: SeenRow, dimensions: number): RowFeatures {
  const seen = shortened(prompt)
  const seenAnswer = answer === undefined ? undefined : shortened(answer)
  return {
    words: countWords(seen, dimensions),
    surface: promptSurface(seen),
    label,
    answerWords: seenAnswer === undefined ? undefined : countWords(seenAnswer, dimensions),
    signs: seenAnswer === undefined ? undefined : answerSigns(seen, seenAnswer),
  }
}

/** Keeps both ends: a question stands at the start or the end, a result at the end. */
function shortened(text: string): string {
  return text.length <= maxCharacters ? text : `${text.slice(0, maxCharacters / 2)}\n${text.slice(-maxCharacters / 2)}`
}
