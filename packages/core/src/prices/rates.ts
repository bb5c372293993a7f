import { divideHalfUp, scaled } from './money.ts'
import { priceNames, type DatedPrices, type LongPromptPrices, type Prices, type TierPrices } from './table.ts'

/**
 * Pico-dollars a token, in the order of {@link priceNames}; pico-dollars a request for the last. -1 is unknown.
 * 10⁻⁶ USD per million tokens is one pico-dollar a token: finer prices are rounded half up to it.
 */
export type Rates = readonly number[]

/** Rates of one tier at one time. */
export interface RateSet {
  readonly base: Rates
  /** By ascending length. */
  readonly longPrompts: readonly { readonly above: number; readonly rates: Rates }[]
}

/** Half a price, for batch prices that nobody lists. */
const half = { times: 0.5 } as const

const at = (name: keyof Prices): number => priceNames.indexOf(name)
const fresh = at('fresh')
const cacheWrite5m = at('cacheWrite5m')
const cacheWrite1h = at('cacheWrite1h')
const request = at('request')

const standIns: readonly (readonly [index: number, standIn: number])[] = [
  [at('cacheRead'), fresh],
  [at('imageInput'), fresh],
  [at('reasoning'), at('output')],
]

/** The rates of a tier, or why there are none. */
export function ratesOf(dated: DatedPrices, tier: string): RateSet | string {
  const own = tier === 'standard' ? undefined : tierOf(dated, tier)
  if (own === null) return `no price for service tier "${tier}"`
  if (!own || 'times' in own) return compiled(dated, own?.times ?? 1)
  const set = compiled(own, 1)
  // A tier that lists no prices for long prompts, of a model that does, is not sold for them or costs more.
  const unknown = (dated.longPrompts ?? []).filter(
    ({ aboveTokens }) => !set.longPrompts.some(({ above }) => above <= aboveTokens),
  )
  const none = priceNames.map(() => -1)
  return {
    ...set,
    longPrompts: [
      ...unknown.map(({ aboveTokens }) => ({ above: aboveTokens, rates: none })),
      ...set.longPrompts,
    ].toSorted((a, b) => a.above - b.above),
  }
}

function tierOf({ batch, serviceTiers }: DatedPrices, tier: string): TierPrices | null {
  if (tier === 'batch') return batch ?? half
  const tiers = new Map(Object.entries(serviceTiers ?? {}))
  const own = tiers.get(tier)
  if (own) return own
  if (tier === 'flex') return batch ?? half
  // OpenAI renamed its priority tier to fast; answers keep the old name.
  return (tier === 'fast' && tiers.get('priority')) || null
}

function compiled(
  { prices, longPrompts = [] }: { prices: Prices; longPrompts?: readonly LongPromptPrices[] },
  times: number,
): RateSet {
  return {
    base: compiledRates(prices, times),
    longPrompts: longPrompts
      .map((step) => ({ above: step.aboveTokens, rates: compiledRates(step.prices, times) }))
      .toSorted((a, b) => a.above - b.above),
  }
}

function compiledRates(prices: Prices, times: number): Rates {
  const factor = scaled(times, 6)
  const rates = priceNames.map((name, index) => {
    const usd = prices[name]
    if (usd === undefined) return index === request ? 0 : -1
    return Number(divideHalfUp(scaled(usd, index === request ? 12 : 6) * factor, 1_000_000n))
  })
  if (rates[cacheWrite5m] === -1) {
    rates[cacheWrite5m] = rates[fresh]!
    if (rates[cacheWrite1h] === -1) rates[cacheWrite1h] = rates[fresh]!
  }
  for (const [index, standIn] of standIns) if (rates[index] === -1) rates[index] = rates[standIn]!
  return rates
}
