import type { ApiId } from '../../api/api.ts'
import type { Call } from '../../call.ts'
import { SluiceError } from '../../errors.ts'
import { inputTokens, type Usage } from '../../usage.ts'
import { checkText, weighed } from '../estimate.ts'
import { scanShape } from '../estimate-request.ts'
import { LeastRecent } from '../least-recent.ts'
import { checkRequest } from '../request-check.ts'
import { definitionFactor, modelOf, requestShape, type RequestShape } from '../request-shape.ts'
import { scanTokens, type TokenScan } from '../scan.ts'
import { kinds, TokenRatios, type TokenKind } from './ratios.ts'

export interface TokenEstimatorOptions {
  /** Models that are learnt about; beyond, the one not used for longest is forgotten. 1 or more. @default 200 */
  readonly maxModels?: number
}

export interface LearntEstimate {
  /** The expected input tokens, whole and ≥ 0. */
  readonly inputTokens: number
  /** Above the real count in 95 of 100 calls like the last 64; a quarter more than expected until eight are known. */
  readonly upperTokens: number
  /** Calls of this model that the estimate has been learnt from. */
  readonly calls: number
  /** Fields that add input which is not in the request, as in `RequestTokens`. */
  readonly unseen: readonly string[]
}

/** What is known of one model. */
export interface LearntRatios {
  readonly calls: number
  /** Real tokens for one estimated, by what they are spent on. */
  readonly ratios: Readonly<Record<TokenKind, number>>
  /** 95th percentile of real / estimate over the last 64 calls; `undefined` before eight. */
  readonly errorP95: number | undefined
}

export interface TokenEstimator {
  /** @throws {SluiceError} `tokens.input` when the request is not an object. */
  estimate<A extends ApiId>(call: Pick<Call<A>, 'api' | 'request'>): LearntEstimate
  /** The expected tokens of a text for a model. */
  estimateText(text: string, model: string): number
  /**
   * Takes in what a call really had: its usage, or its input tokens. Calls whose input is not all in the request
   * (`previous_response_id`), and calls of 0 tokens, teach nothing.
   *
   * @throws {SluiceError} `tokens.input` for a number that is not one of tokens.
   */
  learn<A extends ApiId>(call: Pick<Call<A>, 'api' | 'request'>, real: Usage | number): void
  /** What was learnt about a model, for metrics; `undefined` before its first call. */
  learnt(model: string): LearntRatios | undefined
}

/**
 * Estimates that get better with every call: keeps for each model, by script (Latin, Chinese and Japanese and Korean,
 * others), symbols, message overhead and images, how many tokens the provider really counted for one estimated. After
 * about 20 calls it is within a few percent for any tokenizer: Claude's, Gemini's, Llama's. About 1 kB a model; needs no
 * encoder. Lives in this process: others learn for themselves.
 *
 * @throws {SluiceError} `config.option`.
 *
 * @example
 * import OpenAI from 'openai'
 * import { sluice } from '@sluice/core'
 * import { calibrate, createTokenEstimator } from '@sluice/core/tokens'
 *
 * const estimator = createTokenEstimator()
 * const openai = sluice(new OpenAI(), [calibrate(estimator)]) // learns from every answer that has usage
 */
export function createTokenEstimator(options: TokenEstimatorOptions = {}): TokenEstimator {
  const models = new LeastRecent<string, TokenRatios>(checkedModels(options))
  const ratiosOf = (model: string): TokenRatios => {
    let ratios = models.get(model)
    if (!ratios) models.set(model, (ratios = new TokenRatios()))
    return ratios
  }
  const shapeOf = <A extends ApiId>({ api, request }: Pick<Call<A>, 'api' | 'request'>, of: string) => {
    checkRequest(request, of)
    const shape = requestShape(api, request)
    const model = modelOf(api, request)
    return { model, shape, amounts: amountsOf(shape, model) }
  }

  return {
    estimate(call) {
      const { model, shape, amounts } = shapeOf(call, 'estimate()')
      const ratios = models.get(model)
      const expected = Math.max(0, ratios ? ratios.predict(amounts) : sum(amounts))
      const above = Math.max(1, ratios?.errorQuantile(0.95) ?? 1.25)
      return {
        inputTokens: Math.ceil(expected - 1e-9),
        upperTokens: Math.ceil(expected * above + 2),
        calls: ratios?.calls ?? 0,
        unseen: shape.unseen,
      }
    },
    estimateText(text, model) {
      checkText(text, 'estimateText()')
      const amounts = amountsOfScan(weighed(scanTokens(text), model))
      return Math.max(0, Math.ceil((models.get(model)?.predict(amounts) ?? sum(amounts)) - 1e-9))
    },
    learn(call, real) {
      const tokens = typeof real === 'number' ? real : inputTokens(real)
      if (!(Number.isFinite(tokens) && tokens >= 0))
        throw new SluiceError({
          code: 'tokens.input',
          message: `The real tokens given to learn() must be a number of at least 0, got ${String(tokens)}.`,
        })
      const { model, shape, amounts } = shapeOf(call, 'learn()')
      if (tokens > 0 && shape.unseen.length === 0) ratiosOf(model).learn(amounts, tokens)
    },
    learnt(model) {
      const ratios = models.get(model)
      if (!ratios) return undefined
      const byKind = Object.fromEntries(kinds.map((kind, at) => [kind, ratios.ratios[at] ?? 1]))
      return {
        calls: ratios.calls,
        ratios: byKind as Record<TokenKind, number>,
        errorP95: ratios.errorQuantile(0.95),
      }
    },
  }
}

function amountsOf(shape: RequestShape, model: string): Float64Array {
  const { text, tools } = scanShape(shape)
  const all: TokenScan = { ...text }
  for (const kind of ['latin', 'symbols', 'cjk', 'other'] as const) all[kind] += tools[kind] * definitionFactor
  const amounts = amountsOfScan(weighed(all, model))
  amounts[kinds.indexOf('overhead')] = shape.overheadTokens
  amounts[kinds.indexOf('media')] = shape.mediaTokens
  return amounts
}

function amountsOfScan(scan: TokenScan): Float64Array {
  return Float64Array.of(scan.latin, scan.symbols, scan.cjk, scan.other, 0, 0)
}

function sum(amounts: Float64Array): number {
  return amounts.reduce((all, one) => all + one, 0)
}

function checkedModels(options: TokenEstimatorOptions): number {
  const { maxModels = 200, ...unknown } = options
  for (const name of Object.keys(unknown))
    throw new SluiceError({
      code: 'config.option',
      message: `createTokenEstimator() has no option "${name}". The option is maxModels.`,
    })
  if (Number.isSafeInteger(maxModels) && maxModels >= 1) return maxModels
  throw new SluiceError({
    code: 'config.option',
    message: `maxModels of createTokenEstimator() must be a whole number of at least 1, got ${String(maxModels)}.`,
  })
}
