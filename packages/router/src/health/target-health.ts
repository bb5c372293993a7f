import { CallWindow } from './call-window.ts'
import { CircuitBreaker, type Admission } from './circuit-breaker.ts'
import { Cooldown } from './cooldown.ts'
import { Flight, type TargetParts } from './flight.ts'
import { healthSettings, type HealthOptions } from './health-options.ts'
import type { Out, TargetSnapshot } from './health-snapshot.ts'
import { LatencyHistogram } from './latency-histogram.ts'
import type { EjectionSeat } from './outlier-ejection.ts'
import { PeakEwma } from './peak-ewma.ts'

/** How long the success rate looks back. */
const recentMs = 60_000
/** So many good calls are taken for granted, so that one failure of one call is no verdict. */
const grantedCalls = 5

/**
 * The health of one target: whether it may be used now, how loaded it is, how fast it was. Passive: it learns from the
 * calls that are made and has no timer; every method is told the time.
 *
 * @example
 * const flight = health.tryBegin(clock.now())
 * if (flight) {
 *   // send; at the first content: flight.firstContent(clock.now())
 *   flight.end(clock.now(), 'ok')
 * }
 */
export class TargetHealth {
  readonly #parts: TargetParts
  readonly #cooldown = new Cooldown()

  /**
   * `seat` is the target's place among those it may be ejected from; without one it is never ejected.
   * @throws {SluiceError} `config.option`
   */
  constructor(options: HealthOptions = {}, seat?: EjectionSeat) {
    const { breaker, latency } = healthSettings(options)
    this.#parts = {
      breaker: breaker && new CircuitBreaker(breaker),
      seat,
      latency: new PeakEwma(latency),
      ttft: new LatencyHistogram(latency),
      total: new LatencyHistogram(latency),
      recent: new CallWindow(recentMs),
      counts: { ok: 0, failure: 0, timeout: 0, rate_limited: 0, auth: 0, cancelled: 0, refused: 0 },
      inFlight: 0,
    }
  }

  /** Whether a call may begin now: as any other, as the one try of a target that failed before, or not at all. */
  admit(nowMs: number): Admission | undefined {
    if (this.#cooldown.active(nowMs)) return undefined
    const { breaker, seat } = this.#parts
    const cause = seat?.cause(nowMs)
    if (cause === 'auth') return undefined
    const admission = breaker ? breaker.admit(nowMs) : 'normal'
    return cause === 'failures' && admission === 'normal' ? undefined : admission
  }

  /**
   * Begins a call, whether or not the target admits it: the caller may have nothing else left. `streamed` says whether
   * the answer is a stream; others have no time to first content.
   */
  begin(nowMs: number, streamed: boolean = true): Flight {
    return new Flight(this.#parts, this.admit(nowMs) ?? 'panic', nowMs, streamed)
  }

  /** Begins a call if the target admits it. Between looking and beginning nobody else can take the probe's slot. */
  tryBegin(nowMs: number, streamed: boolean = true): Flight | undefined {
    const admission = this.admit(nowMs)
    return admission && new Flight(this.#parts, admission, nowMs, streamed)
  }

  /** Leaves the target alone until `atMs`, Unix milliseconds; the longest of several wins. */
  coolUntil(atMs: number, reason: string): void {
    this.#cooldown.extend(atMs, reason)
  }

  /** Calls under way. */
  get inFlight(): number {
    return this.#parts.inFlight
  }

  /** The latency to expect, in milliseconds: the peak-sensitive average that decays to its prior. */
  latencyMs(nowMs: number): number {
    return this.#parts.latency.at(nowMs)
  }

  /**
   * What to compare targets by: latency × (calls under way + 1), divided by the share of recent calls that went well.
   * Without the last, a target that fails fast would look idle and draw all calls.
   */
  load(nowMs: number): number {
    const { recent, inFlight, latency } = this.#parts
    const calls = recent.calls(nowMs)
    const good = calls - recent.marks(nowMs)
    return (latency.at(nowMs) * (inFlight + 1) * (calls + grantedCalls)) / (good + grantedCalls)
  }

  /** Share of the calls of the last minute that did not fail, 0..1; `undefined` without calls. */
  successRate(nowMs: number): number | undefined {
    const calls = this.#parts.recent.calls(nowMs)
    return calls === 0 ? undefined : 1 - this.#parts.recent.marks(nowMs) / calls
  }

  /** Quantile `q` of 0..1 of the time to the first content of streams, in milliseconds; `undefined` while too few are known. */
  ttftMs(q: number, nowMs: number): number | undefined {
    return this.#parts.ttft.quantile(q, nowMs)
  }

  /** Quantile `q` of 0..1 of the time to the end of the answer, in milliseconds; `undefined` while too few are known. */
  totalMs(q: number, nowMs: number): number | undefined {
    return this.#parts.total.quantile(q, nowMs)
  }

  /** Why the target is not admitted now; `undefined` when it is. */
  out(nowMs: number): Out | undefined {
    const { breaker, seat } = this.#parts
    const cause = seat?.cause(nowMs)
    if (cause === 'auth') return { cause, untilAtMs: seat?.untilMs ?? nowMs }
    if (this.#cooldown.active(nowMs)) return { cause: 'cooling', untilAtMs: this.#cooldown.untilMs }
    if (breaker && breaker.state(nowMs) !== 'closed') {
      if (breaker.state(nowMs) === 'open') return { cause: 'open', untilAtMs: breaker.openUntilMs }
      return breaker.admit(nowMs) ? undefined : { cause: 'probing', untilAtMs: nowMs }
    }
    return cause && { cause: 'ejected', untilAtMs: seat?.untilMs ?? nowMs }
  }

  /** All of it for people and dashboards; survives JSON. */
  snapshot(nowMs: number): TargetSnapshot {
    const { breaker, ttft, total, counts, inFlight } = this.#parts
    const out = this.out(nowMs)
    const successRate = this.successRate(nowMs)
    const ttftMs = ttft.summary(nowMs)
    const totalMs = total.summary(nowMs)
    return {
      state: out?.cause ?? (breaker?.state(nowMs) === 'half_open' ? 'half_open' : 'healthy'),
      ...(out?.cause === 'cooling' && { reason: this.#cooldown.reason }),
      ...(out && { untilAtMs: out.untilAtMs }),
      inFlight,
      ...(successRate !== undefined && { successRate }),
      latencyMs: this.latencyMs(nowMs),
      load: this.load(nowMs),
      ...(ttftMs && { ttftMs }),
      ...(totalMs && { totalMs }),
      trips: breaker?.trips ?? 0,
      counts: { ...counts },
    }
  }
}
