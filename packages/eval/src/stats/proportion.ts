import { checkLevel, outOfRange } from './out-of-range.ts'
import { betaQuantile, normQuantile } from './special.ts'

/** A share with its interval, all 0..1. */
export interface Proportion {
  readonly value: number
  readonly low: number
  readonly high: number
}

export interface LevelOptions {
  /** Share of the intervals that hold the true value, between 0 and 1. @default 0.95 */
  readonly level?: number
}

/**
 * The share `successes / n` with Wilson's score interval, which stays inside 0..1 and keeps its promise on average also for
 * few trials and for shares near 0 and 1.
 *
 * @throws {SluiceError} `eval.out_of_range` unless 0 ≤ `successes` ≤ `n`, both whole, and `n` ≥ 1.
 * @see Wilson: Probable inference, the law of succession, and statistical inference, JASA 22 (1927).
 */
export function wilson(successes: number, n: number, options: LevelOptions = {}): Proportion {
  const { level = 0.95 } = options
  check(successes, n, level)
  const z = normQuantile(0.5 + level / 2)
  const value = successes / n
  const spread = z * Math.sqrt((value * (1 - value)) / n + (z / (2 * n)) ** 2)
  const centre = value + z ** 2 / (2 * n)
  const scale = 1 + z ** 2 / n
  // At the two ends the terms cancel exactly on paper and to the last digit in floating point.
  const low = successes === 0 ? 0 : (centre - spread) / scale
  const high = successes === n ? 1 : (centre + spread) / scale
  return { value, low, high }
}

/**
 * The share `successes / n` with the interval of Clopper and Pearson, which holds the true share at least as often as it
 * says, whatever that is: wider than {@link wilson}.
 *
 * @throws {SluiceError} `eval.out_of_range` as {@link wilson}.
 * @see Clopper, Pearson: The use of confidence or fiducial limits illustrated in the case of the binomial. Biometrika 26 (1934).
 */
export function clopperPearson(successes: number, n: number, options: LevelOptions = {}): Proportion {
  const { level = 0.95 } = options
  check(successes, n, level)
  const tail = (1 - level) / 2
  return {
    value: successes / n,
    low: successes === 0 ? 0 : betaQuantile(tail, successes, n - successes + 1),
    high: successes === n ? 1 : betaQuantile(1 - tail, successes + 1, n - successes),
  }
}

function check(successes: number, n: number, level: number): void {
  checkLevel('level', level)
  if (!(Number.isSafeInteger(n) && n >= 1)) throw outOfRange('n', 'a whole number of at least 1')
  if (!(Number.isSafeInteger(successes) && successes >= 0 && successes <= n))
    throw outOfRange('successes', 'a whole number from 0 to n')
}
