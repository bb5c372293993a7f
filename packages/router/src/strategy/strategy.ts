import type { Pricer } from '@sluice/core'
import type { TargetView } from '../route/view.ts'
import type { RouteQuery } from '../route/query.ts'
import type { Target } from '../target/target.ts'

/** What a strategy is checked against when a router is made. */
export interface StrategySetUp {
  readonly targets: readonly Target[]
  readonly price: Pricer | undefined
}

/** How a router chooses among the targets that can answer a call. */
export interface Strategy {
  readonly name: string
  /** Refuses a router that lacks what the strategy goes by. */
  check?(setUp: StrategySetUp): void
  /**
   * How well each target suits the call: higher is better, equal scores are balanced by load. It gets all candidates at
   * once, in the order of the router's list or of the group; the scores come back in the same order.
   */
  score(candidates: readonly TargetView[], query: RouteQuery): readonly number[]
}

/** The names of the strategies that need nothing more than the targets. */
export type StrategyName = 'priority' | 'cost' | 'latency' | 'quality' | 'weighted' | 'roundRobin'
