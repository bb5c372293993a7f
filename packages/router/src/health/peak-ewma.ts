/** How a {@link PeakEwma} forgets. */
export interface PeakEwmaSettings {
  /** Time constant of the decay, in milliseconds: after that long 37 % of the distance is left. */
  readonly decayMs: number
  /** What the estimate is without observations, and what it goes back to, in milliseconds. */
  readonly priorMs: number
  /** Share of the distance that every lower observation takes off at least, 0 to 1. */
  readonly easing: number
}

/**
 * A moving average of latencies that is quick to believe bad news: a higher one replaces it at once, lower ones pull it
 * down by the time since the last, at least by `easing`. While nothing is observed it decays towards `priorMs`, so that a
 * target which was bad is tried again.
 *
 * @see https://github.com/twitter/finagle/blob/develop/finagle-core/src/main/scala/com/twitter/finagle/loadbalancer/PeakEwma.scala
 * for the idea; Finagle decays towards 0 and has no easing.
 */
export class PeakEwma {
  readonly #settings: PeakEwmaSettings
  #estimateMs: number
  #observedAtMs = 0

  constructor(settings: PeakEwmaSettings) {
    this.#settings = settings
    this.#estimateMs = settings.priorMs
  }

  /** The estimate at this instant, in milliseconds. */
  at(nowMs: number): number {
    const { priorMs } = this.#settings
    const distance = this.#estimateMs - priorMs
    return distance === 0 ? priorMs : priorMs + distance * this.#left(nowMs)
  }

  /** A latency was seen. */
  observe(latencyMs: number, nowMs: number): void {
    const present = this.at(nowMs)
    if (latencyMs >= present) this.#estimateMs = latencyMs
    else {
      const left = Math.min(this.#left(nowMs), 1 - this.#settings.easing)
      this.#estimateMs = latencyMs + (this.#estimateMs - latencyMs) * left
    }
    this.#observedAtMs = Math.max(this.#observedAtMs, nowMs)
  }

  /** A call took at least this long and was then given up: it can only raise the estimate. */
  observeAtLeast(latencyMs: number, nowMs: number): void {
    if (latencyMs > this.at(nowMs)) this.observe(latencyMs, nowMs)
  }

  #left(nowMs: number): number {
    return Math.exp(Math.min(0, this.#observedAtMs - nowMs) / this.#settings.decayMs)
  }
}
