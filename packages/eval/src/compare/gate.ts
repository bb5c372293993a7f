import { badOption, checkBetween, checkNames } from '../eval-error.ts'
import type { EvalRun } from '../suite/run-file.ts'
import { scoreOf } from './case-scores.ts'
import type { Comparison } from './compare.ts'
import { passMark } from './summarise.ts'

export interface GateOptions {
  /** The share of trials that may be without a score by any scorer, failed targets included. @default 0.02 */
  readonly maxUnscored?: number
  /** Cases with any of these tags must pass by every scorer in every trial, whatever the statistics. @default none */
  readonly mustPass?: readonly string[]
  /** From which score on a trial has passed. @default 0.5 */
  readonly passAt?: number | Readonly<Record<string, number>>
  /** The least mean of a scorer, by name, as measured. @default none */
  readonly minimum?: Readonly<Record<string, number>>
  /** Whether an inconclusive comparison fails. @default 'pass' */
  readonly onInconclusive?: 'pass' | 'fail'
  /** Whether cases of the baseline that were not run fail. @default true */
  readonly failOnLostCases?: boolean
}

/** Whether a change may go on. */
export interface GateResult {
  readonly ok: boolean
  /**
   * For a process: 0 it may, 1 regressed or a case that must pass did not, 2 too little was scored or cases are lost,
   * 3 inconclusive, where that fails.
   */
  readonly exitCode: 0 | 1 | 2 | 3
  /** Why not, in sentences; warnings where it may. */
  readonly reasons: readonly string[]
}

const known = [
  'maxUnscored',
  'mustPass',
  'passAt',
  'minimum',
  'onInconclusive',
  'failOnLostCases',
] as const satisfies readonly (keyof GateOptions)[]

/**
 * Decides on a run, with or without a comparison: statistics for what varies, rules without any for what must never happen.
 *
 * @throws {SluiceError} `config.option`
 */
export function gate(run: EvalRun, comparison?: Comparison, options: GateOptions = {}): GateResult {
  checkNames('gate', options, known)
  const { maxUnscored = 0.02, mustPass = [], passAt = 0.5, minimum = {}, onInconclusive = 'pass' } = options
  checkBetween('gate', 'maxUnscored', maxUnscored, 0, 1)
  if (onInconclusive !== 'pass' && onInconclusive !== 'fail')
    throw badOption('gate', 'onInconclusive', "'pass' or 'fail'", onInconclusive)
  const scorers = Object.keys(run.header.scorers)
  for (const [scorer, least] of Object.entries(minimum)) {
    if (!scorers.includes(scorer)) throw badOption('gate', 'minimum', `of ${scorers.join(', ')}`, scorer)
    checkBetween('gate', `minimum.${scorer}`, least, 0, 1)
  }
  const reasons: string[] = []
  const codes = new Set<0 | 1 | 2 | 3>()
  const fail = (code: 1 | 2 | 3, reason: string): void => {
    codes.add(code)
    reasons.push(reason)
  }

  for (const scorer of scorers) {
    const scores = run.trials.map((trial) => scoreOf(trial, scorer))
    const scored = scores.flatMap((score) => (score.status === 'scored' ? [score.score] : []))
    const missing = scores.length === 0 ? 1 : (scores.length - scored.length) / scores.length
    if (missing > maxUnscored)
      fail(
        2,
        `"${scorer}" scored too few: ${percent(missing)} of ${scores.length} trials have no score (limit ${percent(maxUnscored)}).`,
      )
    const least = minimum[scorer]
    const mean = scored.reduce((total, score) => total + score, 0) / scored.length
    if (least !== undefined && !(mean >= least))
      fail(1, `"${scorer}" is ${mean.toFixed(3)}, below the minimum of ${least}.`)
  }

  const must = run.trials.filter(({ tags = [] }) => tags.some((tag) => mustPass.includes(tag)))
  const broken = must.filter((trial) =>
    scorers.some((scorer) => {
      const score = scoreOf(trial, scorer)
      return score.status !== 'scored' || score.score < passMark(passAt, scorer)
    }),
  )
  if (broken.length > 0)
    fail(1, `Cases that must pass did not: ${[...new Set(broken.map(({ id }) => id))].slice(0, 10).join(', ')}.`)

  if (comparison) {
    for (const { scorer, verdict } of comparison.metrics) if (verdict === 'regressed') fail(1, `"${scorer}" regressed.`)
    for (const { id, scorer, status } of comparison.cases)
      if (status === 'broken') fail(1, `Case ${id} broke by "${scorer}".`)
    const lost = comparison.warnings.find(({ name }) => name === 'lost_cases')
    if (lost && (options.failOnLostCases ?? true)) fail(2, lost.message)
    if (comparison.verdict === 'inconclusive') {
      const reason = 'The comparison is inconclusive: it can neither show a regression nor rule one out.'
      if (onInconclusive === 'fail') fail(3, reason)
      else reasons.push(reason)
    }
  }
  const exitCode = ([1, 2, 3] as const).find((code) => codes.has(code)) ?? 0
  return { ok: exitCode === 0, exitCode, reasons }
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
