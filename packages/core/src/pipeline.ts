import type { ApiId } from './api/api.ts'
import type { Call } from './call.ts'
import { configError, SluiceError } from './errors.ts'
import type { Reply } from './reply.ts'

/** Answers a call: the transport, a target, a whole pipeline. */
export type Handler = (call: Call) => Promise<Reply>

/** What a middleware says about itself. Given with {@link defineMiddleware}; all of it may be left out. */
export interface MiddlewareTraits {
  /** The name it goes by in reports and errors. @default the function's name */
  readonly name?: string
  /** The dialects it understands; calls in others pass it by. @default all */
  readonly apis?: readonly ApiId[]
  /** It wants calls that ask about a request, too: token counts, compaction. @default false */
  readonly asides?: boolean
  /** It reads token usage, so streamed usage is switched on (and hidden from callers that did not ask). @default false */
  readonly needsUsage?: boolean
  /** It retries failed attempts itself, so the wrapped client's own retries are switched off. @default false */
  readonly ownsRetries?: boolean
}

/**
 * One capability around a call: look at it, change it by copy, pass it on with `next`, and look at or replace what comes
 * back; or answer without `next`. The first one listed is outermost. `next` may be called several times (retries,
 * hedges), but not after the middleware has answered: start background work first.
 *
 * @example
 * const timing: Middleware = async (call, next) => {
 *   const start = performance.now()
 *   const reply = await next(call)
 *   console.log(call.api.model(call.request), reply.status, performance.now() - start)
 *   return reply
 * }
 */
export interface Middleware {
  (call: Call, next: Handler): Promise<Reply>
  readonly traits?: MiddlewareTraits
}

/** A middleware with a name and needs. */
export function defineMiddleware(
  traits: MiddlewareTraits,
  handle: (call: Call, next: Handler) => Promise<Reply>,
): Middleware {
  return Object.assign((call: Call, next: Handler) => handle(call, next), { traits })
}

/** The name a middleware goes by in reports and errors. */
export function middlewareName(middleware: Middleware, index: number): string {
  return middleware.traits?.name || middleware.name || `#${index + 1}`
}

/**
 * One handler out of many: `middleware` around `handler`, first listed outermost.
 *
 * @throws {SluiceError} `config.middleware` when an entry is not a function.
 */
export function compose(middleware: readonly Middleware[], handler: Handler): Handler {
  checkMiddleware(middleware)
  return middleware.reduceRight<Handler>(
    (next, entry, index) => around(entry, next, middlewareName(entry, index)),
    handler,
  )
}

function around(middleware: Middleware, next: Handler, name: string): Handler {
  const { apis, asides } = middleware.traits ?? {}
  return async (call) => {
    if ((apis && !apis.includes(call.api.id)) || (call.api.isAside && !asides)) return next(call)
    let answered = false
    let reply: Reply
    try {
      reply = await middleware(call, (inner) => (answered ? Promise.reject(lateNext(name)) : next(inner)))
    } finally {
      answered = true
    }
    if (!isReply(reply)) throw noReply(name)
    if (reply.api.id !== call.api.id) throw mismatch(name, reply.api.id, call.api.id)
    return reply
  }
}

/** Refuses a middleware list that cannot work, naming the entry and the fix. */
export function checkMiddleware(middleware: readonly Middleware[]): void {
  if (!Array.isArray(middleware))
    throw configError(
      'middleware',
      `The middleware must be a list of functions, got ${typeof middleware}: sluice(client, [ … ]).`,
    )
  for (const [index, entry] of middleware.entries()) {
    if (typeof entry === 'function') continue
    const got = entry === null ? 'null' : Array.isArray(entry) ? 'a list (spread it: ...list)' : typeof entry
    throw configError(
      'middleware',
      `Middleware ${index + 1} is not a function, got ${got}. Pass (call, next) => Promise<Reply>.`,
      { index },
    )
  }
}

function isReply(value: unknown): value is Reply {
  return typeof value === 'object' && value !== null && 'kind' in value && 'toResponse' in value
}

function lateNext(name: string): SluiceError {
  return new SluiceError({
    code: 'pipeline.late_next',
    message: `Middleware "${name}" called next() after it had answered. Start background work before returning the reply.`,
    details: { middleware: name },
    status: 500,
  })
}

function noReply(name: string): SluiceError {
  return new SluiceError({
    code: 'pipeline.no_reply',
    message: `Middleware "${name}" did not return a reply. Return what next(call) gave, or one made with wholeReply() or streamReply().`,
    details: { middleware: name },
    status: 500,
  })
}

function mismatch(name: string, got: string, expected: string): SluiceError {
  return new SluiceError({
    code: 'pipeline.dialect_mismatch',
    message: `Middleware "${name}" answered a call in ${expected} with a reply in ${got}. Make replies with call.api.`,
    details: { middleware: name, got, expected },
    status: 500,
  })
}
