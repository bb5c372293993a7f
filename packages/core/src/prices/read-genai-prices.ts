import { isObject } from '../json.ts'
import { shiftDecimal } from './money.ts'
import { expectShape, pricesOf, TableBuilder, usdOf, type ReadOptions } from './reader.ts'
import type { DatedPrices, ModelPrices, Prices, PriceTable } from './table.ts'

const columns: Readonly<Record<string, keyof Prices>> = {
  input_mtok: 'fresh',
  cache_read_mtok: 'cacheRead',
  cache_write_5m_mtok: 'cacheWrite5m',
  cache_write_mtok: 'cacheWrite5m',
  cache_write_1h_mtok: 'cacheWrite1h',
  input_audio_mtok: 'audioInput',
  input_image_mtok: 'imageInput',
  output_mtok: 'output',
  output_audio_mtok: 'audioOutput',
  output_image_mtok: 'imageOutput',
  output_reasoning_mtok: 'reasoning',
}

type Row = Record<string, unknown>

/**
 * Reads the data of Pydantic's genai-prices: its `data.json`, or the providers that its npm package carries.
 *
 * A model is listed as `provider/id`; where its provider says which names are its own (`model_match`), under the bare name
 * too, and the first such provider keeps it. A time-of-day price that follows a dated one begins at that date.
 * Left out: units other than tokens and requests, video and cached audio, models without a token price (an empty price
 * list is not taken for free, but for names that end in `:free`), and name patterns that are regular expressions.
 *
 * @see https://github.com/pydantic/genai-prices, 2026-11
 * @throws {SluiceError} `config.prices` for data of another shape.
 */
export function readGenaiPrices(data: unknown, options: ReadOptions): PriceTable {
  const isShape = Array.isArray(data) && data.every((one) => isObject(one) && Array.isArray(one.models))
  expectShape(isShape, 'readGenaiPrices', 'a list of providers with models', data)
  const builder = new TableBuilder()
  const claimed: unknown[] = []
  for (const provider of data as Row[]) {
    for (const model of provider.models as Row[]) addModel(builder, provider, model, claimed)
    if (provider.model_match) claimed.push(provider.model_match)
  }
  return builder.table('genai-prices', options)
}

function addModel(builder: TableBuilder, provider: Row, model: Row, claimed: readonly unknown[]): void {
  const name = `${String(provider.id)}/${String(model.id)}`
  const list = Array.isArray(model.prices) ? (model.prices as Row[]) : [{ prices: model.prices }]
  const dated: DatedPrices[] = []
  let since: string | undefined
  for (const [index, entry] of list.entries()) {
    const { constraint } = entry
    if (isObject(constraint) && typeof constraint.start_date === 'string') since = constraint.start_date
    const set =
      setOf(isObject(entry.prices) ? entry.prices : {}) ?? (isFree(entry, name) ? { prices: free } : undefined)
    if (!set) return builder.skip(name, 'no price for tokens')
    const hours = isObject(constraint) ? hoursOf(constraint) : undefined
    if (hours === null) return builder.skip(name, `prices by ${JSON.stringify(constraint)}`)
    const base: DatedPrices = { ...set, ...(since !== undefined && { effectiveFrom: since }) }
    // What applies when nothing else does is the first line, even if it has hours of its own.
    if (index === 0 && hours) dated.push(base)
    dated.push(hours ? { ...base, hoursUtc: hours } : base)
  }
  const [first, ...changes] = dated
  if (!first) return builder.skip(name, 'no prices')
  const patterns = patternsOf(model.match)
  if (patterns === undefined) builder.skip(name, 'matched by a regular expression: found by its id only')
  const own = (bare: string): boolean =>
    matches(provider.model_match, bare) && !claimed.some((rule) => matches(rule, bare))
  const id = String(model.id).toLowerCase()
  const all = [...new Set([id, ...(patterns ?? [])])]
  const aliases = [
    ...all.filter((pattern) => pattern !== id).map((pattern) => `${String(provider.id)}/${pattern}`),
    ...all.filter((pattern) => own(pattern.replaceAll('*', ''))),
  ]
  const prices: ModelPrices = {
    ...(aliases.length > 0 && { aliases }),
    ...first,
    ...(changes.length > 0 && { changes }),
  }
  builder.add(name, prices)
}

const free: Prices = { fresh: 0, output: 0 }

/** An empty price list stands for "free" and for "not known"; the name tells which. */
function isFree({ prices }: Row, name: string): boolean {
  return name.endsWith(':free') && isObject(prices) && Object.keys(prices).length === 0
}

function setOf(row: Row): Pick<DatedPrices, 'prices' | 'longPrompts'> | undefined {
  const lengths = new Set<number>()
  for (const value of Object.values(row))
    for (const { start } of tiersOf(value)) if (typeof start === 'number') lengths.add(start)
  const base = pricesOf(atLength(row, 0), columns)
  if (!base) return undefined
  const perThousand = usdOf(row.requests_kcount)
  const request = perThousand === undefined ? {} : { request: shiftDecimal(perThousand, -3) }
  const longPrompts = [...lengths]
    .toSorted((a, b) => a - b)
    .map((aboveTokens) => ({
      aboveTokens,
      prices: { ...pricesOf(atLength(row, aboveTokens + 1), columns), ...request },
    }))
  return { prices: { ...base, ...request }, ...(longPrompts.length > 0 && { longPrompts }) }
}

const tiersOf = (value: unknown): readonly Row[] =>
  isObject(value) && Array.isArray(value.tiers) ? (value.tiers as Row[]) : []

/** The row with every tiered price replaced by the one for a prompt of that length. */
function atLength(row: Row, tokens: number): Row {
  const flat: Row = {}
  for (const [column, value] of Object.entries(row)) {
    flat[column] = isObject(value) ? value.base : value
    const tiers = tiersOf(value).toSorted((a, b) => Number(a.start) - Number(b.start))
    for (const { start, price } of tiers) if (tokens > Number(start)) flat[column] = price
  }
  return flat
}

/** `undefined`: all day. `null`: a condition that we do not know. */
function hoursOf(constraint: Row): { from: string; to: string } | undefined | null {
  if (constraint.start_date !== undefined) return undefined
  const [from, to] = [constraint.start_time, constraint.end_time].map((time) => {
    const [, hoursAndMinutes] = (typeof time === 'string' && /^(\d\d:\d\d)(?::00)?Z$/.exec(time)) || []
    return hoursAndMinutes
  })
  return from === undefined || to === undefined ? null : { from, to }
}

/** Names with `*`; `undefined` when none can be said that way. */
function patternsOf(match: unknown): readonly string[] | undefined {
  if (!isObject(match)) return []
  if (typeof match.equals === 'string') return [match.equals.toLowerCase()]
  if (typeof match.starts_with === 'string') return [`${match.starts_with.toLowerCase()}*`]
  if (typeof match.ends_with === 'string') return [`*${match.ends_with.toLowerCase()}`]
  if (typeof match.contains === 'string') return [`*${match.contains.toLowerCase()}*`]
  const several = [match.or, match.and].find(Array.isArray) as readonly unknown[] | undefined
  const found = several?.map(patternsOf).filter((patterns) => patterns !== undefined)
  return found && found.length > 0 ? found.flat() : undefined
}

function matches(match: unknown, name: string): boolean {
  if (!isObject(match)) return false
  if (Array.isArray(match.or)) return match.or.some((one) => matches(one, name))
  if (Array.isArray(match.and)) return match.and.every((one) => matches(one, name))
  const [kind, raw] = Object.entries(match)[0] ?? []
  if (typeof raw !== 'string') return false
  const text = raw.toLowerCase()
  if (kind === 'equals') return name === text
  if (kind === 'starts_with') return name.startsWith(text)
  if (kind === 'ends_with') return name.endsWith(text)
  return kind === 'regex' ? new RegExp(raw).test(name) : kind === 'contains' && name.includes(text)
}
