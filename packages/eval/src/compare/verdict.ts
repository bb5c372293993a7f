import { meanInterval, sum, type MeanEstimate } from '../stats/mean.ts'
import { pairedT, signFlip } from '../stats/paired.ts'
import { normQuantile, tCdf } from '../stats/special.ts'

/**
 * `regressed`: worse, and by more than the margin as measured. `improved`: better. `not-worse`: if worse at all, then by less
 * than the margin. `inconclusive`: the data allow both.
 */
export type Verdict = 'regressed' | 'not-worse' | 'improved' | 'inconclusive'

/** A mean difference of paired scores, candidate − baseline, with what can be said of it. */
export interface PairedDifference {
  readonly mean: number
  readonly standardError: number
  /** Ends of the two one-sided intervals of level 1 − α: together one of level 1 − 2α. */
  readonly low: number
  readonly high: number
  /** How probable a fall, or a rise, at least as large would be if nothing had changed. */
  readonly pFall: number
  readonly pRise: number
  readonly pairs: number
  readonly clusters: number
}

/** With fewer cases than this a bell curve is not to be relied on: the sign-flip test must agree. */
const fewCases = 30

/** The mean of paired differences, by cluster. */
export function pairedDifference(
  differences: readonly number[],
  clusters: readonly string[],
  alpha: number,
): PairedDifference {
  const { mean, standardError, t, df, low, high } = pairedT(differences, { clusters, level: 1 - 2 * alpha })
  const isKnown = !Number.isNaN(t)
  let pFall = isKnown ? oneSided(t, df) : 1
  let pRise = isKnown ? oneSided(-t, df) : 1
  const totals = clusterTotals(differences, clusters)
  if (totals.length < fewCases) {
    const half = signFlip(totals).p / 2
    const flipped = sum(totals)
    pFall = Math.max(pFall, flipped < 0 ? half : 1 - half)
    pRise = Math.max(pRise, flipped > 0 ? half : 1 - half)
  }
  return { mean, standardError, low, high, pFall, pRise, pairs: differences.length, clusters: totals.length }
}

function oneSided(t: number, df: number): number {
  if (Number.isFinite(t)) return tCdf(t, df)
  return t < 0 ? 0 : 1
}

function clusterTotals(differences: readonly number[], clusters: readonly string[]): readonly number[] {
  const totals = new Map<string, number>()
  for (const [index, difference] of differences.entries()) {
    const cluster = clusters[index] as string
    totals.set(cluster, (totals.get(cluster) ?? 0) + difference)
  }
  return [...totals.values()]
}

export interface VerdictRule {
  /** A fall of less than this is no harm. */
  readonly margin: number
  readonly alpha: number
  /** Whether a fall must be larger than the margin for certain, not only as measured. */
  readonly isStrict: boolean
}

/**
 * The verdict on a difference, from p-values that are adjusted for how many differences were looked at.
 *
 * @param pFall @param pRise adjusted.
 */
export function verdictOf(difference: PairedDifference, pFall: number, pRise: number, rule: VerdictRule): Verdict {
  const { margin, alpha, isStrict } = rule
  const { mean, low, high } = difference
  const isWorse = pFall <= alpha && mean < -margin && (!isStrict || high < -margin)
  if (isWorse) return 'regressed'
  if (pRise <= alpha && low > 0) return 'improved'
  return low >= -margin ? 'not-worse' : 'inconclusive'
}

/** With this chance a difference is to be seen in what is planned. */
const plannedPower = 0.8

/**
 * The smallest fall that is seen with a chance of 80 %, at the standard error that was found. Where no two cases differ from
 * one another there is none to go by: then the least share of cases that would have to fail outright, (z₁₋α + z₀.₈)² / n.
 */
export function detectableFall({ standardError, pairs }: PairedDifference, alpha: number): number {
  const z = normQuantile(1 - alpha) + normQuantile(plannedPower)
  return standardError === 0 ? Math.min(1, z ** 2 / pairs) : z * standardError
}

/**
 * How many cases of the same kind would settle an inconclusive difference with a chance of 80 %, if it is what it seems to
 * be: `undefined` where it lies so close to the margin that no number is of use.
 */
export function casesToSettle(difference: PairedDifference, rule: VerdictRule): number | undefined {
  const { mean, pairs } = difference
  // What has to be told apart: the difference and the margin, or the difference and none.
  const distance = mean >= -rule.margin ? mean + rule.margin : Math.abs(mean)
  const needed = pairs * (detectableFall(difference, rule.alpha) / distance) ** 2
  return distance > 0 && needed < mostCases ? Math.ceil(needed) : undefined
}

const mostCases = 1_000_000

/** A mean of scores with its clustered interval, which ends where scores do: at 0 and 1. */
export function scoreMean(values: readonly number[], clusters: readonly string[], level?: number): MeanEstimate {
  const estimate = meanInterval(values, { clusters, ...(level !== undefined && { level }) })
  return { ...estimate, low: Math.max(0, estimate.low), high: Math.min(1, estimate.high) }
}
