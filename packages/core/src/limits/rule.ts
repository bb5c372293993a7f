/** The names of the limits of `rateLimit()` and `createLimiter()`. */
export type LimitName = 'requestsPerMinute' | 'tokensPerMinute' | 'requestsPerDay' | 'tokensPerDay' | 'concurrency'

/** What a limit counts. */
export type LimitUnit = 'requests' | 'tokens' | 'calls'

/**
 * A steady rate with a burst on top (GCRA, as a meter that drains): any window of length L lets at most
 * `limit × L / periodMs + burst` through, wherever it begins.
 */
export interface RateRule {
  readonly kind: 'rate'
  readonly name: string
  readonly unit: LimitUnit
  readonly limit: number
  readonly periodMs: number
  /** The most that can go at once, whole, 1 or more. */
  readonly burst: number
}

/** So much between one midnight and the next in a time zone. */
export interface CalendarRule {
  readonly kind: 'calendar'
  readonly name: string
  readonly unit: LimitUnit
  readonly limit: number
  /** IANA name: `Europe/Zurich`. */
  readonly zone: string
}

/** So much in any window of `periodMs`, counted in 24 slots: room comes back up to a slot later than it could. */
export interface SlidingRule {
  readonly kind: 'sliding'
  readonly name: string
  readonly unit: LimitUnit
  readonly limit: number
  readonly periodMs: number
}

/** So many at the same time. A holder that is gone loses its place after `leaseMs`. */
export interface ConcurrencyRule {
  readonly kind: 'concurrency'
  readonly name: string
  readonly unit: LimitUnit
  readonly limit: number
  readonly leaseMs: number
}

/** One limit as stores understand it. */
export type LimitRule = RateRule | CalendarRule | SlidingRule | ConcurrencyRule

/** Slots that a sliding window is counted in. */
export const slotsPerPeriod = 24

/** The most that one call can take of a limit; more never fits. */
export function mostAtOnce(rule: LimitRule): number {
  return rule.kind === 'rate' ? rule.burst : rule.limit
}
