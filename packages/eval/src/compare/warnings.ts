import type { EvalRun } from '../suite/run-file.ts'
import { scoreOf } from './case-scores.ts'
import { modelFamily } from './model-family.ts'

/** Something that a reader of figures should know. */
export interface EvalWarning {
  /**
   * `lost_cases`, `new_cases`, `changed_cases`, `scorer_changed`, `unscored`, `failed_trials`, `judge_changed`,
   * `judge_of_target_family`, `unfinished`, `unpriced`, `few_cases`.
   */
  readonly name: string
  readonly message: string
  /** What it is about: ids of cases, at most 20, or names. */
  readonly about?: readonly string[]
}

/** What to know of one run. */
export function runWarnings(run: EvalRun): readonly EvalWarning[] {
  const warnings: EvalWarning[] = []
  const warn = (name: string, message: string, about?: readonly string[]): void =>
    void warnings.push({ name, message, ...(about && { about: about.slice(0, mostNamed) }) })
  const { trials, header, footer } = run
  const failed = trials.filter(({ error }) => error)
  if (failed.length > 0)
    warn('failed_trials', `The target failed in ${failed.length} of ${trials.length} trials.`, idsOf(failed))
  for (const scorer of Object.keys(header.scorers)) {
    const missing = trials.filter((trial) => !trial.error && scoreOf(trial, scorer).status !== 'scored')
    if (missing.length > 0)
      warn('unscored', `"${scorer}" gave no score to ${missing.length} of ${trials.length} outputs.`, idsOf(missing))
  }
  const families = new Set(
    trials.flatMap(({ measures }) => measures.models.flatMap((model) => modelFamily(model) ?? [])),
  )
  const own = header.judgeModels.filter((model) => families.has(modelFamily(model) ?? ''))
  if (own.length > 0)
    warn(
      'judge_of_target_family',
      'A judge is of the same family as the models that it judges: it may favour them.',
      own,
    )
  if (!footer) warn('unfinished', 'The run was cut off: it has no last line. Go on with it by "resume".')
  else if (footer.ended !== 'complete')
    warn(
      'unfinished',
      footer.ended === 'budget' ? 'The run ended early: its budget was spent.' : 'The run was aborted.',
    )
  if (footer && footer.unpriced > 0)
    warn('unpriced', `${footer.unpriced} trials have no price: give "price" to sluice(), or the run's cost is too low.`)
  return warnings
}

/** What to know of two runs that are compared. */
export function comparisonWarnings(
  run: EvalRun,
  baseline: EvalRun,
  scorers: readonly string[],
): readonly EvalWarning[] {
  const warnings: EvalWarning[] = [...runWarnings(run)]
  const warn = (name: string, message: string, about: readonly string[]): void =>
    void warnings.push({ name, message, about: about.slice(0, mostNamed) })
  const [now, before] = [digests(run), digests(baseline)]
  const lost = [...before.keys()].filter((id) => !now.has(id))
  if (lost.length > 0) warn('lost_cases', `${lost.length} cases of the baseline were not run.`, lost)
  const fresh = [...now.keys()].filter((id) => !before.has(id))
  if (fresh.length > 0)
    warn('new_cases', `${fresh.length} cases are not in the baseline; they are not compared.`, fresh)
  const changed = [...now].flatMap(([id, digest]) => (before.has(id) && before.get(id) !== digest ? [id] : []))
  if (changed.length > 0)
    warn(
      'changed_cases',
      `${changed.length} cases have another input or expected value than in the baseline; they are not compared.`,
      changed,
    )
  const judges = [run, baseline].map(({ header }) => header.judgeModels.toSorted().join(', '))
  if (judges[0] !== judges[1])
    warn('judge_changed', `The judges are ${judges[0] || 'none'}, and were ${judges[1] || 'none'} in the baseline.`, [])
  const versions = scorers.filter((scorer) => run.header.scorers[scorer] !== baseline.header.scorers[scorer])
  if (versions.length > 0)
    warn('scorer_changed', 'Scorers have other versions than in the baseline; compared by force.', versions)
  const shared = [...now.keys()].filter((id) => before.has(id)).length
  if (shared < fewCases) warn('few_cases', `Only ${shared} cases are compared: intervals from so few are rough.`, [])
  return warnings
}

const mostNamed = 20
const fewCases = 20

function idsOf(trials: readonly { readonly id: string }[]): readonly string[] {
  return [...new Set(trials.map(({ id }) => id))]
}

function digests({ trials }: EvalRun): ReadonlyMap<string, string> {
  return new Map(trials.map(({ id, digest }) => [id, digest]))
}
