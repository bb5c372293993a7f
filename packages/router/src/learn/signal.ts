import { bootstrap, type BootstrapOptions } from './bootstrap.ts'
import { apgr, gainCurve, rank, type Ranking } from './measure/gain-curve.ts'
import type { PairSignal, TargetSignal } from './model.ts'
import { meanOf } from './outcomes.ts'

/** Held-out predictions and truths of every target's advantage over the average, by target and row. */
export interface Advantages {
  readonly ids: readonly string[]
  readonly said: readonly Float64Array[]
  readonly true: readonly Float64Array[]
}

/** For every target whether its predicted advantage orders prompts better than chance, with the confidence `bar`. */
export function targetSignals(
  { ids, said, true: actual }: Advantages,
  options: BootstrapOptions,
  bar: number = options.confidence,
): TargetSignal[] {
  return ids.map((id, target) => {
    const ranking = rank(said[target] as Float64Array)
    const advantages = actual[target] as Float64Array
    const [interval = { low: Number.NaN, high: Number.NaN }] = bootstrap(
      advantages.length,
      (weights) => [lift(ranking, advantages, weights)],
      options,
    )
    const [judged = interval] =
      bar === options.confidence
        ? []
        : bootstrap(advantages.length, (weights) => [lift(ranking, advantages, weights)], {
            ...options,
            confidence: bar,
          })
    return { id, lift: lift(ranking, advantages), interval, used: judged.low > 0 }
  })
}

/** For every two targets the APGR of the difference of their predictions. */
export function pairSignals({ ids, said, true: actual }: Advantages, options: BootstrapOptions): PairSignal[] {
  const order = [...ids.keys()].sort((a, b) => meanOf(actual[a] as Float64Array) - meanOf(actual[b] as Float64Array))
  return order.flatMap((weak, place) =>
    order.slice(place + 1).map((strong): PairSignal => {
      const difference = (columns: readonly Float64Array[]): Float64Array =>
        (columns[strong] as Float64Array).map((value, row) => value - (columns[weak]?.[row] as number))
      const ranking = rank(difference(said))
      const gains = difference(actual)
      const [interval] = bootstrap(gains.length, (weights) => [apgr(gainCurve(ranking, gains, weights))], options)
      return {
        weak: ids[weak] as string,
        strong: ids[strong] as string,
        apgr: finite(apgr(gainCurve(ranking, gains))),
        low: finite(interval?.low),
        high: finite(interval?.high),
      }
    }),
  )
}

/** Area between the curve of advantages won in the ranking's order and the straight line of a random order. */
export function lift(
  { order, groupEnds }: Ranking,
  advantages: ArrayLike<number>,
  weights?: ArrayLike<number>,
): number {
  let rows = 0
  let won = 0
  let area = 0
  let groupRows = 0
  let groupWon = 0
  for (let place = 0; place < order.length; place += 1) {
    const row = order[place] as number
    const weight = weights ? (weights[row] as number) : 1
    groupRows += weight
    groupWon += weight * (advantages[row] as number)
    if (groupEnds[place] !== place + 1) continue
    area += groupRows * (won + groupWon / 2)
    rows += groupRows
    won += groupWon
    groupRows = 0
    groupWon = 0
  }
  return rows === 0 ? 0 : area / rows ** 2 - won / rows / 2
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null
}
