/** A policy's average cost and score. */
export interface CostPoint {
  readonly costUsd: number
  readonly score: number
}

/** The non-decreasing upper hull of points: what can be had by mixing them, cheapest first. */
export function upperHull<P extends CostPoint>(points: readonly P[]): readonly P[] {
  const sorted = points.toSorted((a, b) => a.costUsd - b.costUsd || b.score - a.score)
  const hull: P[] = []
  for (const point of sorted) {
    if (point.score <= (hull.at(-1)?.score ?? Number.NEGATIVE_INFINITY)) continue
    while (hull.length >= 2 && slope(hull.at(-2) as P, hull.at(-1) as P) <= slope(hull.at(-2) as P, point)) hull.pop()
    hull.push(point)
  }
  return hull
}

function slope(from: CostPoint, to: CostPoint): number {
  return (to.score - from.score) / (to.costUsd - from.costUsd)
}

/** The score that a hull offers at a cost; below its first point that point's, above its last the last's. */
export function scoreAt(hull: readonly CostPoint[], costUsd: number): number {
  for (const [index, point] of hull.entries()) {
    if (point.costUsd < costUsd) continue
    const before = hull[index - 1]
    return before ? before.score + slope(before, point) * (costUsd - before.costUsd) : point.score
  }
  return hull.at(-1)?.score ?? Number.NaN
}

/** The least cost at which a hull offers a score; undefined where it never does. */
export function costOf(hull: readonly CostPoint[], score: number): number | undefined {
  for (const [index, point] of hull.entries()) {
    if (point.score < score) continue
    const before = hull[index - 1]
    return before ? before.costUsd + (score - before.score) / slope(before, point) : point.costUsd
  }
  return undefined
}

/**
 * AIQ: the average score along a hull over the costs from `from` to `to`.
 * @see RouterBench, https://arxiv.org/abs/2403.12031, section 3; there the range starts at 0 dollars
 */
export function averageScore(hull: readonly CostPoint[], from: number, to: number): number {
  if (!(to > from)) return scoreAt(hull, from)
  const stops = [from, ...hull.map(({ costUsd }) => costUsd).filter((cost) => cost > from && cost < to), to]
  let area = 0
  for (let index = 1; index < stops.length; index += 1) {
    const [a, b] = [stops[index - 1] as number, stops[index] as number]
    area += ((b - a) * (scoreAt(hull, a) + scoreAt(hull, b))) / 2
  }
  return area / (to - from)
}

/** For each row the target with the highest believed score − λ × cost; among equals the cheaper one. */
export function choose(
  { scores, costs }: { readonly scores: readonly ArrayLike<number>[]; readonly costs: readonly ArrayLike<number>[] },
  lambda: number,
): Int32Array {
  const rows = scores[0]?.length ?? 0
  const choices = new Int32Array(rows)
  for (let row = 0; row < rows; row += 1) {
    let best = Number.NEGATIVE_INFINITY
    let bestCost = Number.POSITIVE_INFINITY
    for (let target = 0; target < scores.length; target += 1) {
      const cost = (costs[target] as ArrayLike<number>)[row] as number
      // λ = ∞ asks for the cheapest; there the score only breaks ties.
      const value =
        lambda === Number.POSITIVE_INFINITY
          ? -cost
          : ((scores[target] as ArrayLike<number>)[row] as number) - lambda * cost
      if (value < best || (value === best && cost >= bestCost)) continue
      best = value
      bestCost = cost
      choices[row] = target
    }
  }
  return choices
}

/** The average cost and score of a choice by row. */
export function averageOf(
  choices: ArrayLike<number>,
  actual: { readonly scores: readonly ArrayLike<number>[]; readonly costs: readonly ArrayLike<number>[] },
  weights?: ArrayLike<number>,
): CostPoint {
  let total = 0
  let costUsd = 0
  let score = 0
  for (let row = 0; row < choices.length; row += 1) {
    const weight = weights ? (weights[row] as number) : 1
    if (weight === 0) continue
    const target = choices[row] as number
    total += weight
    costUsd += weight * ((actual.costs[target] as ArrayLike<number>)[row] as number)
    score += weight * ((actual.scores[target] as ArrayLike<number>)[row] as number)
  }
  return { costUsd: costUsd / total, score: score / total }
}
