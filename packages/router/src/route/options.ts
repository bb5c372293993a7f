import type { Call, Clock, Pricer } from '@sluice/core'
import type { BridgeOptions } from '../bridge/bridge.ts'
import type { ErrorRule } from '../engine/error-table.ts'
import type { ProbeOptions } from '../engine/prober.ts'
import type { Timeouts } from '../engine/timeouts.ts'
import type { HealthOptions } from '../health/health-options.ts'
import type { HedgeBudgetOptions } from '../health/hedge-budget.ts'
import type { RetryBudget, RetryBudgetOptions } from '../health/retry-budget.ts'
import type { Strategy, StrategyName } from '../strategy/strategy.ts'
import type { Target } from '../target/target.ts'
import type { StickinessOptions } from './stickiness.ts'

/** How a router tries a target again before it asks the next. */
export interface RouterRetryOptions {
  /**
   * Tries of targets that failed, over the whole call, 0 or more. What the SDK client says wins, per request or on the
   * client, its default (2) included. @default 2
   */
  readonly maxRetries?: number
  /** The wait before the first retry where the provider names none, in milliseconds; it doubles with every further one. @default 500 */
  readonly initialDelayMs?: number
  /** The longest wait where the provider names none, in milliseconds. @default 8000 */
  readonly maxDelayMs?: number
  /**
   * The longest wait that a provider may ask for (`Retry-After`) while there is another target to ask; a longer one is
   * kept by leaving that target alone. Where there is no other, every wait that the deadline allows is waited. In
   * milliseconds. @default 5000
   */
  readonly maxWaitMs?: number
  /** `full` draws each of our own waits at random from 0 to its length; `none` waits it out. @default 'full' */
  readonly jitter?: 'full' | 'none'
  /**
   * How many retries calls make together: options for a budget of this router's own, or a {@link RetryBudget}.
   * @default one for all routers of the process: a tenth of their calls, and one a second
   */
  readonly budget?: RetryBudgetOptions | RetryBudget
}

/** How a router sends a slow call a second time, to another target. */
export interface HedgeOptions extends HedgeBudgetOptions {
  /**
   * How long to wait for the first content (of whole answers: for the answer) before, in milliseconds.
   * @default the target's live 95th percentile; none is made while too few calls are known
   */
  readonly afterMs?: number
}

/** What a router is made of. */
export interface RouterOptions {
  /** Whom to choose among, unique by id; a text is a model of the wrapped client itself. At least one. */
  readonly targets: readonly (Target | string)[]
  /**
   * Names that requests may give in place of a model, each for the ids of some targets. `auto` stands for all of them
   * unless it is given here.
   */
  readonly groups?: Readonly<Record<string, readonly string[]>>
  /**
   * What becomes of a request whose model is neither a group nor a target: `pass` leaves it to the wrapped client,
   * `route` treats it like `auto`, `refuse` raises `route.unknown_model`. @default 'pass'
   */
  readonly otherModels?: 'pass' | 'route' | 'refuse'
  /** Who is asked first. @default 'priority' */
  readonly strategy?: StrategyName | Strategy
  /** How to choose among equals: the less loaded of two drawn at random, or in their order. @default 'p2c' */
  readonly balance?: 'p2c' | 'none'
  readonly retry?: RouterRetryOptions
  /** @default false */
  readonly hedge?: HedgeOptions | boolean
  /** When a target that fails is left alone. `false` switches it off. */
  readonly breaker?: HealthOptions['breaker']
  readonly ejection?: HealthOptions['ejection']
  readonly latency?: HealthOptions['latency']
  /**
   * Try targets that failed with requests of the router's own, each for one token, instead of with a call of the
   * application. Models of the wrapped client are tried with calls all the same. @default false
   */
  readonly probe?: ProbeOptions | boolean
  readonly timeouts?: Partial<Timeouts>
  /** Keeps conversations with their target while its prompt cache is warm. `false` switches it off. @default by `context.session` */
  readonly stickiness?: StickinessOptions | false
  /**
   * What becomes of a stream that fails after its first content. `error`: an {@link IncompleteStreamError} with the text
   * so far. `continue`: another target goes on with it, by prefill where it can, else by giving the same answer again as
   * far as it was shown; where neither works out, the error. `restart`: the answer begins anew after a marker, see
   * {@link isRestart}. @default 'error'
   */
  readonly midStream?: 'error' | 'continue' | 'restart'
  /** Targets that speak another dialect are asked through a bridge. `strict` refuses what it cannot carry; `false`: no bridge. */
  readonly bridge?: BridgeOptions | false
  /** Rows to look at before the {@link errorTable}. */
  readonly errors?: readonly ErrorRule[]
  /** The regions that a call may be answered in; `undefined` from the function: any. Targets of unknown region are then left out. */
  readonly regions?: readonly string[] | ((call: Call) => readonly string[] | undefined)
  /** What answers cost, for targets that have no price of their own. */
  readonly price?: Pricer
  /** 0 ≤ x < 1. @default Math.random */
  readonly random?: () => number
  /** @default the system's clock */
  readonly clock?: Clock
}
