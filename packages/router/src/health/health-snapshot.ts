import type { Outcome } from './flight.ts'
import type { LatencySummary } from './latency-histogram.ts'

/** What keeps a target from being used, the least bad first. */
export type OutCause =
  /** Half-open, and its probe is under way. */
  | 'probing'
  /** Its breaker is open. */
  | 'open'
  /** Ejected for failures. */
  | 'ejected'
  /** It asked to be left alone. */
  | 'cooling'
  /** It refused our credentials or payment. */
  | 'auth'

/** Why a target is not to be used now. */
export interface Out {
  readonly cause: OutCause
  /** When that ends, Unix milliseconds; for `probing` the present instant, because the probe may end at any time. */
  readonly untilAtMs: number
}

/** A target's health at one instant. Plain data: what is not known is left out. */
export interface TargetSnapshot {
  /**
   * Whether calls are sent to it, and why not. `half_open`: the next call is a probe. `healthy` is about being sent calls
   * only: a target that failed, but not often enough for its breaker, is `healthy` with a low `successRate`.
   */
  readonly state: 'healthy' | 'half_open' | OutCause
  /** The reason given for a cooldown. */
  readonly reason?: string
  /** When the state ends by itself, Unix milliseconds. */
  readonly untilAtMs?: number
  /** Calls under way. */
  readonly inFlight: number
  /** Share of the calls of the last minute that did not fail, 0..1. */
  readonly successRate?: number
  /** The latency to expect, in milliseconds. */
  readonly latencyMs: number
  readonly load: number
  /** Time to the first content of streams. */
  readonly ttftMs?: LatencySummary
  /** Time to the end of the answer. */
  readonly totalMs?: LatencySummary
  /** Times the breaker opened since the target was last healthy for long enough. */
  readonly trips: number
  /** Calls since the start, by how they ended. */
  readonly counts: Readonly<Record<Outcome, number>>
}
