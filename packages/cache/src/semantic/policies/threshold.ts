import type { Policy } from '../policy.ts'
import { checked } from './checked.ts'
import { nearestServable } from './evidence.ts'

/**
 * Serves the nearest candidate that is not barred, from a cosine of `minSimilarity` on, −1..1; half way up to 1 where the vetoes could not read
 * the prompts.
 *
 * No threshold is safe by itself: opposites are often more alike than paraphrases, and which value is right differs by
 * embedder and traffic. For those who have measured theirs; the vetoes and audits still hold.
 *
 * @throws {SluiceError} `config.option` at construction.
 */
export function threshold(minSimilarity: number): Policy {
  checked('threshold', { minSimilarity }, { minSimilarity: 'similarity' })
  return {
    id: 'threshold',
    k: 4,
    minSimilarity,
    decide({ candidates, isUnread }) {
      const candidate = nearestServable(candidates)
      const { similarity } = candidate
      const similarityNeeded = isUnread ? (minSimilarity + 1) / 2 : minSimilarity
      // Cosines of equal vectors come out a rounding error below 1.
      return { serves: similarity >= similarityNeeded - 1e-6, candidate, numbers: { similarity, similarityNeeded } }
    },
  }
}
