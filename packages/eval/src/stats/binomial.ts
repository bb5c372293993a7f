/**
 * P(B ≤ k) for k = 0 … n, where B counts the successes of `n` independent trials of probability `p`.
 * Summed in log space, so that it neither underflows nor overflows; exact to about `n` × 10⁻¹⁶.
 */
export function binomialCdf(n: number, p: number): Float64Array {
  const cdf = new Float64Array(n + 1)
  const logOdds = Math.log(p) - Math.log1p(-p)
  let logMass = n * Math.log1p(-p)
  let sum = 0
  for (let k = 0; k <= n; k += 1) {
    sum += Math.exp(logMass)
    cdf[k] = Math.min(1, sum)
    logMass += Math.log((n - k) / (k + 1)) + logOdds
  }
  return cdf
}
