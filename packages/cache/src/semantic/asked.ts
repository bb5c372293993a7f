import type { Known } from './candidates.ts'
import type { PolicyDecision } from './policy.ts'
import type { SemanticQuery } from './tier.ts'

/** A query that was looked up, until its answer comes. */
export interface Asked {
  readonly query: SemanticQuery
  /** Its vector, or on the way; absent where it was not needed. */
  vector?: Promise<Float32Array>
  candidates: readonly Known[]
  /** What the policy said; absent where it was not asked. */
  decision?: PolicyDecision
  /** What would have been served, had the tier not only watched. */
  wouldServe?: Known
  /** An answer was served to it: what the provider says to it is an audit, no label of a miss. */
  isServed: boolean
  /** What was found out since about answers of candidates, by their ids: whether the provider's says the same. */
  readonly verdicts: Map<string, boolean | undefined>
}

/** A hit that was served, until it is too long ago. */
export interface Served {
  readonly asked: Asked
  readonly candidate: Known
  /** Absent for a hit by its spelling, which no policy decided. */
  readonly decision: PolicyDecision | undefined
  /** It was found right or wrong already. */
  isJudged: boolean
}
