import { bootstrap, type BootstrapOptions, type Interval } from '../bootstrap.ts'
import { averageOf, choose } from '../cost-curve.ts'
import type { HeldOutScores } from '../fit/held-out-scores.ts'
import { meanOf } from '../outcomes.ts'
import { decisionsOf } from '../measure/policy.ts'
import { foldOfRows } from '../seeded.ts'

/** What the same quality would have cost. */
export interface MoneyLeft {
  /** What is compared with: the recorded choices, or the best single model where none are. */
  readonly baseline: { readonly name: string; readonly score: number; readonly costUsd: number }
  /** Averages per request of the policy that was found. */
  readonly score: number
  readonly costUsd: number
  /** Saved per request; below 0 where it costs more. */
  readonly perRequestUsd: number
  readonly perRequestInterval: Interval
  /** Saved over all requests of the log. */
  readonly totalUsd: number
  readonly totalInterval: Interval
  /** The policy's score minus the baseline's, which pays for the saving if it is below 0. */
  readonly scoreChange: number
  readonly scoreChangeInterval: Interval
}

export interface MoneyLeftRequest {
  readonly scores: readonly Float64Array[]
  readonly costs: readonly Float64Array[]
  readonly models: readonly string[]
  readonly held: readonly HeldOutScores[]
  readonly baseline: { readonly name: string; readonly choices: Int32Array }
  readonly folds: number
}

/**
 * The cheapest policy that keeps the baseline's score: one of the models alone, or a learned family at one trade-off
 * between score and cost. It is picked on the other folds for each fold, from predictions that were held out themselves,
 * so that the saving is one that could have been had.
 */
export function moneyLeft(request: MoneyLeftRequest, options: BootstrapOptions): MoneyLeft {
  const { scores, costs, models, held, baseline, folds } = request
  const rows = baseline.choices.length
  const actual = { scores, costs }
  const averages = costs.map((column) => new Float64Array(rows).fill(meanOf(column)))
  const candidates = [
    baseline.choices,
    ...models.map((_, model) => new Int32Array(rows).fill(model)),
    ...held.flatMap((family) => decisionsOf({ scores: family.scores, costs: averages })),
  ]
  const foldOf = foldOfRows(
    Int32Array.from({ length: rows }, (_, row) => row),
    folds,
    options.seed + 2,
  )
  const choices = new Int32Array(rows)
  for (let fold = 0; fold < folds; fold += 1) {
    const weights = foldOf.map((each) => Number(each !== fold))
    const floor = averageOf(baseline.choices, actual, weights).score
    let best = baseline.choices
    let bestCost = Number.POSITIVE_INFINITY
    for (const candidate of candidates) {
      const { score, costUsd } = averageOf(candidate, actual, weights)
      if (score < floor - 1e-12 || costUsd >= bestCost) continue
      best = candidate
      bestCost = costUsd
    }
    for (let row = 0; row < rows; row += 1) if (foldOf[row] === fold) choices[row] = best[row] as number
  }
  const before = averageOf(baseline.choices, actual)
  const after = averageOf(choices, actual)
  const nothing: Interval = { low: Number.NaN, high: Number.NaN }
  const [saved = nothing, change = nothing] = bootstrap(
    rows,
    (weights) => {
      const was = averageOf(baseline.choices, actual, weights)
      const now = averageOf(choices, actual, weights)
      return [was.costUsd - now.costUsd, now.score - was.score]
    },
    options,
  )
  const perRequestUsd = before.costUsd - after.costUsd
  return {
    baseline: { name: baseline.name, ...before },
    ...after,
    perRequestUsd,
    perRequestInterval: saved,
    totalUsd: perRequestUsd * rows,
    totalInterval: { low: saved.low * rows, high: saved.high * rows },
    scoreChange: after.score - before.score,
    scoreChangeInterval: change,
  }
}

/** The choices of the best single model; of equals the cheaper. */
export function bestSingle({ scores, costs }: Pick<MoneyLeftRequest, 'scores' | 'costs'>): Int32Array {
  const averages = scores.map((column) => new Float64Array(1).fill(meanOf(column)))
  const prices = costs.map((column) => new Float64Array(1).fill(meanOf(column)))
  const [model = 0] = choose({ scores: averages, costs: prices }, 0)
  return new Int32Array(scores[0]?.length ?? 0).fill(model)
}
