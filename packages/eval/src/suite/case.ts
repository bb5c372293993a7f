/** One thing to try. `Input` is whatever the target takes. */
export interface EvalCase<Input = unknown, Expected = unknown> {
  /** Unique in its suite and stable over time: results are compared by it. @default a digest of input and expected */
  readonly id?: string
  readonly input: Input
  /** What a good answer is or has, for the scorers that compare. */
  readonly expected?: Expected
  /** What a good answer does, for judges, each one yes-or-no. */
  readonly criteria?: readonly string[]
  readonly tags?: readonly string[]
  /** Cases of one cluster depend on each other (questions on one document, turns of one conversation). @default its own */
  readonly cluster?: string
}

/** A case as a run sees it: with its id and cluster. */
export interface RunCase<Input = unknown, Expected = unknown> extends EvalCase<Input, Expected> {
  readonly id: string
  readonly cluster: string
}

/** Where cases come from. Functions are called once a run. */
export type CaseSource<Input = unknown, Expected = unknown> =
  | Iterable<EvalCase<Input, Expected>>
  | AsyncIterable<EvalCase<Input, Expected>>
  | (() =>
      | Iterable<EvalCase<Input, Expected>>
      | AsyncIterable<EvalCase<Input, Expected>>
      | Promise<Iterable<EvalCase<Input, Expected>>>)
