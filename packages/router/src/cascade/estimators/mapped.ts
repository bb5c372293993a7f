import { refuse } from '../../health/option-check.ts'
import { isotonicScore, type Isotonic } from '../../learn/isotonic.ts'
import { estimateOf, isEstimator, type Estimator } from '../estimator.ts'

/**
 * An estimator whose scores are another's, changed by a function to other scores of 0..1.
 *
 * @throws {SluiceError} `config.option`
 */
export function mapped(estimator: Estimator, map: (score: number) => number): Estimator {
  if (!isEstimator(estimator)) refuse('mapped() takes an estimator and a function of its score.')
  if (typeof map !== 'function') refuse(`mapped() takes an estimator and a function of its score, got ${typeof map}.`)
  return {
    ...estimator,
    async estimate(input) {
      const { score, reason } = await estimateOf(estimator, input)
      return { score: map(score), reason }
    },
  }
}

/**
 * An estimator whose scores are made into how often answers of that score were good, along a line that `fitIsotonic` found
 * on labelled answers. Then a threshold reads as a probability, and estimators can be compared with each other.
 *
 * @throws {SluiceError} `config.option`
 */
export function calibrated(estimator: Estimator, line: Isotonic): Estimator {
  const { confidences, scores } = line ?? {}
  const isLine =
    Array.isArray(confidences) &&
    Array.isArray(scores) &&
    confidences.length > 0 &&
    confidences.length === scores.length
  if (!isLine) refuse('calibrated() takes an estimator and a line as fitIsotonic() returns it.')
  if (!(scores as readonly number[]).every((score) => score >= 0 && score <= 1))
    refuse('The scores of the line of calibrated() must be 0 to 1: label the answers on that scale.')
  return mapped(estimator, (score) => isotonicScore(line, score))
}
