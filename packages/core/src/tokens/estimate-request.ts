import type { Api, ApiId, RequestOf } from '../api/api.ts'
import {
  boundedScan,
  checkEstimate,
  utf8Length,
  weighed,
  type EstimateBound,
  type EstimateOptions,
} from './estimate.ts'
import { checkRequest } from './request-check.ts'
import { definitionFactor, modelOf, requestShape, type RequestShape } from './request-shape.ts'
import { emptyScan, scanTokens, type TokenScan } from './scan.ts'

/** The input tokens of a request, by what they are spent on. All are whole and ≥ 0. */
export interface RequestTokens {
  readonly inputTokens: number
  readonly byPart: {
    /** Messages: text, tool calls, tool results, names. */
    readonly text: number
    /** Definitions of tools and the schema of the answer. */
    readonly tools: number
    /** Images, audio and files, by the published recipes. */
    readonly media: number
    /** What the provider puts around messages, tool calls and tools. */
    readonly overhead: number
  }
  /**
   * Fields of the request that add input which is not in it: `previous_response_id`, a stored prompt. Where there are
   * any, the figure is a lower bound.
   */
  readonly unseen: readonly string[]
}

/**
 * The input tokens of a request without an encoder: text as {@link estimateTokens} has it, tools as JSON, images by the
 * published recipes from the size in their header (one that cannot be read counts as 1024 × 1024 px), overheads a message.
 *
 * Takes a few microseconds for a kilobyte. Makes no difference between cached and fresh input.
 *
 * @throws {SluiceError} `tokens.input` when the request is not an object; `config.option` for an unknown option.
 *
 * @example
 * import type { Middleware } from '@sluice/core'
 * import { estimateRequest } from '@sluice/core/tokens'
 *
 * const logged: Middleware = (call, next) => {
 *   console.log(estimateRequest(call.api, call.request).inputTokens)
 *   return next(call)
 * }
 */
export function estimateRequest<A extends ApiId>(
  api: Api<A>,
  request: RequestOf<A>,
  options: EstimateOptions = {},
): RequestTokens {
  checkRequest(request, 'estimateRequest()')
  const { bound, model = modelOf(api, request) } = checkEstimate(options, 'estimateRequest()')
  return estimateShape(requestShape(api, request), bound, model)
}

function estimateShape(shape: RequestShape, bound: EstimateBound, model: string): RequestTokens {
  const bytes = { text: 0, tools: 0 }
  if (bound !== 'expected') {
    for (const part of shape.texts) bytes.text += utf8Length(part.text)
    for (const name of shape.names) bytes.text += utf8Length(name)
    bytes.tools = utf8Length(shape.definitions)
  }
  const scans = scanShape(shape)
  const text = boundedScan(weighed(scans.text, model), bound, bytes.text)
  const tools = boundedScan(weighed(scans.tools, model), bound, bytes.tools)
  return tokensOf(shape, text, tools)
}

/** The scans of what is said and of what is defined. */
export function scanShape(shape: RequestShape): { text: TokenScan; tools: TokenScan } {
  const text = emptyScan()
  for (const part of shape.texts) scanTokens(part.text, text)
  for (const name of shape.names) scanTokens(name, text)
  return { text, tools: scanTokens(shape.definitions) }
}

/** The tokens of a request whose text and whose definitions, as JSON, count so many. */
export function tokensOf(shape: RequestShape, text: number, definitions: number): RequestTokens {
  const tools = Math.ceil(definitions * definitionFactor)
  const { mediaTokens: media, overheadTokens: overhead, unseen } = shape
  return { inputTokens: text + tools + media + overhead, byPart: { text, tools, media, overhead }, unseen }
}
