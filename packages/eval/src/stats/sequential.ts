import { checkCounts, outOfRange } from './out-of-range.ts'
import { logBeta } from './special.ts'

/**
 * The logarithm of the evidence that a pass rate is not `rate`, after `passes` and `failures`: the likelihood under a
 * uniform mixture of all rates over that under `rate`. Whenever it is looked at, it passes log(1 / α) with a probability of
 * at most α while the rate is as said, so it may be looked at after every outcome.
 *
 * @throws {SluiceError} `eval.out_of_range`
 * @see Robbins: Statistical methods related to the law of the iterated logarithm. Ann. Math. Stat. 41 (1970).
 */
export function betaBinomialLogE(passes: number, failures: number, rate: number): number {
  checkCounts({ passes, failures })
  if (!(rate > 0 && rate < 1)) throw outOfRange('rate', `between 0 and 1, got ${rate}`)
  return logBeta(passes + 1, failures + 1) - passes * Math.log(rate) - failures * Math.log1p(-rate)
}

/**
 * The likelihood ratio of a normal mixture for a mean of observations of known variance: may be looked at after each.
 *
 * @param variance of one observation. @param tau2 variance of the effects thought possible. @param n observations so far.
 * @param mean of them. @param theta0 the mean that is tested.
 * @throws {SluiceError} `eval.out_of_range`
 * @see Johari, Koomen, Pekelis, Walsh: Peeking at A/B Tests. KDD 2017, eq. 9.
 */
export function normalMixtureRatio(of: {
  readonly variance: number
  readonly tau2: number
  readonly n: number
  readonly mean: number
  readonly theta0: number
}): number {
  const { variance, tau2, n, mean, theta0 } = of
  if (!(variance > 0 && tau2 > 0)) throw outOfRange('variance and tau2', 'above 0')
  checkCounts({ n })
  const spread = variance + n * tau2
  const exponent = (n * n * tau2 * (mean - theta0) ** 2) / (2 * variance * spread)
  return Math.sqrt(variance / spread) * Math.exp(exponent)
}

/** The bets that a detector spreads its capital over. Larger ones notice large falls sooner, smaller ones small falls at all. */
const bets: readonly number[] = [0.25, 0.5, 1, 2, 4]

/**
 * What one outcome is worth as evidence that the mean of outcomes lies below `target`: 1 + bet × (target − outcome), for
 * outcomes of 0 to 1. Its mean is at most 1 while the mean of the outcomes is at least `target`.
 *
 * @see Waudby-Smith, Ramdas: Estimating means of bounded random variables by betting. J. R. Stat. Soc. B 86 (2024).
 */
export function bettingFactor(outcome: number, target: number, bet: number): number {
  return 1 + bet * (target - outcome)
}

/** Watches a mean of outcomes from 0 to 1 for a fall below a target. */
export interface FallDetector {
  /** Takes one outcome, of 0 to 1, and gives the evidence so far. @throws {SluiceError} `eval.out_of_range` */
  add(outcome: number): number
  /** The evidence: alarms are raised when it reaches the run length. At least 0. */
  readonly evidence: number
  reset(): void
}

/**
 * An e-CUSUM: the evidence for a fall at any one moment since the start, averaged over several sizes of bets. While outcomes
 * have a mean of at least `target`, given what came before, it takes at least c outcomes on average until the evidence
 * reaches c, whatever their distribution: an alarm at c is false at most once in c outcomes.
 *
 * @param target between 0 and 1. Take the lower end of the interval of what is normal, not its middle.
 * @throws {SluiceError} `eval.out_of_range`
 * @see Shin, Ramdas, Rinaldo: E-detectors: a nonparametric framework for sequential change detection. New England Journal
 * of Statistics in Data Science 2 (2024).
 */
export function fallDetector(target: number): FallDetector {
  if (!(target > 0 && target < 1)) throw outOfRange('target', `between 0 and 1, both excluded, got ${target}`)
  // No bet may lose more than all: 1 − bet × (1 − target) stays at least 0.
  const sizes = bets.map((bet) => Math.min(bet, 1 / (1 - target)))
  const sums = sizes.map(() => 0)
  let evidence = 0
  return {
    add(outcome) {
      if (!(outcome >= 0 && outcome <= 1)) throw outOfRange('outcome', `0 to 1, got ${outcome}`)
      let total = 0
      for (const [index, bet] of sizes.entries()) {
        const next = Math.max(sums[index] as number, 1) * bettingFactor(outcome, target, bet)
        sums[index] = next
        total += next
      }
      evidence = total / sizes.length
      return evidence
    },
    get evidence() {
      return evidence
    },
    reset() {
      sums.fill(0)
      evidence = 0
    },
  }
}
