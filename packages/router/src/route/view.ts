import type { Pricer } from '@sluice/core'
import type { Target } from '../target/target.ts'

/** A target with what its router knows of it, as strategies see it. */
export interface TargetView {
  readonly target: Target
  readonly price: Pricer | undefined
  /** Peak-EWMA latency × (calls in flight + 1), in milliseconds: lower is better. */
  load(nowMs: number): number
  /** Of its answers so far, the mean number of output tokens; `undefined` before there are any. */
  readonly outputTokens: number | undefined
}
