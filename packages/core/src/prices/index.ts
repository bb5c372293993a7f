export type { FetchedPrices, PriceBookOptions, PriceWarning } from './book-options.ts'
export { bundledPrices } from './bundled.ts'
export type { Amount, CostMeter } from './cost.ts'
export { diffPriceBooks, type DiffOptions, type PriceBookDiff, type PriceMove } from './diff.ts'
export type { PriceOrigin } from './listing.ts'
export {
  createPriceBook,
  type ExpectedTokens,
  type PriceBook,
  type PricedUsage,
  type PriceEntry,
  type PriceOf,
  type Unpriced,
} from './price-book.ts'
export { readGenaiPrices } from './read-genai-prices.ts'
export { readLiteLlmPrices } from './read-litellm.ts'
export { readModelsDevPrices, type ReadModelsDevOptions } from './read-models-dev.ts'
export type { ReadOptions } from './reader.ts'
export type { DatedPrices, LongPromptPrices, ModelPrices, Prices, PriceTable, TierPrices } from './table.ts'
