import type { Clock } from '@sluice/core'
import { badOption, checkBetween, checkNames, checkWhole } from '../eval-error.ts'
import type { Scorer } from '../score/scorer.ts'
import type { CaseSource, RunCase } from './case.ts'
import type { EvalRun } from './run-file.ts'
import { runSuite } from './run-suite.ts'
import type { EvalTarget } from './target.ts'

/** The most that a run may spend, in US dollars. What is under way when it is reached is finished. */
export interface EvalBudget {
  /** On the target's calls. @default no limit */
  readonly targetUsd?: number
  /** On judges. Once it is spent, judges leave outputs unscored, and the run goes on. @default no limit */
  readonly judgeUsd?: number
}

export interface SuiteOptions<Input = unknown, Output = unknown, Expected = unknown> {
  readonly cases: CaseSource<Input, Expected>
  readonly target: EvalTarget<Input, Output, Expected>
  /** Each with a name of its own. What they take does not tell what the suite is of: most take anything. */
  readonly scorers: readonly Scorer<NoInfer<Input>, NoInfer<Output>, NoInfer<Expected>>[]
  /** How often each case is tried. More than one tells chance from change. @default 1 */
  readonly repeats?: number
  /** Trials under way at once, at most: fewer while a provider answers 429. @default 8 */
  readonly concurrency?: number
  readonly budget?: EvalBudget
  /** How long a target may take, in milliseconds. @default 300_000 */
  readonly timeoutMs?: number
  /** Models of the target, where its answers do not tell: a judge of the same family is warned of. */
  readonly targetModels?: readonly string[]
}

/** How a suite is run. */
export interface RunOptions {
  /** The run file: a line a trial, written as they end. @default none, all is kept in memory */
  readonly file?: string
  /** Whether a file that is there is gone on with: what it has is not tried again. @default false */
  readonly resume?: boolean
  /** Whether trials that failed are tried again on `resume`. @default true */
  readonly retryErrors?: boolean
  /** What the run is of, for reports: a git commit, the prompt's version. */
  readonly labels?: Readonly<Record<string, string>>
  /** Runs one part of several, the cases shared out by their ids. */
  readonly shard?: { readonly index: number; readonly of: number }
  /** Only these cases. They must not be compared as if they were all. */
  readonly only?: (of: RunCase) => boolean
  /** Instead of the suite's. */
  readonly repeats?: number
  /** The first trial's number, to add fresh trials to what other runs have. @default 0 */
  readonly firstTrial?: number
  /** Told after each trial. */
  readonly onProgress?: (progress: RunProgress) => void
  readonly signal?: AbortSignal
  readonly clock?: Clock
}

/** Where a run stands. */
export interface RunProgress {
  /** Trials done, those of a resumed run included. */
  readonly done: number
  readonly total: number
  readonly failed: number
  readonly targetNanoUsd: number
  readonly judgeNanoUsd: number
  /** Expected time to the end, in milliseconds; `undefined` before the first trial. */
  readonly etaMs: number | undefined
  /** How many may run at once now, and for how long none begins because a provider refused for its rate. */
  readonly limit: number
  readonly pausedMs: number
}

/** Cases, what is tried with them, and how outputs are scored. */
export interface Suite<Input = unknown, Output = unknown, Expected = unknown> {
  readonly name: string
  readonly options: SuiteOptions<Input, Output, Expected>
  /**
   * Tries every case and scores the outputs. A target that throws is a failed trial, not a failed run; the run ends early
   * only for its budget or its signal.
   *
   * @throws {SluiceError} of the cases (`eval.no_cases`, `eval.duplicate_case`, `eval.bad_case`), of the run file
   * (`eval.run_exists`, `eval.other_run`, `eval.bad_run_file`), or `config.option`.
   */
  run(options?: RunOptions): Promise<EvalRun>
}

const options = [
  'cases',
  'target',
  'scorers',
  'repeats',
  'concurrency',
  'budget',
  'timeoutMs',
  'targetModels',
] as const satisfies readonly (keyof SuiteOptions)[]

/**
 * Defines what is evaluated. Nothing is read or called before `run()`.
 *
 * @throws {SluiceError} `config.option` for an option that is unknown or out of its range, or two scorers of one name.
 *
 * @example
 * const suite = defineSuite('refunds', {
 *   cases: jsonl('cases/refunds.jsonl'),
 *   target: (question: string) =>
 *     openai.chat.completions.create({ model: 'gpt-5-mini', messages: [{ role: 'user', content: question }] }),
 *   scorers: [includes(), judge({ client: anthropic, model: 'claude-haiku-4-5', criteria: ['Says how long it takes.'] })],
 *   repeats: 3,
 * })
 * const run = await suite.run({ file: 'runs/refunds.jsonl' })
 */
export function defineSuite<Input, Output, Expected = unknown>(
  name: string,
  given: SuiteOptions<Input, Output, Expected>,
): Suite<Input, Output, Expected> {
  const of = `defineSuite(${JSON.stringify(name)})`
  if (typeof name !== 'string' || name === '') throw badOption('defineSuite', 'name', 'a non-empty string', name)
  checkNames(of, given, options)
  const { cases, target, scorers, repeats = 1, concurrency = 8, budget = {}, timeoutMs = 300_000 } = given
  if (typeof cases !== 'function' && (typeof cases !== 'object' || cases === null))
    throw badOption(of, 'cases', 'an iterable of cases, or a function that gives one', cases)
  if (typeof target !== 'function') throw badOption(of, 'target', 'a function of the input', target)
  if (!Array.isArray(scorers) || scorers.length === 0) throw badOption(of, 'scorers', 'a list of at least one', scorers)
  const names = new Set<string>()
  for (const scorer of scorers as readonly Scorer[]) {
    if (typeof scorer?.score !== 'function' || typeof scorer.name !== 'string' || typeof scorer.version !== 'string')
      throw badOption(of, 'scorers', 'scorers with "name", "version" and "score"', scorer)
    if (names.has(scorer.name))
      throw badOption(of, 'scorers', `of different names; give one of them the option "name"`, scorer.name)
    names.add(scorer.name)
  }
  checkWhole(of, 'repeats', repeats, 1)
  checkWhole(of, 'concurrency', concurrency, 1)
  checkWhole(of, 'timeoutMs', timeoutMs, 1)
  checkNames(of, budget, ['targetUsd', 'judgeUsd'])
  for (const [option, usd] of Object.entries(budget)) checkBetween(of, `budget.${option}`, usd as number, 0, Infinity)
  const suite: Suite<Input, Output, Expected> = {
    name,
    options: given,
    run: (how) => runSuite(suite as never, how),
  }
  return suite
}
