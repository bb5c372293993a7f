import { linearScorer, type ModelFile } from './model/linear-model.ts'
import { foldLeet } from './text/leet.ts'
import { normalise } from './text/normalise.ts'
import { injectionPhrases } from './rules/rules.ts'
import { sentencesOf, type Sentence } from './text/sentences.ts'

/** A sentence with the log-odds that it is addressed to an assistant rather than to the reader or to nobody. */
export interface AddressedSentence extends Sentence {
  readonly logOdds: number
}

/** What the model sees of a sentence: how it begins tells most, so the beginning has a mark of its own. */
export function sentenceView(sentence: string): string {
  return `\u0080 ${foldLeet(normalise(sentence).text, injectionPhrases().vocabulary)} \u0081`
}

/** Loads the model and scores every sentence of a text. Linear in the text. */
export function addressedReader(model: ModelFile): (text: string) => AddressedSentence[] {
  const score = linearScorer(model)
  return (text) =>
    sentencesOf(text).map(({ start, end }) => ({
      start,
      end,
      logOdds: score(sentenceView(text.slice(start, end))),
    }))
}
