import { existsSync, readFileSync } from 'node:fs'
import type { CaseChange } from '../compare/case-changes.ts'
import { compare, type CompareOptions, type Comparison } from '../compare/compare.ts'
import { confirmChanges } from '../compare/confirm.ts'
import { gate, type GateOptions, type GateResult } from '../compare/gate.ts'
import type { JudgeAudit } from '../judge/audit.ts'
import { noFile } from '../readers/read-file.ts'
import type { EvalRun } from '../suite/run-file.ts'
import { readRun } from '../suite/run-log.ts'
import type { RunOptions, Suite } from '../suite/suite.ts'
import { numberOf, usage, type CliOptions } from './options.ts'
import { placesOf, runFiles } from './places.ts'
import { readRunFile } from './read-run-file.ts'

/** A run, what it is held against, and what comes of it. */
export interface Judged {
  readonly run: EvalRun
  readonly baseline?: EvalRun
  readonly comparison?: Comparison
  readonly gate: GateResult
  readonly audits: Readonly<Record<string, JudgeAudit>>
  /** What came of trying suspects again, in words. */
  readonly triedAgain?: string
}

/** The baseline that a run is held against; `undefined` where there is none, or none is wanted, or it is a part of a run. */
export function baselineFor(suite: string, { flags }: CliOptions): EvalRun | undefined {
  if (flags['no-baseline']) return undefined
  if (flags.baseline !== undefined) return readRunFile(flags.baseline)
  if (flags.shard !== undefined) return undefined
  const { baseline } = placesOf(flags.dir, suite)
  return existsSync(baseline) ? readRun(baseline) : undefined
}

/** Refuses flags that would fail after the run, when it has cost what it costs. */
export function checkJudging(options: CliOptions): void {
  const { flags } = options
  gateOptions(options)
  auditsOf(options)
  confirmTrials(options)
  for (const name of ['margin', 'alpha', 'max-unscored'] as const) numberOf(name, flags[name])
}

/** Compares and decides, as the flags say. `alpha` in place of theirs. */
export function judged(run: EvalRun, baseline: EvalRun | undefined, options: CliOptions, alpha?: number): Judged {
  const comparison = baseline && compare(run, baseline, compareOptions(baseline, options, alpha))
  return {
    run,
    ...(baseline && { baseline }),
    ...(comparison && { comparison }),
    gate: gate(run, comparison, gateOptions(options)),
    audits: auditsOf(options),
  }
}

/** The accepted runs that single cases are held against. */
function historyOf(baseline: EvalRun, { flags }: CliOptions): readonly EvalRun[] {
  return [baseline, ...runFiles(placesOf(flags.dir, baseline.header.suite).history).map(readRun)]
}

/** How many fresh trials suspects get. @throws {SluiceError} `cli.usage` */
function confirmTrials({ flags }: CliOptions): number {
  const trials = numberOf('confirm', flags.confirm) ?? 4
  if (!(Number.isSafeInteger(trials) && trials >= 0))
    throw usage(`--confirm must be a whole number, 0 for none, got "${flags.confirm}".`)
  // A recording has no trials but those that it was made of.
  return flags.replay === undefined ? trials : 0
}

/** Fewer trials in the past than this can tell no case broken, however it does now. */
const leastHistory = 10

/**
 * Tries the cases again that may have broken, and lets the fresh trials alone decide on them: those that raised the suspicion
 * were picked for being bad. What is left of the comparison stays as it is.
 */
export async function confirmed(
  suite: Suite,
  judgedRun: Judged,
  options: CliOptions,
  how: Pick<RunOptions, 'signal' | 'onProgress'>,
): Promise<Judged> {
  const { run, baseline, comparison } = judgedRun
  const trials = confirmTrials(options)
  if (!comparison || !baseline || trials === 0) return judgedRun
  const suspects = comparison.cases.filter(
    ({ status, history }) => (status === 'suspect' || status === 'broken') && history.trials >= leastHistory,
  )
  if (suspects.length === 0) return judgedRun
  const { cases, run: fresh } = await confirmChanges(
    suite,
    run,
    { ...comparison, cases: suspects },
    { history: historyOf(baseline, options), trials, alpha: comparison.alpha, run: how },
  )
  // Where nothing fresh was scored, there is nothing to set the suspicion aside by.
  const isTold = (id: string, scorer: string): boolean =>
    fresh?.trials.some((trial) => trial.id === id && trial.scores[scorer]?.status === 'scored') ?? false
  const others = comparison.cases.filter(
    (change) =>
      !(suspects.includes(change) && isTold(change.id, change.scorer)) &&
      !cases.some(({ id, scorer }) => id === change.id && scorer === change.scorer),
  )
  const settled = { ...comparison, cases: [...cases, ...others].toSorted(byStatus) }
  const broken = settled.cases.filter(({ status }) => status === 'broken').length
  const count = new Set(suspects.map(({ id }) => id)).size
  const triedAgain = `tried again: ${count} case${count === 1 ? '' : 's'} × ${trials}, ${broken} broken`
  return { ...judgedRun, comparison: settled, gate: gate(run, settled, gateOptions(options)), triedAgain }
}

const order: readonly CaseChange['status'][] = ['broken', 'suspect', 'healed', 'flaky']

function byStatus(a: CaseChange, b: CaseChange): number {
  return order.indexOf(a.status) - order.indexOf(b.status) || a.p - b.p
}

function compareOptions(baseline: EvalRun, options: CliOptions, alpha?: number): CompareOptions {
  const { flags } = options
  const margin = numberOf('margin', flags.margin)
  const level = alpha ?? numberOf('alpha', flags.alpha)
  return {
    ...(margin !== undefined && { margin }),
    ...(level !== undefined && { alpha: level }),
    strict: flags.strict,
    force: flags.force,
    history: historyOf(baseline, options),
  }
}

function gateOptions({ flags }: CliOptions): GateOptions {
  const how = flags['on-inconclusive']
  if (how !== 'pass' && how !== 'fail' && how !== 'rerun')
    throw usage(`--on-inconclusive must be pass, fail or rerun, got "${how}".`)
  const maxUnscored = numberOf('max-unscored', flags['max-unscored'])
  return {
    onInconclusive: how === 'fail' ? 'fail' : 'pass',
    mustPass: flags['must-pass'],
    // Who picks cases knows that the others were not run.
    failOnLostCases: flags.only === undefined,
    ...(maxUnscored !== undefined && { maxUnscored }),
  }
}

function auditsOf({ flags }: CliOptions): Readonly<Record<string, JudgeAudit>> {
  return Object.fromEntries(
    flags.audit.map((file) => {
      if (!existsSync(file)) throw noFile(file)
      const audit = JSON.parse(readFileSync(file, 'utf8')) as JudgeAudit
      return [audit.judge.name, audit]
    }),
  )
}
