/**
 * What the tokens of one request cost, by meter, in USD per million tokens; `request` is USD per request. 0 is free; a
 * meter that is left out is not.
 *
 * Tokens of a left-out meter: `cacheRead`, `cacheWrite5m` and `imageInput` cost as much as `fresh`, `reasoning` as much as
 * `output`, and `cacheWrite1h` as much as `fresh` where `cacheWrite5m` is left out too (a provider without a price for
 * writing bills written tokens as input). `fresh`, `output`, `audioInput`, `audioOutput`, `imageOutput`, and `cacheWrite1h`
 * beside a `cacheWrite5m`, have no safe stand-in: a request that uses them is `unpriced`.
 */
export interface Prices {
  readonly fresh?: number
  readonly cacheRead?: number
  readonly cacheWrite5m?: number
  readonly cacheWrite1h?: number
  readonly audioInput?: number
  readonly imageInput?: number
  readonly output?: number
  readonly audioOutput?: number
  readonly imageOutput?: number
  /** The part of the output that the provider reports as reasoning, where it costs something else. */
  readonly reasoning?: number
  /** USD for the request itself. @default 0 */
  readonly request?: number
}

/** Prices of the whole request when its input, cached and written tokens included, is longer than `aboveTokens`. */
export interface LongPromptPrices {
  readonly aboveTokens: number
  /** Complete: nothing is taken over from the prices of shorter prompts. */
  readonly prices: Prices
}

/** Prices of a service tier or of the batch API: complete ones, or all standard prices times a factor. */
export type TierPrices =
  | { readonly prices: Prices; readonly longPrompts?: readonly LongPromptPrices[] }
  | { readonly times: number }

/** Prices that hold at one time. */
export interface DatedPrices {
  /** From when on, `YYYY-MM-DD` (midnight UTC) or an ISO instant. @default always */
  readonly effectiveFrom?: string
  /** Only from one time of the day, `HH:MM` UTC, up to another; over midnight where `to` is the smaller. */
  readonly hoursUtc?: { readonly from: string; readonly to: string }
  readonly prices: Prices
  readonly longPrompts?: readonly LongPromptPrices[]
  /** @default half of every price */
  readonly batch?: TierPrices
  /** By the `service_tier` that answers carry: `priority`, `flex`… `flex` without prices of its own costs as `batch`. */
  readonly serviceTiers?: Readonly<Record<string, TierPrices>>
  /** Where these prices are from, where that is not the table's source. */
  readonly source?: string
  /** When they were last compared with it, `YYYY-MM-DD`, where that is not the table's day. */
  readonly checkedAt?: string
}

/** One model's prices. */
export interface ModelPrices extends DatedPrices {
  /** More names of the model. `*` stands for any characters: `gpt-5-mini-*`. */
  readonly aliases?: readonly string[]
  /** Later prices, each complete. Of all that apply at a request's time the last one listed counts. */
  readonly changes?: readonly DatedPrices[]
}

/** A price list as JSON. */
export interface PriceTable {
  /** Where the prices are from: a page, a file, a contract. */
  readonly source: string
  /** When they were last compared with the source, `YYYY-MM-DD`. */
  readonly checkedAt: string
  /** Begins the `priceVersion` of every cost. @default `checkedAt` */
  readonly version?: string
  /** By model name as requests and answers carry it. Names are compared without case. */
  readonly models: Readonly<Record<string, ModelPrices>>
  /** What a reader could not take over from a foreign file. For you to look at; the book ignores it. */
  readonly skipped?: readonly { readonly model: string; readonly reason: string }[]
}

/** The names that {@link Prices} can have, in the order in which compiled rates are kept. */
export const priceNames: readonly (keyof Prices)[] = [
  'fresh',
  'cacheRead',
  'cacheWrite5m',
  'cacheWrite1h',
  'audioInput',
  'imageInput',
  'output',
  'audioOutput',
  'imageOutput',
  'reasoning',
  'request',
]
