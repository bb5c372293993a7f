import type { RunCase } from './case.ts'

/** What a target is told beside the case. */
export interface TargetContext<Input = unknown, Expected = unknown> {
  readonly case: RunCase<Input, Expected>
  /** Which repeat it is, from 0. Different trials are never answered from the run's cache by one another. */
  readonly trial: number
  readonly signal: AbortSignal
}

/**
 * What is evaluated: it answers the input of a case. Calls of clients wrapped with `sluice` inside it are seen by the run:
 * their tokens, cost, latency and tool calls are recorded.
 */
export type EvalTarget<Input = unknown, Output = unknown, Expected = unknown> = (
  input: Input,
  context: TargetContext<Input, Expected>,
) => Output | Promise<Output>
