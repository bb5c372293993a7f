import type { Clock } from '@sluice/core'
import { startTimer } from './timer.ts'

/** Failovers to a target that may be under way while nobody knows whether it answers. */
const maxUnproven = 10
/** How long an answer proves that a target answers, in milliseconds. */
const provenMs = 30_000
/** The longest that a caller is held back, in milliseconds: an outage shows sooner, a slow answer is no outage. */
const maxWaitMs = 1_000

/**
 * Lets many callers that fail over at the same time go to a target in small groups until it has answered one of them: a
 * target that is down too is then known as such before all of them have asked it.
 */
export class FailoverGate {
  #inFlight = 0
  #provenAtMs = -Infinity
  readonly #waiting = new Set<() => void>()

  /** What to wait for before a failover may begin, a second at most; `undefined`: it may now. */
  wait(clock: Clock, signal: AbortSignal | undefined): Promise<void> | undefined {
    if (clock.now() - this.#provenAtMs < provenMs || this.#inFlight < maxUnproven) return undefined
    return this.#turn(clock, signal)
  }

  /** A failover begins; {@link FailoverGate.left} is due when it is over. */
  entered(): void {
    this.#inFlight += 1
  }

  /** A failover is over. */
  left(): void {
    this.#inFlight -= 1
    const [next] = this.#waiting
    next?.()
  }

  /** The target answered somebody. */
  answered(nowMs: number): void {
    this.#provenAtMs = nowMs
    for (const go of this.#waiting) go()
  }

  #turn(clock: Clock, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const done = (): void => {
        cancelTimer()
        signal?.removeEventListener('abort', stop)
        this.#waiting.delete(go)
      }
      const go = (): void => {
        done()
        resolve()
      }
      const stop = (): void => {
        done()
        reject(signal?.reason)
      }
      const cancelTimer = startTimer(clock, maxWaitMs, go)
      signal?.addEventListener('abort', stop)
      this.#waiting.add(go)
    })
  }
}
