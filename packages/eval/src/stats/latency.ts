import { quantile, type Quantile } from './quantile.ts'

/** Latency of a set of calls. */
export interface LatencySummary {
  /** How many calls were measured. */
  readonly n: number
  /** In milliseconds, each with a 95 % interval, or the number of samples it would take. */
  readonly p50: Quantile
  readonly p95: Quantile
  readonly p99: Quantile
}

/**
 * Median, p95 and p99 of measured latencies with 95 % intervals by {@link quantile}. Keep kinds of calls apart that
 * differ in nature, such as cache hits and misses: a percentile over their mixture describes neither.
 *
 * @param samplesMs milliseconds, in any order.
 * @throws {SluiceError} `eval.out_of_range` when a sample is not a finite number.
 */
export function latencySummary(samplesMs: readonly number[]): LatencySummary {
  return {
    n: samplesMs.length,
    p50: quantile(samplesMs, 0.5),
    p95: quantile(samplesMs, 0.95),
    p99: quantile(samplesMs, 0.99),
  }
}
