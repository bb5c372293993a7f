import type { Clock, JsonObject } from '@sluice/core'

/** A stored answer that might do for a prompt. */
export interface Candidate {
  readonly id: string
  /** Cosine of its prompt and the one that is asked, −1..1. */
  readonly similarity: number
  /** Candidates of one group have the same answer. */
  readonly group: string
  /** The prompt that it answered. */
  readonly prompt: string
  readonly answer: JsonObject
  /** The text of the answer's first choice; of tool calls their names and arguments as JSON. */
  readonly answerText: string
  /**
   * A veto or a rejection stands between it and the prompt: it is never served, and whoever decides may count it as evidence.
   * What is like the prompt and has another answer makes any answer less sure.
   */
  readonly isBarred: boolean
  /** The vetoes could not read one of the two prompts (not English, mostly code) and abstained. */
  readonly isUnread: boolean
}

export interface PolicyInput {
  /** The prompt that is asked. */
  readonly prompt: string
  /** Nearest first, at most {@link Policy.k}, at least one of them not barred. */
  readonly candidates: readonly Candidate[]
  /** Whether the vetoes abstained on any of them. A policy has to be stricter then. */
  readonly isUnread: boolean
  /** The share of wrong answers among hits that the owner of the tier allows, 0..1. */
  readonly maxFalseHitRate: number
  readonly clock: Clock
  readonly signal: AbortSignal | undefined
}

export interface PolicyDecision {
  /** Whether the candidate's answer is served. One that is barred is not, whatever this says. */
  readonly serves: boolean
  /** The one it is about, be it served or not: what the provider answers instead tells whether it would have been right. */
  readonly candidate: Candidate
  /** What it was decided by, by name: for `explain`, and for the policy itself when it learns the outcome. */
  readonly numbers: Readonly<Record<string, number>>
}

/** A decision whose outcome is known. */
export interface Outcome {
  readonly decision: PolicyDecision
  readonly isRight: boolean
  /** `miss`: not served, and the provider's answer compared; `audit`: served, and checked all the same; `rejection`: served, and somebody said no. */
  readonly source: 'miss' | 'audit' | 'rejection'
  readonly atMs: number
}

/**
 * Decides whether a candidate is served. Made by {@link consensus}, {@link calibrated}, {@link judge}, {@link verified} and
 * {@link threshold}, or your own: an object of this shape. One that learns is for one cache only.
 */
export interface Policy {
  /** For reports: `consensus`. */
  readonly id: string
  /** How many candidates it wants to see, a whole number of at least 1. */
  readonly k: number
  /** Below this cosine of the nearest neighbour it never serves: nothing is read then. @default −1 */
  readonly minSimilarity?: number
  /** Rejects or throws for a miss. */
  decide(input: PolicyInput): PolicyDecision | Promise<PolicyDecision>
  /** Learns an outcome. */
  learn?(outcome: Outcome): void
  /** The tier found that its hits have become wrong too often: what was learned before no longer holds. */
  distrust?(): void
  /** Whether the answer to a prompt that missed is to be a candidate itself; `isRight` as in {@link Outcome}, where known. @default always */
  admits?(isRight: boolean | undefined): boolean
}
