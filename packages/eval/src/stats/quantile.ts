import { binomialCdf } from './binomial.ts'
import { outOfRange } from './out-of-range.ts'

/** A quantile of a sample with an interval for the quantile of what was sampled. All in the sample's unit. */
export interface QuantileEstimate {
  readonly value: number
  readonly low: number
  readonly high: number
}

/** There are too few samples for any interval of the wanted confidence; `needs` is how many it takes. */
export interface TooFew {
  readonly tooFew: true
  readonly needs: number
}

export type Quantile = QuantileEstimate | TooFew

export interface QuantileOptions {
  /** Share of the intervals that hold the true quantile, between 0 and 1. @default 0.95 */
  readonly confidence?: number
}

/**
 * The `q` quantile of `samples` with an interval that assumes nothing about their distribution, only that they are
 * independent draws from it.
 *
 * `value` is the sample quantile of type 7 (linear interpolation, as in R and NumPy). `low` and `high` are order
 * statistics whose ranks follow from the binomial distribution: the true quantile lies between them with at least the
 * given confidence. The error is shared evenly between the sides; where one side cannot be bounded so tightly, its end
 * is the smallest or largest sample and the other side gets what remains. When even all samples together do not make an
 * interval, there is no honest answer, and the result says how many samples it takes: 59 for p95 and 299 for p99 at 95 %.
 *
 * @param samples finite numbers in any order; not changed.
 * @param q between 0 and 1, both excluded.
 * @throws {SluiceError} `eval.out_of_range` when `q`, the confidence or a sample is not what it must be.
 * @see Hahn, Meeker: Statistical Intervals (1991), section 5.2, distribution-free intervals for a percentile.
 * @see Hyndman, Fan: Sample quantiles in statistical packages, The American Statistician 50 (1996), definition 7.
 *
 * @example
 * const latenciesMs = [380, 412, 395, 2200, 401, 377]
 * const p95 = quantile(latenciesMs, 0.95)
 * console.log('tooFew' in p95 ? `needs ${p95.needs} samples` : `${p95.value} ms (${p95.low} to ${p95.high})`)
 */
export function quantile(samples: readonly number[], q: number, options: QuantileOptions = {}): Quantile {
  const { confidence = 0.95 } = options
  checkShare('q', q)
  checkShare('confidence', confidence)
  if (!samples.every(Number.isFinite)) throw outOfRange('samples', 'finite numbers')
  return sortedQuantile(Float64Array.from(samples).sort(), q, confidence)
}

/** {@link quantile} of samples that are sorted and checked already. */
export function sortedQuantile(sorted: Float64Array, q: number, confidence: number): Quantile {
  const n = sorted.length
  const needs = samplesNeeded(q, confidence)
  if (n < needs) return { tooFew: true, needs }
  const [low, high] = intervalRanks(n, q, 1 - confidence)
  return { value: type7(sorted, q), low: sorted[low - 1] as number, high: sorted[high - 1] as number }
}

/** The fewest samples whose smallest and largest hold the `q` quantile between them with the given confidence. */
function samplesNeeded(q: number, confidence: number): number {
  // The rarer end adds little: the count that the likelier one takes alone is where to start.
  let n = Math.max(2, Math.floor(Math.log(1 - confidence) / Math.log(Math.max(q, 1 - q))))
  while (q ** n + (1 - q) ** n > 1 - confidence) n += 1
  return n
}

/** Ranks (from 1) of the samples between which the `q` quantile lies, except with probability `error`. */
function intervalRanks(n: number, q: number, error: number): [low: number, high: number] {
  const cdf = binomialCdf(n, q)
  const atMost = (k: number): number => (k < 0 ? 0 : (cdf[k] as number))
  // The quantile lies below the sample of rank r when fewer than r samples lie below it, and above it when at least r do.
  const below = atMost(0)
  const above = 1 - atMost(n - 1)
  const lowError = above > error / 2 ? error - above : error / 2
  const highError = below > error / 2 ? error - below : error / 2
  let low = 1
  while (low < n && atMost(low) <= lowError) low += 1
  let high = n
  while (high > low + 1 && 1 - atMost(high - 2) <= highError) high -= 1
  return [low, high]
}

/** The sample quantile of type 7 of sorted samples. */
export function type7(sorted: Float64Array, q: number): number {
  const at = (sorted.length - 1) * q
  const floor = Math.floor(at)
  const left = sorted[floor] as number
  const right = sorted[Math.min(floor + 1, sorted.length - 1)] as number
  return left + (at - floor) * (right - left)
}

function checkShare(name: string, value: number): void {
  if (!(value > 0 && value < 1)) throw outOfRange(name, 'between 0 and 1, both excluded')
}
