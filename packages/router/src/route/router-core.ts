import { systemClock } from '@sluice/core'
import type { Call, Clock, Pricer } from '@sluice/core'
import type { ErrorRule } from '../engine/error-table.ts'
import { Prober } from '../engine/prober.ts'
import type { Timeouts } from '../engine/timeouts.ts'
import { HealthBoard } from '../health/health-board.ts'
import { HedgeBudget } from '../health/hedge-budget.ts'
import { RetryBudget } from '../health/retry-budget.ts'
import { checkedTargets, checkRouterOptions, groupsOf, strategyOf, timeoutsOf } from './checked-options.ts'
import type { RouterOptions } from './options.ts'
import { PeekableRandom } from './peekable-random.ts'
import { Planner } from './planner.ts'
import { RoutedTarget } from './routed-target.ts'
import { Stickiness } from './stickiness.ts'

/** How a failed target is tried again, with the defaults filled in. */
export interface RetrySettings {
  readonly maxRetries: number | undefined
  readonly initialDelayMs: number
  readonly maxDelayMs: number
  readonly maxWaitMs: number
  readonly jitter: 'full' | 'none'
  readonly budget: RetryBudget
}

/** What happened so far, in counts since the router was made. */
export interface RouterStats {
  /** Calls that were routed; those that passed by are not among them. */
  readonly calls: number
  /** Calls whose answer came, or began. */
  readonly answered: number
  readonly failed: number
  readonly retries: number
  readonly failovers: number
  readonly hedges: number
  /** Hedges that were faster than what they hedged. */
  readonly hedgesWon: number
  /** Streams that another target went on with or began anew. */
  readonly resumed: number
  /** Answers by target. */
  readonly byTarget: Readonly<Record<string, number>>
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** Everything that the calls of one router share. */
export class RouterCore {
  readonly targets: readonly RoutedTarget[]
  readonly board: HealthBoard
  readonly planner: Planner
  readonly retry: RetrySettings
  readonly hedge: { readonly afterMs: number | undefined; readonly budget: HedgeBudget } | undefined
  readonly timeouts: Timeouts
  readonly midStream: 'error' | 'continue' | 'restart'
  readonly errors: readonly ErrorRule[]
  readonly price: Pricer | undefined
  readonly stickiness: Stickiness
  readonly clock: Clock
  readonly random: () => number
  readonly prober: Prober | undefined
  readonly counts: Mutable<Omit<RouterStats, 'byTarget'>> = {
    calls: 0,
    answered: 0,
    failed: 0,
    retries: 0,
    failovers: 0,
    hedges: 0,
    hedgesWon: 0,
    resumed: 0,
  }
  readonly answers: Map<string, number> = new Map()

  /** @throws {SluiceError} `config.option`, `config.targets`, `config.strategy` */
  constructor(options: RouterOptions) {
    checkRouterOptions(options)
    const targets = checkedTargets(options)
    const { breaker, ejection, latency, price, bridge = {}, clock = systemClock } = options
    const random = new PeekableRandom(options.random ?? Math.random)
    const health = {
      ...(breaker !== undefined && { breaker }),
      ...(ejection !== undefined && { ejection }),
      ...(latency !== undefined && { latency }),
    }
    const board = new HealthBoard(
      targets.map(({ id }) => id),
      health,
      random.next,
    )
    this.board = board
    this.targets = targets.map((target) => new RoutedTarget(target, { health: board.get(target.id), price, bridge }))
    const { regions, stickiness, hedge, retry = {}, midStream = 'error', errors = [] } = options
    // Who holds a response has to be known in any case.
    this.stickiness = new Stickiness(stickiness === false ? { by: () => undefined } : stickiness)
    const at = (places: readonly number[]): RoutedTarget[] => places.map((place) => this.targets[place] as RoutedTarget)
    const groups = [...groupsOf(options, targets)].map(([name, places]) => [name, at(places)] as const)
    this.retry = retrySettings(retry, clock)
    this.planner = new Planner({
      targets: this.targets,
      groups: new Map(groups),
      otherModels: options.otherModels ?? 'pass',
      strategy: strategyOf(options, targets, random.next),
      stickiness: this.stickiness,
      board,
      balance: options.balance ?? 'p2c',
      maxWaitMs: this.retry.maxWaitMs,
      regions: typeof regions === 'function' ? regions : regions && (() => regions),
      random,
    })
    this.hedge = hedge ? hedgeSettings(hedge === true ? {} : hedge) : undefined
    this.timeouts = timeoutsOf(options)
    this.midStream = midStream
    this.errors = errors
    this.price = price
    this.clock = clock
    this.random = random.next
    const { probe = false } = options
    this.prober = probe ? new Prober(this, probe === true ? {} : probe) : undefined
  }

  /** When a call must be over, Unix milliseconds. */
  endsAtMs(call: Call, nowMs: number): number {
    return Math.min(call.context.deadlineAtMs ?? Infinity, nowMs + this.timeouts.totalMs)
  }

  /** A wait, a little longer: all who wait for the same instant would come back at once. In whole milliseconds. */
  jittered(ms: number): number {
    return Math.round(ms + this.random() * Math.min(1_000, ms / 5))
  }

  stats(): RouterStats {
    return { ...this.counts, byTarget: Object.fromEntries(this.answers) }
  }
}

/** One for all routers of the process that are given none, so that several cannot add up to a storm. */
const sharedBudgets = new WeakMap<Clock, RetryBudget>()

function sharedBudget(clock: Clock): RetryBudget {
  const known = sharedBudgets.get(clock) ?? new RetryBudget()
  sharedBudgets.set(clock, known)
  return known
}

function retrySettings(options: NonNullable<RouterOptions['retry']>, clock: Clock): RetrySettings {
  const { maxRetries, initialDelayMs = 500, maxDelayMs = 8_000, maxWaitMs = 5_000, jitter = 'full', budget } = options
  return {
    maxRetries,
    initialDelayMs,
    maxDelayMs,
    maxWaitMs,
    jitter,
    budget: budget instanceof RetryBudget ? budget : budget ? new RetryBudget(budget) : sharedBudget(clock),
  }
}

function hedgeSettings({
  afterMs,
  ...budget
}: Exclude<RouterOptions['hedge'], boolean | undefined>): RouterCore['hedge'] {
  return { afterMs, budget: new HedgeBudget(budget) }
}
