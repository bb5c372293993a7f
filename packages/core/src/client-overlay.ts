import { connectionFailureOf, sluiceErrorOf } from './errors-http.ts'
import { isObject, snapshotJson, type JsonObject } from './json.ts'
import type { SdkRequest, Seam, Send } from './seam.ts'

type Fetch = (url: string | URL | Request, init?: RequestInit) => Promise<Response>

/** What both SDKs build from a call, the parts that matter here. */
interface Built {
  readonly req: { readonly body?: unknown; readonly headers?: unknown }
  readonly timeout?: number
}

interface CallOptions {
  readonly body?: unknown
  readonly maxRetries?: number
}

/** Anthropic's own middleware, the parts that matter here. */
type SdkMiddleware = (
  request: RequestInit & { url: string },
  next: (request: RequestInit & { url: string }) => Promise<Response>,
) => Promise<Response>

/**
 * The inside of an SDK client, as far as an overlay needs it: the members are the same in openai 5 to 7 and
 * `@anthropic-ai/sdk` 0.60 to 1. Those marked optional are absent in some; the overlay then does without.
 */
export interface SdkClient {
  fetch: Fetch
  maxRetries: number
  baseURL: string
  /** Of AzureOpenAI. */
  readonly apiVersion?: string
  readonly deploymentName?: string | undefined
  /** What the client was constructed with. */
  readonly _options?: { timeout?: number | undefined }
  withOptions(options: { fetch?: Fetch; maxRetries?: number }): SdkClient
  buildRequest?(options: CallOptions, more?: unknown): Promise<Built>
  makeRequest?(options: CallOptions | Promise<CallOptions>, ...rest: unknown[]): Promise<unknown>
  makeStatusError?(status: number, error: unknown, message: string | undefined, headers: unknown): Error
  backendMiddleware?(): SdkMiddleware[]
}

interface ErrorClasses {
  readonly APIConnectionError?: new (init: { message?: string; cause?: unknown }) => Error
  readonly APIConnectionTimeoutError?: new () => Error
}

/**
 * Retries that the application asked for in one request, by the options that carry none any more. For all overlays: of
 * two that own the retries the first to see the request takes them off.
 */
const askedRetries = new WeakMap<CallOptions, number>()

/** A fetch of ours to the fetch it calls. */
const innerFetch = new WeakMap<Fetch, Fetch>()

/**
 * A copy of `client` whose requests go through `seam`. The copy's prototype is an object over the client's own with some
 * of its hooks replaced, so that class, brand checks, `instanceof` and User-Agent stay:
 *
 * - `buildRequest`: the body object before it was serialised and the caller's `maxRetries`, by the request's headers;
 * - `makeStatusError`: our error as the `cause` of the SDK's, and connection errors where we own the retries;
 * - `makeRequest`, only where a middleware owns the retries: a request's own `maxRetries` is for that middleware;
 * - `withOptions`: copies of the copy stay wrapped, also when they are given a fetch of their own.
 *
 * Requests are taken over at `fetch`; in Anthropic clients that have it at `backendMiddleware`, which lies inside the
 * user's own middleware and outside the signing of Bedrock and Vertex.
 */
export function overlayClient(client: SdkClient, seam: Seam): SdkClient {
  const base = Object.getPrototypeOf(client) as SdkClient
  const known = new WeakMap<object, SdkRequest>()
  /** What the application set on a client whose own retries are off. */
  const retries = new WeakMap<object, number>()
  const ours = new WeakSet<Fetch>()
  const atFetch = typeof base.backendMiddleware !== 'function'

  const over = (fetch: Fetch): Fetch => {
    const send: Send = (url, init) => fetch(url, init)
    const wrapped: Fetch = (url, init = {}) =>
      typeof url === 'string' && init.method !== undefined
        ? seam.fetch(url, init, send, sdkRequest(known, init))
        : fetch(url, init)
    ours.add(wrapped)
    innerFetch.set(wrapped, fetch)
    return wrapped
  }
  const runsThroughUs = (fetch: Fetch): boolean => {
    for (let at: Fetch | undefined = fetch; at; at = innerFetch.get(at)) if (ours.has(at)) return true
    return false
  }
  const adopt = (copy: SdkClient, maxRetries: number): SdkClient => {
    if (atFetch && !runsThroughUs(copy.fetch)) copy.fetch = over(copy.fetch)
    if (seam.ownsRetries) {
      retries.set(copy, maxRetries)
      copy.maxRetries = 0
    }
    return Object.setPrototypeOf(copy, overlay) as SdkClient
  }

  const overlay = Object.create(base, {
    withOptions: hook(function (this: SdkClient, options: { fetch?: Fetch; maxRetries?: number } = {}) {
      return adopt(base.withOptions.call(this, options), options.maxRetries ?? retries.get(this) ?? this.maxRetries)
    }),
  }) as SdkClient

  const { buildRequest, makeRequest, makeStatusError, backendMiddleware } = base
  if (buildRequest) {
    define(overlay, 'buildRequest', async function (this: SdkClient, options: CallOptions, more?: unknown) {
      const built = await buildRequest.call(this, options, more)
      const { headers, body } = built.req
      if (headers instanceof Headers && typeof body === 'string') {
        const object = seam.hasMiddleware ? snapshotOf(options.body) : undefined
        const maxRetries = askedRetries.get(options) ?? options.maxRetries ?? retries.get(this) ?? this.maxRetries
        known.set(headers, { body: object, text: body, maxRetries, timeoutMs: built.timeout })
      }
      return built
    })
  }
  if (makeRequest && seam.ownsRetries) {
    define(
      overlay,
      'makeRequest',
      async function (this: SdkClient, given: CallOptions | Promise<CallOptions>, ...rest: unknown[]) {
        const options = await given
        if (options.maxRetries === undefined || askedRetries.has(options))
          return makeRequest.call(this, options, ...rest)
        const once = { ...options, maxRetries: 0 }
        askedRetries.set(once, options.maxRetries)
        return makeRequest.call(this, once, ...rest)
      },
    )
  }
  if (makeStatusError) {
    const classes = client.constructor as ErrorClasses
    define(
      overlay,
      'makeStatusError',
      function (this: SdkClient, status: number, error: unknown, message: string | undefined, headers: unknown) {
        const failure = connectionFailureOf(headers)
        const made = connectionError(classes, failure) ?? makeStatusError.call(this, status, error, message, headers)
        const cause = failure ?? sluiceErrorOf({ headers })
        // Not enumerable: loggers that print an error's own fields would print ours twice.
        if (cause !== undefined)
          Object.defineProperty(made, 'cause', { value: cause, configurable: true, writable: true })
        return made
      },
    )
  }
  if (backendMiddleware) {
    const middleware: SdkMiddleware = ({ url, ...init }, next) =>
      seam.fetch(url, init, (to, sent) => next({ ...sent, url: to }), sdkRequest(known, init))
    define(overlay, 'backendMiddleware', function (this: SdkClient) {
      return [middleware, ...backendMiddleware.call(this)]
    })
  }

  // AzureOpenAI of openai 6 leaves these out of its copies, and refuses to make one without the first.
  const { apiVersion, deploymentName: deployment } = client
  const azure = apiVersion === undefined ? {} : { apiVersion, deployment }
  const copy = base.withOptions.call(client, atFetch ? { ...azure, fetch: over(client.fetch) } : {})
  // Anthropic refuses a long call that is not streamed unless a timeout was chosen, and a copy looks as if one was.
  if (copy._options && client._options) copy._options.timeout = client._options.timeout
  // A subclass whose constructor takes something else than the SDK's options makes another client of them.
  if (copy.baseURL !== client.baseURL) throw new TypeError(`the copy has the base URL ${copy.baseURL}`)
  return adopt(copy, client.maxRetries)
}

/**
 * The body as it was just serialised. Taken here and not when somebody reads it: hooks, tokens and loading may come
 * between, and an application that changed its object meanwhile would have middleware look at what is not sent.
 */
function snapshotOf(body: unknown): JsonObject | undefined {
  try {
    const snapshot = snapshotJson(body)
    return isObject(snapshot) ? snapshot : undefined
  } catch {
    // Too deep to copy: the text is parsed when somebody asks.
    return undefined
  }
}

/** What was known of the request when the SDK built it, unless its body was replaced since. */
function sdkRequest(known: WeakMap<object, SdkRequest>, init: RequestInit): SdkRequest | undefined {
  const request = init.headers ? known.get(init.headers) : undefined
  if (!request || request.text === init.body) return request
  return { ...request, body: undefined, text: undefined }
}

function connectionError(classes: ErrorClasses, failure: unknown): Error | undefined {
  if (failure === undefined) return undefined
  const { APIConnectionError, APIConnectionTimeoutError } = classes
  // The SDKs tell a timeout by the same words.
  const isTimeout = /timed? ?out/i.test(`${String(failure)}${String((failure as { cause?: unknown }).cause ?? '')}`)
  if (isTimeout && APIConnectionTimeoutError) return new APIConnectionTimeoutError()
  return APIConnectionError && new APIConnectionError({ cause: failure })
}

function hook(value: unknown): PropertyDescriptor {
  return { value, writable: true, configurable: true }
}

function define(overlay: SdkClient, name: keyof SdkClient, value: unknown): void {
  Object.defineProperty(overlay, name, hook(value))
}
