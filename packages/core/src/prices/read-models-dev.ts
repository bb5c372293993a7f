import { isObject } from '../json.ts'
import { expectShape, isAllZero, pricesOf, TableBuilder, type ReadOptions } from './reader.ts'
import type { LongPromptPrices, ModelPrices, Prices, PriceTable } from './table.ts'

const columns: Readonly<Record<string, keyof Prices>> = {
  input: 'fresh',
  cache_read: 'cacheRead',
  cache_write: 'cacheWrite5m',
  input_audio: 'audioInput',
  output: 'output',
  output_audio: 'audioOutput',
  reasoning: 'reasoning',
}

type Row = Record<string, unknown>

export interface ReadModelsDevOptions extends ReadOptions {
  /**
   * Providers whose models are listed under their bare names too; the first that has a name keeps it.
   *
   * @default ['openai', 'anthropic', 'google', 'mistral', 'deepseek', 'xai', 'cohere']
   */
  readonly bareNamesOf?: readonly string[]
}

/**
 * Reads models.dev's `api.json`: prices per million tokens with context tiers, and the prices of modes that set a
 * `service_tier`. A model is listed as `provider/id`.
 *
 * The file has no prices for the long cache lifetime, no batch and no dates: requests that use the first are `unpriced`.
 * Left out: models without a price, and those that list 0 for everything (a subscription, or not known).
 *
 * @see https://models.dev, 2026-11
 * @throws {SluiceError} `config.prices` for data of another shape.
 */
export function readModelsDevPrices(data: unknown, options: ReadModelsDevOptions): PriceTable {
  const isShape = isObject(data) && Object.values(data).every((one) => isObject(one) && isObject(one.models))
  expectShape(isShape, 'readModelsDevPrices', 'an object of providers with models', data)
  const { bareNamesOf = ['openai', 'anthropic', 'google', 'mistral', 'deepseek', 'xai', 'cohere'] } = options
  const builder = new TableBuilder()
  const taken = new Set<string>()
  const providers = Object.entries(data as Record<string, Row>)
  const rank = (id: string): number => (bareNamesOf.includes(id) ? bareNamesOf.indexOf(id) : bareNamesOf.length)
  for (const [id, provider] of providers.toSorted(([a], [b]) => rank(a) - rank(b))) {
    for (const [name, row] of Object.entries(provider.models as Record<string, Row>)) {
      const model = isObject(row) ? modelOf(row) : 'no model'
      if (typeof model === 'string') builder.skip(`${id}/${name}`, model)
      else if (!bareNamesOf.includes(id) || taken.has(name)) builder.add(`${id}/${name}`, model)
      else {
        taken.add(name)
        builder.add(`${id}/${name}`, { aliases: [name], ...model })
      }
    }
  }
  return builder.table('models.dev', options)
}

function modelOf({ cost, experimental }: Row): ModelPrices | string {
  if (!isObject(cost)) return 'no price'
  const prices = pricesOf(cost, columns)
  if (!prices) return 'no price for tokens'
  if (isAllZero(prices)) return 'lists 0 for everything: a subscription, not known, or free'
  const longPrompts = longPromptsOf(cost)
  const serviceTiers: Record<string, { prices: Prices; longPrompts?: readonly LongPromptPrices[] }> = {}
  const modes = isObject(experimental) && isObject(experimental.modes) ? Object.values(experimental.modes) : []
  for (const mode of modes) {
    if (!isObject(mode) || !isObject(mode.cost) || !isObject(mode.provider) || !isObject(mode.provider.body)) continue
    const tier = mode.provider.body.service_tier
    const ofMode = pricesOf(mode.cost, columns)
    const long = longPromptsOf(mode.cost)
    if (typeof tier === 'string' && ofMode)
      serviceTiers[tier] = { prices: ofMode, ...(long.length > 0 && { longPrompts: long }) }
  }
  return {
    prices,
    ...(longPrompts.length > 0 && { longPrompts }),
    ...(Object.keys(serviceTiers).length > 0 && { serviceTiers }),
  }
}

function longPromptsOf(cost: Row): readonly LongPromptPrices[] {
  const steps: LongPromptPrices[] = []
  for (const step of Array.isArray(cost.tiers) ? cost.tiers : []) {
    const { size } = isObject(step) && isObject(step.tier) && step.tier.type === 'context' ? step.tier : {}
    const prices = isObject(step) ? pricesOf(step, columns) : undefined
    if (typeof size === 'number' && Number.isSafeInteger(size) && prices) steps.push({ aboveTokens: size, prices })
  }
  // The older form of the same, kept beside the tiers.
  const above200k = isObject(cost.context_over_200k) ? pricesOf(cost.context_over_200k, columns) : undefined
  if (steps.length === 0 && above200k) steps.push({ aboveTokens: 200_000, prices: above200k })
  return steps.toSorted((a, b) => a.aboveTokens - b.aboveTokens)
}
