import { breakerOptions, type BreakerOptions } from './breaker-options.ts'
import { checkNames, checkNumbers, type OptionRanges } from './option-check.ts'
import { ejectionOptions, type EjectionOptions } from './outlier-ejection.ts'

/** How latencies are remembered. */
export interface LatencyOptions {
  /**
   * Time constant with which the latency estimate behind the load forgets, in milliseconds. @default 10000, as Envoy
   * @see https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/contrib/load_balancing_policies/peak_ewma/peak_ewma.html
   */
  readonly decayMs?: number
  /**
   * The estimate of a target that nothing is known of, and what every estimate goes back to while nothing is observed, in
   * milliseconds, above 0. Set it no higher than your fastest target's time to first content: above that, a target that
   * was slow is tried again only when the others are busy. @default 200
   */
  readonly priorMs?: number
  /**
   * Share of its distance to a lower latency by which every such observation lowers the estimate at least, 0 to 1. 0
   * leaves it to time alone: then under much traffic one stalled call outweighs hundreds of good ones. @default 0.5
   */
  readonly easing?: number
  /** Half-life of the samples behind the quantiles, in milliseconds. @default 300000 */
  readonly halfLifeMs?: number
  /** Samples, aged ones in part, below which there are no quantiles. @default 20: the least that has a 95th percentile */
  readonly minSamples?: number
}

/** How the health of targets is judged. */
export interface HealthOptions {
  /** `false` for none. */
  readonly breaker?: BreakerOptions | false
  /** `false` for none. */
  readonly ejection?: EjectionOptions | false
  readonly latency?: LatencyOptions
}

/** {@link HealthOptions}, checked and with the defaults filled in. */
export interface HealthSettings {
  readonly breaker: Required<BreakerOptions> | undefined
  readonly ejection: Required<EjectionOptions> | undefined
  readonly latency: Required<LatencyOptions>
}

const ranges: OptionRanges = {
  decayMs: { min: 0, above: true },
  priorMs: { min: 0, above: true },
  easing: { min: 0, max: 1 },
  halfLifeMs: { min: 0, above: true },
  minSamples: { min: 1 },
}

/** Checks the options and fills in the defaults. @throws {SluiceError} `config.option` */
export function healthSettings(options: HealthOptions = {}): HealthSettings {
  checkNames('health', options, ['breaker', 'ejection', 'latency'])
  const { breaker, ejection, latency = {} } = options
  checkNumbers('latency', latency, ranges)
  const { decayMs = 10_000, priorMs = 200, easing = 0.5, halfLifeMs = 300_000, minSamples = 20 } = latency
  return {
    breaker: breaker === false ? undefined : breakerOptions(breaker),
    ejection: ejection === false ? undefined : ejectionOptions(ejection),
    latency: { decayMs, priorMs, easing, halfLifeMs, minSamples },
  }
}
