import { SluiceError } from '@sluice/core'
import type { AnswerOf, AnswerView, ApiId, Call, RequestOf } from '@sluice/core'
import type { Target } from '../target/target.ts'

/** What an estimator makes of an answer. */
export interface Estimate {
  /** How likely the answer is to be good, 0..1. Exactly 0: it is known to be bad, and is not fallen back on. */
  readonly score: number
  /** Why, in a word, for the report: `no_json`. Never text of the conversation. @default the estimator's name */
  readonly reason?: string
}

/** The step whose answer is judged. */
export interface StepView {
  /** Its place in the cascade, from 0. */
  readonly index: number
  readonly id: string
  readonly target: Target
}

/** What another target answered. */
export interface AskedAnswer {
  /** The native answer, in the dialect of the call. */
  readonly answer: AnswerOf<ApiId>
  readonly view: AnswerView
  /** Of the first choice. */
  readonly text: string
}

/**
 * Asks a target something, whole and once, on the account of the call: a try with reason `judge` in its report.
 *
 * @param request in the dialect of the call; @default the call's own
 * @throws {SluiceError} `cascade.ask` when it failed, with the name of the failure's row of the error table.
 */
export type Ask = (target: Target, request?: RequestOf<ApiId>) => Promise<AskedAnswer>

/** What an estimator knows before there is an answer. */
export interface BeginInput {
  /** The application's call; its signal aborts as soon as the judgement is not waited for any more. */
  readonly call: Call
  readonly step: StepView
  readonly ask: Ask
}

/** What an estimator judges by. */
export interface EstimateInput extends BeginInput {
  /** The native answer, whole, also where it was streamed. Read-only. */
  readonly answer: AnswerOf<ApiId>
  /** The same, whatever the dialect. */
  readonly view: AnswerView
  /** Text of the first choice. */
  readonly text: string
  /** What `begin` returned. */
  readonly begun: unknown
}

/**
 * Says how likely a cheap answer is good enough. It sees the answer before the application does. One that throws has no
 * opinion: the answer is not accepted, and may still be fallen back on.
 */
export interface Estimator {
  /** The name it goes by in reports: one word. */
  readonly name: string
  /** What the step has to be asked for. `logprobs`: token log-probabilities, hidden from callers that did not ask. */
  readonly needs?: { readonly logprobs?: boolean }
  /**
   * What it can judge besides one text. `tools`: answers that call tools. `choices`: several choices (`n` above 1). A step
   * is left out of calls that may bring what its estimator cannot judge. @default neither
   */
  readonly judges?: { readonly tools?: boolean; readonly choices?: boolean }
  /** The targets that it asks, whose price counts towards `maxCostNanoUsd`. */
  readonly asks?: readonly Target[]
  /** Refuses a step that it cannot judge, when the cascade is made. @throws {SluiceError} `config.option` */
  checkStep?(step: StepView): void
  /** Called as the step is asked, for what can be done beside it. Its result, or its promise, is given to `estimate`. */
  begin?(input: BeginInput): unknown
  estimate(input: EstimateInput): Promise<number | Estimate>
}

/** Whether a value has what a cascade needs of an estimator. */
export function isEstimator(value: unknown): value is Estimator {
  if (typeof value !== 'object' || value === null) return false
  const { name, estimate } = value as Partial<Estimator>
  return typeof name === 'string' && name !== '' && typeof estimate === 'function'
}

/** Starts an estimator beside its step. What goes wrong shows when the estimate is asked for. */
export function beginEstimate(estimator: Estimator, input: BeginInput): unknown {
  if (!estimator.begin) return undefined
  let begun: unknown
  try {
    begun = estimator.begin(input)
  } catch (error) {
    begun = Promise.reject(error)
  }
  // The step may fail first, and then nobody waits for it.
  if (begun instanceof Promise) begun.catch(() => undefined)
  return begun
}

/** An estimate with its score checked. @throws {SluiceError} `cascade.estimate` */
export async function estimateOf(estimator: Estimator, input: EstimateInput): Promise<Required<Estimate>> {
  const said = await estimator.estimate(input)
  const { score, reason = estimator.name } =
    typeof said === 'number' ? { score: said } : (said ?? { score: Number.NaN })
  if (typeof score === 'number' && score >= 0 && score <= 1) return { score, reason }
  throw new SluiceError({
    code: 'cascade.estimate',
    message: `The estimator "${estimator.name}" must say a score of 0 to 1, said ${String(score)}.`,
    details: { estimator: estimator.name },
    status: 500,
  })
}
