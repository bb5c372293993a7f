import { refuse } from './outcomes.ts'

/** A rising line from confidences to scores; plain JSON. Made by {@link fitIsotonic}. */
export interface Isotonic {
  /** Ascending. */
  readonly confidences: readonly number[]
  /** The score at each, never falling. */
  readonly scores: readonly number[]
}

/**
 * Turns confidences of any scale into expected scores by isotonic regression: the best fit that never falls. With few
 * cases it is coarse. Neighbouring blocks are joined by straight lines.
 *
 * @throws {SluiceError} `config.option` for no cases and figures that are not finite.
 * @see pool adjacent violators: Barlow et al., Statistical Inference under Order Restrictions, 1972
 */
export function fitIsotonic(cases: readonly { readonly confidence: number; readonly score: number }[]): Isotonic {
  if (cases.length === 0) refuse('fitIsotonic', 'needs at least one case, got none.')
  for (const [index, { confidence, score }] of cases.entries())
    if (!Number.isFinite(confidence) || !Number.isFinite(score))
      refuse('fitIsotonic', `needs finite numbers in case ${index}, got confidence ${confidence} and score ${score}.`)
  const pools: { confidence: number; score: number; size: number }[] = []
  for (const { confidence, score } of cases.toSorted((a, b) => a.confidence - b.confidence)) {
    let pool = { confidence, score, size: 1 }
    for (let last = pools.at(-1); last; last = pools.at(-1)) {
      if (last.score < pool.score && last.confidence < pool.confidence) break
      pools.pop()
      const size = last.size + pool.size
      const mean = (a: number, b: number): number => (a * last.size + b * pool.size) / size
      pool = { confidence: mean(last.confidence, pool.confidence), score: mean(last.score, pool.score), size }
    }
    pools.push(pool)
  }
  return { confidences: pools.map(({ confidence }) => confidence), scores: pools.map(({ score }) => score) }
}

/** The score to expect at a confidence; beyond the ends that of the end. */
export function isotonicScore({ confidences, scores }: Isotonic, confidence: number): number {
  const next = confidences.findIndex((each) => each >= confidence)
  if (next < 0) return scores.at(-1) ?? Number.NaN
  const [to, high] = [confidences[next] as number, scores[next] as number]
  const [from, low] = [confidences[next - 1], scores[next - 1]]
  return from === undefined || low === undefined ? high : low + ((high - low) * (confidence - from)) / (to - from)
}
