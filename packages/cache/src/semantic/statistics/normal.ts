/** The standard normal distribution's function, by its series about 0; for −6 ≤ `z` ≤ 6. @see DLMF 7.6.2, https://dlmf.nist.gov/7.6 */
export function normalShare(z: number): number {
  let term = z
  let sum = z
  for (let odd = 3; Math.abs(term) > 1e-16; odd += 2) {
    term *= (z * z) / odd
    sum += term
  }
  return 0.5 + (sum * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI)
}

/** The `z` below which `share` of the standard normal distribution lies; for 1e-8 < `share` < 1 − 1e-8. */
export function normalQuantile(share: number): number {
  let [low, high] = [-6, 6]
  for (let step = 0; step < 50; step += 1) {
    const middle = (low + high) / 2
    if (normalShare(middle) < share) low = middle
    else high = middle
  }
  return (low + high) / 2
}
