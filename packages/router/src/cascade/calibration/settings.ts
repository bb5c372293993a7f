import type { LossSample } from './bounds.ts'
import type { RecordedCase } from './cases.ts'

/** Thresholds of all steps but the last; `null` leaves a step out. */
export type Thresholds = readonly (number | null)[]

/** What thresholds do on cases. */
export interface CascadeFigures {
  readonly cases: number
  /** Mean quality of what is delivered, 0..1. */
  readonly quality: number
  /** Mean cost of a case, in nano-dollars. */
  readonly costNanoUsd: number
  /** Share of the cases that reach the last step, 0..1. */
  readonly escalated: number
}

/** Recorded cases as columns, one for each step: thousands of settings are tried on them. */
export class CaseTable {
  readonly count: number
  readonly quality: readonly Float64Array[]
  readonly costNanoUsd: readonly Float64Array[]
  /** What the steps alone cost, without judges. */
  readonly aloneNanoUsd: readonly Float64Array[]
  /** NaN where there was no opinion. */
  readonly estimate: readonly Float64Array[]
  readonly #last: number

  constructor(cases: readonly RecordedCase[], steps: number) {
    const column = (of: (step: RecordedCase['steps'][number]) => number): Float64Array[] =>
      Array.from({ length: steps }, (_, place) =>
        Float64Array.from(cases, (each) => of(each.steps[place] as RecordedCase['steps'][number])),
      )
    this.count = cases.length
    this.#last = steps - 1
    this.quality = column(({ quality }) => quality)
    this.costNanoUsd = column(({ costNanoUsd }) => costNanoUsd)
    this.aloneNanoUsd = column(({ costNanoUsd, judgesNanoUsd = 0 }) => costNanoUsd - judgesNanoUsd)
    this.estimate = column(({ estimate }) => estimate ?? Number.NaN)
  }

  /** The place of the step whose answer a case gets; `seen` is told of every step that is asked on the way. */
  stepOf(at: number, thresholds: Thresholds, seen?: (step: number) => void): number {
    for (let step = 0; step < this.#last; step += 1) {
      const threshold = thresholds[step]
      if (threshold == null) continue
      seen?.(step)
      if ((this.estimate[step]?.[at] as number) >= threshold) return step
    }
    seen?.(this.#last)
    return this.#last
  }

  /** Quality and cost of each case under thresholds. */
  outcomes(thresholds: Thresholds): { readonly quality: Float64Array; readonly costNanoUsd: Float64Array } {
    const quality = new Float64Array(this.count)
    const costNanoUsd = new Float64Array(this.count)
    for (let at = 0; at < this.count; at += 1) {
      const step = this.stepOf(at, thresholds, (asked) => (costNanoUsd[at]! += this.costNanoUsd[asked]?.[at] as number))
      quality[at] = this.quality[step]?.[at] as number
    }
    return { quality, costNanoUsd }
  }

  /** What thresholds do on the cases, and the losses of quality. */
  figures(thresholds: Thresholds): CascadeFigures & { readonly losses: LossSample } {
    let [quality, costNanoUsd, escalated, isBinary] = [0, 0, 0, true]
    let at = 0
    const pay = (asked: number): void => void (costNanoUsd += this.costNanoUsd[asked]?.[at] as number)
    for (; at < this.count; at += 1) {
      const step = this.stepOf(at, thresholds, pay)
      const got = this.quality[step]?.[at] as number
      quality += got
      isBinary &&= got === 0 || got === 1
      if (step === this.#last) escalated += 1
    }
    const { count } = this
    return {
      cases: count,
      quality: quality / count,
      costNanoUsd: costNanoUsd / count,
      escalated: escalated / count,
      losses: { count, sum: count - quality, isBinary },
    }
  }
}

/** The most thresholds that are tried of one step alone, and the most settings of several steps together. */
const mostThresholds = 400
const mostSettings = 5_000

/**
 * All settings worth trying: for each step every threshold halfway between two estimates that occur, the least estimate,
 * and `null`; thinned out to even shares of the cases where there are too many. Several steps are combined with each
 * other. The first is `null` for all, and of one step the thresholds follow from the highest down.
 */
export function settingsFor(table: CaseTable): readonly Thresholds[] {
  const estimates = table.estimate.slice(0, -1)
  const most =
    estimates.length === 1 ? mostThresholds : Math.max(2, Math.floor(mostSettings ** (1 / estimates.length)) - 1)
  let settings: Thresholds[] = [[]]
  for (const column of estimates) {
    const values = [null, ...thresholdsOf(column, most)]
    settings = settings.flatMap((before) => values.map((value) => [...before, value]))
  }
  return settings
}

function thresholdsOf(estimates: Float64Array, most: number): readonly number[] {
  const sorted = [...estimates].filter((estimate) => !Number.isNaN(estimate)).toSorted((a, b) => b - a)
  const distinct = [...new Set(sorted)]
  const even = Array.from({ length: most }, (_, place) => sorted[Math.floor(((place + 1) * sorted.length) / most) - 1])
  const cuts = distinct.length <= most ? distinct : [...new Set(even)].filter((value) => value !== undefined)
  const placeOf = new Map(distinct.map((value, place) => [value, place] as const))
  return cuts.map((value) => {
    const below = distinct[(placeOf.get(value) as number) + 1]
    return below === undefined ? value : (value + below) / 2
  })
}
