import type { RoutedTarget } from './routed-target.ts'
import type { RouteQuery } from './query.ts'

/** A target as it was considered for a call. */
export interface RouteCandidate {
  readonly id: string
  /** Why it is not asked: `context_length`, `tools`, `region`, `open`, `cooling`, `limit`…; missing: it may be. */
  readonly excluded?: string
  /** What the strategy made of it, higher is better; missing for targets that are excluded. */
  readonly score?: number
}

/** What a router would do with a call. */
export interface RouteDecision {
  /** Who is asked first; `undefined`: nobody can answer, or the model is none of the router's and the call passes by. */
  readonly target: string | undefined
  /** All targets considered: those that would be asked, in their order, then the excluded. */
  readonly candidates: readonly RouteCandidate[]
  /** In words. */
  readonly why: string
}

/** A decision with the targets themselves. */
export interface Plan {
  readonly query: RouteQuery
  /** In the order in which they are asked. */
  readonly order: readonly RoutedTarget[]
  /** What the strategy scored, and its scores. */
  readonly rated: readonly RoutedTarget[]
  readonly scores: readonly number[]
  readonly excluded: readonly { readonly target: RoutedTarget; readonly reason: string }[]
  /** `named`, `held`, `sticky`, `panic`, or the strategy's name. */
  readonly by: string
  /** All targets are out; the one in the order is the least bad of them. */
  readonly isPanic: boolean
}

/** A plan as data. */
export function decisionOf({ order, rated, scores, excluded, by, query }: Plan): RouteDecision {
  const first = order[0]
  return {
    target: first?.id,
    candidates: [
      ...order.map((target) => ({ id: target.id, score: scores[rated.indexOf(target)] ?? 0 })),
      ...excluded.map(({ target, reason }) => ({ id: target.id, excluded: reason })),
    ],
    why: first ? reasons(by, first.id, order.length, query) : nobody(excluded.length),
  }
}

function reasons(by: string, id: string, count: number, { model }: RouteQuery): string {
  const among = count === 1 ? 'the only target that can answer' : `the first of ${count} targets that can answer`
  switch (by) {
    case 'named':
      return `The request names the model "${model}"; "${id}" is ${among}.`
    case 'held':
      return `"${id}" holds the conversation that the request goes on with.`
    case 'sticky':
      return `"${id}" answered this conversation last and its prompt cache is warm; leaving it would save less than it costs.`
    case 'panic':
      return `All targets are out; "${id}" is the least bad.`
    default:
      return `By ${by}, "${id}" is ${among}.`
  }
}

function nobody(excluded: number): string {
  return excluded === 0 ? "The model is none of the router's." : `None of ${excluded} targets can answer.`
}
