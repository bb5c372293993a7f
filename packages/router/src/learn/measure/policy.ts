import { choose } from '../cost-curve.ts'
import type { RoutingModel } from '../model.ts'
import { meanOf, refuse } from '../outcomes.ts'
import type { OutcomeTable, RoutingOutcome } from '../outcomes.ts'
import { scoreRouting } from '../score-routing.ts'

/**
 * What is to be evaluated: a learned model, or a function that gets a request, and of its outcome only what a router
 * could know, and says which scores it expects of the models, or how much it prefers the strong one.
 */
export type RoutingPolicy = RoutingModel | ((request: PolicyRequest) => number | Readonly<Record<string, number>>)

/** What a policy may know of a request. */
export interface PolicyRequest {
  readonly id: string
  readonly prompt: string
  readonly label?: string
  /** The answer of the option `answerOf`, where it is set and recorded. */
  readonly answer?: string
}

/** What a policy believes of each model and row, in the models' order. */
export interface Believed {
  readonly scores: readonly Float64Array[]
  /** The costs it reckons with. */
  readonly costs: readonly Float64Array[]
  /** What its decisions cost, where that differs from the models' own costs. */
  readonly paid?: readonly Float64Array[]
}

export function believedBy(
  policy: RoutingPolicy,
  { rows, models, costs }: OutcomeTable,
  {
    weakAt,
    strongAt,
    answerOf,
  }: { readonly weakAt: number; readonly strongAt: number; readonly answerOf?: string | undefined },
): Believed {
  const scores = models.map(() => new Float64Array(rows.length))
  const averages = costs?.map((column) => meanOf(column)) ?? models.map(() => 0)
  let preferences = false
  for (const [row, outcome] of rows.entries()) {
    const said = ask(policy, outcome, answerOf)
    if (typeof said === 'number') {
      preferences = true
      ;(scores[strongAt] as Float64Array)[row] = finite(said, outcome.id)
    } else
      for (const [model, id] of models.entries())
        (scores[model] as Float64Array)[row] = finite(said[id], `${outcome.id}", model "${id}`)
  }
  if (preferences) {
    // A preference has no scale: its rank takes the place of a score, so that every threshold is a λ between 0 and 1.
    const strong = scores[strongAt] as Float64Array
    const sorted = strong.toSorted()
    for (const [row, value] of strong.entries()) strong[row] = (lowerBound(sorted, value) + 1) / sorted.length
    for (const [model, column] of scores.entries()) if (model !== weakAt && model !== strongAt) column.fill(-1)
    for (const model of averages.keys()) averages[model] = model === weakAt ? 0 : 1
  }
  const constant = averages.map((cost) => new Float64Array(rows.length).fill(cost))
  const seen = answerOf === undefined ? -1 : models.indexOf(answerOf)
  if (seen < 0 || !costs) return { scores, costs: constant }
  // Its answer is there and paid for: keeping it is free, any other comes on top.
  const paid = costs.map((column, model) =>
    model === seen ? column : column.map((cost, row) => cost + (costs[seen]?.[row] as number)),
  )
  const free = constant.map((column, model) => (model === seen ? new Float64Array(rows.length) : column))
  return { scores, costs: preferences ? constant : free, paid }
}

/** About how many trade-offs between score and cost are tried. */
const mostLambdas = 64

/** The choices by row that a policy makes from "best at any price" to "cheapest", without repeats. */
export function decisionsOf(believed: Believed): Int32Array[] {
  const { scores, costs } = believed
  const turns: number[] = []
  for (let row = 0; row < (scores[0]?.length ?? 0); row += 1)
    for (let a = 0; a < scores.length; a += 1)
      for (let b = 0; b < scores.length; b += 1) {
        const extra = (costs[a]?.[row] as number) - (costs[b]?.[row] as number)
        const turn = ((scores[a]?.[row] as number) - (scores[b]?.[row] as number)) / extra
        if (extra > 0 && turn > 0) turns.push(turn)
      }
  const sorted = Float64Array.from(turns).sort()
  const step = Math.max(1, sorted.length / mostLambdas)
  const lambdas = new Set<number>([0])
  // A hair above each turn, so that the decision that turns there has turned.
  for (let at = 0; at < sorted.length; at += step) lambdas.add((sorted[Math.floor(at)] as number) * (1 + 1e-9))
  lambdas.add(Number.POSITIVE_INFINITY)
  return [...lambdas].map((lambda) => choose(believed, lambda))
}

function ask(
  policy: RoutingPolicy,
  { id, prompt, label, models }: RoutingOutcome,
  answerOf: string | undefined,
): number | Readonly<Record<string, number>> {
  const answer = answerOf === undefined ? undefined : models[answerOf]?.answer
  const context = { ...(label !== undefined && { label }), ...(answer !== undefined && { answer }) }
  return typeof policy === 'function' ? policy({ id, prompt, ...context }) : scoreRouting(policy, prompt, context)
}

function finite(value: number | undefined, where: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value
  return refuse('evaluateRouting', `needs a finite number from the policy for "${where}", got ${String(value)}.`)
}

function lowerBound(sorted: Float64Array, value: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] as number) < value) low = middle + 1
    else high = middle
  }
  return low
}
