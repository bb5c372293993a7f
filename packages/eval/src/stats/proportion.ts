import { outOfRange } from './quantile.ts'

/** A share with its interval, all 0..1. */
export interface Proportion {
  readonly value: number
  readonly low: number
  readonly high: number
}

/** The 97.5 % point of the standard normal distribution. */
const z = 1.959963984540054

/**
 * The share `successes / n` with Wilson's 95 % score interval, which stays inside 0..1 and keeps its promise also for
 * few trials and for shares near 0 and 1.
 *
 * @throws {SluiceError} `eval.out_of_range` unless 0 ≤ `successes` ≤ `n`, both whole, and `n` ≥ 1.
 * @see Wilson: Probable inference, the law of succession, and statistical inference, JASA 22 (1927).
 */
export function wilson(successes: number, n: number): Proportion {
  if (!(Number.isSafeInteger(n) && n >= 1)) throw outOfRange('n', 'a whole number of at least 1')
  if (!(Number.isSafeInteger(successes) && successes >= 0 && successes <= n))
    throw outOfRange('successes', 'a whole number from 0 to n')
  const value = successes / n
  const spread = z * Math.sqrt((value * (1 - value)) / n + (z / (2 * n)) ** 2)
  const centre = value + z ** 2 / (2 * n)
  const scale = 1 + z ** 2 / n
  // At the two ends the terms cancel exactly on paper and to the last digit in floating point.
  const low = successes === 0 ? 0 : (centre - spread) / scale
  const high = successes === n ? 1 : (centre + spread) / scale
  return { value, low, high }
}
