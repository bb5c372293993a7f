import { checkNumber, refuse } from './outcomes.ts'

/** One labelled case of "keep the cheap answer or escalate". */
export interface ThresholdCase {
  /** How sure the estimator was of the cheap answer; higher is surer. Any scale. */
  readonly confidence: number
  /** How good the cheap answer was. */
  readonly score: number
  /** How good the answer after escalation was. @default 1 */
  readonly escalatedScore?: number
  /** What the cheap answer cost, in US dollars. @default 0 */
  readonly costUsd?: number
  /** What escalation costs on top, in US dollars. */
  readonly escalatedCostUsd?: number
  /** Cases of one group are never split, as repeats of one question. */
  readonly group?: string
}

/** Exactly one of the three. */
export interface ThresholdGoal {
  /** Keep the average score at least this high, and escalate as little as possible. */
  readonly minScore?: number
  /** Escalate at most this share, 0..1, and get the best score. */
  readonly maxEscalated?: number
  /** Spend at most this many US dollars a case on average, and get the best score. */
  readonly maxCostUsd?: number
}

/** What a threshold does on cases. */
export interface ThresholdResult {
  /** Average over the answers that were kept. */
  readonly score: number
  /** Share of cases escalated, 0..1. */
  readonly escalated: number
  /** Average per case; absent where no case has a cost. */
  readonly costUsd?: number
}

const caller = 'pickThreshold'

/**
 * The threshold that serves the goal best on these cases: an answer is kept where `confidence ≥ threshold`. All distinct
 * thresholds are tried; the one returned lies halfway between neighbours. Where nothing meets the goal, everything is
 * escalated (for `minScore`, unless keeping some answers scores better) or nothing is.
 *
 * Picked and measured on the same cases it looks better than it is: see {@link fitThreshold}.
 *
 * @throws {SluiceError} `config.option` for no cases, figures that are not finite, and goals out of range.
 */
export function pickThreshold(
  cases: readonly ThresholdCase[],
  goal: ThresholdGoal,
  { assurance = 0.5 }: { readonly assurance?: number } = {},
): ThresholdResult & { readonly threshold: number } {
  check(cases, goal, assurance)
  const values = [...new Set(cases.map(({ confidence }) => confidence))].sort((a, b) => a - b)
  // Beyond the largest number that JSON carries, nothing is accepted.
  const thresholds = values.map((value, index) => (index === 0 ? value : (value + (values[index - 1] as number)) / 2))
  const candidates = [...thresholds, Number.MAX_VALUE].map((threshold) => ({
    threshold,
    ...resultOf(cases, threshold),
  }))
  const z = normalQuantile(assurance)
  const meets = (candidate: (typeof candidates)[number]): boolean => {
    if (goal.minScore !== undefined) {
      const margin = z === 0 ? 0 : z * errorOf(cases, candidate.threshold)
      return candidate.score - margin >= goal.minScore
    }
    if (goal.maxEscalated !== undefined) return candidate.escalated <= goal.maxEscalated
    return (candidate.costUsd ?? 0) <= (goal.maxCostUsd ?? 0)
  }
  const met = candidates.filter(meets)
  const byScore = (a: ThresholdResult, b: ThresholdResult): number => b.score - a.score || a.escalated - b.escalated
  const byEscalated = (a: ThresholdResult, b: ThresholdResult): number => a.escalated - b.escalated || b.score - a.score
  if (goal.minScore !== undefined)
    return (met.length > 0 ? met.sort(byEscalated) : candidates.sort(byScore))[0] as never
  return (met.length > 0 ? met.sort(byScore) : candidates.sort(byEscalated))[0] as never
}

/** What a threshold does on cases; `weights` count a case several times. */
export function resultOf(
  cases: readonly ThresholdCase[],
  threshold: number,
  weights?: ArrayLike<number>,
): ThresholdResult {
  let total = 0
  let score = 0
  let escalated = 0
  let costUsd = 0
  let priced = false
  for (const [index, each] of cases.entries()) {
    const weight = weights ? (weights[index] as number) : 1
    const kept = each.confidence >= threshold
    total += weight
    score += weight * (kept ? each.score : (each.escalatedScore ?? 1))
    escalated += kept ? 0 : weight
    costUsd += weight * ((each.costUsd ?? 0) + (kept ? 0 : (each.escalatedCostUsd ?? 0)))
    priced ||= each.costUsd !== undefined || each.escalatedCostUsd !== undefined
  }
  return { score: score / total, escalated: escalated / total, ...(priced && { costUsd: costUsd / total }) }
}

/** The standard error of the average score under a threshold. */
function errorOf(cases: readonly ThresholdCase[], threshold: number): number {
  const { score } = resultOf(cases, threshold)
  let squares = 0
  for (const each of cases)
    squares += ((each.confidence >= threshold ? each.score : (each.escalatedScore ?? 1)) - score) ** 2
  return Math.sqrt(squares) / cases.length
}

/**
 * The quantile of the standard normal distribution.
 * @see Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.23: within 4.5e-4
 */
function normalQuantile(share: number): number {
  if (share === 0.5) return 0
  const t = Math.sqrt(-2 * Math.log(1 - share))
  const top = 2.515517 + 0.802853 * t + 0.010328 * t * t
  return t - top / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t ** 3)
}

function check(cases: readonly ThresholdCase[], goal: ThresholdGoal, assurance: number): void {
  if (cases.length === 0) refuse(caller, 'needs at least one case, got none.')
  for (const [index, each] of cases.entries())
    for (const name of ['confidence', 'score', 'escalatedScore', 'costUsd', 'escalatedCostUsd'] as const)
      if (each[name] !== undefined && !Number.isFinite(each[name]))
        refuse(caller, `needs a finite ${name} in case ${index}, got ${String(each[name])}.`)
  const given = Object.entries(goal).filter(([, value]) => value !== undefined)
  const [[name, value] = ['', Number.NaN]] = given
  if (given.length !== 1 || !['minScore', 'maxEscalated', 'maxCostUsd'].includes(name))
    refuse(caller, `needs one goal of minScore, maxEscalated, maxCostUsd, got ${JSON.stringify(goal)}.`)
  const most = name === 'maxEscalated' ? 1 : Number.MAX_VALUE
  checkNumber(caller, name, value, { min: name === 'minScore' ? -most : 0, max: most, whole: false })
  checkNumber(caller, 'assurance', assurance, { min: 0.5, max: 0.999, whole: false })
}
