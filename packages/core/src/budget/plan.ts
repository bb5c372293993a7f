import type { Api, ApiId, RequestOf } from '../api/api.ts'
import type { JsonObject } from '../json.ts'
import { estimateRequest } from '../tokens/estimate-request.ts'
import { CallPrice, inputMetersOf } from './call-price.ts'
import { outputLimitOf } from './output-limit.ts'
import type { BudgetSettings } from './budget-options.ts'

/** What a request is expected to take, before it is sent. */
export interface Plan {
  readonly model: string
  /** Names the route whose answers are learned from. */
  readonly route: string
  readonly inputTokens: number
  /** Output that is reserved for, all choices together. */
  readonly outputTokens: number
  /** The most that the request allows; `undefined` where it does not say. */
  readonly maxOutputTokens: number | undefined
  readonly choices: number
  readonly hasOutput: boolean
  readonly price: CallPrice
  readonly serviceTier: string | undefined
}

/** @throws {SluiceError} `budget.unpriced`. */
export function planOf<A extends ApiId>(settings: BudgetSettings, api: Api<A>, request: RequestOf<A>): Plan {
  const { prices, clock, inputBound, quantiles, expectedOutputTokens, reserve } = settings
  const model = api.model(request)
  const { inputTokens } = estimateRequest(api, request, { bound: inputBound, model })
  const { maxTokens, choices, hasOutput } = outputLimitOf(api, request)
  const route = `${api.id} ${model}`
  const most = maxTokens === undefined ? undefined : maxTokens * choices
  const learned = quantiles.quantile(route, 0.95) ?? expectedOutputTokens * choices
  const outputTokens = reserve === 'worst' && most !== undefined ? most : Math.min(learned, most ?? Infinity)
  const body: JsonObject = request
  const serviceTier = typeof body['service_tier'] === 'string' ? body['service_tier'] : undefined
  const of = { model, atMs: clock.now(), serviceTier }
  const price = new CallPrice(prices, of, { inputTokens, outputTokens }, inputMetersOf(api.id, body))
  return { model, route, inputTokens, outputTokens, maxOutputTokens: most, choices, hasOutput, price, serviceTier }
}
