import { outOfRange } from './out-of-range.ts'
import { normQuantile } from './special.ts'

/** What the scores of a suite vary by, and how it is asked. */
export interface PowerSetting {
  /** Variance between cases of the true difference of the two sides. */
  readonly betweenVariance: number
  /** Variance of repeated scores of one case, of each side. */
  readonly withinVariances: readonly [first: number, second: number]
  /** Repeats of each case, of each side. */
  readonly repeats: readonly [first: number, second: number]
  /** Chance of a false verdict. @default 0.05 */
  readonly alpha?: number
  /** Chance of a right one, when the difference is there. @default 0.8 */
  readonly power?: number
  /** Whether a fall and a rise are both looked for. @default 'two' */
  readonly sides?: 'one' | 'two'
}

/**
 * How many cases it takes to see a mean difference: (z₁₋α/₂ + z_power)² × (ω² + σ²_A / K_A + σ²_B / K_B) / δ², not rounded.
 * With one side, z₁₋α.
 *
 * @param difference of the means that is to be seen, above 0.
 * @throws {SluiceError} `eval.out_of_range`
 * @see Miller: Adding Error Bars to Evals. arXiv:2411.00640 (2024), section 4.
 */
export function casesNeeded(difference: number, setting: PowerSetting): number {
  if (!(difference > 0)) throw outOfRange('difference', `above 0, got ${difference}`)
  return (quantiles(setting) ** 2 * spread(setting)) / difference ** 2
}

/**
 * The smallest mean difference that `cases` cases see with the wanted power: the inverse of {@link casesNeeded}.
 *
 * @throws {SluiceError} `eval.out_of_range`
 */
export function detectableDifference(cases: number, setting: PowerSetting): number {
  if (!(cases > 0)) throw outOfRange('cases', `above 0, got ${cases}`)
  return quantiles(setting) * Math.sqrt(spread(setting) / cases)
}

/**
 * How many repeats of each case, the same on both sides, it takes to see `difference` with `cases` cases; `undefined` when
 * no number does, because the cases themselves differ too much.
 *
 * @throws {SluiceError} `eval.out_of_range`
 */
export function repeatsNeeded(difference: number, cases: number, setting: PowerSetting): number | undefined {
  const room = (cases * difference ** 2) / quantiles(setting) ** 2 - setting.betweenVariance
  const [first, second] = setting.withinVariances
  return room > 0 ? Math.max(1, Math.ceil((first + second) / room)) : undefined
}

function quantiles({ alpha = 0.05, power = 0.8, sides = 'two' }: PowerSetting): number {
  if (!(alpha > 0 && alpha < 0.5)) throw outOfRange('alpha', `between 0 and 0.5, got ${alpha}`)
  if (!(power > 0 && power < 1)) throw outOfRange('power', `between 0 and 1, got ${power}`)
  return normQuantile(1 - (sides === 'two' ? alpha / 2 : alpha)) + normQuantile(power)
}

function spread({ betweenVariance, withinVariances, repeats }: PowerSetting): number {
  const [first, second] = withinVariances
  if (!(betweenVariance >= 0 && first >= 0 && second >= 0)) throw outOfRange('variances', 'at least 0')
  if (!repeats.every((count) => Number.isSafeInteger(count) && count >= 1))
    throw outOfRange('repeats', 'whole numbers of at least 1')
  return betweenVariance + first / repeats[0] + second / repeats[1]
}
