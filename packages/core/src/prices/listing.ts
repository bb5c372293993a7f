import { instantOf, minutesOf } from './check-table.ts'
import { ratesOf, type RateSet } from './rates.ts'
import type { DatedPrices, ModelPrices, PriceTable } from './table.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

/** Where prices came from: your own tables, the ones shipped with the package, or a file that was fetched. */
export type PriceOrigin = 'config' | 'bundled' | 'fetched'

/** A model's prices at one time, ready to be used. */
export interface Period {
  readonly dated: DatedPrices
  readonly fromMs: number
  readonly hours: { readonly fromMs: number; readonly toMs: number } | undefined
  readonly source: string
  readonly checkedAt: string
  readonly checkedAtMs: number
  readonly version: string
  /** By tier, made when it is first asked for; a text where it has no prices. */
  readonly tiers: Map<string, RateSet | string>
}

/** One model of a table. */
export interface Listing {
  readonly name: string
  readonly origin: PriceOrigin
  readonly model: ModelPrices
  readonly periods: readonly Period[]
}

export function listingOf(table: PriceTable, origin: PriceOrigin, name: string, model: ModelPrices): Listing {
  const { changes = [] } = model
  return { name, origin, model, periods: [model, ...changes].map((dated) => periodOf(table, model, dated)) }
}

function periodOf(table: PriceTable, model: ModelPrices, dated: DatedPrices): Period {
  const { effectiveFrom, hoursUtc } = dated
  const source = dated.source ?? model.source ?? table.source
  const checkedAt = dated.checkedAt ?? model.checkedAt ?? table.checkedAt
  const { prices, longPrompts, batch, serviceTiers } = dated
  return {
    dated,
    fromMs: effectiveFrom === undefined ? -Infinity : instantOf(effectiveFrom),
    hours: hoursUtc && { fromMs: minutesOf(hoursUtc.from) * minuteMs, toMs: minutesOf(hoursUtc.to) * minuteMs },
    source,
    checkedAt,
    checkedAtMs: instantOf(checkedAt),
    version: `${table.version ?? checkedAt}+${hashOf(JSON.stringify([prices, longPrompts, batch, serviceTiers]))}`,
    tiers: new Map(),
  }
}

/** The prices that hold at an instant: of all that apply, the last one listed. */
export function periodAt({ periods }: Listing, atMs: number): Period | undefined {
  for (let index = periods.length - 1; index >= 0; index -= 1) {
    const period = periods[index]!
    if (atMs >= period.fromMs && (!period.hours || isWithin(period.hours, atMs))) return period
  }
  return undefined
}

function isWithin({ fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }, atMs: number): boolean {
  const timeMs = ((atMs % dayMs) + dayMs) % dayMs
  return toMs < fromMs ? timeMs >= fromMs || timeMs < toMs : timeMs >= fromMs && timeMs < toMs
}

export function tierOf(period: Period, tier: string): RateSet | string {
  let rates = period.tiers.get(tier)
  if (rates === undefined) {
    rates = ratesOf(period.dated, tier)
    // A server may answer with any text as its tier.
    if (period.tiers.size < 20) period.tiers.set(tier, rates)
  }
  return rates
}

/** FNV-1a, 32 bits: tells price lists apart, no more. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, '0')
}
