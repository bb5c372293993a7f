import type { TargetLimits } from '../target/target.ts'

/** A bucket that fills up evenly over a minute and begins full. */
class Bucket {
  readonly #perMinute: number
  #level: number
  #atMs = 0

  constructor(perMinute: number) {
    this.#perMinute = perMinute
    this.#level = perMinute
  }

  has(amount: number, nowMs: number): boolean {
    const filled = ((nowMs - this.#atMs) / 60_000) * this.#perMinute
    if (this.#atMs === 0 || filled > 0) {
      this.#level = Math.min(this.#perMinute, this.#level + Math.max(0, filled))
      this.#atMs = nowMs
    }
    // What is larger than the whole bucket may go when it is full.
    return this.#level >= Math.min(amount, this.#perMinute)
  }

  take(amount: number): void {
    this.#level -= amount
  }
}

/** What a target may still be asked for by its `limits`, counted in this process. */
export class Allowance {
  readonly #limits: TargetLimits
  readonly #requests: Bucket | undefined
  readonly #tokens: Bucket | undefined
  #inFlight = 0

  constructor(limits: TargetLimits) {
    this.#limits = limits
    this.#requests = limits.requestsPerMinute === undefined ? undefined : new Bucket(limits.requestsPerMinute)
    this.#tokens = limits.tokensPerMinute === undefined ? undefined : new Bucket(limits.tokensPerMinute)
  }

  /** Whether token counts matter here. */
  get countsTokens(): boolean {
    return this.#tokens !== undefined
  }

  allows(tokens: number, nowMs: number): boolean {
    const { concurrency = Infinity } = this.#limits
    return (
      this.#inFlight < concurrency &&
      (this.#requests?.has(1, nowMs) ?? true) &&
      (this.#tokens?.has(tokens, nowMs) ?? true)
    )
  }

  begin(tokens: number): void {
    this.#inFlight += 1
    this.#requests?.take(1)
    this.#tokens?.take(tokens)
  }

  /** The call is over; `more` tokens than expected were used, or fewer. */
  end(more: number): void {
    this.#inFlight -= 1
    this.#tokens?.take(more)
  }
}
