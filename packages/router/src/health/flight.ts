import type { CallWindow } from './call-window.ts'
import type { Admission, BreakerTicket, CircuitBreaker } from './circuit-breaker.ts'
import type { LatencyHistogram } from './latency-histogram.ts'
import type { EjectionSeat } from './outlier-ejection.ts'
import type { PeakEwma } from './peak-ewma.ts'

/** How a call to a target ended. */
export type Outcome =
  | 'ok'
  /** The target's fault: a 5xx, a broken connection or stream, an error in the answer. */
  | 'failure'
  /** The target's fault: it took too long. */
  | 'timeout'
  /** HTTP 429. Not a failure; say with `coolUntil` for how long to leave it alone. */
  | 'rate_limited'
  /** HTTP 401, 402, 403: our credentials or payment. */
  | 'auth'
  /** Given up by us or the caller: a lost hedge, an abort. Says nothing of the target, but that it took this long. */
  | 'cancelled'
  /** The request's own fault: HTTP 400, 404, 422, a content filter. Says nothing of the target. */
  | 'refused'

/** What a target's health is made of; shared by the target and its flights. */
export interface TargetParts {
  readonly breaker: CircuitBreaker | undefined
  readonly seat: EjectionSeat | undefined
  readonly latency: PeakEwma
  readonly ttft: LatencyHistogram
  readonly total: LatencyHistogram
  /** Calls that went well or failed, marked when they failed. */
  readonly recent: CallWindow
  readonly counts: Record<Outcome, number>
  inFlight: number
}

/** One call to a target, from the moment it is sent. Must be ended exactly once; a second end does nothing. */
export class Flight {
  /** `panic`: begun although the target was out, because no other was left. */
  readonly kind: Admission | 'panic'
  /** Unix milliseconds. */
  readonly beganAtMs: number
  readonly #parts: TargetParts
  readonly #streamed: boolean
  #ticket: BreakerTicket
  #state: 'waiting' | 'delivering' | 'ended' = 'waiting'

  constructor(parts: TargetParts, kind: Admission | 'panic', nowMs: number, streamed: boolean) {
    this.kind = kind
    this.beganAtMs = nowMs
    this.#parts = parts
    this.#streamed = streamed
    this.#ticket = parts.breaker ? parts.breaker.begin(nowMs) : 0
    parts.inFlight += 1
  }

  /** The first content of a stream came. Calls after the first do nothing. */
  firstContent(nowMs: number): void {
    if (this.#state !== 'waiting') return
    this.#state = 'delivering'
    const { breaker, seat, latency, ttft } = this.#parts
    const waitedMs = nowMs - this.beganAtMs
    latency.observe(waitedMs, nowMs)
    ttft.observe(waitedMs, nowMs)
    if (breaker) this.#ticket = breaker.delivering(this.#ticket, nowMs)
    if (this.kind !== 'normal') seat?.proven(this.beganAtMs, nowMs)
  }

  /** The call is over. */
  end(nowMs: number, outcome: Outcome): void {
    if (this.#state === 'ended') return
    const waiting = this.#state === 'waiting'
    this.#state = 'ended'
    this.#parts.inFlight -= 1
    this.#parts.counts[outcome] += 1
    this.#time(nowMs - this.beganAtMs, nowMs, outcome === 'ok', waiting)
    this.#judge(nowMs, outcome)
  }

  #time(tookMs: number, nowMs: number, whole: boolean, waiting: boolean): void {
    const { latency, ttft, total } = this.#parts
    if (whole) {
      total.observe(tookMs, nowMs)
      if (waiting) latency.observe(tookMs, nowMs)
      return
    }
    total.observeAtLeast(tookMs, nowMs)
    if (!waiting) return
    latency.observeAtLeast(tookMs, nowMs)
    if (this.#streamed) ttft.observeAtLeast(tookMs, nowMs)
  }

  #judge(nowMs: number, outcome: Outcome): void {
    const { breaker, seat, recent } = this.#parts
    const { beganAtMs } = this
    if (outcome === 'ok') {
      recent.call(nowMs)
      if (this.kind === 'normal') seat?.succeeded(beganAtMs)
      else seat?.proven(beganAtMs, nowMs)
      breaker?.end(this.#ticket, nowMs, 'success')
    } else if (outcome === 'failure' || outcome === 'timeout' || outcome === 'auth') {
      recent.call(nowMs)
      recent.mark(nowMs)
      // Out for its credentials, it is tried again with a single call when its time is up.
      if (outcome === 'auth' && seat?.refusedUs(beganAtMs, nowMs)) breaker?.trip(nowMs, seat.untilMs)
      else {
        if (outcome !== 'auth') seat?.failed(beganAtMs, nowMs)
        breaker?.end(this.#ticket, nowMs, 'failure')
      }
    } else breaker?.end(this.#ticket, nowMs, 'ignored')
  }
}
