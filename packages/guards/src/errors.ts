import { isSluiceError, SluiceError, type SluiceErrorInit } from '@sluice/core'
import type { GuardStage } from './detector.ts'

/** What is told of a block. */
export interface Blocking {
  readonly stage: GuardStage
  readonly guard: string
  readonly rules: readonly string[]
  /** Names what was found without telling it: a salted hash. */
  readonly fingerprint?: string | undefined
  /** Of a streamed answer: characters that had been shown before. */
  readonly shownCharacters?: number | undefined
}

/**
 * A guard refused a call or its answer. `details` says where (`stage`), which guard and which of its rules, and a salted
 * `fingerprint` of what was found, and nothing of the text. Through a wrapped client it arrives as the SDK's
 * `BadRequestError`; `sluiceErrorOf` gives it back. Inside a stream it is thrown as it is, with `shownCharacters` in its details.
 */
export class GuardBlockedError extends SluiceError {
  constructor({ stage, guard, rules, fingerprint, shownCharacters }: Blocking) {
    super({
      code: 'guard.blocked',
      message: `The guard "${guard}" blocked the ${stage} (${rules.join(', ')}). Remove what it names, or relax the guard.`,
      details: {
        stage,
        guard,
        rules,
        ...(fingerprint !== undefined && { fingerprint }),
        ...(shownCharacters !== undefined && { shownCharacters }),
      },
    })
  }

  static override isInstance(value: unknown): value is GuardBlockedError {
    return isSluiceError(value) && value.code === 'guard.blocked'
  }
}

/**
 * The error for a detector that failed where guards fail closed. What a detector throws may quote the text (a provider's error
 * repeats the request), so its `cause` has only the name, the code and the HTTP status of what was thrown: no message, no body.
 * Errors of the detectors of this package stay as they are, since they quote nothing.
 *
 * To see all of it while you look for the reason, give the text to the detector by itself: `checkText(text, [detector])` throws
 * what the detector throws.
 */
export function guardFailed(stage: GuardStage, guard: string, cause: unknown): SluiceError {
  const told = isOwn(cause) ? cause : new DetectorFailure(cause)
  return new SluiceError({
    code: 'guard.failed',
    message: `The guard "${guard}" failed (${describe(told)}), so the ${stage} was not let through. checkText(text, [detector]) shows what it throws.`,
    details: { stage, guard },
    cause: told,
    status: 500,
  })
}

/** What may be told of something thrown that may quote a text. */
export class DetectorFailure extends Error {
  /** Of an HTTP client or of Node: `rate_limit_exceeded`, `ECONNREFUSED`. */
  readonly code?: string
  /** The HTTP status of an answer. */
  readonly status?: number

  constructor(thrown: unknown) {
    super('What was thrown is left out, because it may quote the text.')
    const { name, code, status } = factsOf(thrown)
    Object.defineProperty(this, 'name', { value: name })
    if (code !== undefined) this.code = code
    if (status !== undefined) this.status = status
  }
}

const own = new WeakSet<object>()

/** An error of a detector of this package. Its words are our own and quote nothing, so that `guard.failed` keeps it as its cause. */
export function detectorError(init: Omit<SluiceErrorInit, 'cause'>): SluiceError {
  const error = new SluiceError(init)
  own.add(error)
  return error
}

/** Whether an error is one of {@link detectorError}. */
export function isOwn(value: unknown): value is SluiceError {
  return typeof value === 'object' && value !== null && own.has(value)
}

/** The code of something thrown, where it is one: `ECONNREFUSED`, `guard.timeout`. */
export function codeOf(thrown: unknown): string | undefined {
  return factsOf(thrown).code
}

/** `APIError, rate_limit_exceeded, HTTP 429` */
export function describe(thrown: unknown): string {
  if (isOwn(thrown)) return thrown.code
  const { name, code, status } = factsOf(thrown)
  return [name, code, status === undefined ? undefined : `HTTP ${status}`]
    .filter((each) => each !== undefined)
    .join(', ')
}

/** What errors have that is too narrow for a text or a key to fit in. */
function factsOf(thrown: unknown): { name: string; code: string | undefined; status: number | undefined } {
  if (!(thrown instanceof Error)) return { name: typeof thrown, code: undefined, status: undefined }
  const { name, code, status } = thrown as Error & { code?: unknown; status?: unknown }
  return {
    name: wordOf(name) ?? 'Error',
    code: wordOf(code),
    status:
      Number.isInteger(status) && (status as number) >= 100 && (status as number) <= 599
        ? (status as number)
        : undefined,
  }
}

/** `RateLimitError`, `insufficient_quota`, `ERR_HTTP2_PING_CANCEL`; keys have more digits. */
const word = /^[A-Za-z]{1,32}\d{0,2}(?:[_.-][A-Za-z]{1,32}\d{0,2}){0,7}$/

function wordOf(value: unknown): string | undefined {
  return typeof value === 'string' && word.test(value) ? value : undefined
}
