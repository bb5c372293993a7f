import { configError } from '../errors.ts'
import type { PriceBook } from './price-book.ts'
import type { DatedPrices, LongPromptPrices, Prices } from './table.ts'

/** A price that is another in the second book. */
export interface PriceMove {
  readonly model: string
  /** Which price: `fresh`, `output above 200000 tokens`, `priority fresh`. */
  readonly price: string
  /** USD per million tokens (per request for `request`); `undefined` where the book has none. */
  readonly from: number | undefined
  readonly to: number | undefined
  /** `to` / `from` − 1: 0.25 is a quarter more. `undefined` where either book has none; Infinity from 0. */
  readonly change: number | undefined
}

export interface PriceBookDiff {
  readonly added: readonly string[]
  readonly removed: readonly string[]
  /** Prices that moved by more than the threshold, that came, or that went; the largest move first. */
  readonly moved: readonly PriceMove[]
}

export interface DiffOptions {
  /** The smallest move that is listed, as a share of the old price. @default 0.25 */
  readonly threshold?: number
  /** When the prices are compared, in Unix milliseconds. @default now */
  readonly atMs?: number
}

/**
 * What is different in a second price book: to be read before a fetched table is signed off.
 *
 * @throws {SluiceError} `config.option`.
 */
export function diffPriceBooks(a: PriceBook, b: PriceBook, options: DiffOptions = {}): PriceBookDiff {
  const { threshold = 0.25, atMs = Date.now(), ...unknown } = options
  for (const name of Object.keys(unknown))
    throw configError('option', `diffPriceBooks() has no option "${name}". The options are threshold, atMs.`)
  if (!(threshold >= 0))
    throw configError('option', `threshold of diffPriceBooks() must be at least 0, got ${threshold}.`)
  if (!Number.isFinite(atMs))
    throw configError('option', `atMs of diffPriceBooks() must be Unix milliseconds, got ${atMs}.`)
  const [before, after] = [new Set(a.models()), new Set(b.models())]
  const moved: PriceMove[] = []
  for (const model of before) {
    if (!after.has(model)) continue
    const [old, now] = [a, b].map((book) => flat(book.entry(model, { atMs })?.current))
    for (const price of new Set([...old!.keys(), ...now!.keys()])) {
      const [from, to] = [old!.get(price), now!.get(price)]
      const change = from === undefined || to === undefined ? undefined : from === to ? 0 : to / from - 1
      if (change === undefined || Math.abs(change) > threshold) moved.push({ model, price, from, to, change })
    }
  }
  const size = ({ change }: PriceMove): number => Math.abs(change ?? Infinity)
  return {
    added: [...after].filter((model) => !before.has(model)),
    removed: [...before].filter((model) => !after.has(model)),
    moved: moved.toSorted((x, y) => (size(x) === size(y) ? 0 : size(y) - size(x))),
  }
}

function flat(dated: DatedPrices | undefined): Map<string, number> {
  const found = new Map<string, number>()
  if (!dated) return found
  const add = (prefix: string, set: { prices: Prices; longPrompts?: readonly LongPromptPrices[] }): void => {
    for (const [name, usd] of Object.entries(set.prices)) found.set(prefix + name, usd)
    for (const { aboveTokens, prices } of set.longPrompts ?? [])
      for (const [name, usd] of Object.entries(prices)) found.set(`${prefix}${name} above ${aboveTokens} tokens`, usd)
  }
  add('', dated)
  const tiers = { ...dated.serviceTiers, ...(dated.batch && { batch: dated.batch }) }
  for (const [name, tier] of Object.entries(tiers)) {
    if ('times' in tier) found.set(`${name} times`, tier.times)
    else add(`${name} `, tier)
  }
  return found
}
