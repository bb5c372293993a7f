import { AsyncLocalStorage } from 'node:async_hooks'
import { SluiceError } from './errors.ts'
import { isObject, type JsonObject } from './json.ts'

/** Who a call is for and why. Middleware reads it; none of it is sent to a provider. */
export interface CallContext {
  /** Whose data this is. Caches, limits and budgets never share between tenants. */
  readonly tenant?: string
  readonly user?: string
  /** The conversation, for stickiness and per-session limits. */
  readonly session?: string
  readonly tags?: readonly string[]
  /** When the caller stops waiting, in Unix milliseconds. Retries and queues give up before it. */
  readonly deadlineAtMs?: number
  readonly metadata?: JsonObject
}

const headerOf = {
  tenant: 'x-sluice-tenant',
  user: 'x-sluice-user',
  session: 'x-sluice-session',
  tags: 'x-sluice-tags',
  deadlineAtMs: 'x-sluice-deadline-at-ms',
  metadata: 'x-sluice-metadata',
} as const satisfies Record<keyof CallContext, string>

/** The fields and the headers that carry them. */
export const contextFields: readonly [keyof CallContext, string][] = Object.entries(headerOf) as [
  keyof CallContext,
  string,
][]

const storage = new AsyncLocalStorage<CallContext>()

/**
 * Runs `run` with `context` for every call made inside it, however deep, across `await`s. Scopes nest: inner fields
 * replace outer ones, fields that the inner context leaves out stay.
 *
 * @throws {SluiceError} `context.invalid` when a field has the wrong type.
 */
export function withContext<T>(context: CallContext, run: () => T): T {
  return storage.run({ ...storage.getStore(), ...checkContext(context) }, run)
}

/** The context of the scope that runs now; empty outside {@link withContext}. */
export function currentContext(): CallContext {
  return storage.getStore() ?? none
}

const none: CallContext = Object.freeze({})

/**
 * Request headers that carry a context for one call: `create(params, { headers: contextHeaders({ tenant: 'acme' }) })`.
 * They win over {@link withContext} and are taken off before the request is sent.
 *
 * @throws {SluiceError} `context.invalid` when a field has the wrong type.
 */
export function contextHeaders(context: CallContext): Record<string, string> {
  checkContext(context)
  const headers: Record<string, string> = {}
  for (const [field, header] of contextFields) {
    const value = context[field]
    if (value === undefined) continue
    // Percent-encoding keeps any text inside the bytes that HTTP allows in a header.
    if (typeof value === 'string') headers[header] = encoded(value)
    else if (Array.isArray(value)) headers[header] = value.map(encoded).join(',')
    else headers[header] = encoded(JSON.stringify(value))
  }
  return headers
}

function encoded(text: string): string {
  // A lone surrogate has no UTF-8 form, and encodeURIComponent throws on it.
  return encodeURIComponent(text.toWellFormed())
}

/** Whether any context header is present. */
export function hasContextHeaders(headers: Headers): boolean {
  for (const [, header] of contextFields) if (headers.has(header)) return true
  return false
}

/** A copy of the headers with no context in it. */
export function withoutContextHeaders(headers: Headers): Headers {
  const rest = new Headers(headers)
  for (const [, header] of contextFields) rest.delete(header)
  return rest
}

/** `inner` over `outer`, field by field; either may be missing. */
export function mergeContext(outer: CallContext | undefined, inner: CallContext | undefined): CallContext {
  if (!outer) return inner ?? none
  return inner ? { ...outer, ...inner } : outer
}

/** Refuses a context that would key caches, limits or budgets wrongly. */
export function checkContext(context: CallContext): CallContext {
  if (!isObject(context)) throw invalidContext('context', 'an object')
  for (const field of ['tenant', 'user', 'session'] as const) {
    const value = context[field]
    if (value !== undefined && (typeof value !== 'string' || value === ''))
      throw invalidContext(field, 'a non-empty string')
  }
  const { tags, deadlineAtMs, metadata } = context
  if (tags !== undefined && !(Array.isArray(tags) && tags.every((tag) => typeof tag === 'string' && tag !== '')))
    throw invalidContext('tags', 'a list of non-empty strings')
  if (deadlineAtMs !== undefined && !Number.isFinite(deadlineAtMs))
    throw invalidContext('deadlineAtMs', 'Unix milliseconds')
  if (metadata !== undefined && !isObject(metadata)) throw invalidContext('metadata', 'an object')
  for (const field of Object.keys(context))
    if (!Object.hasOwn(headerOf, field))
      throw invalidContext(field, `left out; the fields are ${Object.keys(headerOf).join(', ')}`)
  return context
}

/** What a context that cannot be read is refused with. */
export function invalidContext(field: string, expected: string, cause?: unknown): SluiceError {
  return new SluiceError({
    code: 'context.invalid',
    message: `The call context field "${field}" must be ${expected}.`,
    details: { field },
    cause,
  })
}
