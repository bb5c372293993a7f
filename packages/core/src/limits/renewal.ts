import type { Clock } from '../clock.ts'
import { backgroundSleep } from './background-sleep.ts'

/** Prolongs what is held, every so often, for as long as anything is. One timer for all, which ends when it finds nothing. */
export class Renewal<T> {
  readonly #clock: Clock
  readonly #everyMs: number
  readonly #renew: (held: T) => Promise<void>
  readonly #held = new Set<T>()
  #isRunning = false

  constructor(clock: Clock, everyMs: number, renew: (held: T) => Promise<void>) {
    this.#clock = clock
    this.#everyMs = everyMs
    this.#renew = renew
  }

  add(held: T): void {
    this.#held.add(held)
    if (!this.#isRunning) void this.#run()
  }

  remove(held: T): void {
    this.#held.delete(held)
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    while (this.#held.size > 0) {
      await backgroundSleep(this.#clock, this.#everyMs)
      // One that cannot be prolonged now is tried again before its lease ends.
      for (const held of this.#held) this.#renew(held).catch(() => undefined)
    }
    this.#isRunning = false
  }
}
