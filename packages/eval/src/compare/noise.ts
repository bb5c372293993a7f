import { SluiceError } from '@sluice/core'
import { checkNames } from '../eval-error.ts'
import { casesNeeded, detectableDifference, type PowerSetting } from '../stats/power.ts'
import type { EvalRun } from '../suite/run-file.ts'
import { caseScores, meanOf, withinVariance } from './case-scores.ts'

/** How much one scorer's results move when nothing changes. */
export interface NoiseFloor {
  readonly scorer: string
  readonly cases: number
  readonly repeats: number
  /** Variance of repeats of one case. */
  readonly withinVariance: number
  /** Standard deviation of the difference of two runs of the suite that are alike. */
  readonly differenceSd: number
  /** Cases whose repeats do not agree. */
  readonly flaky: readonly string[]
}

/**
 * The noise of each scorer of a run with repeats: what two runs of the same thing differ by.
 *
 * @throws {SluiceError} `eval.needs_repeats` for a run of one trial a case.
 */
export function noiseFloor(run: EvalRun): readonly NoiseFloor[] {
  return Object.keys(run.header.scorers).flatMap((scorer): NoiseFloor[] => {
    const cases = [...caseScores(run, scorer).values()]
    if (cases.length === 0) return []
    const variance = withinVariance(cases)
    if (variance === undefined)
      throw new SluiceError({
        code: 'eval.needs_repeats',
        message: `The run of "${run.header.suite}" tried each case once: its noise is not to be seen. Run it with "repeats" of 2 or more.`,
        details: { suite: run.header.suite },
      })
    const repeats = meanOf(cases.map(({ scores }) => scores.length))
    return [
      {
        scorer,
        cases: cases.length,
        repeats,
        withinVariance: variance,
        differenceSd: Math.sqrt((2 * variance) / (repeats * cases.length)),
        flaky: cases.filter(({ scores }) => scores.some((score) => score !== scores[0])).map(({ id }) => id),
      },
    ]
  })
}

export interface PlanOptions {
  /** The fall of the mean that is to be seen. @default 0.03 */
  readonly difference?: number
  /** @default 0.05 */
  readonly alpha?: number
  /** @default 0.8 */
  readonly power?: number
  /**
   * Variance between cases of the change itself: 0 where a change moves all cases alike, near the variance of the case means
   * where it moves some much and others not. @default half the variance of the case means
   */
  readonly betweenVariance?: number
  /** Repeats to plan for. @default 1, 2, 3, 5, 10 */
  readonly repeats?: readonly number[]
}

/** How large a suite has to be, by one scorer. */
export interface SuitePlan {
  readonly scorer: string
  readonly betweenVariance: number
  readonly withinVariance: number
  /** For each number of repeats: the cases needed, and the fall that as many cases as now would see. */
  readonly options: readonly { readonly repeats: number; readonly cases: number; readonly detectable: number }[]
}

/**
 * How many cases and repeats it takes to see a fall of the mean, from the variances of a pilot run with repeats. For a
 * one-sided test.
 *
 * @throws {SluiceError} `eval.needs_repeats`, `eval.out_of_range`, `config.option`.
 */
export function planSuite(pilot: EvalRun, options: PlanOptions = {}): readonly SuitePlan[] {
  checkNames('planSuite', options, ['difference', 'alpha', 'power', 'betweenVariance', 'repeats'])
  const { difference = 0.03, alpha = 0.05, power = 0.8, repeats = [1, 2, 3, 5, 10] } = options
  return noiseFloor(pilot).map(({ scorer, cases, withinVariance: within }) => {
    const means = [...caseScores(pilot, scorer).values()].map(({ scores }) => meanOf(scores))
    const mean = meanOf(means)
    const spread = means.reduce((total, value) => total + (value - mean) ** 2, 0) / Math.max(1, means.length - 1)
    const betweenVariance = options.betweenVariance ?? spread / 2
    const setting = (count: number): PowerSetting => ({
      betweenVariance,
      withinVariances: [within, within],
      repeats: [count, count],
      alpha,
      power,
      sides: 'one',
    })
    return {
      scorer,
      betweenVariance,
      withinVariance: within,
      options: repeats.map((count) => ({
        repeats: count,
        cases: Math.ceil(casesNeeded(difference, setting(count))),
        detectable: detectableDifference(cases, setting(count)),
      })),
    }
  })
}
