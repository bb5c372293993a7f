import { configError } from '../errors.ts'
import { isObject } from '../json.ts'
import { checkPriceTable } from './check-table.ts'
import type { PriceTable } from './table.ts'

/** A table that was downloaded: not yours, and not looked at by anybody unless you say so. */
export interface FetchedPrices {
  readonly table: PriceTable
  /** Somebody has looked at the moves (`diffPriceBooks`). Where it is also newer, it goes before the bundled list. @default false */
  readonly signedOff?: boolean
}

/** Something to know about prices, told once for each model and reason. */
export interface PriceWarning {
  /** `stale`: the price is older than `maxAgeDays`. `unpriced`: there was no price. */
  readonly kind: 'stale' | 'unpriced'
  readonly model: string
  readonly message: string
}

export interface PriceBookOptions {
  /** Your own tables. The first that lists a model counts. @default [] */
  readonly sources?: readonly PriceTable[]
  /** Downloaded tables. @default [] */
  readonly fetched?: readonly FetchedPrices[]
  /** Whether the list shipped with the package is asked too. It is loaded when a model is first looked up. @default true */
  readonly bundled?: boolean
  /** Names of your own for listed models: `{ 'our-azure-deployment': 'gpt-5-mini' }`. @default {} */
  readonly aliases?: Readonly<Record<string, string>>
  /** What tokens of an unknown model cost at most, for budgets: see `ceilingOf`. @default none */
  readonly ceiling?: {
    readonly inputUsdPerMillion: number
    readonly outputUsdPerMillion: number
    readonly requestUsd?: number
  }
  /** Days between the check of a price and a request before `onWarning` hears of it. @default 90 */
  readonly maxAgeDays?: number
  /** Hears of stale and missing prices. What it throws is dropped. @default nobody */
  readonly onWarning?: (warning: PriceWarning) => void
}

const known = ['sources', 'fetched', 'bundled', 'aliases', 'ceiling', 'maxAgeDays', 'onWarning']
const ceilingFields = ['inputUsdPerMillion', 'outputUsdPerMillion', 'requestUsd']

/** @throws {SluiceError} `config.option`, `config.prices`. */
export function checkOptions(options: PriceBookOptions): PriceBookOptions {
  if (!isObject(options)) refuse(`The options of createPriceBook() must be an object, got ${shown(options)}.`)
  for (const name of Object.keys(options))
    if (!known.includes(name)) refuse(`createPriceBook() has no option "${name}". The options are ${known.join(', ')}.`)
  const { sources = [], fetched = [], bundled, aliases = {}, ceiling, maxAgeDays = 0, onWarning } = options
  if (!Array.isArray(sources))
    refuse(`sources of createPriceBook() must be a list of price tables, got ${shown(sources)}.`)
  for (const [index, table] of sources.entries()) checkPriceTable(table, `sources[${index}]`)
  if (!Array.isArray(fetched))
    refuse(`fetched of createPriceBook() must be a list of { table }, got ${shown(fetched)}.`)
  for (const [index, one] of fetched.entries()) checkFetched(one, `fetched[${index}]`)
  if (bundled !== undefined && typeof bundled !== 'boolean')
    refuse(`bundled of createPriceBook() must be true or false, got ${shown(bundled)}.`)
  if (!isObject(aliases) || !Object.values(aliases).every((name) => typeof name === 'string' && name !== ''))
    refuse(`aliases of createPriceBook() must be model names by your own names, got ${shown(aliases)}.`)
  if (ceiling !== undefined) checkCeiling(ceiling)
  if (!(typeof maxAgeDays === 'number' && maxAgeDays >= 0 && maxAgeDays < Infinity))
    refuse(`maxAgeDays of createPriceBook() must be days of at least 0, got ${shown(maxAgeDays)}.`)
  if (onWarning !== undefined && typeof onWarning !== 'function')
    refuse(`onWarning of createPriceBook() must be a function, got ${shown(onWarning)}.`)
  return options
}

function checkFetched(one: unknown, at: string): void {
  if (!isObject(one) || !isObject(one.table))
    refuse(`${at} of createPriceBook() must be { table, signedOff? }, got ${shown(one)}.`)
  for (const name of Object.keys(one))
    if (name !== 'table' && name !== 'signedOff')
      refuse(`${at} of createPriceBook() has no field "${name}". Its fields are table, signedOff.`)
  if (one.signedOff !== undefined && typeof one.signedOff !== 'boolean')
    refuse(`${at}.signedOff of createPriceBook() must be true or false, got ${shown(one.signedOff)}.`)
  checkPriceTable(one.table as unknown as PriceTable, `${at}.table`)
}

function checkCeiling(ceiling: unknown): void {
  if (!isObject(ceiling)) refuse(`ceiling of createPriceBook() must be an object, got ${shown(ceiling)}.`)
  for (const name of Object.keys(ceiling))
    if (!ceilingFields.includes(name))
      refuse(`ceiling of createPriceBook() has no field "${name}". Its fields are ${ceilingFields.join(', ')}.`)
  for (const name of ceilingFields) {
    const usd = ceiling[name]
    if (name === 'requestUsd' && usd === undefined) continue
    if (!(typeof usd === 'number' && usd >= 0 && usd <= 1_000_000))
      refuse(`ceiling.${name} of createPriceBook() must be USD from 0 to 1000000, got ${shown(usd)}.`)
  }
}

function shown(value: unknown): string {
  return typeof value === 'number' ? String(value) : (JSON.stringify(value)?.slice(0, 200) ?? String(value))
}

function refuse(message: string): never {
  throw configError('option', message)
}
