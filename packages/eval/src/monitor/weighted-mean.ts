/** A mean of scores that were drawn with different chances. */
export interface WeightedMean {
  /** `undefined` before the first score. */
  readonly mean: number | undefined
  /** Scores so far. */
  readonly n: number
  /** How many scores drawn with equal chances would say as much: (Σw)² / Σw². */
  readonly effectiveN: number
}

/** Gathers scores by the inverse of the chance with which they were drawn. */
export interface WeightedMeanGatherer {
  add(score: number, probability: number): void
  read(): WeightedMean
}

/**
 * The mean Σ wᵢxᵢ / Σ wᵢ with w = 1 / probability: right on average for all traffic though slow or dear calls are drawn more
 * often.
 *
 * @see Hájek: Comment on “An essay on the logical foundations of survey sampling” (1971); Horvitz, Thompson. JASA 47 (1952).
 */
export function weightedMean(): WeightedMeanGatherer {
  let [n, weights, squares, total] = [0, 0, 0, 0]
  return {
    add(score, probability) {
      const weight = 1 / probability
      n += 1
      weights += weight
      squares += weight * weight
      total += weight * score
    },
    read: () => ({
      mean: n > 0 ? total / weights : undefined,
      n,
      effectiveN: squares > 0 ? (weights * weights) / squares : 0,
    }),
  }
}
