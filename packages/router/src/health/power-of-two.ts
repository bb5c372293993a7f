/**
 * Picks the less loaded of two candidates drawn at random (P2C). Callers that look at the same loads at the same time
 * still spread, which always taking the best would not; and no candidate but the very worst is ever starved.
 *
 * `random` gives 0 ≤ x < 1 and is drawn twice, or not at all for fewer than two candidates. On equal loads the first
 * drawn wins. Returns `undefined` for no candidates.
 *
 * @see Mitzenmacher, The Power of Two Choices in Randomized Load Balancing, IEEE TPDS 12(10), 2001
 */
export function powerOfTwo<T>(
  candidates: readonly T[],
  loadOf: (candidate: T) => number,
  random: () => number,
): T | undefined {
  const { length } = candidates
  if (length < 2) return candidates[0]
  const one = Math.floor(random() * length)
  const drawn = Math.floor(random() * (length - 1))
  const first = candidates[one] as T
  const second = candidates[drawn >= one ? drawn + 1 : drawn] as T
  return loadOf(second) < loadOf(first) ? second : first
}
