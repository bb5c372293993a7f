export { retry, type RetryOptions } from './retry.ts'
export { retryAfterMs } from './retry-after.ts'
export {
  retryDecision,
  type CallFailure,
  type RetryDecision,
  type RetryPolicy,
  type RetryState,
  type RetryStop,
} from './retry-decision.ts'
