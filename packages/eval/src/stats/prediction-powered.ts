import { checkFinite, checkLevel, outOfRange } from './out-of-range.ts'
import type { LevelOptions } from './proportion.ts'
import { tQuantile } from './special.ts'
import { sum } from './mean.ts'

/** An item that a person and a judge scored. */
export interface LabelledScore {
  readonly label: number
  readonly judged: number
}

export interface PredictionPoweredOptions extends LevelOptions {
  /** How far the judge is trusted: 0 uses the labels alone, 1 is the first form of the method. @default what makes the interval least */
  readonly weight?: number
}

/** A mean of a judge's scores put right by labels of people. */
export interface CorrectedMean {
  readonly mean: number
  readonly standardError: number
  readonly low: number
  readonly high: number
  /** How far the judge was trusted: near 0 for a judge without skill. */
  readonly weight: number
}

/**
 * The mean score that people would have given, from the judge's scores of many items and labels of a random few: the
 * judge's mean, corrected by its mean error on the labelled, each weighted so that the interval is smallest. Right on
 * average also for a judge that is not; a bad judge only makes it as wide as the labels alone.
 *
 * The labelled items must be a random sample of all. With fewer than 100 the interval is too narrow.
 *
 * @param judged scores of the items without a label.
 * @throws {SluiceError} `eval.out_of_range` for fewer than 2 labelled items or no other.
 * @see Angelopoulos, Duchi, Zrnic: PPI++: Efficient Prediction-Powered Inference. arXiv:2311.01453 (2023), section 6.
 */
export function predictionPowered(
  labelled: readonly LabelledScore[],
  judged: readonly number[],
  options: PredictionPoweredOptions = {},
): CorrectedMean {
  const { level = 0.95 } = options
  checkLevel('level', level)
  const [n, others] = [labelled.length, judged.length]
  if (n < 2) throw outOfRange('labelled', `at least 2 items, got ${n}`)
  if (others < 1) throw outOfRange('judged', 'at least one score')
  checkFinite('judged', judged)
  checkFinite(
    'labelled',
    labelled.flatMap(({ label, judged: score }) => [label, score]),
  )
  const labels = labelled.map((item) => item.label)
  const scores = labelled.map((item) => item.judged)
  const weight = options.weight ?? bestWeight(labels, scores, judged)
  const errors = labelled.map((item) => item.label - weight * item.judged)
  const mean = weight * average(judged) + average(errors)
  const spreadOfOthers = others > 1 ? variance(judged) : variance(scores)
  const standardError = Math.sqrt((weight ** 2 * spreadOfOthers) / others + variance(errors) / n)
  const spread = tQuantile(0.5 + level / 2, n - 1) * standardError
  return { mean, standardError, low: mean - spread, high: mean + spread, weight }
}

/** The weight of least variance, cov(label, judged) / ((1 + n/N) var(judged)), kept inside 0..1. */
function bestWeight(labels: readonly number[], scores: readonly number[], judged: readonly number[]): number {
  const spread = variance([...scores, ...judged])
  if (spread === 0) return 0
  const [meanLabel, meanScore] = [average(labels), average(scores)]
  const products = labels.map((label, index) => (label - meanLabel) * ((scores[index] as number) - meanScore))
  const covariance = sum(products) / (labels.length - 1)
  return Math.min(1, Math.max(0, covariance / ((1 + labels.length / judged.length) * spread)))
}

function average(values: readonly number[]): number {
  return sum(values) / values.length
}

function variance(values: readonly number[]): number {
  const mean = average(values)
  return sum(values.map((value) => (value - mean) ** 2)) / (values.length - 1)
}
