import { checkNumbers, type OptionRanges } from './option-check.ts'

/**
 * When a target is taken out of a set, and for how long. The defaults are Envoy's.
 * @see https://www.envoyproxy.io/docs/envoy/v1.30.4/api-v3/config/cluster/v3/outlier_detection.proto
 */
export interface EjectionOptions {
  /** Failures in a row that eject a target, 1 or more. @default 5 */
  readonly consecutiveFailures?: number
  /** How long the first ejection lasts, in milliseconds; the n-th lasts n times as long. @default 30000 */
  readonly baseMs?: number
  /** The longest ejection for failures, in milliseconds, at least `baseMs`. @default 300000, or `baseMs` if longer */
  readonly maxMs?: number
  /**
   * Share of the targets that may be out for failures at the same time, 0 to 1. One always may, the last never.
   * @default 0.1
   */
  readonly maxShare?: number
  /**
   * How long a target is out whose provider refused our credentials or payment (HTTP 401, 402, 403), in milliseconds.
   * Longer than for failures: it takes a person to mend that. @default 600000
   */
  readonly authMs?: number
}

const ranges: OptionRanges = {
  consecutiveFailures: { min: 1, whole: true },
  baseMs: { min: 0, above: true },
  maxMs: { min: 0, above: true },
  maxShare: { min: 0, max: 1 },
  authMs: { min: 0, above: true },
}

/** Checks the options and fills in the defaults. @throws {SluiceError} `config.option` */
export function ejectionOptions(options: EjectionOptions = {}): Required<EjectionOptions> {
  checkNumbers('ejection', options, ranges)
  const { baseMs = 30_000, maxMs = Math.max(300_000, baseMs) } = options
  checkNumbers('ejection', { maxMs }, { maxMs: { min: baseMs } })
  const { consecutiveFailures = 5, maxShare = 0.1, authMs = 600_000 } = options
  return { consecutiveFailures, baseMs, maxMs, maxShare, authMs }
}

/** Why a target is out: it kept failing, or it refused our credentials or payment. */
export type EjectionCause = 'failures' | 'auth'

/**
 * Takes targets that fail out of a set, each for longer the more often it happens, but never the last one, and for
 * failures never more than a share of them. Where the provider refuses our credentials the target is out at once, however
 * many are out already; if it would be the last, the one that is back soonest of those out for failures takes its place.
 */
export class OutlierEjection {
  readonly options: Required<EjectionOptions>
  readonly #seats: EjectionSeat[] = []

  /** @throws {SluiceError} `config.option` */
  constructor(options: EjectionOptions = {}) {
    this.options = ejectionOptions(options)
  }

  /** Adds a target to the set. */
  join(): EjectionSeat {
    const seat = new EjectionSeat(this)
    this.#seats.push(seat)
    return seat
  }

  /** Whether one more target may go out now; makes room for one that must. */
  makesRoom(cause: EjectionCause, nowMs: number): boolean {
    const targets = this.#seats.length
    const out = this.#seats.filter((seat) => seat.cause(nowMs) !== undefined)
    if (cause === 'failures')
      return out.length < Math.min(targets - 1, Math.max(1, Math.floor(this.options.maxShare * targets)))
    if (out.length < targets - 1) return true
    const failing = out.filter((seat) => seat.cause(nowMs) === 'failures').sort((a, b) => a.untilMs - b.untilMs)
    failing[0]?.release(nowMs)
    return failing.length > 0
  }
}

/** One target's place in an {@link OutlierEjection}. */
export class EjectionSeat {
  readonly #set: OutlierEjection
  #failuresInARow = 0
  #times = 0
  #cause: EjectionCause | undefined
  #ejectedAtMs = Number.NEGATIVE_INFINITY
  #untilMs = 0

  constructor(set: OutlierEjection) {
    this.#set = set
  }

  /** Why it is out at this instant; `undefined` when it is not. */
  cause(nowMs: number): EjectionCause | undefined {
    return nowMs < this.#untilMs ? this.#cause : undefined
  }

  /** When its present or last ejection ends, Unix milliseconds; 0 without one. */
  get untilMs(): number {
    return this.#untilMs
  }

  /** A call that began at `beganAtMs`, while the target was in, went well. */
  succeeded(beganAtMs: number): void {
    if (beganAtMs >= this.#untilMs) this.#failuresInARow = 0
  }

  /** A call that began although the target was out, as a probe or for want of others, went well: it is in again. */
  proven(beganAtMs: number, nowMs: number): void {
    if (beganAtMs < this.#ejectedAtMs) return
    this.#failuresInARow = 0
    this.release(nowMs)
  }

  /** A call failed. Returns true when that ejected it. Calls that began before it was last out no longer count. */
  failed(beganAtMs: number, nowMs: number): boolean {
    if (beganAtMs < this.#untilMs) return false
    this.#failuresInARow += 1
    const { consecutiveFailures, baseMs, maxMs } = this.#set.options
    if (this.#failuresInARow < consecutiveFailures || !this.#set.makesRoom('failures', nowMs)) return false
    // Every base time that it was in service since takes one of its earlier ejections off.
    const forgiven = Math.floor((nowMs - this.#untilMs) / baseMs)
    this.#times = Math.max(0, this.#times - forgiven) + 1
    this.#eject('failures', nowMs, nowMs + Math.min(maxMs, baseMs * this.#times))
    return true
  }

  /** The provider refused our credentials or payment. Returns true when that ejected it. */
  refusedUs(beganAtMs: number, nowMs: number): boolean {
    const known = this.cause(nowMs) === 'auth' || (this.#cause === 'auth' && beganAtMs < this.#untilMs)
    if (known || (this.cause(nowMs) === undefined && !this.#set.makesRoom('auth', nowMs))) return false
    this.#eject('auth', nowMs, nowMs + this.#set.options.authMs)
    return true
  }

  /** Ends its ejection. */
  release(nowMs: number): void {
    if (nowMs < this.#untilMs) this.#untilMs = nowMs
  }

  #eject(cause: EjectionCause, nowMs: number, untilMs: number): void {
    this.#cause = cause
    this.#ejectedAtMs = nowMs
    this.#untilMs = Math.max(this.#untilMs, untilMs)
    this.#failuresInARow = 0
  }
}
