import type { Api } from './api/api.ts'
import { isSluiceError, SluiceError } from './errors.ts'
import { isObject, type JsonObject } from './json.ts'
import { textResponse } from './response.ts'

/** The error behind a response, found again through the headers that SDK errors keep. */
const errorBehind = new WeakMap<object, SluiceError>()

/**
 * A Sluice error as the HTTP error of its dialect: the SDK makes its own typed error of it and does not retry it.
 * Never thrown inside `fetch`: there the SDK would retry it and call it a connection error.
 */
export function errorResponse(api: Api, error: SluiceError): Response {
  const headers = new Headers({
    'content-type': 'application/json',
    'x-should-retry': 'false',
    'x-sluice-error': error.code.replaceAll(/[^!-~]/g, '?'),
  })
  if (error.retryAfterMs !== undefined) {
    headers.set('retry-after-ms', String(Math.ceil(error.retryAfterMs)))
    headers.set('retry-after', String(Math.ceil(error.retryAfterMs / 1000)))
  }
  errorBehind.set(headers, error)
  return textResponse(bodyOf(api, error), { status: error.status, headers })
}

function bodyOf(api: Api, error: SluiceError): string {
  try {
    return JSON.stringify(api.errorBody(error))
  } catch {
    // Details that are no JSON (a BigInt, a cycle) stay in the process, on the error itself.
    const { code, message, status } = error
    return JSON.stringify(api.errorBody(new SluiceError({ code, message, status })))
  }
}

/** The message of whatever was thrown, which may be anything. */
export function messageOf(thrown: unknown): string {
  try {
    return thrown instanceof Error ? String(thrown.message) : String(thrown)
  } catch {
    return 'A middleware threw something that has no message.'
  }
}

/** Makes the errors behind one response known under other headers: those of a copy. */
export function keepErrorBehind(from: object, to: object): void {
  const error = errorBehind.get(from)
  if (error) errorBehind.set(to, error)
  if (failureBehind.has(from)) failureBehind.set(to, failureBehind.get(from))
}

/** Failures below HTTP, by whoever met them: the SDK has an error of its own for these, the rest are ours. */
const wireErrors = new WeakSet<object>()

/** Marks what `fetch` threw. */
export function wireError(error: unknown): unknown {
  if (typeof error === 'object' && error !== null) wireErrors.add(error)
  return error
}

export function isWireError(error: unknown): boolean {
  return typeof error === 'object' && error !== null && wireErrors.has(error)
}

/** The failure below HTTP behind a response, for {@link connectionFailureOf}. */
const failureBehind = new WeakMap<object, unknown>()

/**
 * A failure below HTTP (no connection, a reset) as a response, for a client whose retries Sluice owns: thrown, the SDK
 * would retry it by its own rules. The client's overlay turns it back into the SDK's connection error.
 */
export function connectionResponse(failure: unknown): Response {
  const headers = new Headers({ 'content-type': 'application/json', 'x-should-retry': 'false' })
  failureBehind.set(headers, failure)
  const error = { code: 'connection.failed', type: 'sluice_error', message: 'Connection error.' }
  return textResponse(JSON.stringify({ error }), { status: 503, headers })
}

/** What {@link connectionResponse} stands for, by the headers of the response. */
export function connectionFailureOf(headers: unknown): unknown {
  return typeof headers === 'object' && headers !== null ? failureBehind.get(headers) : undefined
}

/**
 * The Sluice error behind whatever an SDK threw: an `APIError` of `openai` or `@anthropic-ai/sdk`, an `APICallError` of
 * the AI SDK, an error with one of these as its `cause`. In the same process it is the very error that was raised;
 * across HTTP (a gateway) it is rebuilt from the error body, without its `cause`.
 *
 * @returns `undefined` when Sluice had no part in it.
 *
 * @example
 * try {
 *   await client.chat.completions.create(params)
 * } catch (error) {
 *   if (sluiceErrorOf(error)?.code === 'budget.exceeded') return busyPage()
 *   throw error
 * }
 */
export function sluiceErrorOf(error: unknown): SluiceError | undefined {
  // Bounded: `cause` chains can be circular.
  for (let at = error, depth = 0; typeof at === 'object' && at !== null && depth < 8; depth += 1) {
    if (isSluiceError(at)) return at
    const {
      headers,
      error: body,
      data,
      responseBody,
      status,
      statusCode,
      cause,
      lastError,
    } = at as Record<string, unknown>
    const found =
      (typeof headers === 'object' && headers !== null ? errorBehind.get(headers) : undefined) ??
      fromBody(body, status) ??
      // The AI SDK's `data` is what its own schema left of the body.
      fromBody(parsed(responseBody), statusCode) ??
      fromBody(data, statusCode)
    if (found) return found
    at = cause ?? lastError
  }
  return undefined
}

function fromBody(body: unknown, status: unknown): SluiceError | undefined {
  if (!isObject(body)) return undefined
  // The body as a whole (Anthropic, the AI SDK) or the error inside it (openai).
  const error = isObject(body['error']) ? body['error'] : body
  const { type, code, message, details } = error
  if (type !== 'sluice_error' || typeof code !== 'string') return undefined
  return new SluiceError({
    code,
    message: typeof message === 'string' ? message : code,
    ...(isObject(details) && { details: details as JsonObject }),
    ...(typeof status === 'number' && { status }),
  })
}

function parsed(text: unknown): unknown {
  try {
    return typeof text === 'string' && text.includes('sluice_error') ? JSON.parse(text) : undefined
  } catch {
    return undefined
  }
}
