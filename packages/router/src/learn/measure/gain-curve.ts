/**
 * Rows in the order in which a policy would hand them to the strong model, with ties kept together: rows of equal
 * preference go at random, so each of them counts with the average of its group.
 */
export interface Ranking {
  /** Row numbers, the most preferred first. */
  readonly order: Int32Array
  /** For each place in `order` the first place after its group of ties. */
  readonly groupEnds: Int32Array
}

/** Ranks rows by `preferences`, higher first. Only their order matters, not their size. */
export function rank(preferences: ArrayLike<number>): Ranking {
  const order = Int32Array.from({ length: preferences.length }, (_, row) => row)
  order.sort((a, b) => (preferences[b] as number) - (preferences[a] as number) || a - b)
  const groupEnds = new Int32Array(order.length)
  for (let place = order.length - 1; place >= 0; place -= 1) {
    const next = order[place + 1]
    const tied = next !== undefined && preferences[next] === preferences[order[place] as number]
    groupEnds[place] = tied ? (groupEnds[place + 1] as number) : place + 1
  }
  return { order, groupEnds }
}

/** The curve of performance gap recovered: after the share `shares[i]` of rows, the strong model brought `gains[i]`. */
export interface GainCurve {
  /** From 0 to 1, one point a distinct threshold. */
  readonly shares: readonly number[]
  /** The part of the whole gain that is recovered, 0 at the start, 1 at the end; above 1 in between where the policy beats the strong model. */
  readonly recovered: readonly number[]
}

/**
 * The curve at every distinct threshold. `gains` are strong minus weak score by row; `weights` count a row several
 * times, for a bootstrap. Empty when the whole gain is not above 0: there is no gap to recover.
 */
export function gainCurve(
  { order, groupEnds }: Ranking,
  gains: ArrayLike<number>,
  weights?: ArrayLike<number>,
): GainCurve {
  const shares = [0]
  const recovered = [0]
  let rows = 0
  let gain = 0
  for (let place = 0; place < order.length; place += 1) {
    const row = order[place] as number
    const weight = weights ? (weights[row] as number) : 1
    rows += weight
    gain += weight * (gains[row] as number)
    if (groupEnds[place] !== place + 1 || rows === 0 || rows === shares.at(-1)) continue
    shares.push(rows)
    recovered.push(gain)
  }
  if (!(gain > 0)) return { shares: [], recovered: [] }
  return { shares: shares.map((share) => share / rows), recovered: recovered.map((part) => part / gain) }
}

/**
 * APGR: the average performance gap recovered over all shares of strong calls from 0 to 1, by trapezoids. A random
 * policy has 0.5, an oracle may exceed 1. NaN where there is no gap.
 * @see RouteLLM, https://arxiv.org/abs/2406.18665, section 3; here at every distinct threshold instead of ten bins
 */
export function apgr({ shares, recovered }: GainCurve): number {
  if (shares.length === 0) return Number.NaN
  let area = 0
  for (let index = 1; index < shares.length; index += 1) {
    const width = (shares[index] as number) - (shares[index - 1] as number)
    area += (width * ((recovered[index] as number) + (recovered[index - 1] as number))) / 2
  }
  return area
}

/** CPT(x): the smallest share of strong calls that recovers `part` of the gap, between thresholds by random mixing. */
export function cpt({ shares, recovered }: GainCurve, part: number): number {
  for (let index = 1; index < shares.length; index += 1) {
    const high = recovered[index] as number
    if (high < part) continue
    const low = recovered[index - 1] as number
    const from = shares[index - 1] as number
    return from + (((shares[index] as number) - from) * (part - low)) / (high - low)
  }
  return Number.NaN
}
