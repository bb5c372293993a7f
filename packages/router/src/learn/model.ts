import type { Interval } from './bootstrap.ts'
import type { EncodedFit } from './fit/encoded-fit.ts'

/** What a head looks at. */
export type Seen = 'prompt' | 'label' | 'answer'

/** What was learned from outcomes: plain JSON, to be stored and loaded as it is. Made by {@link learnRouting}. */
export interface RoutingModel {
  readonly kind: 'sluice.routing-model'
  readonly version: 1
  /** When it was learned. */
  readonly learnedAtMs: number
  readonly outcomes: {
    /** Learned from. */
    readonly used: number
    /** Left out since a model was missing. */
    readonly incomplete: number
    /** Of those used, with a label. */
    readonly labelled: number
    /** Of those used, with an answer of {@link RoutingModel.answerOf}. */
    readonly answered: number
  }
  readonly targets: readonly {
    readonly id: string
    readonly meanScore: number
    /** Absent where not every outcome has a cost. */
    readonly meanCostUsd?: number
  }[]
  /** The target whose answer the heads that see an answer were trained on. */
  readonly answerOf?: string
  /** The confidence of all intervals in the model. */
  readonly confidence: number
  /** One for each combination of what can be seen, from the least to the most. */
  readonly heads: readonly RoutingHead[]
}

/** How the expected scores are found when certain things are seen. */
export interface RoutingHead {
  readonly sees: readonly Seen[]
  /**
   * `head`: ridge regression on hashed words and surface, labels included where seen; `table`: average by label, shrunk;
   * `clusters`: the same by cluster of prompts; `none`: no signal was found, every prompt gets the average.
   */
  readonly method: 'head' | 'table' | 'clusters' | 'none'
  /** Why that method: what the others showed. */
  readonly why: string
  /** Held-out: by nested cross-validation, on rows that neither training nor the choice of the method saw. */
  readonly targets: readonly TargetSignal[]
  /** Held-out, for every two targets, the one with the lower average score as `weak`. */
  readonly pairs: readonly PairSignal[]
  readonly fit?: EncodedFit
}

/** What is known about one target beside the others. */
export interface TargetSignal {
  readonly id: string
  /**
   * How much better than at random the head orders prompts by this target's advantage over the average of all: mean score
   * won, averaged over all shares of prompts sent to it. For two targets it is above 0 exactly where APGR is above 0.5.
   */
  readonly lift: number
  readonly interval: Interval
  /**
   * Whether scores of this target vary with the prompt; otherwise it gets its average. For a learned head the interval must
   * lie above 0, for a table the one of 68 % confidence.
   */
  readonly used: boolean
}

export interface PairSignal {
  readonly weak: string
  readonly strong: string
  /** NaN is written as null: there is no gap between the two. */
  readonly apgr: number | null
  readonly low: number | null
  readonly high: number | null
}
