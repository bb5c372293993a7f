import type { Outcome, Policy } from '../policy.ts'
import { certifiedScore, type ScoredTrial } from '../statistics/certified-score.ts'
import { checked } from './checked.ts'
import { evidenceOf } from './evidence.ts'

export interface CalibratedOptions {
  /** The share of wrong answers among hits that is aimed at, above 0 and at most 0.5. @default that of the tier */
  readonly maxFalseHitRate?: number
  /** How sure it has to be that the share is met, above 0 and below 1. @default 0.95 */
  readonly confidence?: number
  /** How many outcomes it goes by, the last ones; at least 1. @default 20_000 */
  readonly maxTrials?: number
  /** Outcomes from before, as {@link CalibratedPolicy.trials} told them, so that a new process begins where another ended. @default none */
  readonly trials?: readonly CalibratedTrial[]
}

/** An outcome that was learned from: JSON data. */
export interface CalibratedTrial extends ScoredTrial {
  /** The vetoes could not read the prompts: such have a threshold of their own. */
  readonly isUnread: boolean
}

export interface CalibratedPolicy extends Policy {
  /** What it has learned from, oldest first: keep it and hand it to the next process. */
  trials(): readonly CalibratedTrial[]
}

/** How many new outcomes it takes to calibrate anew, at the least, and as a share of all. */
const leastNew = 20
const shareNew = 0.05

/**
 * Serves from a score on that it has learned itself: the lowest one such that of the hits above it no more than
 * `maxFalseHitRate` are wrong, by a one-sided upper bound. The score is the nearest answer's share in the votes of its
 * neighbours (see {@link consensus}): likeness and agreement in one number.
 *
 * It learns from every miss with a near neighbour, whose answer the provider then gives anyhow, and from audits of hits.
 * Until it has seen enough it serves nothing: for 1 % at least 299 would-be hits without an error. A wrong hit makes it
 * calibrate anew at once. The bound holds each time it is calibrated and for traffic like that of the last outcomes; for what
 * changes there are the audits, and when those trip the tier, everything learned is forgotten.
 *
 * Answers in prose need `sameAnswer` of the tier: what nobody can compare teaches nothing.
 *
 * @throws {SluiceError} `config.option` at construction.
 */
export function calibrated(options: CalibratedOptions = {}): CalibratedPolicy {
  const {
    maxFalseHitRate,
    confidence = 0.95,
    maxTrials = 20_000,
    trials = [],
  } = checked('calibrated', options, {
    maxFalseHitRate: 'risk',
    confidence: 'share',
    maxTrials: 'count',
    trials: 'any',
  })
  const kinds = { read: new Calibration(maxTrials, confidence), unread: new Calibration(maxTrials, confidence) }
  for (const trial of trials) kinds[trial.isUnread ? 'unread' : 'read'].add(trial)
  return {
    id: 'calibrated',
    k: 10,
    decide({ candidates, isUnread, maxFalseHitRate: ofTier }) {
      const { candidate, share: score } = evidenceOf(candidates)
      const kind = kinds[isUnread ? 'unread' : 'read']
      const scoreNeeded = kind.scoreNeeded(maxFalseHitRate ?? ofTier)
      const { similarity } = candidate
      return {
        serves: scoreNeeded !== undefined && score >= scoreNeeded,
        candidate,
        numbers: {
          similarity,
          score,
          ...(scoreNeeded !== undefined && { scoreNeeded }),
          trials: kind.trials.length,
          ...(isUnread && { unread: 1 }),
        },
      }
    },
    learn({ decision: { numbers, serves }, isRight }: Outcome) {
      const { score, unread } = numbers
      if (score === undefined) return
      kinds[unread ? 'unread' : 'read'].add({ score, isRight }, serves && !isRight)
    },
    distrust() {
      for (const kind of Object.values(kinds)) kind.clear()
    },
    trials: () => [
      ...kinds.read.trials.map((trial) => ({ ...trial, isUnread: false })),
      ...kinds.unread.trials.map((trial) => ({ ...trial, isUnread: true })),
    ],
  }
}

/** Outcomes, and the score that they certify. */
class Calibration {
  trials: ScoredTrial[] = []
  readonly #maxTrials: number
  readonly #confidence: number
  #fresh = Number.POSITIVE_INFINITY
  #score: number | undefined

  constructor(maxTrials: number, confidence: number) {
    this.#maxTrials = maxTrials
    this.#confidence = confidence
  }

  add({ score, isRight }: ScoredTrial, isAlarming = false): void {
    this.trials.push({ score, isRight })
    this.#fresh += isAlarming ? Number.POSITIVE_INFINITY : 1
    // Cut rarely: a shift each time would move them all.
    if (this.trials.length > this.#maxTrials * 1.1) this.trials = this.trials.slice(-this.#maxTrials)
  }

  clear(): void {
    this.trials = []
    this.#score = undefined
    this.#fresh = 0
  }

  scoreNeeded(allowed: number): number | undefined {
    if (this.#fresh < Math.max(leastNew, shareNew * this.trials.length)) return this.#score
    this.#fresh = 0
    this.#score = certifiedScore(this.trials, allowed, this.#confidence)
    return this.#score
  }
}
