/** The last instant that JavaScript's `Date` knows: keeps an endless cooldown printable. */
const lastInstantMs = 8.64e15

/**
 * Until when a target has asked to be left alone. An absolute instant, so that no timer, sweep or window can cut it short
 * or put it off; of several the longest wins.
 */
export class Cooldown {
  #untilMs = 0
  #reason = ''

  /** Cools until `atMs`, Unix milliseconds, unless it cools for longer already. */
  extend(atMs: number, reason: string): void {
    if (!(atMs > this.#untilMs)) return
    this.#untilMs = Math.min(atMs, lastInstantMs)
    this.#reason = reason
  }

  active(nowMs: number): boolean {
    return nowMs < this.#untilMs
  }

  /** When the longest cooldown ends or ended, Unix milliseconds; 0 without one. */
  get untilMs(): number {
    return this.#untilMs
  }

  /** Why it cools until then; empty without one. */
  get reason(): string {
    return this.#reason
  }
}
