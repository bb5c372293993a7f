import type { JsonObject } from './json.ts'
import type { Usage } from './usage.ts'

const brand: unique symbol = Symbol.for('sluice.error') as never

/** What a {@link SluiceError} is made from. */
export interface SluiceErrorInit {
  /** `area.reason`, lower case, stable across versions: `guard.blocked`, `stream.incomplete`. */
  readonly code: string
  /** What happened, the value that was seen, and what to do. Never a prompt, a secret or personal data. */
  readonly message: string
  /** Facts a program can act on. JSON-serialisable; it travels to the caller in the HTTP error body. */
  readonly details?: JsonObject
  /** The error behind this one. It stays in the process: it is never serialised. */
  readonly cause?: unknown
  /** HTTP status this error leaves the seam with, which picks the SDK's error class. 400..599, else 500. @default 400 */
  readonly status?: number
  /** How long the caller should wait before trying again, in milliseconds; becomes `retry-after-ms` and `retry-after`. */
  readonly retryAfterMs?: number
}

/**
 * The one base class of every error that Sluice raises.
 *
 * Thrown by a constructor it reaches you as it is. Raised during a call it leaves the seam as the HTTP error that your
 * SDK turns into its own typed error, so existing `catch` blocks keep working; {@link sluiceErrorOf} gives it back.
 */
export class SluiceError extends Error {
  readonly code: string
  readonly details: JsonObject
  readonly status: number
  readonly retryAfterMs: number | undefined

  constructor(init: SluiceErrorInit) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause })
    this.name = new.target.name
    this.code = init.code
    this.details = init.details ?? {}
    const { status = 400 } = init
    // Any other status would arrive as a success, or as no response at all.
    this.status = Number.isInteger(status) && status >= 400 && status <= 599 ? status : 500
    this.retryAfterMs = init.retryAfterMs
    Object.defineProperty(this, brand, { value: true })
  }

  /** True for an error of this class family, also one from a second installed copy of the package. */
  static isInstance(value: unknown): value is SluiceError {
    return isSluiceError(value)
  }
}

/** True when `value` is a {@link SluiceError} of any installed copy of the package. */
export function isSluiceError(value: unknown): value is SluiceError {
  return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[brand] === true
}

/** Raised when the bodies of two calls, options or values do not fit; always at construction where that is possible. */
export function configError(reason: string, message: string, details?: JsonObject): SluiceError {
  return new SluiceError({ code: `config.${reason}`, message, ...(details && { details }) })
}

/** What was delivered of an answer before its stream broke off. */
export interface PartialAnswer {
  /** Text of the first choice so far. May be the tail only: see `truncated`. */
  readonly text: string
  /** Tokens by meter, as far as the provider had reported them. */
  readonly usage: Usage | undefined
  /** Events that this was made from. */
  readonly events: number
  /** True when the stream was too long to keep whole and `text` is only its end. */
  readonly truncated: boolean
}

/**
 * A stream ended without its terminal event: the answer is not whole and must not be sold as one.
 *
 * Both official SDKs report success here. `partial` holds what was delivered.
 */
export class IncompleteStreamError extends SluiceError {
  readonly partial: PartialAnswer

  constructor(api: string, partial: PartialAnswer, cause?: unknown) {
    super({
      code: 'stream.incomplete',
      message:
        `The ${api} stream ended without its terminal event; the answer is incomplete (${partial.events} events read). ` +
        'Retry the call, or read error.partial for what was delivered.',
      details: { api, events: partial.events, truncated: partial.truncated },
      status: 502,
      cause,
    })
    // Kept off the enumerable surface: loggers print own fields, and this is the model's text.
    Object.defineProperty(this, 'partial', { value: partial, enumerable: false })
    this.partial = partial
  }

  static override isInstance(value: unknown): value is IncompleteStreamError {
    return isSluiceError(value) && value.code === 'stream.incomplete'
  }
}
