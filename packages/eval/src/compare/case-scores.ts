import type { Score } from '../score/scorer.ts'
import { sum } from '../stats/mean.ts'
import type { EvalRun } from '../suite/run-file.ts'
import type { TrialRecord } from '../suite/trial.ts'

/** One scorer's scores of one case, trial by trial. */
export interface CaseScores {
  readonly id: string
  readonly digest: string
  readonly cluster: string
  readonly tags: readonly string[]
  readonly scores: readonly number[]
}

/** The scorer that every run has: whether the target answered at all. */
export const answered = 'answered'

/** The score of a trial by a scorer, `answered` included. */
export function scoreOf(trial: TrialRecord, scorer: string): Score {
  if (scorer === answered) return { status: 'scored', score: trial.error ? 0 : 1 }
  return trial.scores[scorer] ?? { status: 'unscored', reason: 'not_run' }
}

/** The scores that a scorer gave, by case, in the order of the run. Cases that it scored in no trial are not among them. */
export function caseScores(run: EvalRun, scorer: string): ReadonlyMap<string, CaseScores> {
  const cases = new Map<string, CaseScores & { readonly scores: number[] }>()
  for (const trial of run.trials) {
    const score = scoreOf(trial, scorer)
    if (score.status !== 'scored') continue
    const { id, digest, cluster, tags = [] } = trial
    let entry = cases.get(id)
    if (!entry) cases.set(id, (entry = { id, digest, cluster, tags, scores: [] }))
    entry.scores.push(score.score)
  }
  return cases
}

/** The arithmetic mean; `NaN` of nothing. */
export function meanOf(values: readonly number[]): number {
  return sum(values) / values.length
}

/** The mean variance of the repeats of a case, over cases with at least two; `undefined` when there are none. */
export function withinVariance(cases: Iterable<CaseScores>): number | undefined {
  const variances: number[] = []
  for (const { scores } of cases) {
    if (scores.length < 2) continue
    const mean = meanOf(scores)
    variances.push(sum(scores.map((score) => (score - mean) ** 2)) / (scores.length - 1))
  }
  return variances.length > 0 ? meanOf(variances) : undefined
}
