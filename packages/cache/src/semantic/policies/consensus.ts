import type { Policy } from '../policy.ts'
import { checked } from './checked.ts'
import { evidenceOf } from './evidence.ts'

export interface ConsensusOptions {
  /** How many of the nearest must have the same answer; one more where the vetoes could not read the prompts. @default 3 */
  readonly k?: number
  /**
   * What that answer must have of the votes of the ten nearest (or `k`, if more) and of the unknown: 0..1. A neighbour's
   * vote grows with its likeness. @default 0.855
   */
  readonly minShare?: number
  /** The least cosine of the nearest, −1..1. @default 0, since `minShare` asks for likeness too */
  readonly minSimilarity?: number
}

/**
 * Serves an answer on which the neighbours agree: the `k` nearest have it, and among the ten nearest, weighted by likeness,
 * it has `minShare` against all others and the one that is not known yet.
 *
 * For answers that repeat: labels, routes, extracted fields, FAQ. It needs `k` paid answers of a group before it serves the
 * first. Prose never repeats by itself: give the tier `sameAnswer` or `promote`.
 *
 * @throws {SluiceError} `config.option` at construction.
 */
export function consensus(options: ConsensusOptions = {}): Policy {
  const {
    k = 3,
    minShare = 0.85,
    minSimilarity = 0,
  } = checked('consensus', options, { k: 'count', minShare: 'share', minSimilarity: 'similarity' })
  return {
    id: 'consensus',
    k: Math.max(10, k + 1),
    minSimilarity,
    decide({ candidates, isUnread }) {
      const { candidate, share, agreeing } = evidenceOf(candidates)
      const agreeingNeeded = isUnread ? k + 1 : k
      const { similarity } = candidate
      return {
        serves: agreeing >= agreeingNeeded && share >= minShare && similarity >= minSimilarity,
        candidate,
        numbers: {
          similarity,
          similarityNeeded: minSimilarity,
          agreeing,
          agreeingNeeded,
          share,
          shareNeeded: minShare,
        },
      }
    },
  }
}
