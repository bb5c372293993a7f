import type { Call } from './call.ts'
import type { Clock } from './clock.ts'
import type { Attempt, Pricer } from './report.ts'
import type { Usage } from './usage.ts'

/** What is known of a try before it is made. */
export interface AttemptInit {
  /** Name of the target that is asked. */
  readonly target?: string | undefined
  /** The model that is asked, where it is not the call's. */
  readonly model?: string | undefined
  /** Why the try is made: `first`, `retry`, `failover`, `hedge`… */
  readonly reason?: string | undefined
}

/** What came of a try. */
export interface AttemptEnd {
  readonly outcome: NonNullable<Attempt['outcome']>
  /** Code of what went wrong; no message. */
  readonly error?: string | undefined
  /**
   * What the try took from the provider, also one that failed or was cancelled. As a function: worked out when somebody
   * asks.
   */
  readonly usage?: Usage | (() => Usage | undefined) | undefined
  /** `usage` is our own estimate, because the provider did not tell. @default false */
  readonly isEstimated?: boolean
  /** Who prices `usage`, where it is not the pipeline's own pricer. */
  readonly price?: Pricer | undefined
}

/** The record of one try while it is being made. The last word on a field counts. */
export class AttemptRecord implements AttemptInit {
  readonly target: string | undefined
  readonly reason: string | undefined
  readonly startedAtMs: number
  /** The call as it was sent, once it was. */
  sent: Call | undefined
  /** Where it was sent, if not to where the application's client sends. */
  url: string | undefined
  status: number | undefined
  /** What was thrown instead of a response. */
  thrown: unknown
  headMs: number | undefined
  ttftMs: number | undefined
  totalMs: number | undefined
  ended: AttemptEnd | undefined
  readonly #model: string | undefined
  readonly #clock: Clock

  constructor(init: AttemptInit, clock: Clock) {
    this.target = init.target
    this.reason = init.reason
    this.#model = init.model
    this.#clock = clock
    this.startedAtMs = clock.now()
  }

  get model(): string | undefined {
    return this.#model
  }

  /** Tokens that the try took, as far as that was told. */
  get usage(): Usage | undefined {
    const usage = this.ended?.usage
    try {
      return typeof usage === 'function' ? usage() : usage
    } catch {
      // What cannot be counted is not known; whoever asks is an observer and fails no call.
      return undefined
    }
  }

  /** The response head came. */
  responded(status: number): void {
    this.headMs = this.#elapsed()
    this.status = status
  }

  /** No response came. */
  threw(error: unknown): void {
    this.headMs = this.#elapsed()
    this.thrown = error
  }

  /** The first content came. */
  firstContent(): void {
    this.ttftMs = this.#elapsed()
  }

  end(end: AttemptEnd): void {
    this.totalMs ??= this.#elapsed()
    this.ended = end
  }

  #elapsed(): number {
    return this.#clock.now() - this.startedAtMs
  }
}
