import type { TrialRecord } from './trial.ts'

/** The first line of a run file. */
export interface RunHeader {
  readonly kind: 'run'
  /** Of the file's format. */
  readonly version: 1
  /** Unique. */
  readonly runId: string
  readonly suite: string
  readonly startedAtMs: number
  /** Digest of the suite's name, cases and scorers: a run is only gone on with, or merged with another, where it is equal. */
  readonly fingerprint: string
  /** Name → version. */
  readonly scorers: Readonly<Record<string, string>>
  readonly judgeModels: readonly string[]
  readonly repeats: number
  /** How many cases the run has, those of other shards included. */
  readonly cases: number
  /** What the caller says of it: git commit, prompt version, model under test. */
  readonly labels: Readonly<Record<string, string>>
  /** Which part of the cases this is: `1/4`. Absent when it is all of them. */
  readonly shard?: string
}

/** The last line of a run that came to its end. */
export interface RunFooter {
  readonly kind: 'end'
  readonly endedAtMs: number
  readonly trials: number
  /** `budget`: the money was used up before the cases were. */
  readonly ended: 'complete' | 'budget' | 'aborted'
  /** What the run spent; what came from a cache cost nothing. */
  readonly targetNanoUsd: number
  readonly judgeNanoUsd: number
  /** Trials whose calls have no price, so that `targetNanoUsd` is too low. */
  readonly unpriced: number
}

export type RunLine = RunHeader | TrialRecord | RunFooter

/** A run in memory. */
export interface EvalRun {
  readonly header: RunHeader
  readonly trials: readonly TrialRecord[]
  readonly footer: RunFooter | undefined
}
