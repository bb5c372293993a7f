/** Whether an answer at a similarity was right. */
export interface Trial {
  readonly similarity: number
  readonly isRight: boolean
}

/** P(right) = 1 / (1 + e^(−slope · (similarity − middle))), fitted. */
export interface LogisticLine {
  readonly slope: number
  /** Where right and wrong are equally likely. Within 0..1. */
  readonly middle: number
  /** Standard error of `middle`. */
  readonly middleError: number
}

/** What is believed of a curve before any trial, worth about one: half way at 0.85, and most of the way within ±0.15. */
const prior = { intercept: -17, slope: 20, interceptPrecision: 1 / 200, slopePrecision: 1 / 200 }

/** A slope that is flat or falls would say that likeness means nothing. */
const minSlope = 1

/**
 * Fits the curve by the most likely parameters under a normal prior (ridge), which keeps it finite where right and wrong are
 * parted cleanly. The standard error of its middle is by the delta method from the curvature of the likelihood.
 */
export function fitLogisticLine(trials: readonly Trial[]): LogisticLine {
  let { intercept, slope } = prior
  let curvature = curvatureAt(trials, intercept, slope)
  let loss = lossAt(trials, intercept, slope)
  for (let step = 0; step < 50; step += 1) {
    const determinant = curvature.aa * curvature.bb - curvature.ab * curvature.ab
    const moveA = (curvature.bb * curvature.gradientA - curvature.ab * curvature.gradientB) / determinant
    const moveB = (curvature.aa * curvature.gradientB - curvature.ab * curvature.gradientA) / determinant
    // Newton's step goes too far where the curve is nearly flat: halve it until it gains.
    let share = 1
    let next = lossAt(trials, intercept + moveA, slope + moveB)
    for (; next > loss && share > 1e-6; share /= 2) {
      next = lossAt(trials, intercept + (share / 2) * moveA, slope + (share / 2) * moveB)
    }
    intercept += share * moveA
    slope += share * moveB
    curvature = curvatureAt(trials, intercept, slope)
    const gain = loss - next
    loss = next
    if (gain < 1e-9) break
  }
  const steep = Math.max(slope, minSlope)
  const determinant = curvature.aa * curvature.bb - curvature.ab * curvature.ab
  const [byA, byB] = [-1 / steep, intercept / (steep * steep)]
  const variance = (byA * byA * curvature.bb - 2 * byA * byB * curvature.ab + byB * byB * curvature.aa) / determinant
  return {
    slope: steep,
    middle: Math.min(1, Math.max(0, -intercept / steep)),
    middleError: Math.sqrt(Math.max(variance, 0)),
  }
}

export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x))
}

/** Minus the logarithm of likelihood and prior. */
function lossAt(trials: readonly Trial[], intercept: number, slope: number): number {
  let loss =
    (prior.interceptPrecision * (intercept - prior.intercept) ** 2 +
      prior.slopePrecision * (slope - prior.slope) ** 2) /
    2
  for (const { similarity, isRight } of trials) {
    const z = intercept + slope * similarity
    const towardsWrong = isRight ? -z : z
    // ln(1 + e^x) without its overflow.
    loss += Math.max(towardsWrong, 0) + Math.log1p(Math.exp(-Math.abs(towardsWrong)))
  }
  return loss
}

interface Curvature {
  readonly gradientA: number
  readonly gradientB: number
  readonly aa: number
  readonly ab: number
  readonly bb: number
}

function curvatureAt(trials: readonly Trial[], intercept: number, slope: number): Curvature {
  let gradientA = -prior.interceptPrecision * (intercept - prior.intercept)
  let gradientB = -prior.slopePrecision * (slope - prior.slope)
  let [aa, ab, bb] = [prior.interceptPrecision, 0, prior.slopePrecision]
  for (const { similarity, isRight } of trials) {
    const likely = sigmoid(intercept + slope * similarity)
    const error = (isRight ? 1 : 0) - likely
    const weight = likely * (1 - likely)
    gradientA += error
    gradientB += error * similarity
    aa += weight
    ab += weight * similarity
    bb += weight * similarity * similarity
  }
  return { gradientA, gradientB, aa, ab, bb }
}
