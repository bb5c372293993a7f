export {
  countRequest,
  countTokens,
  isWithinTokens,
  preloadEncoding,
  truncateTokens,
  type RequestCount,
} from './count.ts'
export { tokenCounter, type TokenCounter } from './counter.ts'
export { encodingOf, type EncodingName, type ModelEncoding } from './encoding-of.ts'
export { estimateTokens, type EstimateBound, type EstimateOptions } from './estimate.ts'
export { estimateRequest, type RequestTokens } from './estimate-request.ts'
export {
  exactCounter,
  type AnthropicCountClient,
  type ExactCount,
  type ExactCounter,
  type ExactCounterOptions,
  type OpenAiCountClient,
  type VllmCountServer,
} from './exact/exact-counter.ts'
export { calibrate } from './learn/calibrate.ts'
export {
  createTokenEstimator,
  type LearntEstimate,
  type LearntRatios,
  type TokenEstimator,
  type TokenEstimatorOptions,
} from './learn/estimator.ts'
export type { TokenKind } from './learn/ratios.ts'
export type { DroppedMessages, TrimOptions } from './trim/options.ts'
export { trimMessages, type Trimmed } from './trim/trim-messages.ts'
