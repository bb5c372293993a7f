import { backoffMs, longestWaitMs } from './engine/backoff.ts'
import { classify } from './engine/error-table.ts'
import { retryAfterMs } from './retry-after.ts'

/** How often and after how long to try again. */
export interface RetryPolicy {
  /** Tries after the first. */
  readonly maxRetries: number
  /** The wait before the first retry where the provider names none; it doubles with every further one. */
  readonly initialDelayMs: number
  /** The longest wait where the provider names none. */
  readonly maxDelayMs: number
  /** `full` draws each wait from 0 to its length, so that many callers do not come back at once; `none` waits it out. */
  readonly jitter: 'full' | 'none'
}

/** How a try failed. */
export type CallFailure =
  /** A response with an error status. `code` is the provider's, where it is known. */
  | { readonly kind: 'http'; readonly status: number; readonly headers: Headers; readonly code?: string | undefined }
  /** No response: the connection could not be made, or broke. */
  | { readonly kind: 'connection' }
  /** A response with status 200 that broke off before any of its content, or is not what it says it is. */
  | { readonly kind: 'broken' }
  /** An error in a response with status 200, before any content. */
  | { readonly kind: 'error'; readonly code: string; readonly type: string | undefined }

/** What there is to know when a try has failed. */
export interface RetryState {
  readonly policy: RetryPolicy
  /** Retries made so far for this call. */
  readonly retries: number
  /** Unix milliseconds. */
  readonly nowMs: number
  /** When the caller stops waiting, Unix milliseconds. */
  readonly deadlineAtMs?: number | undefined
  /** 0 ≤ x < 1. @default Math.random */
  readonly random?: (() => number) | undefined
}

/** Why there is no further try. */
export type RetryStop =
  /** Another try would fail the same way. */
  | 'not_retryable'
  /** The account has nothing left: waiting does not help. */
  | 'quota'
  /** The provider said so: `x-should-retry: false`. */
  | 'refused'
  | 'max_retries'
  /** The wait would end after the deadline. */
  | 'deadline'

export type RetryDecision =
  /** `reason` is what failed: `http_503`, `connection`, `broken_answer`, `error_in_answer`. */
  | { readonly retry: true; readonly reason: string; readonly delayMs: number }
  | { readonly retry: false; readonly reason: string; readonly because: RetryStop }

/**
 * Whether to try a failed call again, and after how long.
 *
 * Tried again: HTTP 408, 409, 429 (unless the quota is exhausted) and 5xx, broken connections and answers, and errors in
 * an answer that are not the request's fault. `x-should-retry` has the last word. A wait that the provider asks for is
 * kept, however long, but no wait goes beyond the deadline: then there is no retry.
 */
export function retryDecision(failure: CallFailure, state: RetryState): RetryDecision {
  const { policy, retries, nowMs, deadlineAtMs = Infinity, random = Math.random } = state
  const reason = reasonOf(failure)
  const stop = (because: RetryStop): RetryDecision => ({ retry: false, reason, because })
  const objection = objectionTo(failure)
  if (objection) return stop(objection)
  if (retries >= policy.maxRetries) return stop('max_retries')
  const asked = failure.kind === 'http' ? retryAfterMs(failure.headers, nowMs) : undefined
  const delayMs = Math.round(asked ?? backoffMs(policy, retries, random))
  return nowMs + delayMs >= deadlineAtMs || delayMs > longestWaitMs
    ? stop('deadline')
    : { retry: true, reason, delayMs }
}

function objectionTo(failure: CallFailure): RetryStop | undefined {
  const verdict = failure.kind === 'http' ? failure.headers.get('x-should-retry') : undefined
  if (verdict === 'true') return undefined
  if (verdict === 'false') return 'refused'
  const rule = classify(failure.kind === 'error' ? { ...failure, kind: 'answer' } : failure)
  if (rule.action === 'retry') return undefined
  return rule.class === 'quota' ? 'quota' : 'not_retryable'
}

function reasonOf(failure: CallFailure): string {
  if (failure.kind === 'http') return `http_${failure.status}`
  return { connection: 'connection', broken: 'broken_answer', error: 'error_in_answer' }[failure.kind]
}
