import { bootstrap, type Interval } from './bootstrap.ts'
import { checkNumber, refuse, refuseUnknown } from './outcomes.ts'
import { pickThreshold, resultOf, type ThresholdCase, type ThresholdGoal, type ThresholdResult } from './threshold.ts'
import { foldOfRows, groupsOf } from './seeded.ts'

export interface FitThresholdOptions {
  /** The part of the cases that the threshold is picked on, 0.1..0.9; the others measure it. @default 0.5 */
  readonly share?: number
  /** How sure the picked part must be that `minScore` is kept, one-sided, 0.5..0.999. 0.5 adds no margin. @default 0.5 */
  readonly assurance?: number
  /** Of the intervals, 0.5..0.999. @default 0.95 */
  readonly confidence?: number
  /** Bootstrap resamples, 100..100000. @default 1000 */
  readonly resamples?: number
  /** @default 1 */
  readonly seed?: number
}

export interface FittedThreshold {
  /** Accept from here on. */
  readonly threshold: number
  /** What it reached on the cases it was picked on; optimistic. */
  readonly picked: ThresholdResult & { readonly cases: number }
  /** What it reached on the other cases. */
  readonly heldOut: ThresholdResult & {
    readonly cases: number
    readonly intervals: { readonly score: Interval; readonly escalated: Interval; readonly costUsd?: Interval }
    /** By how much the goal was missed there, 0 if it was kept. In the goal's own unit. */
    readonly violation: number
  }
}

const caller = 'fitThreshold'

/**
 * Picks a threshold on one part of the cases and reports what it does on the other: score, share escalated, cost, and by
 * how much the goal is missed. Cases with the same `group` stay together.
 *
 * @throws {SluiceError} `config.option` for fewer than ten cases, figures that are not finite, a goal that is not exactly
 * one of `minScore`, `maxEscalated`, `maxCostUsd`, and options out of range.
 */
export function fitThreshold(
  cases: readonly ThresholdCase[],
  goal: ThresholdGoal,
  options: FitThresholdOptions = {},
): FittedThreshold {
  const { share = 0.5, assurance = 0.5, confidence = 0.95, resamples = 1_000, seed = 1, ...unknown } = options
  refuseUnknown(caller, unknown, 'share, assurance, confidence, resamples, seed')
  checkNumber(caller, 'confidence', confidence, { min: 0.5, max: 0.999, whole: false })
  checkNumber(caller, 'resamples', resamples, { min: 100, max: 100_000 })
  if (cases.length < 10) refuse(caller, `needs at least 10 cases, got ${cases.length}.`)
  const [picking, measuring] = splitCases(cases, { share, seed, groupOf: ({ group }) => group })
  const picked = pickThreshold(picking, goal, { assurance })
  const held = resultOf(measuring, picked.threshold)
  const [score, escalated, costUsd] = bootstrap(
    measuring.length,
    (weights) => {
      const drawn = resultOf(measuring, picked.threshold, weights)
      return [drawn.score, drawn.escalated, ...(drawn.costUsd === undefined ? [] : [drawn.costUsd])]
    },
    { resamples, confidence, seed },
  )
  const nothing: Interval = { low: Number.NaN, high: Number.NaN }
  return {
    threshold: picked.threshold,
    picked: { ...picked, cases: picking.length },
    heldOut: {
      ...held,
      cases: measuring.length,
      intervals: { score: score ?? nothing, escalated: escalated ?? nothing, ...(costUsd && { costUsd }) },
      violation: violationOf(held, goal),
    },
  }
}

export interface SplitCasesOptions<T> {
  /** The size of the first part, 0.1..0.9. @default 0.5 */
  readonly share?: number
  /** @default 1 */
  readonly seed?: number
  /** Cases with the same group stay in one part; undefined stands for none. @default every case on its own */
  readonly groupOf?: (item: T) => string | undefined
}

/**
 * Two parts of the cases, drawn at random by the seed: one to choose on and one to measure on. Neither is ever empty with
 * two cases or more in two groups or more.
 *
 * @throws {SluiceError} `config.option` for a share out of range.
 */
export function splitCases<T>(cases: readonly T[], options: SplitCasesOptions<T> = {}): [first: T[], second: T[]] {
  const { share = 0.5, seed = 1, groupOf = () => undefined, ...unknown } = options
  refuseUnknown('splitCases', unknown, 'share, seed, groupOf')
  checkNumber('splitCases', 'share', share, { min: 0.1, max: 0.9, whole: false })
  const groups = groupsOf(cases.map((item) => groupOf(item) ?? ''))
  const count = Math.max(1, new Set(groups).size)
  const folds = foldOfRows(groups, count, seed)
  const firsts = Math.max(1, Math.min(count - 1, Math.round(count * share)))
  const first: T[] = []
  const second: T[] = []
  for (const [index, item] of cases.entries()) ((folds[index] as number) < firsts ? first : second).push(item)
  return [first, second]
}

function violationOf(held: ThresholdResult, goal: ThresholdGoal): number {
  if (goal.minScore !== undefined) return Math.max(0, goal.minScore - held.score)
  if (goal.maxEscalated !== undefined) return Math.max(0, held.escalated - goal.maxEscalated)
  return Math.max(0, (held.costUsd ?? 0) - (goal.maxCostUsd ?? 0))
}
