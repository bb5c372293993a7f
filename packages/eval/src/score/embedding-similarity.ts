import { badOption } from '../eval-error.ts'
import { asText, defineComparingScorer, pickText, type ScorerOptions } from './define-scorer.ts'
import { scoredAs, unscored } from './outcome.ts'
import { withCost } from './with-cost.ts'
import type { Scorer } from './scorer.ts'

export interface EmbeddingSimilarityOptions extends ScorerOptions {
  /** Gives the vectors of texts, in their order: `(texts) => openai.embeddings.create({ model, input: texts }).then(…)`. */
  readonly embed: (texts: string[], signal: AbortSignal) => Promise<readonly (readonly number[])[]>
  /** The embedding model, for the scorer's version: vectors of another model are other scores. */
  readonly model: string
}

/**
 * The cosine of the embeddings of the output and the expected text, as it is: nothing is rescaled. Cosines below 0 count as
 * 0. What counts as alike depends on the model: compare runs, or set a threshold from labelled pairs.
 *
 * @throws {SluiceError} `config.option`
 */
export function embeddingSimilarity(options: EmbeddingSimilarityOptions): Scorer {
  const { embed, model } = options
  if (typeof embed !== 'function') throw badOption('embeddingSimilarity()', 'embed', 'a function of texts', embed)
  if (typeof model !== 'string' || model === '')
    throw badOption('embeddingSimilarity()', 'model', 'a text that is not empty', model)
  return defineComparingScorer({
    name: 'embeddingSimilarity',
    options,
    settings: [model],
    known: ['embed', 'model'],
    async score(scored, expected) {
      const texts = [pickText(scored, options), asText(expected)]
      const { value, ...cost } = await withCost(() => embed(texts, scored.signal))
      const [first, second] = value
      if (!first || !second || first.length !== second.length) return { ...unscored('no_vectors'), ...cost }
      const cosine = dot(first, second) / Math.sqrt(dot(first, first) * dot(second, second))
      return Number.isFinite(cosine)
        ? scoredAs(Math.min(1, Math.max(0, cosine)), cost)
        : { ...unscored('no_vectors'), ...cost }
    },
  })
}

function dot(first: readonly number[], second: readonly number[]): number {
  let sum = 0
  for (const [index, value] of first.entries()) sum += value * (second[index] as number)
  return sum
}
