import { isSluiceError, type Api, type ApiId, type EventOf } from '@sluice/core'

/** What a failed lead means for the others who wait for it. */
export interface Failure {
  /**
   * `ask`: the next one may have more luck. `ask_own`: nothing was sent, for a reason of the leader's own. `share`: it is
   * everybody's.
   */
  readonly others: 'ask' | 'ask_own' | 'share'
}

/** What was thrown by a lead, which had `sent` something or not. */
export function failureOf(error: unknown, wasSent: boolean): Failure {
  // A budget, a limit, a guard: the next caller may stand otherwise. What sheds load (503) does so for all.
  if (isSluiceError(error) && !wasSent && error.status < 500) return { others: 'ask_own' }
  return { others: isRetryableError(error) ? 'ask' : 'share' }
}

/** Whether another caller may have more luck with the same request, right now. */
export function isRetryableReply({ status, headers }: { readonly status: number; readonly headers: Headers }): boolean {
  const said = headers.get('x-should-retry')
  if (said === 'true' || said === 'false') return said === 'true'
  return isRetryableStatus(status)
}

/** As {@link isRetryableReply}, for what was thrown. A failure below HTTP always is: it is no word on the request. */
export function isRetryableError(error: unknown): boolean {
  return !isSluiceError(error) || isRetryableStatus(error.status)
}

function isRetryableStatus(status: number): boolean {
  return status === 408 || status === 429 || status >= 500
}

/** Errors that a stream begins with and that the same request would meet again. */
const lasting =
  /invalid|authentication|permission|billing|not_found|too_large|context_length|content_policy|unsupported/

/** Whether a stream that begins with this event has failed in a way that another try may not. */
export function isRetryableEvent<A extends ApiId>(api: Api<A>, event: EventOf<A>): boolean {
  const error = api.error(event)
  return error !== undefined && !lasting.test(`${error.code} ${error.type ?? ''}`)
}
