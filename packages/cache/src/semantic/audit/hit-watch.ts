import { lowerBound, upperBound } from '../statistics/binomial.ts'
import { RiseDetector } from '../statistics/rise-detector.ts'

/** A share of wrong answers with its one-sided 95 % upper bound. */
export interface WrongShare {
  readonly estimate: number
  readonly upper: number
}

/** How many audits pass on average before the watch trips though no more hits are wrong than allowed. */
const patience = 1_000

/** Rejections are no random sample: to trip by them alone, they have to be too many with so much confidence. */
const rejectionConfidence = 0.999

/** How many would-be hits are looked back on, in units of what one may at least be judged by: 0 wrong of 3 / allowed. */
const lookBack = 2.2

/**
 * Keeps the figures of a tier's hits, trips when too many are wrong and says when it is good again.
 *
 * It trips by audits (a sequential test, so that looking after each of them is fair) and by rejections among all hits. What
 * it would serve meanwhile is compared with what the provider answers: when the upper bound of the last of those meets the
 * allowed share, it serves again.
 */
export class HitWatch {
  readonly #allowed: number
  readonly #detector: RiseDetector
  #isTripped = false
  readonly #counts = { hits: 0, audited: 0, wrong: 0, rejected: 0, shadowJudged: 0, shadowWrong: 0 }
  /** Since the beginning or the last recovery. */
  #recent = { hits: 0, rejected: 0 }
  /** Outcomes of the last would-be hits while tripped; `true` is wrong. */
  #trial: boolean[] = []

  constructor(allowed: number) {
    this.#allowed = allowed
    this.#detector = new RiseDetector(allowed, patience)
  }

  get isTripped(): boolean {
    return this.#isTripped
  }

  get counts(): Readonly<{ hits: number; audited: number; wrong: number; rejected: number }> {
    return this.#counts
  }

  served(): void {
    this.#counts.hits += 1
    this.#recent.hits += 1
  }

  /** `true` when it has tripped by this. */
  audited(isRight: boolean): boolean {
    this.#counts.audited += 1
    if (!isRight) this.#counts.wrong += 1
    return this.#detector.saw(!isRight) && this.#trip()
  }

  /** `true` when it has tripped by this. */
  rejected(): boolean {
    this.#counts.rejected += 1
    this.#recent.rejected += 1
    // Hits of another process can be rejected here.
    const hits = Math.max(this.#recent.hits, this.#recent.rejected)
    return lowerBound(this.#recent.rejected, hits, rejectionConfidence) > this.#allowed && this.#trip()
  }

  /** The outcome of a hit that was not served. `true` when the tier may serve again by this. */
  wouldBe(isRight: boolean): boolean {
    this.#counts.shadowJudged += 1
    if (!isRight) this.#counts.shadowWrong += 1
    if (!this.#isTripped) return false
    this.#trial.push(!isRight)
    if (this.#trial.length > (lookBack * 3) / this.#allowed) this.#trial.shift()
    const wrong = this.#trial.filter(Boolean).length
    if (upperBound(wrong, this.#trial.length) > this.#allowed) return false
    this.#isTripped = false
    this.#trial = []
    this.#recent = { hits: 0, rejected: 0 }
    return true
  }

  wrongOfHits(): WrongShare | undefined {
    const { hits, audited, wrong, rejected } = this.#counts
    const share = wrongShare(wrong, audited)
    const known = rejected / Math.max(hits, rejected, 1)
    return share && { estimate: Math.max(share.estimate, known), upper: Math.max(share.upper, known) }
  }

  shadow(): { readonly judged: number; readonly wrong: number; readonly wrongOfHits: WrongShare | undefined } {
    const { shadowJudged: judged, shadowWrong: wrong } = this.#counts
    return { judged, wrong, wrongOfHits: wrongShare(wrong, judged) }
  }

  #trip(): boolean {
    if (this.#isTripped) return false
    this.#isTripped = true
    this.#trial = []
    return true
  }
}

function wrongShare(wrong: number, judged: number): WrongShare | undefined {
  return judged === 0 ? undefined : { estimate: wrong / judged, upper: upperBound(wrong, judged) }
}
