import type { Clock, Pricer } from '@sluice/core'
import type { BridgeOptions } from '../bridge/bridge.ts'
import type { ErrorRule } from '../engine/error-table.ts'
import type { Timeouts } from '../engine/timeouts.ts'
import type { HealthOptions } from '../health/health-options.ts'
import type { Target } from '../target/target.ts'
import type { Estimator } from './estimator.ts'

/** A step of a cascade with settings of its own. The last step takes none: its answer is not judged. */
export interface CascadeStep {
  /** A text is a model of the wrapped client itself. */
  readonly target: Target | string
  /** Judges its answers. @default the cascade's `accept` */
  readonly accept?: Estimator
  /**
   * Its answers are accepted from this score on, 0..1; `null` leaves the step out, as `calibrate` may advise.
   * @default the cascade's `floor`
   */
  readonly threshold?: number | null
}

/** What a cascade is made of. */
export interface CascadeOptions {
  /** Whom to ask, the cheapest first, unique by id, two or more. The answer of the last is delivered as it is. */
  readonly steps: readonly (Target | string | CascadeStep)[]
  /** Judges the answers of all steps but the last, where they have no estimator of their own. */
  readonly accept?: Estimator
  /**
   * How likely good an answer must be by its estimator to be accepted, 0..1. It is a promise only as far as the estimator
   * is right: `calibrate` finds the thresholds that keep a floor of measured quality. @default 0.5
   */
  readonly floor?: number
  /** Thresholds of all steps but the last, in their order, as `calibrate` returns them. They go before all others. */
  readonly thresholds?: readonly (number | null)[]
  /**
   * What one call may cost, in nano-dollars (10⁻⁹ USD), judges included. The first step is always asked; another one only
   * if what was spent and its expected price stay within; what cannot be priced is not asked. Otherwise the best answer so far is delivered; where there is
   * none, the failure. Needs a price for every target. @default no limit
   */
  readonly maxCostNanoUsd?: number
  /**
   * What becomes of a request whose model is neither `auto` nor that of the last step: `pass` leaves it to the wrapped
   * client, `cascade` treats it like the others, `refuse` raises `route.unknown_model`. @default 'pass'
   */
  readonly otherModels?: 'pass' | 'cascade' | 'refuse'
  /**
   * What is delivered when the last step fails: `best` the best of the answers that were not accepted, if there is one
   * that is not known to be bad (score 0); `error` the failure. @default 'best'
   */
  readonly onLastFailure?: 'best' | 'error'
  /**
   * What becomes of an answer in which the model itself declines: `deliver` gives it to the application, `judge` has it
   * judged like any other. What a provider's content filter stopped is always delivered. @default 'deliver'
   */
  readonly refusals?: 'deliver' | 'judge'
  /** When a step that fails is passed over for a while. `false` switches it off. The last step is always asked. */
  readonly breaker?: HealthOptions['breaker']
  readonly ejection?: HealthOptions['ejection']
  readonly timeouts?: Partial<Timeouts>
  /** Steps that speak another dialect are asked through a bridge. `strict` refuses what it cannot carry; `false`: no bridge. */
  readonly bridge?: BridgeOptions | false
  /** Rows to look at before the `errorTable`. Only their class matters: `content_filter` is delivered, the rest escalates. */
  readonly errors?: readonly ErrorRule[]
  /** What answers cost, for targets that have no price of their own. */
  readonly price?: Pricer
  /** @default the system's clock */
  readonly clock?: Clock
}
