import { bootstrap, type Interval } from '../bootstrap.ts'
import { averageOf, averageScore, costOf, upperHull, type CostPoint } from '../cost-curve.ts'
import { apgr, cpt, gainCurve, rank, type GainCurve } from './gain-curve.ts'
import { checkNumber, meanOf, outcomeTable, refuse, refuseUnknown } from '../outcomes.ts'
import type { OutcomeTable, RoutingOutcome } from '../outcomes.ts'
import { believedBy, decisionsOf, type RoutingPolicy } from './policy.ts'

export interface EvaluateRoutingOptions {
  /** The models to evaluate on; outcomes that lack one are left out. @default every model that occurs */
  readonly models?: readonly string[]
  /** The model that APGR and CPT start from. @default the cheapest on the singles' hull, else that of the lowest average score */
  readonly weak?: string
  /** The model that they lead to. @default that of the highest average score */
  readonly strong?: string
  /** What a request costs with each model, in US dollars, where outcomes do not say. */
  readonly costsUsd?: Readonly<Record<string, number>>
  /** The model whose answer the policy has seen: it is called, and paid, for every request. */
  readonly answerOf?: string
  /** Of all intervals, 0.5..0.999. @default 0.95 */
  readonly confidence?: number
  /** Bootstrap resamples over requests, 100..100000. @default 1000 */
  readonly resamples?: number
  /** @default 1 */
  readonly seed?: number
}

/** The figures of one policy between a weak and a strong model. */
export interface RoutingFigures {
  /** Average performance gap recovered over all shares of strong calls: 0.5 at random; an oracle may exceed 1. */
  readonly apgr: number
  /** The least share of strong calls that recovers 50 % of the gap. */
  readonly cpt50: number
  /** The least share of strong calls that recovers 80 % of the gap. */
  readonly cpt80: number
  /** Average score over the costs between the cheapest and the dearest model, along the policy's hull; only with costs. */
  readonly aiq?: number
}

/** A model on its own. */
export interface SingleModel {
  readonly id: string
  readonly score: number
  readonly costUsd?: number
  /** Whether no mix of others is as good for less: the others can be pruned. Absent without costs. */
  readonly onHull?: boolean
}

export interface RoutingEvaluation extends RoutingFigures {
  /** Evaluated on. */
  readonly rows: number
  /** Left out since a model was missing. */
  readonly incomplete: number
  readonly weak: string
  readonly strong: string
  readonly singles: readonly SingleModel[]
  /** The singles' hull: what mixing models at random buys, cheapest first, with its AIQ. Every router must pass it. Absent without costs. */
  readonly hull?: { readonly models: readonly string[]; readonly aiq: number }
  /** Knows every outcome beforehand: the bound. */
  readonly oracle: RoutingFigures & { readonly score: number }
  readonly random: RoutingFigures
  /** The cost per request at which the policy's hull reaches the best single model's score; absent where it never does. */
  readonly qualityNeutralCostUsd?: number
  /** 1 − that cost / the best single model's. */
  readonly costSave?: number
  /** The curve of performance gap recovered, thinned to about a hundred points. */
  readonly curve: GainCurve
  readonly intervals: Readonly<Partial<Record<'apgr' | 'cpt50' | 'cpt80' | 'aiq' | 'costSave', Interval>>>
}

const caller = 'evaluateRouting'

/**
 * Evaluates a policy on outcomes: every distinct threshold, ties averaged, intervals by bootstrap over requests.
 *
 * A policy says for each request either what score it expects of each model, or, of a pair, one number: how much it would
 * rather have the strong model. APGR and CPT come from the order of the differences between strong and weak. AIQ and
 * CostSave take "highest expected score − λ × average cost" over all λ, with all models.
 *
 * It does not split the data: a {@link RoutingModel} evaluated on what it was learned from looks better than it is. Use
 * the figures inside the model, {@link routingReport}, or other outcomes. APGR and CPT are NaN where the strong model is
 * no better than the weak one on these outcomes.
 *
 * @throws {SluiceError} `config.option` for no outcomes, fewer than two models, unknown model ids, scores that are not
 * finite, duplicate ids, options out of range, and a policy that returns something else than finite numbers.
 * @see definitions: RouteLLM https://arxiv.org/abs/2406.18665, RouterBench https://arxiv.org/abs/2403.12031
 */
export function evaluateRouting(
  outcomes: readonly RoutingOutcome[],
  policy: RoutingPolicy,
  options: EvaluateRoutingOptions = {},
): RoutingEvaluation {
  const { resamples, confidence, seed } = checked(options)
  const table = outcomeTable(outcomes, { models: options.models, costsUsd: options.costsUsd }, caller)
  const { rows, models, scores, incomplete } = table
  for (const name of ['weak', 'strong', 'answerOf'] as const) {
    const id = options[name]
    if (id !== undefined && !models.includes(id))
      refuse(caller, `${name} "${id}" is not one of the models ${models.join(', ')}.`)
  }
  const singles = singlesOf(table)
  const { weak, strong } = endsOf(singles, options)
  const [weakAt, strongAt] = [models.indexOf(weak), models.indexOf(strong)]
  if (weakAt === strongAt) refuse(caller, `needs two different models as weak and strong, got "${weak}" for both.`)

  const believed = believedBy(policy, table, { weakAt, strongAt, answerOf: options.answerOf })
  const gains = (scores[strongAt] as Float64Array).map((score, row) => score - (scores[weakAt]?.[row] as number))
  const ranking = rank(
    (believed.scores[strongAt] as Float64Array).map((score, row) => score - (believed.scores[weakAt]?.[row] as number)),
  )
  const oracleRanking = rank(gains)
  const spent = spending(table, believed)
  const figuresOf = (by: typeof ranking, weights?: Int32Array): RoutingFigures => {
    const curve = gainCurve(by, gains, weights)
    return { apgr: apgr(curve), cpt50: cpt(curve, 0.5), cpt80: cpt(curve, 0.8) }
  }

  const figures = figuresOf(ranking)
  const money = spent?.policy()
  const [apgrInterval, cpt50, cpt80, aiq, costSave] = bootstrap(
    rows.length,
    (weights) => {
      const drawn = figuresOf(ranking, weights)
      const paid = spent?.policy(weights)
      return [drawn.apgr, drawn.cpt50, drawn.cpt80, ...(paid ? [paid.aiq, paid.costSave ?? Number.NaN] : [])]
    },
    { resamples, confidence, seed },
  )
  const oracleAiq = spent?.oracle().aiq
  return {
    rows: rows.length,
    incomplete,
    weak,
    strong,
    singles,
    ...figures,
    ...(money && { aiq: money.aiq }),
    ...(spent && { hull: { models: singles.flatMap(({ id, onHull }) => (onHull ? id : [])), aiq: spent.hullAiq } }),
    oracle: {
      ...figuresOf(oracleRanking),
      ...(oracleAiq !== undefined && { aiq: oracleAiq }),
      score: meanOf(Float64Array.from(rows, (_, row) => Math.max(...scores.map((column) => column[row] as number)))),
    },
    random: { apgr: 0.5, cpt50: 0.5, cpt80: 0.8, ...(spent && { aiq: spent.lineAiq(weakAt, strongAt) }) },
    ...(money?.neutralUsd !== undefined && { qualityNeutralCostUsd: money.neutralUsd }),
    ...(money?.costSave !== undefined && { costSave: money.costSave }),
    curve: thinned(gainCurve(ranking, gains)),
    intervals: {
      ...(apgrInterval && { apgr: apgrInterval }),
      ...(cpt50 && { cpt50 }),
      ...(cpt80 && { cpt80 }),
      ...(aiq && { aiq }),
      ...(costSave && { costSave }),
    },
  }
}

/** Each model's averages and whether it lies on the hull of them all. */
export function singlesOf({ models, scores, costs }: OutcomeTable): SingleModel[] {
  const singles = models.map((id, model) => ({
    id,
    score: meanOf(scores[model] as Float64Array),
    ...(costs && { costUsd: meanOf(costs[model] as Float64Array) }),
  }))
  if (!costs) return singles
  const hull = upperHull(singles.map((single) => ({ ...single, costUsd: single.costUsd ?? 0 })))
  const onHull = new Set(hull.map(({ id }) => id))
  return singles.map((single) => ({ ...single, onHull: onHull.has(single.id) }))
}

/** The two models between which APGR is measured. */
export function endsOf(
  singles: readonly SingleModel[],
  { weak, strong }: { readonly weak?: string; readonly strong?: string },
): { readonly weak: string; readonly strong: string } {
  const byScore = singles.toSorted((a, b) => a.score - b.score || (b.costUsd ?? 0) - (a.costUsd ?? 0))
  const best = strong ?? byScore.findLast(({ id }) => id !== weak)?.id ?? ''
  const hull = singles.filter(({ onHull, id }) => onHull && id !== best)
  const cheapest = hull.toSorted((a, b) => (a.costUsd ?? 0) - (b.costUsd ?? 0))[0]
  return { strong: best, weak: weak ?? cheapest?.id ?? byScore.find(({ id }) => id !== best)?.id ?? '' }
}

interface Spending {
  readonly hullAiq: number
  lineAiq(weakAt: number, strongAt: number): number
  oracle(): { readonly aiq: number }
  policy(weights?: Int32Array): { readonly aiq: number; readonly neutralUsd?: number; readonly costSave?: number }
}

/** The figures in dollars; undefined without costs. */
function spending(table: OutcomeTable, believed: ReturnType<typeof believedBy>): Spending | undefined {
  const { scores, costs, models } = table
  if (!costs) return undefined
  const actual = { scores, costs }
  const paid = { scores, costs: believed.paid ?? costs }
  const singlePoints = (weights?: Int32Array): CostPoint[] =>
    models.map((_, model) => averageOf(new Int32Array(table.rows.length).fill(model), actual, weights))
  const decisions = decisionsOf(believed)
  const range = (singles: readonly CostPoint[]): [number, number] => [
    Math.min(...singles.map(({ costUsd }) => costUsd)),
    Math.max(...singles.map(({ costUsd }) => costUsd)),
  ]
  const policy = (weights?: Int32Array): ReturnType<Spending['policy']> => {
    const singles = singlePoints(weights)
    const [from, to] = range(singles)
    const cheapest = singles.find(({ costUsd }) => costUsd === from) as CostPoint
    const hull = upperHull([cheapest, ...decisions.map((choices) => averageOf(choices, paid, weights))])
    const best = singles.toSorted((a, b) => b.score - a.score || a.costUsd - b.costUsd)[0] as CostPoint
    const neutralUsd = costOf(hull, best.score)
    return {
      aiq: averageScore(hull, from, to),
      ...(neutralUsd !== undefined && { neutralUsd, costSave: best.costUsd > 0 ? 1 - neutralUsd / best.costUsd : 0 }),
    }
  }
  const singles = singlePoints()
  const [from, to] = range(singles)
  return {
    hullAiq: averageScore(upperHull(singles), from, to),
    lineAiq: (weakAt, strongAt) => {
      const ends = [singles[weakAt] as CostPoint, singles[strongAt] as CostPoint]
      return averageScore(
        ends.toSorted((a, b) => a.costUsd - b.costUsd),
        from,
        to,
      )
    },
    oracle: () => {
      const points = decisionsOf(actual).map((choices) => averageOf(choices, actual))
      return { aiq: averageScore(upperHull([...singles, ...points]), from, to) }
    },
    policy,
  }
}

function thinned({ shares, recovered }: GainCurve): GainCurve {
  const step = Math.max(1, Math.ceil(shares.length / 100))
  const keep = (_: number, index: number): boolean => index % step === 0 || index === shares.length - 1
  return { shares: shares.filter(keep), recovered: recovered.filter(keep) }
}

function checked(options: EvaluateRoutingOptions): { resamples: number; confidence: number; seed: number } {
  const { models: _m, weak: _w, strong: _s, costsUsd: _c, answerOf: _a, ...rest } = options
  const { confidence = 0.95, resamples = 1_000, seed = 1, ...unknown } = rest
  refuseUnknown(caller, unknown, 'models, weak, strong, costsUsd, answerOf, confidence, resamples, seed')
  checkNumber(caller, 'confidence', confidence, { min: 0.5, max: 0.999, whole: false })
  checkNumber(caller, 'resamples', resamples, { min: 100, max: 100_000 })
  checkNumber(caller, 'seed', seed, { min: -2_147_483_648, max: 2_147_483_647 })
  return { resamples, confidence, seed }
}
