import type { LimitRule } from './rule.ts'

/** What a call asks of the limits of one subject. */
export interface LimitAsk {
  /** Whose limits these are: not empty. */
  readonly subject: string
  /** Unique per call: the holder of a place among concurrent calls. */
  readonly id: string
  readonly rules: readonly LimitRule[]
  /** What the call takes of each rule: whole and ≥ 0, in the order of `rules`. */
  readonly costs: readonly number[]
}

/** How one rule stands. */
export interface RuleState {
  /** What can be taken now; after a take, without what it took. */
  readonly left: number
  /** Milliseconds until what was asked for fits; 0 when it does, `Infinity` when it never will. */
  readonly waitMs: number
  /** Milliseconds until the limit is untouched again, if nothing more is taken. */
  readonly fullInMs: number
}

export interface LimitAnswer {
  /** Everything was taken, or nothing was. */
  readonly taken: boolean
  /** The store's clock, Unix microseconds: what `settle` has to be told. */
  readonly atUs: number
  /** In the order of `rules`. */
  readonly states: readonly RuleState[]
}

/** What became of a take. */
export interface LimitChange {
  readonly subject: string
  readonly id: string
  readonly rules: readonly LimitRule[]
  /** What to add to (> 0) or give back of (< 0) each rule: whole numbers. Ignored for concurrency. */
  readonly deltas: readonly number[]
  /** `atUs` of the take. */
  readonly takenAtUs: number
}

/**
 * Where usage is counted. Each method is one atomic step for all rules, by the clock of the store; what is refused
 * changes nothing. A subject keeps its usage when the figures of a rule change.
 */
export interface LimitStore {
  /** Takes all costs, or none. */
  take(ask: LimitAsk): Promise<LimitAnswer>
  /** Says what `take` would, and takes nothing. */
  check(ask: LimitAsk): Promise<LimitAnswer>
  /**
   * Corrects a take and ends its lease. Charges are always made, above the limit too. What is given back never makes more
   * room than there would be if it had not been taken in the first place: what has drained since stays drained.
   */
  settle(change: LimitChange): Promise<void>
  /** Prolongs the lease of a take that is still under way; one that has run out stays lost. */
  renew(ask: Pick<LimitAsk, 'subject' | 'id' | 'rules'>): Promise<void>
}
