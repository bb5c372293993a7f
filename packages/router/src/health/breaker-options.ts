import { checkNumbers, type OptionRanges } from './option-check.ts'

/** When a breaker opens, for how long, and how it tries again. */
export interface BreakerOptions {
  /**
   * Failures in a row that open it, 1 or more. @default 5, as Envoy's `consecutive_5xx`
   * @see https://www.envoyproxy.io/docs/envoy/v1.30.4/api-v3/config/cluster/v3/outlier_detection.proto
   */
  readonly consecutiveFailures?: number
  /**
   * Share of failed calls in the window that opens it, above 0, at most 1. @default 0.5, as Hystrix and Resilience4j
   * @see https://github.com/Netflix/Hystrix/wiki/Configuration
   */
  readonly failureRate?: number
  /** Calls that the window must hold before their failure rate counts, 1 or more. @default 20, as Hystrix */
  readonly minCalls?: number
  /**
   * Length of the window, in milliseconds. @default 60000
   * Longer than Hystrix's 10 s, because calls to models are fewer and take longer.
   */
  readonly windowMs?: number
  /** How long it stays open at first, in milliseconds. @default 5000, as Hystrix's sleep window */
  readonly openMs?: number
  /** By what the open time grows with every further trip, 1 or more. @default 2 */
  readonly openFactor?: number
  /**
   * The longest open time, in milliseconds, at least `openMs`. @default 20000
   * Short enough for a target that recovers to be back within 30 s at one call every few seconds.
   */
  readonly maxOpenMs?: number
  /** How long it must stay closed for earlier trips to be forgotten, in milliseconds. @default 120000 */
  readonly forgetMs?: number
  /** Probes that may be under way at the same time while half-open, 1 or more. @default 1 */
  readonly maxProbes?: number
  /** Probes that must succeed, one after the other, to close it, 1 or more. @default 1 */
  readonly probeSuccesses?: number
  /**
   * How long a probe may be under way before its slot is given to another, in milliseconds, so that one that never ends
   * cannot keep the breaker half-open for good. What it reports later is ignored. @default 30000
   */
  readonly probeTimeoutMs?: number
}

const ranges: OptionRanges = {
  consecutiveFailures: { min: 1, whole: true },
  failureRate: { min: 0, above: true, max: 1 },
  minCalls: { min: 1, whole: true },
  windowMs: { min: 10 },
  openMs: { min: 0, above: true },
  openFactor: { min: 1 },
  maxOpenMs: { min: 0, above: true },
  forgetMs: { min: 0 },
  maxProbes: { min: 1, whole: true },
  probeSuccesses: { min: 1, whole: true },
  probeTimeoutMs: { min: 0, above: true },
}

/** Checks the options and fills in the defaults. @throws {SluiceError} `config.option` */
export function breakerOptions(options: BreakerOptions = {}): Required<BreakerOptions> {
  checkNumbers('breaker', options, ranges)
  const { openMs = 5_000, maxOpenMs = Math.max(20_000, openMs) } = options
  checkNumbers('breaker', { maxOpenMs }, { maxOpenMs: { min: openMs } })
  return {
    consecutiveFailures: options.consecutiveFailures ?? 5,
    failureRate: options.failureRate ?? 0.5,
    minCalls: options.minCalls ?? 20,
    windowMs: options.windowMs ?? 60_000,
    openMs,
    openFactor: options.openFactor ?? 2,
    maxOpenMs,
    forgetMs: options.forgetMs ?? 120_000,
    maxProbes: options.maxProbes ?? 1,
    probeSuccesses: options.probeSuccesses ?? 1,
    probeTimeoutMs: options.probeTimeoutMs ?? 30_000,
  }
}
