import type { ApiId } from '../api/api.ts'
import { SluiceError } from '../errors.ts'
import { isObject, type JsonObject } from '../json.ts'
import type { PricedUsage, PriceOf, Unpriced } from '../prices/index.ts'
import type { Usage } from '../usage.ts'

/** What a budget prices with: a price book. */
export interface BudgetPrices {
  readonly costOf: (usage: Usage, of: PriceOf) => PricedUsage | Unpriced
  /** The most that tokens of an unknown model cost; `undefined` where there is no such figure. */
  readonly ceilingOf: (usage: Usage) => { readonly nanoUsd: number } | undefined
}

/**
 * What tokens cost, in nano-dollars: by the price of the model, else by the ceiling of the book.
 *
 * @throws {SluiceError} `budget.unpriced` where there is neither: unknown is never free.
 */
export function costOf(prices: BudgetPrices, usage: Usage, of: PriceOf): number {
  const priced = prices.costOf(usage, of)
  if (!('unpriced' in priced)) return priced.nanoUsd
  const ceiling = prices.ceilingOf(usage)
  if (ceiling) return ceiling.nanoUsd
  throw new SluiceError({
    code: 'budget.unpriced',
    message:
      `A budget cannot hold this call: ${priced.unpriced}. Add it to the sources of createPriceBook(), or give the book a ` +
      'ceiling for models it does not know.',
    details: { model: of.model },
  })
}

/** What one request costs by the length of its answer, at most. */
export class CallPrice {
  readonly #prices: BudgetPrices
  readonly #of: PriceOf
  readonly #inputTokens: number
  readonly #meter: InputMeter

  /** What it costs with the output that is expected. */
  readonly expectedNanoUsd: number

  constructor(
    prices: BudgetPrices,
    of: PriceOf,
    expected: { readonly inputTokens: number; readonly outputTokens: number },
    meters: readonly InputMeter[],
  ) {
    this.#prices = prices
    this.#of = of
    // Which of these the input will be is known when the answer comes: the dearest is held.
    let dearest = -1
    let dearestMeter: InputMeter = 'fresh'
    for (const meter of meters) {
      const cost = costOf(prices, usageWith(meter, expected.inputTokens, expected.outputTokens), of)
      if (cost > dearest) [dearest, dearestMeter] = [cost, meter]
    }
    this.#inputTokens = expected.inputTokens
    this.#meter = dearestMeter
    this.expectedNanoUsd = dearest
  }

  /** Nano-dollars for the input and so many tokens of output. */
  at(outputTokens: number): number {
    return costOf(this.#prices, usageWith(this.#meter, this.#inputTokens, outputTokens), this.#of)
  }

  /** The most output, up to `mostTokens`, that an amount pays for; -1 when it does not pay for the input. */
  affordable(nanoUsd: number, mostTokens: number): number {
    if (this.at(mostTokens) <= nanoUsd) return mostTokens
    let [enough, tooMany] = [-1, mostTokens]
    while (tooMany - enough > 1) {
      const middle = Math.floor((enough + tooMany) / 2)
      if (this.at(middle) <= nanoUsd) enough = middle
      else tooMany = middle
    }
    return enough
  }
}

/** What input may be counted as. */
export type InputMeter = 'fresh' | 'cacheWrite5m' | 'cacheWrite1h'

function usageWith(meter: InputMeter, input: number, output: number): Usage {
  return {
    fresh: meter === 'fresh' ? input : 0,
    cacheRead: 0,
    cacheWrite5m: meter === 'cacheWrite5m' ? input : 0,
    cacheWrite1h: meter === 'cacheWrite1h' ? input : 0,
    audioInput: 0,
    imageInput: 0,
    output,
    audioOutput: 0,
    imageOutput: 0,
    reasoning: 0,
  }
}

const plain: readonly InputMeter[] = ['fresh']
const writing: readonly InputMeter[] = ['fresh', 'cacheWrite5m']

/** OpenAI writes to its cache by itself, Anthropic where it is told to. */
export function inputMetersOf(api: ApiId, request: JsonObject): readonly InputMeter[] {
  if (api !== 'anthropic.messages') return api === 'openai.embeddings' ? plain : writing
  const ttls = new Set<unknown>()
  marks(request, ttls)
  const { system, messages, tools } = request
  for (const list of [system, messages, tools]) if (Array.isArray(list)) for (const item of list) marks(item, ttls)
  if (ttls.size === 0) return plain
  return ttls.has('1h') ? [...writing, 'cacheWrite1h'] : writing
}

function marks(item: unknown, ttls: Set<unknown>): void {
  if (!isObject(item)) return
  const { cache_control: control, content } = item
  if (isObject(control)) ttls.add(control['ttl'] ?? '5m')
  if (Array.isArray(content)) for (const block of content) marks(block, ttls)
}
