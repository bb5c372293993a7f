import { checkFinite, checkLevel, outOfRange } from './out-of-range.ts'
import type { LevelOptions } from './proportion.ts'
import { tQuantile } from './special.ts'

/** A mean with its uncertainty. */
export interface MeanEstimate {
  readonly mean: number
  /** Standard error; `NaN` for one value, of which nothing is known. */
  readonly standardError: number
  /** Degrees of freedom of the t distribution that the interval is taken from. */
  readonly df: number
  readonly low: number
  readonly high: number
}

export interface MeanOptions extends LevelOptions {
  /**
   * The cluster of each value, by which values depend on each other: repeats of one case, questions on one document. With
   * fewer clusters than values the standard error is usually larger and the degrees of freedom fewer. @default each its own
   */
  readonly clusters?: readonly string[]
}

/**
 * The mean of values with Student's interval. With `clusters` the standard error is the clustered one,
 * √(Σ_c (Σ_i∈c (xᵢ − x̄))²) / n, times √(C / (C − 1)) for C clusters, with C − 1 degrees of freedom; without, that is
 * the usual s / √n.
 *
 * @throws {SluiceError} `eval.out_of_range` for no values, values that are not finite, another number of clusters.
 * @see Miller, E.: Adding Error Bars to Evals. arXiv:2411.00640 (2024), section 2.2.
 */
export function meanInterval(values: readonly number[], options: MeanOptions = {}): MeanEstimate {
  const { level = 0.95, clusters } = options
  checkLevel('level', level)
  checkFinite('values', values)
  const n = values.length
  if (n === 0) throw outOfRange('values', 'at least one number')
  if (clusters && clusters.length !== n) throw outOfRange('clusters', 'one a value')
  const mean = sum(values) / n
  const deviations = new Map<string | number, number>()
  for (const [index, value] of values.entries()) {
    const cluster = clusters?.[index] ?? index
    deviations.set(cluster, (deviations.get(cluster) ?? 0) + value - mean)
  }
  const count = deviations.size
  let squares = 0
  for (const deviation of deviations.values()) squares += deviation * deviation
  const standardError = count > 1 ? (Math.sqrt(squares) / n) * Math.sqrt(count / (count - 1)) : Number.NaN
  const df = count - 1
  const spread = df > 0 ? tQuantile(0.5 + level / 2, df) * standardError : Number.POSITIVE_INFINITY
  return { mean, standardError, df, low: mean - spread, high: mean + spread }
}

/** Sum with the error of each step carried along (Neumaier), so that a million small scores add up. */
export function sum(values: Iterable<number>): number {
  let [total, lost] = [0, 0]
  for (const value of values) {
    const next = total + value
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total
    total = next
  }
  return total + lost
}
