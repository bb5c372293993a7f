import { systemClock } from '@sluice/core'
import type { Call, Clock, Pricer } from '@sluice/core'
import type { ErrorRule } from '../engine/error-table.ts'
import { defaultTimeouts, type Timeouts } from '../engine/timeouts.ts'
import { HealthBoard } from '../health/health-board.ts'
import { BoundedMap } from '../route/bounded-map.ts'
import { RoutedTarget } from '../route/routed-target.ts'
import type { Target } from '../target/target.ts'
import { checkedSteps, type CheckedStep } from './checked-options.ts'
import type { CascadeOptions } from './options.ts'

/** A step with all that its cascade knows of it. */
export interface CoreStep extends CheckedStep {
  readonly routed: RoutedTarget
}

/** What became of one step's answers, in counts since the cascade was made. */
export interface StepStats {
  readonly asked: number
  /** Answers given to the application: accepted, the last step's, or fallen back on. */
  readonly delivered: number
  readonly rejected: number
  readonly failed: number
}

/** What happened so far. */
export interface CascadeStats {
  /** Calls that were cascaded; those that passed by are not among them. */
  readonly calls: number
  /** Steps by id. */
  readonly steps: Readonly<Record<string, StepStats>>
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** Responses that providers keep: a request that goes on with one must go to whoever has it. A day of them at most. */
const heldTtlMs = 86_400_000
const maxHeld = 50_000

/** Everything that the calls of one cascade share. */
export class CascadeCore {
  readonly steps: readonly CoreStep[]
  readonly last: CoreStep
  readonly maxCostNanoUsd: number | undefined
  readonly otherModels: 'pass' | 'cascade' | 'refuse'
  readonly onLastFailure: 'best' | 'error'
  readonly refusals: 'deliver' | 'judge'
  readonly timeouts: Timeouts
  readonly errors: readonly ErrorRule[]
  readonly clock: Clock
  /** Steps by the responses that they hold. */
  readonly holders: BoundedMap<CoreStep> = new BoundedMap(maxHeld, heldTtlMs)
  readonly #stats: ReadonlyMap<string, Mutable<StepStats>>
  readonly #asked = new Map<Target, RoutedTarget>()
  readonly #price: Pricer | undefined
  readonly #bridge: CascadeOptions['bridge']
  #calls = 0

  /** @throws {SluiceError} `config.option`, `config.steps` */
  constructor(options: CascadeOptions) {
    const steps = checkedSteps(options)
    const { maxCostNanoUsd, otherModels = 'pass', onLastFailure = 'best', refusals = 'deliver', errors = [] } = options
    const { breaker, ejection, bridge = {}, price, timeouts, clock = systemClock } = options
    const health = { ...(breaker !== undefined && { breaker }), ...(ejection !== undefined && { ejection }) }
    const ids = steps.map(({ id }) => id)
    const board = new HealthBoard(ids, health)
    this.#price = price
    this.#bridge = bridge
    this.steps = steps.map((step) => ({
      ...step,
      routed: new RoutedTarget(step.target, { health: board.get(step.id), price, bridge }),
    }))
    this.last = this.steps.at(-1) as CoreStep
    this.maxCostNanoUsd = maxCostNanoUsd
    this.otherModels = otherModels
    this.onLastFailure = onLastFailure
    this.refusals = refusals
    this.timeouts = { ...defaultTimeouts, ...timeouts }
    this.errors = errors
    this.clock = clock
    this.#stats = new Map(ids.map((id) => [id, { asked: 0, delivered: 0, rejected: 0, failed: 0 }]))
  }

  /** A target that an estimator asks. */
  routed(target: Target): RoutedTarget {
    const step = this.steps.find((each) => each.target === target)
    const known = step?.routed ?? this.#asked.get(target)
    if (known) return known
    const [price, bridge] = [this.#price, this.#bridge ?? {}]
    // Whether it is well is not looked at: an estimator that cannot ask has no opinion.
    const health = new HealthBoard([target.id], { breaker: false, ejection: false }).get(target.id)
    const made = new RoutedTarget(target, { health, price, bridge })
    this.#asked.set(target, made)
    return made
  }

  /** When a call must be over, Unix milliseconds. */
  endsAtMs(call: Call): number {
    return Math.min(call.context.deadlineAtMs ?? Infinity, this.clock.now() + this.timeouts.totalMs)
  }

  countCall(): void {
    this.#calls += 1
  }

  count(step: CoreStep, what: keyof StepStats): void {
    const stats = this.#stats.get(step.id)
    if (stats) stats[what] += 1
  }

  stats(): CascadeStats {
    return {
      calls: this.#calls,
      steps: Object.fromEntries([...this.#stats].map(([id, counts]) => [id, { ...counts }])),
    }
  }
}
