/** Losses of 0..1, summed up. */
export interface LossSample {
  readonly count: number
  readonly sum: number
  /** Every loss is 0 or 1. */
  readonly isBinary: boolean
}

/**
 * How likely losses as low as these are if the expected loss is above `most`: a p-value without assumptions about the
 * distribution, for independent losses. Of losses that are 0 or 1 the exact binomial tail, of others the smaller of
 * Hoeffding's and Bentkus' bounds.
 *
 * @see Bates et al., Distribution-Free, Risk-Controlling Prediction Sets, https://arxiv.org/abs/2101.02703, section 3.1,
 * and Angelopoulos et al., Learn then Test, https://arxiv.org/abs/2110.01052, section 3 (2026-11-22)
 */
export function lossAbovePValue({ count, sum, isBinary }: LossSample, most: number): number {
  if (count === 0 || most <= 0) return 1
  if (most >= 1) return 0
  if (isBinary) return binomialTail(Math.round(sum), count, most)
  const mean = Math.min(sum / count, most)
  const hoeffding = Math.exp(-count * divergence(mean, most))
  const bentkus = Math.E * binomialTail(Math.ceil(sum - 1e-9), count, most)
  return Math.min(1, hoeffding, bentkus)
}

/** With confidence `confidence` the expected loss is at most this: the largest value that the losses do not speak against. */
export function lossUpperBound(sample: LossSample, confidence: number): number {
  const risk = 1 - confidence
  let [low, high] = [sample.count === 0 ? 1 : sample.sum / sample.count, 1]
  for (let step = 0; step < 50 && high - low > 1e-9; step += 1) {
    const middle = (low + high) / 2
    if (lossAbovePValue(sample, middle) > risk) low = middle
    else high = middle
  }
  return high
}

/** Kullback-Leibler divergence of two coins. */
function divergence(a: number, b: number): number {
  const part = (x: number, y: number): number => (x === 0 ? 0 : x * Math.log(x / y))
  return part(a, b) + part(1 - a, 1 - b)
}

/** P(X ≤ k) for a binomial X of `n` draws at `p`, 0 < p < 1. Summed from the largest term down, in logarithms. */
export function binomialTail(k: number, n: number, p: number): number {
  if (k < 0) return 0
  if (k >= n) return 1
  const mode = Math.min(k, Math.floor((n + 1) * p))
  const odds = p / (1 - p)
  const atMode = Math.exp(logChoose(n, mode) + mode * Math.log(p) + (n - mode) * Math.log1p(-p))
  let sum = atMode
  let term = atMode
  for (let x = mode; x > 0 && term > sum * 1e-17; x -= 1) {
    term *= x / ((n - x + 1) * odds)
    sum += term
  }
  term = atMode
  for (let x = mode + 1; x <= k && term > sum * 1e-17; x += 1) {
    term *= ((n - x + 1) * odds) / x
    sum += term
  }
  return Math.min(1, sum)
}

function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k)
}

/** ln n!, by Stirling's series from 20 on: exact to 1e-12. @see Abramowitz and Stegun, 6.1.41 */
function logFactorial(n: number): number {
  if (n < 20) {
    let product = 1
    for (let factor = 2; factor <= n; factor += 1) product *= factor
    return Math.log(product)
  }
  const x = n + 1
  const square = x * x
  return (
    (x - 0.5) * Math.log(x) -
    x +
    0.5 * Math.log(2 * Math.PI) +
    1 / (12 * x) -
    1 / (360 * x * square) +
    1 / (1260 * x * square * square)
  )
}
