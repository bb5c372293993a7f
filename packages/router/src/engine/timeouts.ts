import { SluiceError } from '@sluice/core'

/** How long a target may take, in milliseconds. `Infinity` sets no limit. */
export interface Timeouts {
  /** Of a stream: until the response head. @default 15_000 */
  readonly connectMs: number
  /** Of a stream: until its first content, from the start of the try. Reasoning models think before they speak. @default 60_000 */
  readonly firstTokenMs: number
  /** Of a stream: between two events, while the application waits for one. @default 30_000 */
  readonly betweenTokensMs: number
  /** Of a whole answer: until it is there. @default 120_000 */
  readonly attemptMs: number
  /**
   * Of everything: all tries and waits until the answer begins (a stream) or is there. The call's own deadline
   * (`context.deadlineAtMs`, the SDK's `timeout`) holds as well. @default Infinity
   */
  readonly totalMs: number
}

export const defaultTimeouts: Timeouts = {
  connectMs: 15_000,
  firstTokenMs: 60_000,
  betweenTokensMs: 30_000,
  attemptMs: 120_000,
  totalMs: Infinity,
}

/** Which limit a target went over. */
export type TimeoutName = 'connect' | 'first_token' | 'between_tokens' | 'attempt' | 'total'

/** Raised when a target took longer than it may; the application sees it when there was no other target to ask. */
export class TargetTimeoutError extends SluiceError {
  readonly limit: TimeoutName
  readonly target: string

  constructor(limit: TimeoutName, target: string, ms: number) {
    super({
      code: 'route.timeout',
      message:
        `Target "${target}" went over the ${limit.replaceAll('_', '-')} limit of ${Math.round(ms)} ms, and no other target ` +
        "answered. Raise the router's `timeouts`, the call's deadline, or add targets.",
      details: { limit, target, ms: Math.round(ms) },
      status: 504,
    })
    this.limit = limit
    this.target = target
  }
}
