import { isObject } from '../json.ts'
import { shiftDecimal } from './money.ts'
import { expectShape, isAllZero, TableBuilder, usdOf, type ReadOptions } from './reader.ts'
import type { LongPromptPrices, ModelPrices, Prices, PriceTable, TierPrices } from './table.ts'

const columns: Readonly<Record<string, keyof Prices>> = {
  input_cost_per_token: 'fresh',
  cache_read_input_token_cost: 'cacheRead',
  cache_creation_input_token_cost: 'cacheWrite5m',
  cache_creation_input_token_cost_above_1hr: 'cacheWrite1h',
  input_cost_per_audio_token: 'audioInput',
  input_cost_per_image_token: 'imageInput',
  output_cost_per_token: 'output',
  output_cost_per_audio_token: 'audioOutput',
  output_cost_per_image_token: 'imageOutput',
  output_cost_per_reasoning_token: 'reasoning',
  input_cost_per_request: 'request',
}
const column = new RegExp(
  `^(${Object.keys(columns)
    .toSorted((a, b) => b.length - a.length)
    .join('|')})(?:_above_(\\d+)k_tokens)?(?:_(batches|flex|priority))?$`,
)
// What a row without its own price for a tier's meter costs there: batch and flex never cost more than standard.
const discounted = new Set(['batches', 'flex'])

type Row = Record<string, unknown>
type Cell = Partial<Record<keyof Prices, number>>

/**
 * Reads LiteLLM's `model_prices_and_context_window.json`: prices per token with the columns for long prompts
 * (`…_above_200k_tokens`, `tiered_pricing`), batch, flex and priority, under the file's own keys.
 *
 * Left out: models without a token price, and those that list 0 for everything, which the file writes for "not known" too.
 * A meter that the columns of a long prompt, of batch or of flex leave out costs there what it costs otherwise.
 *
 * @see https://github.com/BerriAI/litellm, 2026-11
 * @throws {SluiceError} `config.prices` for data of another shape.
 */
export function readLiteLlmPrices(data: unknown, options: ReadOptions): PriceTable {
  expectShape(
    isObject(data) && Object.values(data).every(isObject),
    'readLiteLlmPrices',
    'an object of models by name',
    data,
  )
  const builder = new TableBuilder()
  for (const [name, row] of Object.entries(data as Record<string, Row>)) {
    if (name === 'sample_spec') continue
    const model = modelOf(row)
    if (typeof model === 'string') builder.skip(name, model)
    else builder.add(name, model)
  }
  return builder.table('LiteLLM model_prices_and_context_window.json', options)
}

function modelOf(row: Row): ModelPrices | string {
  /** By tier ('' is standard), then by the length that its prices begin above (0: all). */
  const cells = new Map<string, Map<number, Cell>>()
  const cell = (tier: string, above: number): Cell => {
    const ofTier = cells.get(tier) ?? new Map<number, Cell>()
    cells.set(tier, ofTier)
    const found = ofTier.get(above) ?? {}
    ofTier.set(above, found)
    return found
  }
  for (const range of Array.isArray(row.tiered_pricing) ? row.tiered_pricing : []) {
    if (!isObject(range)) continue
    const [above] = Array.isArray(range.range) ? range.range : [undefined]
    if (typeof above === 'number' && Number.isSafeInteger(above)) collect(range, () => cell('', above))
  }
  collect(row, (tier, above) => cell(tier, above))
  const standard = setOf(cells.get(''), {})
  if (!standard) return 'no price for tokens'
  if (isAllZero(standard.prices)) return 'lists 0 for everything: not known, or free'
  const tiers = [...cells].filter(([tier]) => tier !== '')
  const read = tiers.map(([tier, ofTier]): [string, TierPrices | undefined] => [
    tier,
    setOf(ofTier, discounted.has(tier) ? standard.prices : {}),
  ])
  const byTier = new Map(read.filter((one): one is [string, TierPrices] => one[1] !== undefined))
  const batch = byTier.get('batches')
  byTier.delete('batches')
  return { ...standard, ...(batch && { batch }), ...(byTier.size > 0 && { serviceTiers: Object.fromEntries(byTier) }) }
}

function collect(row: Row, cell: (tier: string, above: number) => Cell): void {
  for (const [key, value] of Object.entries(row)) {
    const [, base, thousands, tier = ''] = column.exec(key) ?? []
    const name = base === undefined ? undefined : columns[base]
    const usd = usdOf(typeof value === 'string' && value !== '' ? Number(value) : value)
    if (!name || usd === undefined) continue
    const target = cell(tier, Number(thousands ?? 0) * 1000)
    target[name] ??= name === 'request' ? usd : shiftDecimal(usd, 6)
  }
}

function setOf(
  ofTier: ReadonlyMap<number, Cell> | undefined,
  rest: Prices,
): { prices: Prices; longPrompts?: readonly LongPromptPrices[] } | undefined {
  const base = ofTier?.get(0)
  if (!ofTier || !base || (base.fresh === undefined && base.output === undefined)) return undefined
  const prices: Prices = { ...rest, ...base }
  const longPrompts = [...ofTier]
    .filter(([above]) => above > 0)
    .toSorted(([a], [b]) => a - b)
    .map(([aboveTokens, cell]) => ({ aboveTokens, prices: { ...prices, ...cell } }))
  return { prices, ...(longPrompts.length > 0 && { longPrompts }) }
}
