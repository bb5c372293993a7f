import { averageOf } from '../cost-curve.ts'
import { evaluateRouting, type RoutingEvaluation } from '../measure/evaluate-routing.ts'
import { heldOutScores } from '../fit/held-out-scores.ts'
import { bestSingle, moneyLeft, type MoneyLeft } from './money-left.ts'
import { checkNumber, outcomeTable, refuse, refuseUnknown } from '../outcomes.ts'
import type { OutcomeTable, RoutingOutcome } from '../outcomes.ts'
import { reportText } from './report-text.ts'

/** An outcome of one's own traffic, with what was done at the time. */
export interface LoggedOutcome extends RoutingOutcome {
  /** The model that the request went to. */
  readonly chosen?: string
}

export interface RoutingReportOptions {
  /** @default every model that occurs */
  readonly models?: readonly string[]
  /** What a request costs with each model, in US dollars, where outcomes do not say. */
  readonly costsUsd?: Readonly<Record<string, number>>
  /** Folds of the cross-validation, 2..20. @default 5 */
  readonly folds?: number
  /** Slots for hashed words, a power of two, 256..1048576. @default 32768 */
  readonly dimensions?: number
  /** Of all intervals, 0.5..0.999. @default 0.95 */
  readonly confidence?: number
  /** Bootstrap resamples, 100..100000. @default 1000 */
  readonly resamples?: number
  /** @default 1 */
  readonly seed?: number
}

export interface RoutingReport {
  /** Reported on. */
  readonly rows: number
  /** Left out since a model was missing. */
  readonly incomplete: number
  /** Singles, hull, oracle and random are in every one of these; the first is the learned family with the best APGR. */
  readonly policies: readonly ReportedPolicy[]
  /** The recorded choices; absent where some request of the log has none. */
  readonly current?: { readonly score: number; readonly costUsd?: number }
  /** Absent without costs. */
  readonly moneyLeft?: MoneyLeft
  readonly confidence: number
  /** The report as a table of plain text. */
  toText(): string
}

export interface ReportedPolicy {
  readonly name: string
  readonly evaluation: RoutingEvaluation
}

const caller = 'routingReport'

/**
 * What routing could do for one's own recorded outcomes: the models alone and their hull, the oracle, a task table and a
 * learned head, each measured on requests held out from its training, the policy in use, and the money left on the
 * table: what the same score would have cost. It needs outcomes of all models on the same requests, from an evaluation
 * set or from shadow calls; it cannot know what a model that was not asked would have said.
 *
 * @throws {SluiceError} `config.option` for too few outcomes (20), fewer than two models, unknown model ids, a `chosen`
 * that is none of the models, scores that are not finite, duplicate ids and options out of range.
 *
 * @example
 * import { readFileSync } from 'node:fs'
 *
 * const log = JSON.parse(readFileSync('outcomes.json', 'utf8'))
 * console.log(routingReport(log).toText())
 */
export function routingReport(log: readonly LoggedOutcome[], options: RoutingReportOptions = {}): RoutingReport {
  const { folds, dimensions, confidence, resamples, seed } = checked(options)
  const table = outcomeTable(log, { models: options.models, costsUsd: options.costsUsd }, caller)
  const { rows, models, scores, costs, incomplete } = table
  if (rows.length < 20) refuse(caller, `needs at least 20 outcomes that have all models, got ${rows.length}.`)
  const chosen = recordedChoices(table)
  const held = heldOutScores(table, { folds, seed, dimensions })
  const indexOf = new Map(rows.map(({ id }, row) => [id, row]))
  const policies = held.map(({ name, scores: said }): ReportedPolicy => {
    const policy = ({ id }: { readonly id: string }): Record<string, number> =>
      Object.fromEntries(models.map((model, at) => [model, said[at]?.[indexOf.get(id) as number] as number]))
    const evaluation = evaluateRouting(rows, policy, {
      models,
      confidence,
      resamples,
      seed,
      ...(options.costsUsd && { costsUsd: options.costsUsd }),
    })
    return { name, evaluation }
  })
  const worth = ({ evaluation }: ReportedPolicy): number => (Number.isFinite(evaluation.apgr) ? evaluation.apgr : 0)
  policies.sort((a, b) => worth(b) - worth(a))
  const now = chosen && averageOf(chosen, { scores, costs: costs ?? scores.map((column) => column.map(() => 0)) })
  const left =
    costs &&
    moneyLeft(
      {
        scores,
        costs,
        models,
        held,
        folds,
        baseline: chosen
          ? { name: 'current policy', choices: chosen }
          : { name: 'best single model', choices: bestSingle({ scores, costs }) },
      },
      { resamples, confidence, seed },
    )
  const report = {
    rows: rows.length,
    incomplete,
    policies,
    ...(now && { current: { score: now.score, ...(costs && { costUsd: now.costUsd }) } }),
    ...(left && { moneyLeft: left }),
    confidence,
  }
  return { ...report, toText: () => reportText(report) }
}

function recordedChoices({ rows, models }: OutcomeTable<LoggedOutcome>): Int32Array | undefined {
  for (const { id, chosen } of rows)
    if (chosen !== undefined && !models.includes(chosen))
      refuse(caller, `"${id}" went to "${chosen}", which is none of the models ${models.join(', ')}.`)
  if (rows.some(({ chosen }) => chosen === undefined)) return undefined
  return Int32Array.from(rows, ({ chosen = '' }) => models.indexOf(chosen))
}

function checked(options: RoutingReportOptions): Required<Omit<RoutingReportOptions, 'models' | 'costsUsd'>> {
  const { models: _models, costsUsd: _costsUsd, ...rest } = options
  const { folds = 5, dimensions = 32_768, confidence = 0.95, resamples = 1_000, seed = 1, ...unknown } = rest
  refuseUnknown(caller, unknown, 'models, costsUsd, folds, dimensions, confidence, resamples, seed')
  checkNumber(caller, 'folds', folds, { min: 2, max: 20 })
  checkNumber(caller, 'dimensions', dimensions, { min: 256, max: 1_048_576 })
  if (!Number.isInteger(Math.log2(dimensions))) refuse(caller, `dimensions must be a power of two, got ${dimensions}.`)
  return { folds, dimensions, confidence, resamples, seed }
}
