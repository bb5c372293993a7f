import { LRUCache } from 'lru-cache'
import type { Outcome, Policy } from '../policy.ts'
import { fitLogisticLine, sigmoid, type LogisticLine, type Trial } from '../statistics/logistic-line.ts'
import { normalQuantile } from '../statistics/normal.ts'
import { checked, refusal, shown } from './checked.ts'
import { nearestServable } from './evidence.ts'

export interface VerifiedOptions {
  /**
   * What `maxFalseHitRate` of the tier bounds. `hits`: an answer is served only where it is right with 1 − that probability
   * at the least. `requests`, as published: wrong answers among all requests; answers that nobody has verified are served
   * too then, at random and just as often as that leaves room for, so that many more of the hits are wrong. @default 'hits'
   */
  readonly bound?: 'hits' | 'requests'
  /** Outcomes that an entry needs before it is served, a whole number of at least 1. @default 4 */
  readonly minTrials?: number
  /** Draws for `requests`: 0 ≤ x < 1. @default Math.random */
  readonly random?: () => number
}

/** How many entries have their outcomes remembered, and how many outcomes each. */
const mostEntries = 50_000
const mostTrials = 200

/** How unsure one may be of where an entry's curve lies, from hardly at all to even odds. */
const doubts = Array.from({ length: 40 }, (_, at) => {
  const doubt = 0.5 * (0.0002 / 0.5) ** (at / 39)
  return { doubt, z: normalQuantile(1 - doubt) }
})

/**
 * Learns for each entry by itself from which likeness on its answer is right, from what the provider answered to prompts
 * that had it as their nearest: a logistic curve, whose uncertainty counts against serving.
 *
 * An entry has to be asked about `minTrials` times before it serves, so it suits traffic with few questions and many
 * repetitions. Prompts that an entry answered rightly are not made candidates themselves, so that outcomes gather. What
 * was learned is in this process's memory.
 *
 * @see L. Schroeder et al., "vCache: Verified Semantic Prompt Caching", 2025, https://arxiv.org/abs/2502.03771, sections 3 and 4, from which this was written anew
 * @throws {SluiceError} `config.option` at construction.
 */
export function verified(options: VerifiedOptions = {}): Policy {
  const {
    bound = 'hits',
    minTrials = 4,
    random = Math.random,
  } = checked('verified', options, { bound: 'any', minTrials: 'count', random: 'function' })
  if (bound !== 'hits' && bound !== 'requests')
    throw refusal(`bound of verified() must be "hits" or "requests", got ${shown(bound)}.`)
  const entries = new LRUCache<string, Entry>({ max: mostEntries })
  return {
    id: 'verified',
    k: 4,
    decide({ candidates, isUnread, maxFalseHitRate }) {
      const candidate = nearestServable(candidates)
      const { id, similarity } = candidate
      const entry = entries.get(id)
      const trials = entry?.trials.length ?? 0
      const numbers = { similarity, trials, trialsNeeded: minTrials }
      if (!entry || trials < minTrials) return { serves: false, candidate, numbers }
      // Where the vetoes could not read the prompts, half the risk is allowed.
      const allowed = isUnread ? maxFalseHitRate / 2 : maxFalseHitRate
      const rightAtLeast = entry.rightAtLeast(similarity)
      const serves =
        bound === 'hits' ? rightAtLeast >= 1 - allowed : random() >= Math.max(0, 1 - allowed / (1 - rightAtLeast))
      return { serves, candidate, numbers: { ...numbers, rightAtLeast, rightNeeded: 1 - allowed } }
    },
    learn({ decision: { candidate }, isRight }: Outcome) {
      const entry = entries.get(candidate.id) ?? new Entry()
      entry.add({ similarity: candidate.similarity, isRight })
      entries.set(candidate.id, entry)
    },
    distrust: () => entries.clear(),
    admits: (isRight) => isRight !== true,
  }
}

/** The outcomes of one entry and the curve through them. */
class Entry {
  readonly trials: Trial[] = []
  #line: LogisticLine | undefined

  add(trial: Trial): void {
    this.trials.push(trial)
    if (this.trials.length > mostTrials) this.trials.shift()
    this.#line = undefined
  }

  /** The probability that the answer is right there, at the least: the best of what the doubts allow to say. */
  rightAtLeast(similarity: number): number {
    this.#line ??= fitLogisticLine(this.trials)
    const { slope, middle, middleError } = this.#line
    return doubts.reduce(
      (best, { doubt, z }) => Math.max(best, (1 - doubt) * sigmoid(slope * (similarity - middle - z * middleError))),
      0,
    )
  }
}
