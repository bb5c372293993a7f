import type { AnswerView, CallContext, Cost } from '@sluice/core'

/** A call of production as a monitor saw it end. */
export interface SeenCall {
  readonly id: string
  /** The whole request in the provider's JSON. */
  readonly request: unknown
  /** The text that the model was sent, last message last. */
  readonly input: string
  /** The whole answer in the provider's JSON. */
  readonly output: unknown
  readonly text: string
  readonly answer: AnswerView | undefined
  readonly model: string
  readonly context: CallContext
  readonly latencyMs: number
  readonly inputTokens: number | undefined
  readonly outputTokens: number | undefined
  readonly cost: Cost | undefined
  readonly endedAtMs: number
}
