/** Our own waits. */
export interface BackoffOptions {
  /** The wait before the first retry, in milliseconds; it doubles with every further one. */
  readonly initialDelayMs: number
  readonly maxDelayMs: number
  readonly jitter: 'full' | 'none'
}

/** Timers of JavaScript go off at once when they are set for longer: 24.8 days. */
export const longestWaitMs: number = 2 ** 31 - 1

/** Exponential backoff. @see https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/ (2026-11-22) */
export function backoffMs(options: BackoffOptions, retries: number, random: () => number): number {
  const { initialDelayMs, maxDelayMs, jitter } = options
  const longest = Math.min(maxDelayMs, initialDelayMs * 2 ** retries)
  return jitter === 'full' ? random() * longest : longest
}
