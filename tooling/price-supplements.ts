// Prices that genai-prices 0.1.8 does not have, from the providers' own pages. Once it has them, remove them here.
import type { ModelPrices, TierPrices } from '../packages/core/src/prices/index.ts'

/** A model of its own, or `more` for one that is listed. */
type Supplement = (ModelPrices | { readonly prices?: undefined }) & {
  readonly source: string
  readonly more?: Partial<ModelPrices>
}

const fastPage = 'https://openai.com/api-fast-mode/'
const claudePage = 'https://platform.claude.com/docs/en/about-claude/pricing'
const modelPage = (model: string): string => `https://developers.openai.com/api/docs/models/${model}`

/** OpenAI's fast mode; answers call it `priority`. */
const priority = (tier: TierPrices): Supplement => ({ source: fastPage, more: { serviceTiers: { priority: tier } } })
const flat = (fresh: number, cacheRead: number, output: number): TierPrices => ({
  prices: { fresh, cacheRead, output },
})

const sol = { fresh: 2, cacheRead: 0.1, cacheWrite5m: 2.5, output: 10 }
const solLong = { fresh: 4, cacheRead: 0.2, cacheWrite5m: 5, output: 15 }
const sol62 = {
  prices: { ...sol, cacheWrite1h: 5 },
  longPrompts: [{ aboveTokens: 272_000, prices: { ...solLong, cacheWrite1h: 10 } }],
}
const mythos = { fresh: 10, cacheWrite5m: 12.5, cacheWrite1h: 20, output: 50 }
const sonnet = { fresh: 2, cacheWrite5m: 2.5, cacheWrite1h: 4, output: 10 }

export const supplements: Readonly<Record<string, Supplement>> = {
  'gpt-6.1-sol': {
    prices: sol,
    longPrompts: [{ aboveTokens: 272_000, prices: solLong }],
    serviceTiers: { priority: { times: 2 } },
    source: modelPage('gpt-6.1-sol'),
  },
  'gpt-6.2-sol': {
    ...sol62,
    serviceTiers: { priority: { times: 2 }, ultrafast: { times: 3 } },
    changes: [
      { effectiveFrom: '2027-03-01', ...sol62, serviceTiers: { priority: { times: 2 }, ultrafast: { times: 6 } } },
    ],
    source: modelPage('gpt-6.2-sol'),
  },
  'gpt-6-astra': priority({ times: 2 }),
  'gpt-6-sol': priority({ times: 2 }),
  'gpt-5.6-sol': priority({ times: 2 }),
  'gpt-5.6-terra': priority({ times: 2 }),
  'gpt-5.6-luna': priority({ times: 2 }),
  'gpt-5.5': priority(flat(12.5, 1.25, 75)),
  'gpt-5.4': priority(flat(5, 0.5, 30)),
  'gpt-5.4-mini': priority(flat(1.5, 0.15, 9)),
  'gpt-5.2': priority(flat(3.5, 0.35, 28)),
  'gpt-5.1': priority(flat(2.5, 0.25, 20)),
  'gpt-5': priority(flat(2.5, 0.25, 20)),
  'gpt-5-mini': priority(flat(0.45, 0.045, 3.6)),
  'gpt-4.1': priority(flat(3.5, 0.875, 14)),
  'claude-sonnet-5-5': {
    prices: { ...sonnet, cacheRead: 0.2 },
    changes: [{ effectiveFrom: '2026-10-07', prices: { ...sonnet, cacheRead: 0.1 } }],
    source: claudePage,
  },
  'claude-haiku-5-5': {
    prices: { fresh: 0.1, cacheRead: 0.01, cacheWrite5m: 0.125, cacheWrite1h: 0.2, output: 0.5 },
    longPrompts: [
      {
        aboveTokens: 100_000,
        prices: { fresh: 0.5, cacheRead: 0.05, cacheWrite5m: 0.625, cacheWrite1h: 1, output: 2.5 },
      },
    ],
    source: claudePage,
  },
  'claude-mythos-5': { prices: { ...mythos, cacheRead: 1 }, source: claudePage },
  'claude-mythos-5-1': { prices: { ...mythos, cacheRead: 0.25 }, source: claudePage },
}
