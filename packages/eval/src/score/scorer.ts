import type { AnswerView } from '@sluice/core'
import type { RunCase } from '../suite/case.ts'
import type { TrialMeasures } from '../suite/trial.ts'

/** What a scorer says of one output. A score can be missing: it is then left out, counted and shown, never taken for 0. */
export type Score =
  | {
      readonly status: 'scored'
      /** 0 is worst, 1 is best. */
      readonly score: number
      /** A word for the outcome, of few different ones: `superset`. */
      readonly label?: string
      /** Why, for people. */
      readonly reason?: string
      /** What it was judged by: differing paths, quotes, votes. JSON data. */
      readonly evidence?: unknown
      readonly costNanoUsd?: number
    }
  | {
      readonly status: 'unscored'
      /** `no_expected`, `unparseable`, `judge_refused`, `too_large`, … */
      readonly reason: string
      readonly evidence?: unknown
      readonly costNanoUsd?: number
    }
  | { readonly status: 'errored'; readonly error: string; readonly costNanoUsd?: number }

/** What is scored. */
export interface Scored<Input = unknown, Output = unknown, Expected = unknown> {
  readonly case: RunCase<Input, Expected>
  readonly trial: number
  readonly output: Output
  /** The output as text: itself when it is one, the text of an answer, else its JSON. */
  readonly text: string
  /** The output read as a provider's answer, where it is one: tool calls, refusals, why it ended. */
  readonly answer: AnswerView | undefined
  readonly measures: TrialMeasures
  readonly signal: AbortSignal
}

/** Scores outputs. Pure but for judges: the same output of the same case has the same score. */
export interface Scorer<Input = unknown, Output = unknown, Expected = unknown> {
  /** Names the score in results: `exact`. Unique in a suite. */
  readonly name: string
  /** Changes when scores of equal outputs may. Runs of different versions are not compared unless forced. */
  readonly version: string
  /** Model calls are made: what they cost is counted apart from the target's. @default false */
  readonly isJudge?: boolean
  /** The models that judge, for the header of a run. */
  readonly models?: readonly string[]
  score(scored: Scored<Input, Output, Expected>): Score | Promise<Score>
}
