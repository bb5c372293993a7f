/**
 * How long the faults last, in milliseconds: the published profile of the benchmark. A scale above 1 divides all but the
 * wait that `Retry-After` names, which is in whole seconds, and the pace of the words.
 */
export interface Timings {
  readonly scale: number
  readonly retryAfterS: number
  readonly slowMs: number
  readonly stallMs: number
  readonly silentMs: number
  readonly downMs: number
  readonly wordMs: number
}

export function timings(scale: number): Timings {
  return {
    scale,
    retryAfterS: 2,
    slowMs: 20_000 / scale,
    stallMs: 30_000 / scale,
    silentMs: 120_000 / scale,
    downMs: 60_000 / scale,
    wordMs: 15,
  }
}
