import type { RateRule } from '../rule.ts'

/** A point in the past of a meter, and the least it has shown since. */
export interface Low {
  readonly atUs: number
  readonly used: number
}

/** How much of a rate is in use: rises with what is taken and drains at the rate. */
export interface Meter {
  atUs: number
  used: number
  /** Later ones are higher. They tell what of a take has drained already when it is given back. */
  lows: Low[]
}

/** Fractions of a unit that rounding may make, and nobody can take. */
export const slack = 1e-6

/** More lows than this are merged into fewer; the merged are too low, so that too little is given back, never too much. */
export const maxLows = 8

/** Units a microsecond. */
export function rateOf(rule: RateRule): number {
  return rule.limit / (rule.periodMs * 1_000)
}

/** What the meter shows at an instant. A clock that went back stands still instead. */
export function shown(meter: Meter | undefined, rate: number, nowUs: number): number {
  if (!meter) return 0
  return Math.max(0, meter.used - Math.max(0, nowUs - meter.atUs) * rate)
}

/** Adds what was taken, or charged later. */
export function added(meter: Meter | undefined, rate: number, nowUs: number, amount: number): Meter {
  const used = shown(meter, rate, nowUs)
  const lows = (meter?.lows ?? []).filter((low) => low.used < used)
  lows.push({ atUs: nowUs, used })
  if (lows.length > maxLows) merge(lows)
  return { atUs: nowUs, used: used + amount, lows }
}

/**
 * Gives back a part of what was taken at `takenAtUs`. What had drained of it is gone: the meter must not show less than it
 * would without that part, or others would get its room twice. The least that the meter has shown since is what bounds it.
 */
export function returned(
  meter: Meter | undefined,
  rate: number,
  nowUs: number,
  amount: number,
  takenAtUs: number,
): Meter | undefined {
  if (!meter) return undefined
  const used = shown(meter, rate, nowUs)
  let least = used
  for (const low of meter.lows) if (low.atUs > takenAtUs) least = Math.min(least, low.used)
  const back = Math.min(amount, least)
  let next = Infinity
  const lows: Low[] = []
  for (const low of meter.lows.toReversed()) {
    const value = low.atUs > takenAtUs ? Math.max(0, low.used - back) : low.used
    if (value >= next) continue
    next = value
    lows.unshift({ atUs: low.atUs, used: value })
  }
  return { atUs: nowUs, used: used - back, lows }
}

/** Merges the two neighbours that differ least: the time of the later, the value of the lower. */
function merge(lows: Low[]): void {
  let at = 0
  let least = Infinity
  for (let index = 0; index + 1 < lows.length; index += 1) {
    const gap = (lows[index + 1]?.used ?? 0) - (lows[index]?.used ?? 0)
    if (gap < least) {
      least = gap
      at = index
    }
  }
  const [lower, later] = [lows[at], lows[at + 1]]
  if (lower && later) lows.splice(at, 2, { atUs: later.atUs, used: lower.used })
}
