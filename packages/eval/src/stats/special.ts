import { outOfRange } from './out-of-range.ts'

/**
 * Lanczos' approximation with g = 7 and nine terms: relative error below 2e-15 for x ≥ 0.5.
 *
 * @see Lanczos, C.: A precision approximation of the gamma function. SIAM J. Numer. Anal. B 1 (1964), 86–96. The
 * coefficients are those that P. Godfrey computed for this g and length.
 */
const lanczos = [
  0.999_999_999_999_809_93, 676.520_368_121_885_1, -1_259.139_216_722_402_8, 771.323_428_777_653_13,
  -176.615_029_162_140_59, 12.507_343_278_686_905, -0.138_571_095_265_720_12, 9.984_369_578_019_571_6e-6,
  1.505_632_735_149_311_6e-7,
]

/** Natural logarithm of the gamma function at x > 0. */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x)
  let sum = lanczos[0] as number
  for (let index = 1; index < lanczos.length; index += 1) sum += (lanczos[index] as number) / (x - 1 + index)
  const t = x + 6.5
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum)
}

export function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b)
}

/** log of n over k. */
export function logChoose(n: number, k: number): number {
  return k === 0 || k === n ? 0 : -Math.log(n + 1) - logBeta(n - k + 1, k + 1)
}

const tiny = 1e-300
const precision = 1e-16
const mostSteps = 10_000

/**
 * The value of a continued fraction b₀ + a₁/(b₁ + a₂/(b₂ + …)), b₀ = 0 left to the caller, by the modified method of Lentz.
 *
 * @see Thompson, I. J., Barnett, A. R.: Coulomb and Bessel functions of complex arguments and order. J. Comput. Phys. 64
 * (1986), 490–509.
 */
function continuedFraction(first: number, term: (step: number) => readonly [a: number, b: number]): number {
  const kept = (value: number): number => (Math.abs(value) < tiny ? tiny : value)
  let value = kept(first)
  let c = value
  let d = 0
  for (let step = 1; step < mostSteps; step += 1) {
    const [a, b] = term(step)
    d = 1 / kept(b + a * d)
    c = kept(b + a / c)
    const change = c * d
    value *= change
    if (Math.abs(change - 1) < precision) break
  }
  return value
}

/**
 * The regularised incomplete beta function Iₓ(a, b), 0..1: the probability that a beta variable is at most x.
 *
 * @param x 0..1.
 * @param a above 0.
 * @param b above 0.
 * @throws {SluiceError} `eval.out_of_range`
 * @see NIST Digital Library of Mathematical Functions, 8.17.22.
 */
export function betaInc(x: number, a: number, b: number): number {
  if (!(x >= 0 && x <= 1)) throw outOfRange('x', '0 to 1')
  if (!(a > 0 && b > 0)) throw outOfRange('a and b', 'above 0')
  if (x === 0 || x === 1) return x
  // The fraction converges fast below the mean; above it the other tail is taken.
  if (x > (a + 1) / (a + b + 2)) return 1 - betaTail(1 - x, b, a)
  return betaTail(x, a, b)
}

function betaTail(x: number, a: number, b: number): number {
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b)) / a
  const fraction = continuedFraction(1, (step) => {
    const m = step >> 1
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    const odd = -((a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    return [step % 2 === 0 ? even : odd, 1]
  })
  return front / fraction
}

/**
 * The quantile of the beta distribution: the x with Iₓ(a, b) = p.
 *
 * Newton's method on the distribution function, kept inside a bracket that each step narrows.
 *
 * @param p 0..1.
 * @throws {SluiceError} `eval.out_of_range`
 */
export function betaQuantile(p: number, a: number, b: number): number {
  if (!(p >= 0 && p <= 1)) throw outOfRange('p', '0 to 1')
  if (p === 0 || p === 1) return p
  let [low, high] = [0, 1]
  let x = a / (a + b)
  const front = logBeta(a, b)
  for (let step = 0; step < 200; step += 1) {
    const error = betaInc(x, a, b) - p
    if (error > 0) high = x
    else low = x
    const density = Math.exp((a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x) - front)
    const next = x - error / density
    // Towards an end the bracket is halved on a logarithmic scale, so that quantiles near 0 are found as exactly.
    const middle = low > 0 && high / low > 4 ? Math.sqrt(low * high) : low === 0 ? high / 8 : (low + high) / 2
    const moved = next > low && next < high ? next : middle
    if (Math.abs(moved - x) <= 4 * Number.EPSILON * x) return moved
    x = moved
  }
  return x
}

/** The upper regularised incomplete gamma function Q(a, x). @see NIST Digital Library of Mathematical Functions, 8.7.1 and 8.9.2. */
export function gammaQ(a: number, x: number): number {
  if (x === 0) return 1
  const front = Math.exp(a * Math.log(x) - x - logGamma(a))
  if (x >= a + 1) return front / continuedFraction(x + 1 - a, (step) => [step * (a - step), x + 2 * step + 1 - a])
  let [term, sum] = [1 / a, 1 / a]
  for (let step = 1; step < mostSteps && term > sum * precision; step += 1) {
    term *= x / (a + step)
    sum += term
  }
  return 1 - front * sum
}

/** The distribution function of the standard normal distribution. */
export function normCdf(z: number): number {
  const tail = gammaQ(0.5, (z * z) / 2) / 2
  return z > 0 ? 1 - tail : tail
}

/**
 * The quantile of the standard normal distribution.
 *
 * A rational approximation (error below 4.5e-4) made exact by Halley's method on {@link normCdf}.
 *
 * @param p between 0 and 1, both excluded.
 * @throws {SluiceError} `eval.out_of_range`
 * @see Abramowitz, Stegun: Handbook of Mathematical Functions (1964), 26.2.23.
 */
export function normQuantile(p: number): number {
  if (!(p > 0 && p < 1)) throw outOfRange('p', 'between 0 and 1')
  if (p > 0.5) return -normQuantile(1 - p)
  const t = Math.sqrt(-2 * Math.log(p))
  let z = -(t - (2.515_517 + t * (0.802_853 + t * 0.010_328)) / (1 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308))))
  for (let step = 0; step < 3; step += 1) {
    const error = (normCdf(z) - p) * Math.sqrt(2 * Math.PI) * Math.exp((z * z) / 2)
    z -= error / (1 + (z * error) / 2)
  }
  return p === 0.5 ? 0 : z
}

/** The distribution function of Student's t with `df` degrees of freedom. @see NIST DLMF, 8.17 with Student, 1908. */
export function tCdf(t: number, df: number): number {
  if (!(df > 0)) throw outOfRange('df', 'above 0')
  // Near the middle the far share is all but 1 and has lost the digits of t: there the near one is taken.
  const square = t * t
  const tail =
    square < df ? 0.5 - betaInc(square / (df + square), 0.5, df / 2) / 2 : betaInc(df / (df + square), df / 2, 0.5) / 2
  return t > 0 ? 1 - tail : tail
}

/**
 * The quantile of Student's t with `df` degrees of freedom, by way of the beta distribution of t² / (df + t²).
 *
 * @param p between 0 and 1, both excluded.
 * @throws {SluiceError} `eval.out_of_range`
 */
export function tQuantile(p: number, df: number): number {
  if (!(p > 0 && p < 1)) throw outOfRange('p', 'between 0 and 1')
  if (!(df > 0)) throw outOfRange('df', 'above 0')
  if (p === 0.5) return 0
  if (p > 0.5) return -tQuantile(1 - p, df)
  // Whichever of the two shares is the smaller keeps its digits.
  const far = betaQuantile(2 * p, df / 2, 0.5)
  if (far < 0.5) return -Math.sqrt((df * (1 - far)) / far)
  const near = betaQuantile(1 - 2 * p, 0.5, df / 2)
  return -Math.sqrt((df * near) / (1 - near))
}
