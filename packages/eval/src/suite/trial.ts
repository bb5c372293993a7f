import type { Score } from '../score/scorer.ts'

/** What one trial took. Sums over the calls of wrapped clients inside the target. */
export interface TrialMeasures {
  /** Of the target as a whole, in milliseconds. */
  readonly latencyMs: number
  /** To the first content of the first streamed call. */
  readonly ttftMs?: number
  readonly inputTokens?: number
  readonly outputTokens?: number
  /** Absent when a part of it has no price. */
  readonly costNanoUsd?: number
  /** The models that answered, as they named themselves. */
  readonly models: readonly string[]
  /** Answered from a cache (the run's, or a `cache()` in the pipeline): its latency is left out of percentiles. */
  readonly isCached: boolean
}

/** One line of a run file: one case, one trial. Plain JSON. */
export interface TrialRecord {
  readonly kind: 'trial'
  readonly id: string
  /** Of the case's input and expected value: a case that changed under the same id is not compared. */
  readonly digest: string
  readonly cluster: string
  readonly tags?: readonly string[]
  readonly trial: number
  /** As the target gave it; absent when it failed, or when the run keeps no outputs. */
  readonly output?: unknown
  /** Why there is no output: error name and code, never a prompt. */
  readonly error?: { readonly name: string; readonly code?: string; readonly message: string }
  readonly measures: TrialMeasures
  /** By scorer name. */
  readonly scores: Readonly<Record<string, Score>>
  readonly startedAtMs: number
}
