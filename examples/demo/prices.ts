import { createPriceBook, type PriceBook } from '@sluice/core/prices'
import { models } from './models.ts'

/**
 * The providers' list prices, from the snapshot that is shipped with core. What the application calls `auto` is reckoned
 * as the strong model, which is what it would ask without a cascade.
 */
export const book: PriceBook = createPriceBook({ aliases: { auto: models.strong } })

/** The same for the budget, which sets money aside before it is known who answers: as much as the dearest takes. */
export const dearestBook: PriceBook = createPriceBook({ aliases: { auto: models.standIn } })

/** The day on which the price of a model was checked; `undefined` for one that is not listed. */
export function priceDateOf(model: string): string | undefined {
  return book.entry(model)?.checkedAt
}
