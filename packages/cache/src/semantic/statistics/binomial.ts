/**
 * One-sided bounds of a share by Clopper and Pearson: exact, never too narrow. With probability `confidence` or more the
 * true share is at most {@link upperBound}, and likewise at least {@link lowerBound}.
 *
 * `successes` whole, 0..`trials`; without trials nothing is known: 0 and 1. 0 of 299 is at most 1 % at 95 %.
 *
 * @see C. J. Clopper, E. S. Pearson, Biometrika 26 (1934), 404–413
 */
export function upperBound(successes: number, trials: number, confidence = 0.95): number {
  if (successes >= trials) return 1
  if (successes === 0) return 1 - (1 - confidence) ** (1 / trials)
  return betaQuantile(confidence, successes + 1, trials - successes)
}

/** See {@link upperBound}. */
export function lowerBound(successes: number, trials: number, confidence = 0.95): number {
  if (successes === 0) return 0
  if (successes >= trials) return (1 - confidence) ** (1 / trials)
  return betaQuantile(1 - confidence, successes, trials - successes + 1)
}

/** Where the beta distribution's function reaches `share`. */
function betaQuantile(share: number, a: number, b: number): number {
  let [low, high] = [0, 1]
  // The interval halves: after 50 steps it is as narrow as a double tells.
  for (let step = 0; step < 50; step += 1) {
    const middle = (low + high) / 2
    if (betaDistribution(middle, a, b) < share) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** The regularised incomplete beta function. */
function betaDistribution(x: number, a: number, b: number): number {
  const scale = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x))
  // The fraction converges fast below the mean; above it the mirror image does.
  return x < (a + 1) / (a + b + 2) ? (scale * betaFraction(x, a, b)) / a : 1 - (scale * betaFraction(1 - x, b, a)) / b
}

/** The continued fraction of the incomplete beta function, evaluated forwards. @see DLMF 8.17.22, https://dlmf.nist.gov/8.17 */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300
  const awayFromZero = (value: number): number => (Math.abs(value) < tiny ? tiny : value)
  let c = 1
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1))
  let fraction = d
  for (let m = 1; m <= 500; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    let change = 1
    for (const term of [even, odd]) {
      d = 1 / awayFromZero(1 + term * d)
      c = awayFromZero(1 + term / c)
      change = c * d
      fraction *= change
    }
    if (Math.abs(change - 1) < 1e-14) break
  }
  return fraction
}

/** ln Γ(x) for x > 0 by Stirling's series. @see DLMF 5.11.1, https://dlmf.nist.gov/5.11 */
function logGamma(x: number): number {
  let shifted = x
  let product = 1
  // The series is good to a double's last digits from about 10 on.
  for (; shifted < 12; shifted += 1) product *= shifted
  const inverse = 1 / (shifted * shifted)
  const series = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse / 1680))) / shifted
  return (shifted - 0.5) * Math.log(shifted) - shifted + Math.log(2 * Math.PI) / 2 + series - Math.log(product)
}
