import { systemClock, type Clock } from './clock.ts'
import { checkContext, hasContextHeaders, withoutContextHeaders, type CallContext } from './context.ts'
import { configError } from './errors.ts'
import { isObject } from './json.ts'
import type { Api } from './api/api.ts'
import { knownDialects, type Dialect } from './api/known.ts'
import { checkMiddleware, middlewareName, type Middleware } from './pipeline.ts'
import type { Pricer } from './report.ts'
import { Seam, type SeamSettings } from './seam.ts'

/** Settings of a pipeline. */
export interface SluiceOptions {
  /** Context of every call through this client; `withContext` and context headers replace its fields. */
  readonly context?: CallContext
  /**
   * Dialects to recognise, from `@sluice/core/apis` or your own. A request in none of them passes untouched.
   * @default those of the client; all five for `sluiceFetch`. They are loaded when their first call comes.
   */
  readonly apis?: readonly Api[]
  /** What a call cost, for its report. @default none: reports carry tokens only */
  readonly price?: Pricer
  /**
   * Ask for token usage in streams when a middleware or a report needs it (`stream_options.include_usage`), and hide the
   * extra chunk from callers that did not ask. Switch off for servers that refuse the field. @default true
   */
  readonly streamUsage?: boolean
  /**
   * What becomes of a stream that ends without its terminal event: `error` raises {@link IncompleteStreamError}, `pass`
   * ends it as if it were whole, as the SDKs do. @default 'error'
   */
  readonly incompleteStreams?: 'error' | 'pass'
  /** Put `x-sluice-call-id` and `x-sluice-decisions` on every response; the headers are then a copy. @default false */
  readonly exposeHeaders?: boolean
  /**
   * Whether `x-sluice-*` request headers set the context of a call. `ignore` only takes them off: for a gateway whose
   * callers choose their own headers, and could name another's tenant. @default 'trust'
   */
  readonly contextHeaders?: 'trust' | 'ignore'
  /** @default the system's clock */
  readonly clock?: Clock
}

/** Settings of {@link sluiceFetch}. */
export interface SluiceFetchOptions extends SluiceOptions {
  /** What sends the requests. @default `globalThis.fetch`, looked up at each call */
  readonly fetch?: typeof globalThis.fetch
}

const optionNames = 'context apis price streamUsage incompleteStreams exposeHeaders contextHeaders clock'.split(' ')

/**
 * A `fetch` with middleware in it, for any SDK that takes one: `createOpenAI({ fetch })`,
 * `new ChatOpenAI({ configuration: { fetch } })`, or plain use. It can also be mounted in a web server as a gateway.
 *
 * @throws {SluiceError} `config.middleware`, `config.option` at construction.
 *
 * @example
 * const fetch = sluiceFetch([logging])
 * const openai = createOpenAI({ fetch })
 */
export function sluiceFetch(
  middleware: readonly Middleware[],
  options: SluiceFetchOptions = {},
): typeof globalThis.fetch {
  checkObject(options)
  const { fetch, ...rest } = options
  if (fetch !== undefined && typeof fetch !== 'function')
    throw configError('option', 'The option "fetch" must be a function.')
  // The SDKs above this seam are unknown; several retry a 500, none retries a 400.
  const seam = new Seam({ ...settingsOf(middleware, rest, knownDialects), failureStatus: 400 })
  const send = (url: string, init: RequestInit): Promise<Response> => (fetch ?? globalThis.fetch)(url, init)
  return async (input, init = {}) => {
    const isRequest = input instanceof Request
    const url = isRequest ? input.url : String(input)
    const method = (init.method ?? (isRequest ? input.method : 'GET')).toUpperCase()
    if (!seam.dialectOf(method, url)) {
      const { headers } = isRequest && !init.headers ? input : init
      // What is no call goes on as it came, but for the context, which is for nobody else.
      const given = new Headers(headers)
      const sent = hasContextHeaders(given) ? { ...init, headers: withoutContextHeaders(given) } : init
      return (fetch ?? globalThis.fetch)(input, sent)
    }
    return seam.fetch(url, { ...(isRequest && (await partsOf(input, init))), ...init, method }, send)
  }
}

/** A request's parts as the second argument of `fetch`. Its own signal is kept: that of a copy ends with the copy. */
async function partsOf(request: Request, init: RequestInit): Promise<RequestInit> {
  const { headers, signal, redirect, integrity, keepalive, credentials, cache } = request
  const body = init.body ?? (await request.text())
  return { headers, signal, redirect, integrity, keepalive, credentials, cache, body }
}

/** Checks middleware and options and fills in the defaults. */
export function settingsOf(
  middleware: readonly Middleware[],
  options: SluiceOptions,
  spoken: readonly Dialect[],
): Omit<SeamSettings, 'failureStatus'> {
  checkMiddleware(middleware)
  checkOptions(options)
  const apis: readonly Dialect[] = options.apis ?? spoken
  for (const [index, entry] of middleware.entries()) {
    const wanted = entry.traits?.apis
    if (wanted && !apis.some((api) => wanted.includes(api.id)))
      throw configError(
        'dialect_mismatch',
        `Middleware "${middlewareName(entry, index)}" understands ${wanted.join(', ')}, but this client speaks ` +
          `${[...new Set(apis.map(({ id }) => id))].join(', ')}. Leave it out, or wrap the client it was made for.`,
      )
  }
  return {
    apis,
    middleware: [...middleware],
    context: options.context,
    clock: options.clock ?? systemClock,
    price: options.price,
    streamUsage: options.streamUsage ?? true,
    strictStreams: options.incompleteStreams !== 'pass',
    exposeHeaders: options.exposeHeaders ?? false,
    trustHeaders: options.contextHeaders !== 'ignore',
  }
}

function checkObject(options: unknown): void {
  if (isObject(options)) return
  const got = options === null ? 'null' : Array.isArray(options) ? 'a list' : typeof options
  throw configError('option', `The options must be an object, got ${got}.`)
}

function checkOptions(options: SluiceOptions): void {
  checkObject(options)
  for (const name of Object.keys(options)) {
    if (!optionNames.includes(name))
      throw configError('option', `Unknown option "${name}". The options are ${optionNames.join(', ')}.`, {
        option: name,
      })
  }
  const { context, apis, price, incompleteStreams, contextHeaders, clock } = options
  if (context !== undefined) checkContext(context)
  if (
    apis !== undefined &&
    !(Array.isArray(apis) && apis.length > 0 && apis.every((api) => typeof api?.match === 'function'))
  )
    throw configError('option', 'The option "apis" must be a non-empty list of dialects, such as [openaiChat].')
  if (price !== undefined && typeof price !== 'function')
    throw configError('option', `The option "price" must be a function of usage and model, got ${typeof price}.`)
  checkOneOf('incompleteStreams', incompleteStreams, 'error', 'pass')
  checkOneOf('contextHeaders', contextHeaders, 'trust', 'ignore')
  for (const name of ['streamUsage', 'exposeHeaders'] as const) {
    const value: unknown = options[name]
    if (value !== undefined && typeof value !== 'boolean')
      throw configError('option', `The option "${name}" must be true or false, got ${typeof value}.`)
  }
  if (clock !== undefined && !(typeof clock?.now === 'function' && typeof clock.sleep === 'function'))
    throw configError('option', 'The option "clock" must have now() and sleep(ms, signal).')
}

function checkOneOf(name: string, value: unknown, one: string, other: string): void {
  if (value !== undefined && value !== one && value !== other)
    throw configError('option', `The option "${name}" must be "${one}" or "${other}", got ${JSON.stringify(value)}.`)
}
