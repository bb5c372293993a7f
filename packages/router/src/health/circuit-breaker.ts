import { breakerOptions, type BreakerOptions } from './breaker-options.ts'
import { CallWindow } from './call-window.ts'

export type BreakerState = 'closed' | 'open' | 'half_open'

/** How a call may go ahead: as any other, or as the try of a target that failed before. */
export type Admission = 'normal' | 'probe'

/**
 * What {@link CircuitBreaker.begin} gives and {@link CircuitBreaker.end} takes back: in which epoch the call began, and
 * whether as a probe. A plain number, so that it costs nothing.
 */
export type BreakerTicket = number

/**
 * Keeps calls away from what fails: closed, it lets all through; after failures in a row, or when too large a share of
 * the calls in the window fails, it is open and lets none through; after a time it is half-open and lets one probe
 * through at a time, which closes it or opens it again for longer.
 *
 * A call is judged by the state it began in: one that was under way when the breaker opened or closed changes nothing any
 * more. It has no timer: every method is told the time.
 */
export class CircuitBreaker {
  readonly #options: Required<BreakerOptions>
  readonly #window: CallWindow
  #state: BreakerState = 'closed'
  /** Goes up with every change of state and with every lost probe, so that older tickets are known. */
  #epoch = 0
  #failuresInARow = 0
  #trips = 0
  #openUntilMs = 0
  #closedAtMs = 0
  #probes = 0
  #provenProbes = 0
  #probeBeganAtMs = 0

  /** @throws {SluiceError} `config.option` */
  constructor(options: BreakerOptions = {}) {
    this.#options = breakerOptions(options)
    this.#window = new CallWindow(this.#options.windowMs)
  }

  state(nowMs: number): BreakerState {
    if (this.#state === 'closed') return 'closed'
    if (this.#state === 'open' && nowMs >= this.#openUntilMs) this.#state = 'half_open'
    return this.#state
  }

  /** When an open breaker turns half-open, Unix milliseconds; in the past or 0 for one that is not open. */
  get openUntilMs(): number {
    return this.#openUntilMs
  }

  /** Times it opened since it was last healthy for long enough. */
  get trips(): number {
    return this.#trips
  }

  /** Whether a call may begin now, and as what. Takes no slot: {@link begin} does. */
  admit(nowMs: number): Admission | undefined {
    if (this.#state === 'closed') return 'normal'
    if (this.state(nowMs) === 'open') return undefined
    this.#reclaim(nowMs)
    return this.#probes < this.#options.maxProbes ? 'probe' : undefined
  }

  /**
   * Begins a call. While half-open it takes a free probe slot. A call that begins although {@link admit} did not let it,
   * because nothing else was left, may close the breaker but never opens it for longer.
   */
  begin(nowMs: number): BreakerTicket {
    if (this.#state === 'closed' || this.admit(nowMs) === undefined) return this.#epoch * 2
    this.#probes += 1
    this.#probeBeganAtMs = nowMs
    return this.#epoch * 2 + 1
  }

  /** True for the ticket of a probe. */
  isProbe(ticket: BreakerTicket): boolean {
    return ticket % 2 === 1
  }

  /**
   * Ends a call. `ignored` says nothing of the target's health (cancelled, the request's own fault): it only frees the
   * slot of a probe.
   */
  end(ticket: BreakerTicket, nowMs: number, result: 'success' | 'failure' | 'ignored'): void {
    if (Math.floor(ticket / 2) !== this.#epoch) return
    if (this.#state === 'closed') {
      if (result !== 'ignored') this.#count(nowMs, result === 'failure')
      return
    }
    const probe = this.isProbe(ticket)
    if (probe) this.#probes -= 1
    if (result === 'success') this.#proven(nowMs)
    else if (result === 'failure' && probe) this.trip(nowMs)
  }

  /**
   * A call that began delivers content: its target works. Returns the ticket to end the call with. A long answer that is
   * a probe need not be over for others to be let through.
   */
  delivering(ticket: BreakerTicket, nowMs: number): BreakerTicket {
    if (this.#state === 'closed' || Math.floor(ticket / 2) !== this.#epoch) return ticket
    this.end(ticket, nowMs, 'success')
    // Only a ticket of the present state may count when the call is over.
    return this.state(nowMs) === 'closed' ? this.#epoch * 2 : -2
  }

  /** Opens it, `untilMs` or as long as its options say, whichever is later. */
  trip(nowMs: number, untilMs: number = 0): void {
    const { openMs, openFactor, maxOpenMs, forgetMs } = this.#options
    if (this.#state === 'closed' && nowMs - this.#closedAtMs >= forgetMs) this.#trips = 0
    this.#openUntilMs = Math.max(nowMs + Math.min(maxOpenMs, openMs * openFactor ** this.#trips), untilMs)
    this.#trips += 1
    this.#change('open')
  }

  #count(nowMs: number, failed: boolean): void {
    this.#window.call(nowMs)
    if (!failed) {
      this.#failuresInARow = 0
      return
    }
    this.#window.mark(nowMs)
    this.#failuresInARow += 1
    const { consecutiveFailures, failureRate, minCalls } = this.#options
    const calls = this.#window.calls(nowMs)
    if (this.#failuresInARow >= consecutiveFailures) this.trip(nowMs)
    else if (calls >= minCalls && this.#window.marks(nowMs) >= failureRate * calls) this.trip(nowMs)
  }

  #proven(nowMs: number): void {
    this.#provenProbes += 1
    if (this.#provenProbes < this.#options.probeSuccesses) return
    this.#closedAtMs = nowMs
    this.#change('closed')
  }

  #reclaim(nowMs: number): void {
    if (this.#probes === 0 || nowMs - this.#probeBeganAtMs < this.#options.probeTimeoutMs) return
    this.#probes = 0
    this.#epoch += 1
  }

  #change(state: BreakerState): void {
    this.#state = state
    this.#epoch += 1
    this.#failuresInARow = 0
    this.#probes = 0
    this.#provenProbes = 0
    this.#window.clear()
  }
}
