import { checkNames, checkWhole } from '../eval-error.ts'
import type { EvalRun } from '../suite/run-file.ts'
import type { RunOptions, Suite } from '../suite/suite.ts'
import { caseChanges, type CaseChange } from './case-changes.ts'
import type { Comparison } from './compare.ts'

export interface ConfirmOptions {
  /** Accepted runs that the cases are held against. At least 10 trials of each case are needed to tell one broken. */
  readonly history: readonly EvalRun[]
  /** Fresh trials of each suspect. @default 4 */
  readonly trials?: number
  /** @default 0.05 */
  readonly alpha?: number
  /** @default 0.5 */
  readonly passAt?: number | Readonly<Record<string, number>>
  /** Passed on to the run. */
  readonly run?: Pick<RunOptions, 'file' | 'signal' | 'onProgress' | 'clock' | 'labels'>
}

/** What fresh trials of the suspects said. */
export interface Confirmation {
  /** Every suspect: `broken`, or what it turned out to be. */
  readonly cases: readonly CaseChange[]
  /** The fresh trials; `undefined` when there was no suspect. */
  readonly run: EvalRun | undefined
}

/**
 * Tries again the cases that a comparison suspects or calls broken, and judges them by the fresh trials alone: the trial that
 * raised the suspicion must not count as its evidence. All cases that were compared count among the tests that the false
 * discovery rate is kept over.
 *
 * @throws {SluiceError} `config.option`, and what {@link Suite.run} throws.
 */
export async function confirmChanges<Input, Output, Expected>(
  suite: Suite<Input, Output, Expected>,
  run: EvalRun,
  comparison: Comparison,
  options: ConfirmOptions,
): Promise<Confirmation> {
  checkNames('confirmChanges', options, ['history', 'trials', 'alpha', 'passAt', 'run'])
  const { history, trials = 4, alpha = 0.05, passAt = 0.5 } = options
  checkWhole('confirmChanges', 'trials', trials, 1)
  const suspects = comparison.cases.filter(({ status }) => status === 'suspect' || status === 'broken')
  if (suspects.length === 0) return { cases: [], run: undefined }
  const ids = new Set(suspects.map(({ id }) => id))
  const firstTrial = Math.max(...run.trials.map(({ trial }) => trial)) + 1
  const fresh = await suite.run({ ...options.run, only: ({ id }) => ids.has(id), repeats: trials, firstTrial })
  const scorers = comparison.metrics.map(({ scorer }) => scorer)
  const tests = new Set(run.trials.map(({ id }) => id)).size * scorers.length
  return { cases: caseChanges(fresh, history, { scorers, passAt, alpha, tests }), run: fresh }
}
