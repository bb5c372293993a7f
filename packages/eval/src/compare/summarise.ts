import { checkBetween, checkNames } from '../eval-error.ts'
import { latencySummary, type LatencySummary } from '../stats/latency.ts'
import { meanInterval, type MeanEstimate } from '../stats/mean.ts'
import { wilson, type Proportion } from '../stats/proportion.ts'
import { passAtK, passHatK } from '../stats/repeats.ts'
import type { EvalRun } from '../suite/run-file.ts'
import { caseScores, meanOf, scoreOf, withinVariance, type CaseScores } from './case-scores.ts'
import { scoreMean } from './verdict.ts'

/** What one scorer says of a run. */
export interface MetricSummary {
  readonly scorer: string
  /** Of the cases' means, clustered. `undefined` when nothing was scored. */
  readonly mean: MeanEstimate | undefined
  /** Share of trials that passed, where each case was tried once and clusters are of one case: Wilson's interval. */
  readonly passRate: Proportion | undefined
  /** pass@k and pass^k for k = 1 up to the repeats, over cases with that many scored trials. Empty for one repeat. */
  readonly repeats: readonly { readonly k: number; readonly passAtK: number; readonly passHatK: number }[]
  readonly scored: number
  /** How many trials have no score, by reason. */
  readonly unscored: Readonly<Record<string, number>>
  readonly errored: number
  /** Variance of repeats of one case; `undefined` without repeats. */
  readonly withinVariance: number | undefined
}

/** A run in figures. */
export interface RunSummary {
  readonly suite: string
  readonly cases: number
  readonly trials: number
  /** Trials whose target failed, by the error's code or name. */
  readonly failed: Readonly<Record<string, number>>
  readonly metrics: readonly MetricSummary[]
  /** Of trials that were not answered from a cache, in milliseconds. */
  readonly latencyMs: LatencySummary
  readonly ttftMs: LatencySummary
  readonly cached: number
  /** Of a trial that was not answered from a cache, in nano-dollars; `undefined` where none has a price. */
  readonly costNanoUsd: MeanEstimate | undefined
  readonly targetNanoUsd: number
  readonly judgeNanoUsd: number
}

export interface SummaryOptions {
  /** From which score on a trial has passed: for all scorers, or by name. 0 to 1. @default 0.5 */
  readonly passAt?: number | Readonly<Record<string, number>>
  /** Of the intervals. @default 0.95 */
  readonly level?: number
}

/**
 * Figures of a run, each with its uncertainty.
 *
 * @throws {SluiceError} `config.option`, `eval.out_of_range`.
 */
export function summarise(run: EvalRun, options: SummaryOptions = {}): RunSummary {
  checkNames('summarise', options, ['passAt', 'level'])
  const { passAt = 0.5, level = 0.95 } = options
  const live = run.trials.filter(({ error, measures }) => !error && !measures.isCached)
  const costs = live.flatMap(({ cluster, measures }) =>
    measures.costNanoUsd === undefined ? [] : [{ cluster, value: measures.costNanoUsd }],
  )
  return {
    suite: run.header.suite,
    cases: new Set(run.trials.map(({ id }) => id)).size,
    trials: run.trials.length,
    failed: counted(run.trials.flatMap(({ error }) => (error ? [error.code ?? error.name] : []))),
    metrics: Object.keys(run.header.scorers).map((scorer) =>
      metricSummary(run, scorer, passMark(passAt, scorer), level),
    ),
    latencyMs: latencySummary(live.map(({ measures }) => measures.latencyMs)),
    ttftMs: latencySummary(live.flatMap(({ measures: { ttftMs } }) => (ttftMs === undefined ? [] : [ttftMs]))),
    cached: run.trials.filter(({ measures }) => measures.isCached).length,
    costNanoUsd:
      costs.length > 0
        ? meanInterval(
            costs.map(({ value }) => value),
            { clusters: costs.map(({ cluster }) => cluster), level },
          )
        : undefined,
    targetNanoUsd: run.footer?.targetNanoUsd ?? 0,
    judgeNanoUsd: run.footer?.judgeNanoUsd ?? 0,
  }
}

/** The score from which a trial has passed. */
export function passMark(passAt: number | Readonly<Record<string, number>>, scorer: string): number {
  const mark = typeof passAt === 'number' ? passAt : (passAt[scorer] ?? 0.5)
  checkBetween('passAt', scorer, mark, 0, 1)
  return mark
}

function metricSummary(run: EvalRun, scorer: string, mark: number, level: number): MetricSummary {
  const cases = [...caseScores(run, scorer).values()]
  const scores = run.trials.map((trial) => scoreOf(trial, scorer))
  const scored = cases.reduce((total, entry) => total + entry.scores.length, 0)
  const passed = cases.reduce((total, entry) => total + passes(entry, mark), 0)
  const isIndependent = scored === cases.length && new Set(cases.map(({ cluster }) => cluster)).size === cases.length
  return {
    scorer,
    mean:
      cases.length > 0
        ? scoreMean(
            cases.map((entry) => meanOf(entry.scores)),
            cases.map(({ cluster }) => cluster),
            level,
          )
        : undefined,
    passRate: isIndependent && scored > 0 ? wilson(passed, scored, { level }) : undefined,
    repeats: repeatsOf(cases, mark),
    scored,
    unscored: counted(scores.flatMap((score) => (score.status === 'unscored' ? [score.reason] : []))),
    errored: scores.filter(({ status }) => status === 'errored').length,
    withinVariance: withinVariance(cases),
  }
}

function repeatsOf(cases: readonly CaseScores[], mark: number): MetricSummary['repeats'] {
  const most = Math.max(0, ...cases.map(({ scores }) => scores.length))
  if (most < 2) return []
  return Array.from({ length: most }, (_, index) => {
    const k = index + 1
    const enough = cases.filter(({ scores }) => scores.length >= k)
    const mean = (of: typeof passAtK): number =>
      meanOf(enough.map((entry) => of(entry.scores.length, passes(entry, mark), k)))
    return { k, passAtK: mean(passAtK), passHatK: mean(passHatK) }
  })
}

function passes({ scores }: CaseScores, mark: number): number {
  return scores.filter((score) => score >= mark).length
}

function counted(keys: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const key of keys) counts[key] = (counts[key] ?? 0) + 1
  return counts
}
