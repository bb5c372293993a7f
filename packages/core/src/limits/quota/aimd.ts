export interface AimdOptions {
  /** How many calls may be under way at first: whole, 1 or more. @default 16 */
  readonly initial?: number
  /** @default 1 */
  readonly min?: number
  /** @default 1024 */
  readonly max?: number
}

/** What is left of the window after a refusal. */
const decrease = 0.7

/**
 * A window of calls under way that grows by one with every window of successes and shrinks to 0.7 of itself with a
 * refusal: additive increase, multiplicative decrease, as TCP does it.
 */
export class AimdWindow {
  readonly #min: number
  readonly #max: number
  #size: number
  #successes = 0
  /** Refusals of calls that were sent before the last decrease tell nothing new. */
  #round = 0

  constructor({ initial = 16, min = 1, max = 1_024 }: AimdOptions) {
    this.#min = min
    this.#max = max
    this.#size = initial
  }

  get size(): number {
    return Math.floor(this.#size)
  }

  /** Belongs to a call when it is sent, and comes back with what became of it. */
  get round(): number {
    return this.#round
  }

  succeeded(): void {
    this.#successes += 1
    if (this.#successes < this.size) return
    this.#successes = 0
    this.#size = Math.min(this.#max, this.#size + 1)
  }

  refused(round: number): void {
    if (round !== this.#round) return
    this.#round += 1
    this.#successes = 0
    this.#size = Math.max(this.#min, this.#size * decrease)
  }
}
