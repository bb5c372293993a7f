import { configError } from '../errors.ts'
import { isObject } from '../json.ts'
import type { ModelPrices, Prices, PriceTable } from './table.ts'

/** Where a foreign file is from; none of them says so itself. */
export interface ReadOptions {
  /** When its prices were last compared with the providers', `YYYY-MM-DD`: the day of the download at the best. */
  readonly checkedAt: string
  /** @default the project's name */
  readonly source?: string
}

/** Gathers models into a table; what cannot be taken over is named in `skipped`. */
export class TableBuilder {
  readonly #models = new Map<string, ModelPrices>()
  readonly #skipped: { readonly model: string; readonly reason: string }[] = []

  add(name: string, model: ModelPrices): void {
    if (this.#models.has(name)) this.skip(name, 'listed twice: the first line is kept')
    else this.#models.set(name, model)
  }

  skip(model: string, reason: string): void {
    this.#skipped.push({ model, reason })
  }

  table(source: string, { checkedAt, source: given }: ReadOptions): PriceTable {
    return { source: given ?? source, checkedAt, models: Object.fromEntries(this.#models), skipped: this.#skipped }
  }
}

/** A price as foreign files have it; `undefined` for what is none. */
export function usdOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined
}

/** The prices of `columns` by our names; `undefined` when there is none. */
export function pricesOf(
  row: Record<string, unknown>,
  columns: Readonly<Record<string, keyof Prices>>,
): Prices | undefined {
  const prices: Partial<Record<keyof Prices, number>> = {}
  for (const [column, name] of Object.entries(columns)) {
    const usd = usdOf(row[column])
    if (usd !== undefined) prices[name] ??= usd
  }
  return Object.keys(prices).length > 0 ? prices : undefined
}

/** Whether every price is 0: foreign files write that for "not known" as well as for "free". */
export function isAllZero(prices: Prices): boolean {
  return Object.values(prices).every((usd) => usd === 0)
}

/** @throws {SluiceError} `config.prices` when a file is not of the shape that a reader reads. */
export function expectShape(isShape: boolean, reader: string, shape: string, got: unknown): void {
  if (isShape) return
  const seen = Array.isArray(got)
    ? 'a list'
    : isObject(got)
      ? `an object with ${Object.keys(got).slice(0, 5)}`
      : String(got)
  throw configError('prices', `${reader}() reads ${shape}, got ${seen}.`)
}
