import { SluiceError } from '@sluice/core'
import { badOption, checkBetween, checkNames } from '../eval-error.ts'
import { holm } from '../stats/adjust.ts'
import type { MeanEstimate } from '../stats/mean.ts'
import { repeatsNeeded } from '../stats/power.ts'
import type { EvalRun } from '../suite/run-file.ts'
import { answered, caseScores, meanOf, withinVariance, type CaseScores } from './case-scores.ts'
import { caseChanges, type CaseChange } from './case-changes.ts'
import { casesToSettle, detectableFall, pairedDifference, scoreMean, verdictOf } from './verdict.ts'
import type { PairedDifference, Verdict } from './verdict.ts'
import { comparisonWarnings, type EvalWarning } from './warnings.ts'

export interface CompareOptions {
  /** A fall of the mean of up to this is no harm; scores go from 0 to 1. For all scorers, or by name. @default 0 */
  readonly margin?: number | Readonly<Record<string, number>>
  /** Chance of calling anything regressed when nothing has changed, over all metrics together. @default 0.05 */
  readonly alpha?: number
  /** Which scorers decide. The others are reported as they are, with no verdict. @default all */
  readonly metrics?: readonly string[]
  /** Whether a regression must be larger than the margin for certain, not only as measured. @default false */
  readonly strict?: boolean
  /**
   * Accepted runs of the baseline's prompt and model, which single cases are held against: with the baseline alone no case
   * has enough trials to be told broken. @default the baseline
   */
  readonly history?: readonly EvalRun[]
  /** From which score on a trial has passed, for single cases. @default 0.5 */
  readonly passAt?: number | Readonly<Record<string, number>>
  /** Compare although scorers have other versions. @default false */
  readonly force?: boolean
}

/** One scorer, candidate against baseline. */
export interface MetricComparison {
  readonly scorer: string
  readonly verdict: Verdict
  readonly margin: number
  /** Over the cases that both have. */
  readonly baseline: MeanEstimate
  readonly candidate: MeanEstimate
  readonly difference: PairedDifference
  /** p of the fall, adjusted for the number of metrics. */
  readonly adjustedP: number
  /** The smallest fall that this comparison would see with a chance of 80 %. */
  readonly detectable: number
  /** What would settle it, where it is inconclusive. */
  readonly settle: { readonly cases: number | undefined; readonly repeats: number | undefined } | undefined
}

/** Two runs of a suite, compared. */
export interface Comparison {
  /** The worst of the metrics': regressed, inconclusive; else improved where one is, else not-worse. */
  readonly verdict: Verdict
  readonly alpha: number
  readonly metrics: readonly MetricComparison[]
  /** Single cases that may be broken or healed, worst first. */
  readonly cases: readonly CaseChange[]
  /** Mean cost of a trial, candidate − baseline, in nano-dollars, on cases where both have one. */
  readonly costNanoUsd: PairedDifference | undefined
  readonly warnings: readonly EvalWarning[]
}

const known = [
  'margin',
  'alpha',
  'metrics',
  'strict',
  'history',
  'passAt',
  'force',
] as const satisfies readonly (keyof CompareOptions)[]

/**
 * Whether a run is worse than another of the same cases. For each scorer, the per-case means of both runs are paired, and
 * the mean difference is tested (Student's paired test, clustered; below 30 clusters the sign-flip test must agree); over
 * several scorers Holm's method keeps the chance of any false alarm at `alpha`. A change that the data cannot decide on is
 * called so, with what it would take to decide.
 *
 * @param run the candidate. @param baseline what it is held against.
 * @throws {SluiceError} `eval.not_comparable` when the runs share no case, or scorers have other versions and `force` is
 * not set; `config.option`.
 *
 * @example
 * const { verdict, metrics } = compare(readRun('run.jsonl'), readRun('baseline.jsonl'), { margin: 0.02 })
 */
export function compare(run: EvalRun, baseline: EvalRun, options: CompareOptions = {}): Comparison {
  checkNames('compare', options, known)
  const { alpha = 0.05, margin = 0, strict = false, force = false, passAt = 0.5 } = options
  if (!(alpha > 0 && alpha < 0.5)) throw badOption('compare', 'alpha', 'a number between 0 and 0.5', alpha)
  const scorers = comparedScorers(run, baseline, options.metrics)
  checkVersions(run, baseline, scorers, force)
  const compared = scorers.map((scorer) => ({ scorer, pairs: pairsOf(run, baseline, scorer) }))
  if (compared.every(({ pairs }) => pairs.length === 0)) throw nothingShared(run, baseline)
  const differences = compared.flatMap(({ scorer, pairs }) =>
    pairs.length > 0 ? [{ scorer, pairs, difference: differenceOf(pairs, alpha) }] : [],
  )
  const falls = holm(differences.map(({ difference }) => difference.pFall))
  const rises = holm(differences.map(({ difference }) => difference.pRise))
  const metrics = differences.map(({ scorer, pairs, difference }, index): MetricComparison => {
    const rule = { alpha, margin: marginOf(margin, scorer), isStrict: strict }
    const verdict = verdictOf(difference, falls[index] as number, rises[index] as number, rule)
    const clusters = pairs.map(([{ cluster }]) => cluster)
    const cases = verdict === 'inconclusive' ? casesToSettle(difference, rule) : undefined
    return {
      scorer,
      verdict,
      margin: rule.margin,
      candidate: scoreMean(
        pairs.map(([candidate]) => meanOf(candidate.scores)),
        clusters,
      ),
      baseline: scoreMean(
        pairs.map(([, before]) => meanOf(before.scores)),
        clusters,
      ),
      difference,
      adjustedP: falls[index] as number,
      detectable: detectableFall(difference, alpha),
      settle: verdict === 'inconclusive' ? { cases, repeats: repeatsToSettle(pairs, difference, rule) } : undefined,
    }
  })
  const history = options.history ?? [baseline]
  return {
    verdict: worstOf(metrics.map(({ verdict }) => verdict)),
    alpha,
    metrics,
    cases: caseChanges(run, history, { scorers, passAt, alpha }),
    costNanoUsd: costDifference(run, baseline, alpha),
    warnings: comparisonWarnings(run, baseline, scorers),
  }
}

type Pair = readonly [candidate: CaseScores, baseline: CaseScores]

/** The cases that both runs scored, unchanged. */
function pairsOf(run: EvalRun, baseline: EvalRun, scorer: string): readonly Pair[] {
  const before = caseScores(baseline, scorer)
  return [...caseScores(run, scorer).values()].flatMap((candidate): Pair[] => {
    const other = before.get(candidate.id)
    return other && other.digest === candidate.digest ? [[candidate, other]] : []
  })
}

function differenceOf(pairs: readonly Pair[], alpha: number): PairedDifference {
  return pairedDifference(
    pairs.map(([candidate, before]) => meanOf(candidate.scores) - meanOf(before.scores)),
    pairs.map(([{ cluster }]) => cluster),
    alpha,
  )
}

/** How many repeats on both sides would make the difference as certain as it must be. */
function repeatsToSettle(
  pairs: readonly Pair[],
  difference: PairedDifference,
  rule: { readonly margin: number; readonly alpha: number },
): number | undefined {
  const first = withinVariance(pairs.map(([candidate]) => candidate))
  const second = withinVariance(pairs.map(([, before]) => before))
  if (first === undefined || second === undefined) return undefined
  const repeats = [
    meanOf(pairs.map(([{ scores }]) => scores.length)),
    meanOf(pairs.map(([, { scores }]) => scores.length)),
  ]
  const noise = first / (repeats[0] as number) + second / (repeats[1] as number)
  const betweenVariance = Math.max(0, difference.standardError ** 2 * difference.pairs - noise)
  const distance = difference.mean >= -rule.margin ? difference.mean + rule.margin : Math.abs(difference.mean)
  if (!(distance > 0)) return undefined
  return repeatsNeeded(distance, difference.pairs, {
    betweenVariance,
    withinVariances: [first, second],
    repeats: [1, 1],
    alpha: rule.alpha,
    sides: 'one',
  })
}

function costDifference(run: EvalRun, baseline: EvalRun, alpha: number): PairedDifference | undefined {
  const costs = (of: EvalRun): Map<string, { cluster: string; values: number[] }> => {
    const byCase = new Map<string, { cluster: string; values: number[] }>()
    for (const { id, cluster, measures } of of.trials) {
      if (measures.costNanoUsd === undefined || measures.isCached) continue
      const entry = byCase.get(id) ?? { cluster, values: [] }
      entry.values.push(measures.costNanoUsd)
      byCase.set(id, entry)
    }
    return byCase
  }
  const before = costs(baseline)
  const pairs = [...costs(run)].flatMap(([id, { cluster, values }]) => {
    const other = before.get(id)
    return other ? [{ cluster, difference: meanOf(values) - meanOf(other.values) }] : []
  })
  if (pairs.length === 0) return undefined
  return pairedDifference(
    pairs.map(({ difference }) => difference),
    pairs.map(({ cluster }) => cluster),
    alpha,
  )
}

/** The scorers that both runs have; whether the target answered, only where it did not always. */
function comparedScorers(run: EvalRun, baseline: EvalRun, wanted: readonly string[] | undefined): readonly string[] {
  const both = Object.keys(run.header.scorers).filter((scorer) => scorer in baseline.header.scorers)
  for (const scorer of wanted ?? [])
    if (!both.includes(scorer)) throw badOption('compare', 'metrics', `among ${both.join(', ')}`, scorer)
  const hasFailures = [...run.trials, ...baseline.trials].some(({ error }) => error)
  return [...(wanted ?? both), ...(hasFailures ? [answered] : [])]
}

function checkVersions(run: EvalRun, baseline: EvalRun, scorers: readonly string[], force: boolean): void {
  const changed = scorers.filter((scorer) => run.header.scorers[scorer] !== baseline.header.scorers[scorer])
  if (changed.length === 0 || force) return
  throw new SluiceError({
    code: 'eval.not_comparable',
    message:
      `The scorers ${changed.join(', ')} have other versions in the baseline, so scores mean other things. Run the ` +
      'baseline again with the scorers of now, or set "force" if you know that they agree.',
    details: { scorers: changed },
  })
}

function nothingShared(run: EvalRun, baseline: EvalRun): SluiceError {
  return new SluiceError({
    code: 'eval.not_comparable',
    message: `The runs of "${run.header.suite}" and "${baseline.header.suite}" have no scored case in common: compare runs of the same cases.`,
    details: { suite: run.header.suite, baseline: baseline.header.suite },
  })
}

function marginOf(margin: number | Readonly<Record<string, number>>, scorer: string): number {
  const value = typeof margin === 'number' ? margin : (margin[scorer] ?? 0)
  checkBetween('compare', 'margin', value, 0, 1)
  return value
}

function worstOf(verdicts: readonly Verdict[]): Verdict {
  for (const verdict of ['regressed', 'inconclusive', 'improved'] as const)
    if (verdicts.includes(verdict)) return verdict
  return 'not-worse'
}
