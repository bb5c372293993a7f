import { upperBound } from './binomial.ts'

/** Whether an answer with a score was right. */
export interface ScoredTrial {
  /** The higher, the surer: 0..1. */
  readonly score: number
  readonly isRight: boolean
}

/** From one number of trials to the next that is tested. */
const growth = 1.15

/**
 * The lowest score such that of what has it or more, no more than `allowed` is wrong, by the one-sided bound of `confidence`;
 * `undefined` when not even the best trials show that.
 *
 * The best trials are tested first, as few as can show it at all, then more and more, and the first failure ends it. In
 * that fixed order every test may have the full confidence, and yet the chance that what is returned breaks the bound is at
 * most 1 − `confidence`.
 *
 * @see A. Angelopoulos, S. Bates, E. Candès, M. Jordan, L. Lei, "Learn then Test", 2021, https://arxiv.org/abs/2110.01052 (fixed-sequence testing)
 */
export function certifiedScore(trials: readonly ScoredTrial[], allowed: number, confidence = 0.95): number | undefined {
  const best = trials.toSorted((a, b) => b.score - a.score)
  let certified: number | undefined
  let wrong = 0
  let at = 0
  for (let count = leastTrials(allowed, confidence); count <= best.length; count = Math.ceil(count * growth)) {
    const score = best[count - 1]?.score as number
    // Equal scores stand and fall together.
    for (; at < best.length && (best[at]?.score as number) >= score; at += 1) if (!best[at]?.isRight) wrong += 1
    if (upperBound(wrong, at, confidence) > allowed) break
    certified = score
    count = Math.max(count, at)
  }
  return certified
}

/** So many trials without an error show that at most `allowed` are wrong. */
export function leastTrials(allowed: number, confidence = 0.95): number {
  return Math.ceil(Math.log(1 - confidence) / Math.log(1 - allowed))
}
