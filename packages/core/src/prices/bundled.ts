import { snapshot } from './snapshot.ts'
import type { PriceTable } from './table.ts'

let table: PriceTable | undefined

/** The price list shipped with the package. Parsed when it is first asked for. */
export function bundledPrices(): PriceTable {
  return (table ??= JSON.parse(snapshot) as PriceTable)
}
