import { binomialCdf } from './binomial.ts'
import { meanInterval, type MeanEstimate, type MeanOptions } from './mean.ts'
import { checkCounts, checkFinite, checkLevel, outOfRange } from './out-of-range.ts'
import { wilson, type LevelOptions } from './proportion.ts'
import { seededRandom } from './random.ts'
import { tCdf } from './special.ts'

/** A mean difference of pairs, tested against 0. */
export interface PairedTest extends MeanEstimate {
  /** Two-sided. `NaN` for one pair. */
  readonly p: number
  readonly t: number
}

/**
 * Student's paired test, clustered where `clusters` are given: of per-case differences candidate − baseline.
 *
 * @throws {SluiceError} `eval.out_of_range` as {@link meanInterval}.
 */
export function pairedT(differences: readonly number[], options: MeanOptions = {}): PairedTest {
  const estimate = meanInterval(differences, options)
  const { mean, standardError, df } = estimate
  // Differences that are all alike: with no spread a difference is certain, and none is none.
  const t = standardError === 0 ? (mean === 0 ? 0 : Math.sign(mean) * Number.POSITIVE_INFINITY) : mean / standardError
  const p = Number.isNaN(t) ? Number.NaN : Number.isFinite(t) ? 2 * tCdf(-Math.abs(t), df) : 0
  return { ...estimate, t, p }
}

export interface SignFlipOptions {
  /** How many random flips are tried where all would be too many. @default 10_000 */
  readonly resamples?: number
  /** @default 1 */
  readonly seed?: number
}

/** Up to so many differences every way of flipping them is tried. */
const exactBelow = 17

/**
 * The sign-flip test of per-case differences: how often a mean at least as far from 0 comes about when each difference
 * might as well have been the other way round. Assumes no distribution. Two-sided p: exact for up to 16 differences that
 * are not 0, else by random flips, with the observed one counted in, so that it is never 0.
 *
 * @throws {SluiceError} `eval.out_of_range`
 * @see Fisher, R. A.: The Design of Experiments (1935), section 21; Phipson, Smyth: Permutation p-values should never be
 * zero. Stat. Appl. Genet. Mol. Biol. 9 (2010).
 */
export function signFlip(differences: readonly number[], options: SignFlipOptions = {}): { readonly p: number } {
  const { resamples = 10_000, seed = 1 } = options
  checkFinite('differences', differences)
  if (!(Number.isSafeInteger(resamples) && resamples >= 1))
    throw outOfRange('resamples', 'a whole number of at least 1')
  const moved = Float64Array.from(differences.filter((difference) => difference !== 0))
  if (moved.length === 0) return { p: 1 }
  let observed = 0
  for (const difference of moved) observed += difference
  // Sums that are equal on paper differ in the last digits by their order.
  const bar = Math.abs(observed) * (1 - 1e-12)
  let extreme = 0
  if (moved.length < exactBelow) {
    const ways = 2 ** moved.length
    for (let way = 0; way < ways; way += 1) {
      let total = 0
      for (let index = 0; index < moved.length; index += 1)
        total += way & (1 << index) ? -(moved[index] as number) : (moved[index] as number)
      if (Math.abs(total) >= bar) extreme += 1
    }
    return { p: extreme / ways }
  }
  const random = seededRandom(seed)
  for (let resample = 0; resample < resamples; resample += 1) {
    let total = 0
    let bits = 0
    for (let index = 0; index < moved.length; index += 1) {
      if (index % 32 === 0) bits = random.bits()
      total += bits & 1 ? -(moved[index] as number) : (moved[index] as number)
      bits >>>= 1
    }
    if (Math.abs(total) >= bar) extreme += 1
  }
  return { p: (extreme + 1) / (resamples + 1) }
}

/** Pairs of yes-or-no outcomes that differ: `b` only the first was a yes, `c` only the second. */
export interface Discordant {
  readonly b: number
  readonly c: number
}

/** McNemar's test of paired yes-or-no outcomes, in three forms. */
export interface McNemar {
  /** Two-sided, from the binomial distribution: never wrong more often than it says. */
  readonly exactP: number
  /** Two-sided mid-p: as often as it says on average, and the one to use. */
  readonly midP: number
  /** The statistic of the χ² form with continuity correction, as textbooks have it. */
  readonly chiSquared: number
}

/**
 * McNemar's test: whether one of two graders, models or prompts says yes more often on the same cases.
 *
 * @throws {SluiceError} `eval.out_of_range` for counts that are not whole.
 * @see Fagerland, Lydersen, Laake: The McNemar test for binary matched-pairs data. BMC Med. Res. Methodol. 13 (2013) 91.
 */
export function mcNemar({ b, c }: Discordant): McNemar {
  checkCounts({ b, c })
  const n = b + c
  if (n === 0) return { exactP: 1, midP: 1, chiSquared: 0 }
  const k = Math.min(b, c)
  const cdf = binomialCdf(n, 0.5)
  const below = k === 0 ? 0 : (cdf[k - 1] as number)
  const atMost = cdf[k] as number
  return {
    exactP: Math.min(1, 2 * atMost),
    midP: Math.min(1, atMost + below),
    chiSquared: Math.max(0, Math.abs(b - c) - 1) ** 2 / n,
  }
}

/** Pairs of yes-or-no outcomes. */
export interface PairedCounts {
  readonly both: number
  readonly onlyFirst: number
  readonly onlySecond: number
  readonly neither: number
}

/**
 * The difference of two shares of the same cases, first − second, with Newcombe's hybrid score interval for pairs (his
 * method 10).
 *
 * @throws {SluiceError} `eval.out_of_range` for counts that are not whole, or none.
 * @see Newcombe: Improved confidence intervals for the difference between binomial proportions based on paired data.
 * Statistics in Medicine 17 (1998), 2635–2650.
 */
export function pairedShares(
  counts: PairedCounts,
  options: LevelOptions = {},
): { readonly difference: number; readonly low: number; readonly high: number } {
  const { level = 0.95 } = options
  checkLevel('level', level)
  const { both, onlyFirst, onlySecond, neither } = counts
  checkCounts({ both, onlyFirst, onlySecond, neither })
  const n = both + onlyFirst + onlySecond + neither
  if (n === 0) throw outOfRange('counts', 'of at least one pair')
  const first = wilson(both + onlyFirst, n, { level })
  const second = wilson(both + onlySecond, n, { level })
  const difference = (onlyFirst - onlySecond) / n
  const phi = correlation(counts)
  const spread = (up: number, down: number): number => Math.sqrt(Math.max(0, up ** 2 - 2 * phi * up * down + down ** 2))
  return {
    difference,
    low: difference - spread(first.value - first.low, second.high - second.value),
    high: difference + spread(second.value - second.low, first.high - first.value),
  }
}

/** The φ of the method: of its numerator n/2 is taken off where it is positive, but not below 0. */
function correlation({ both, onlyFirst, onlySecond, neither }: PairedCounts): number {
  const margins = (both + onlyFirst) * (onlySecond + neither) * ((both + onlySecond) * (onlyFirst + neither))
  if (margins === 0) return 0
  const product = both * neither - onlyFirst * onlySecond
  const n = both + onlyFirst + onlySecond + neither
  return (product > 0 ? Math.max(product - n / 2, 0) : product) / Math.sqrt(margins)
}
