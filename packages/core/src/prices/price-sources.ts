import type { PriceBookOptions } from './book-options.ts'
import { bundledPrices } from './bundled.ts'
import { instantOf } from './check-table.ts'
import { listingOf, type Listing, type PriceOrigin } from './listing.ts'
import { NameIndex, namesOf } from './names.ts'
import type { PriceTable } from './table.ts'

/** The tables of a book in the order in which they are asked. */
export interface PriceSources {
  find(model: string): Listing | undefined
  names(): readonly string[]
}

interface Source {
  readonly origin: PriceOrigin
  readonly table: PriceTable
  readonly index: NameIndex<string>
}

export function sourcesOf({ sources = [], fetched = [], bundled = true }: PriceBookOptions): PriceSources {
  const own = sources.map((table) => sourceOf('config', table))
  const others = fetched.map(({ table, signedOff = false }) => ({ source: sourceOf('fetched', table), signedOff }))
  const listings = new Map<PriceTable, Map<string, Listing>>()
  let ordered: readonly Source[] | undefined

  // The bundled list is parsed here, at the first lookup, not when the module is loaded.
  const inOrder = (): readonly Source[] => {
    if (ordered) return ordered
    const shipped = bundled ? [sourceOf('bundled', bundledPrices())] : []
    const shippedAtMs = instantOf(shipped[0]?.table.checkedAt ?? '1970-01-01')
    const isBefore = (one: (typeof others)[number]): boolean =>
      one.signedOff && instantOf(one.source.table.checkedAt) > shippedAtMs
    const before = others.filter(isBefore).map(({ source }) => source)
    const after = others.filter((one) => !isBefore(one)).map(({ source }) => source)
    return (ordered = [...own, ...before, ...shipped, ...after])
  }

  const listing = ({ table, origin }: Source, name: string): Listing => {
    let ofTable = listings.get(table)
    if (!ofTable) listings.set(table, (ofTable = new Map()))
    let found = ofTable.get(name)
    if (!found) ofTable.set(name, (found = listingOf(table, origin, name, table.models[name]!)))
    return found
  }

  return {
    find(model) {
      const names = namesOf(model)
      for (const source of inOrder()) {
        const name = source.index.find(names)
        if (name !== undefined) return listing(source, name)
      }
      return undefined
    },
    names: () => [...new Set(inOrder().flatMap(({ table }) => Object.keys(table.models)))].toSorted(),
  }
}

function sourceOf(origin: PriceOrigin, table: PriceTable): Source {
  const index = new NameIndex<string>()
  const models = Object.entries(table.models)
  // A model's own name goes before another's alias.
  for (const [name] of models) index.add(name, name)
  for (const [name, { aliases = [] }] of models) for (const alias of aliases) index.add(alias, name)
  return { origin, table, index }
}
