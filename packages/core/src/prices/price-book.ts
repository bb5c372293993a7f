import { usageOf, type Usage } from '../usage.ts'
import { checkOptions, type PriceBookOptions } from './book-options.ts'
import { amountOf, ratesFor, type Amount } from './cost.ts'
import { periodAt, tierOf, type Listing, type Period, type PriceOrigin } from './listing.ts'
import { sourcesOf } from './price-sources.ts'
import type { RateSet } from './rates.ts'
import { ratesOf } from './rates.ts'
import type { DatedPrices, ModelPrices } from './table.ts'

const dayMs = 24 * 60 * 60 * 1000

/** What is priced. */
export interface PriceOf {
  /** As the answer names it, else as the request did. */
  readonly model: string
  /** When the request was made, in Unix milliseconds: prices are taken of that time. */
  readonly atMs: number
  /** The `service_tier` of the **answer**: what was billed, not what was asked for. */
  readonly serviceTier?: string | null | undefined
  /** Through the provider's batch API. */
  readonly batch?: boolean | undefined
}

/** What a request costs. Usable as core's `Cost`. */
export interface PricedUsage extends Amount {
  /** Tells which prices were used: `2026-11-22+8c1d0a4e` is the table's version and a hash of the model's prices. */
  readonly priceVersion: string
  /** The name the model is listed under. */
  readonly listedAs: string
  readonly origin: PriceOrigin
  /** `standard`, `batch`, or the service tier. */
  readonly tier: string
  /** The prompt was longer than this, and the whole request cost more (or less) for it. */
  readonly aboveTokens?: number
}

/** There is no figure, and why. Never to be taken for 0. */
export interface Unpriced {
  readonly unpriced: string
}

/** How a request will be counted, as far as that is known before it is sent. */
export interface ExpectedTokens {
  /** All input tokens, cached ones included. */
  readonly inputTokens: number
  /** Of these, how many are expected from the provider's prompt cache. @default 0 */
  readonly cachedTokens?: number
  readonly outputTokens: number
}

/** A model's line in the book. */
export interface PriceEntry {
  readonly name: string
  readonly origin: PriceOrigin
  readonly model: ModelPrices
  /** Those of the time that was asked for; `undefined` before the first price begins. */
  readonly current: DatedPrices | undefined
  readonly source: string
  readonly checkedAt: string
}

export interface PriceBook {
  /** The same as `costOf`; fits wherever core takes a `Pricer`. */
  readonly price: (usage: Usage, of: PriceOf) => PricedUsage | Unpriced
  /**
   * What a request cost, in integer nano-dollars. Never throws and never guesses: an unknown model, an unknown service tier,
   * a meter without a price and tokens that are no whole numbers are `unpriced`.
   */
  readonly costOf: (usage: Usage, of: PriceOf) => PricedUsage | Unpriced
  /** What a request would cost. Fractions of tokens are rounded up. */
  readonly estimateCost: (expected: ExpectedTokens, of: PriceOf) => PricedUsage | Unpriced
  /** The most that these tokens can cost by the configured `ceiling`; `undefined` without one. */
  readonly ceilingOf: (usage: Usage) => Amount | undefined
  /** The line that prices a model, now or at `atMs`; `undefined` for a model that is not listed. */
  readonly entry: (model: string, options?: { readonly atMs?: number }) => PriceEntry | undefined
  /** Names of every line that can be reached, sorted. */
  readonly models: () => readonly string[]
}

/** Resolved names that are remembered: a provider may be asked for any text. */
const maxResolved = 1000

/**
 * A price list to compute costs with: your tables, then the list shipped with the package, then what you fetched. Nothing is
 * hard-coded: every price has a source and the day it was checked.
 *
 * The first source that lists a model prices it, with its whole line: lines are never mixed. A fetched table stands behind
 * the bundled one, unless it is signed off and checked later.
 *
 * @throws {SluiceError} `config.option`, `config.prices`.
 *
 * @example
 * const book = createPriceBook({
 *   sources: [{
 *     source: 'our contract',
 *     checkedAt: '2026-11-01',
 *     models: { 'gpt-5-mini': { prices: { fresh: 0.2, cacheRead: 0.02, output: 1.6 } } },
 *   }],
 * })
 * const cost = book.costOf(usageOf({ fresh: 1200, output: 300 }), { model: 'gpt-5-mini', atMs: Date.now() })
 */
export function createPriceBook(options: PriceBookOptions = {}): PriceBook {
  const { aliases = {}, ceiling, maxAgeDays = 90, onWarning } = checkOptions(options)
  const sources = sourcesOf(options)
  const renamed = new Map(Object.entries(aliases).map(([from, to]) => [from.toLowerCase(), to]))
  const resolved = new Map<string, Listing | null>()
  const warned = new Set<string>()
  const { inputUsdPerMillion, outputUsdPerMillion, requestUsd } = ceiling ?? {}
  const ceilingRates =
    ceiling &&
    (ratesOf({ prices: everyMeter(inputUsdPerMillion!, outputUsdPerMillion!, requestUsd) }, 'standard') as RateSet)

  function listingFor(model: string): Listing | undefined {
    let listing = resolved.get(model)
    if (listing === undefined) {
      listing = sources.find(renamed.get(model.trim().toLowerCase()) ?? model) ?? null
      if (resolved.size >= maxResolved) resolved.clear()
      resolved.set(model, listing)
    }
    return listing ?? undefined
  }

  function warn(kind: 'stale' | 'unpriced', model: string, message: string): void {
    const key = `${kind} ${message}`
    if (!onWarning || warned.has(key) || warned.size >= maxResolved) return
    warned.add(key)
    try {
      onWarning({ kind, model, message })
    } catch {
      // An observer never fails a call.
    }
  }

  function unpriced(model: string, reason: string): Unpriced {
    warn('unpriced', model, reason)
    return { unpriced: reason }
  }

  function costOf(usage: Usage, of: PriceOf): PricedUsage | Unpriced {
    const { model, atMs } = of
    const listing = typeof model === 'string' ? listingFor(model) : undefined
    if (!listing) return unpriced(model, `no price for model "${model}"`)
    const period = periodAt(listing, atMs)
    if (!period) return unpriced(model, `no price for model "${model}" at ${dateOf(atMs)}`)
    const tier = tierNameOf(of)
    const set = tierOf(period, tier)
    if (typeof set === 'string') return unpriced(model, `${set} of model "${model}"`)
    const { rates, above } = ratesFor(set, usage)
    const amount = amountOf(usage, rates)
    if (typeof amount === 'string') return unpriced(model, refusal(amount, model, tier, above))
    if (atMs - period.checkedAtMs > maxAgeDays * dayMs) warn('stale', model, staleness(listing, period, maxAgeDays))
    const { nanoUsd, byMeter } = amount
    const { name: listedAs, origin } = listing
    const priced = { nanoUsd, byMeter, priceVersion: period.version, listedAs, origin, tier }
    return above === undefined ? priced : { ...priced, aboveTokens: above }
  }

  return {
    price: costOf,
    costOf,
    estimateCost({ inputTokens, cachedTokens = 0, outputTokens }, of) {
      const input = Math.ceil(inputTokens)
      const cacheRead = Math.min(Math.floor(cachedTokens), input)
      return costOf(usageOf({ fresh: input - cacheRead, cacheRead, output: Math.ceil(outputTokens) }), of)
    },
    ceilingOf(usage) {
      const amount = ceilingRates && amountOf(usage, ceilingRates.base)
      return typeof amount === 'string' ? undefined : amount
    },
    entry(model, { atMs = Date.now() } = {}) {
      const listing = listingFor(model)
      if (!listing) return undefined
      const period = periodAt(listing, atMs)
      const { source, checkedAt } = period ?? listing.periods[0]!
      const { name, origin, model: prices } = listing
      return { name, origin, model: prices, current: period?.dated, source, checkedAt }
    },
    models: () => sources.names(),
  }
}

/** Standard prices have many names: none, `default` (OpenAI), `standard` (Anthropic), `auto` where a server echoes it. */
function tierNameOf({ serviceTier, batch }: PriceOf): string {
  if (batch) return 'batch'
  if (!serviceTier) return 'standard'
  const tier = serviceTier.toLowerCase()
  return tier === 'default' || tier === 'auto' || tier === 'on_demand' ? 'standard' : tier
}

function everyMeter(input: number, output: number, request: number | undefined): DatedPrices['prices'] {
  const inputs = { fresh: input, cacheRead: input, cacheWrite5m: input, cacheWrite1h: input, audioInput: input }
  const outputs = { output, audioOutput: output, imageOutput: output }
  return { ...inputs, imageInput: input, ...outputs, ...(request !== undefined && { request }) }
}

function refusal(reason: string, model: string, tier: string, above: number | undefined): string {
  if (!reason.startsWith('no price')) return reason
  const long = above === undefined ? '' : ` in prompts above ${above} tokens`
  return `${reason} of model "${model}"${long}${tier === 'standard' ? '' : ` in tier "${tier}"`}`
}

function staleness({ name, origin }: Listing, { source, checkedAt }: Period, maxAgeDays: number): string {
  return (
    `The ${origin} price of "${name}" was last checked on ${checkedAt}, more than ${maxAgeDays} days before the request. ` +
    `Compare it with ${source} and give a table with the new day.`
  )
}

function dateOf(atMs: number): string {
  return Number.isFinite(atMs) && Math.abs(atMs) <= 8.64e15 ? new Date(atMs).toISOString() : String(atMs)
}
