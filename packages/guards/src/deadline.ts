import type { Clock, SluiceError } from '@sluice/core'
import { detectorError } from './errors.ts'

/**
 * The time that the detectors of one side of a call may take together. Only the time counts in which somebody waits for one of
 * them: a stream may last as long as it likes.
 */
export class Deadline {
  readonly #budgetMs: number
  readonly #clock: Clock
  #expiry: AbortController | undefined
  #leftMs: number
  #waiting = 0
  #wait: { readonly sinceMs: number; readonly expired: Promise<never>; readonly stop: AbortController } | undefined

  constructor(budgetMs: number, clock: Clock) {
    this.#budgetMs = budgetMs
    this.#leftMs = budgetMs
    this.#clock = clock
  }

  /** Aborts when the time is over. */
  get signal(): AbortSignal {
    return this.#expires.signal
  }

  /** Made when somebody asks: most calls have no detector that waits. */
  get #expires(): AbortController {
    return (this.#expiry ??= new AbortController())
  }

  /** What `work` gives, or a rejection when the time is over first. */
  async race<T>(work: Promise<T>): Promise<T> {
    this.#waiting += 1
    this.#wait ??= this.#begin()
    try {
      return await Promise.race([work, this.#wait.expired])
    } finally {
      this.#waiting -= 1
      if (this.#waiting === 0) this.#pause()
    }
  }

  #begin(): { sinceMs: number; expired: Promise<never>; stop: AbortController } {
    const stop = new AbortController()
    const expired = this.#clock.sleep(this.#leftMs, stop.signal).then(() => {
      const error = timeoutError(this.#budgetMs)
      this.#expires.abort(error)
      throw error
    })
    // Whoever races hears of it; that nobody may be racing any more is no reason to end the process.
    expired.catch(() => undefined)
    return { sinceMs: this.#clock.now(), expired, stop }
  }

  #pause(): void {
    if (!this.#wait) return
    this.#leftMs = Math.max(0, this.#leftMs - (this.#clock.now() - this.#wait.sinceMs))
    this.#wait.stop.abort()
    this.#wait = undefined
  }
}

function timeoutError(budgetMs: number): SluiceError {
  return detectorError({
    code: 'guard.timeout',
    message: `The guards did not decide within ${budgetMs} ms. Raise budgetMs, or let the slow guard fail open.`,
    details: { budgetMs },
    status: 504,
  })
}
