import { untilAborted } from './abort.ts'
import type { Api, ApiId, EventOf } from './api/api.ts'
import type { Dialect } from './api/known.ts'
import { pathOf } from './api/routes.ts'
import { PipelineCall } from './call.ts'
import type { Clock } from './clock.ts'
import { currentContext, hasContextHeaders, mergeContext, type CallContext } from './context.ts'
import { isSluiceError, SluiceError } from './errors.ts'
import type { JsonObject } from './json.ts'
import { connectionResponse, errorResponse, isWireError, keepErrorBehind, messageOf, wireError } from './errors-http.ts'
import { compose, type Handler, type Middleware } from './pipeline.ts'
import { unreadableResponse, isStream, replyOf, watchedResponse, type Reply } from './reply.ts'
import { reportsWanted, type Pricer } from './report.ts'
import type { CallObserver } from './report-call.ts'

/** Sends one HTTP request: `fetch`, or what an SDK puts in its place. */
export type Send = (url: string, init: RequestInit) => Promise<Response>

/** What the SDK knows of a request beyond its HTTP form. */
export interface SdkRequest {
  /** A frozen snapshot of the body object that was serialised, where there is middleware to read it. */
  readonly body: JsonObject | undefined
  /** What it was serialised to. */
  readonly text: string | undefined
  /** Retries that the application asked for, per request or on the client. */
  readonly maxRetries: number | undefined
  /** The application's timeout for the request, in milliseconds. */
  readonly timeoutMs: number | undefined
}

/** Settings of a seam, checked and with their defaults. */
export interface SeamSettings {
  readonly apis: readonly Dialect[]
  readonly middleware: readonly Middleware[]
  readonly context: CallContext | undefined
  readonly clock: Clock
  readonly price: Pricer | undefined
  readonly streamUsage: boolean
  readonly strictStreams: boolean
  readonly exposeHeaders: boolean
  readonly trustHeaders: boolean
  /** Status of a failure in a middleware: 500, or 400 under SDKs that would retry a 500. */
  readonly failureStatus: number
}

/** The engine under every wrapped client: HTTP in, call, pipeline, reply, HTTP out. */
export class Seam {
  readonly ownsRetries: boolean
  readonly hasMiddleware: boolean
  readonly #settings: SeamSettings
  readonly #needsUsage: boolean
  readonly #handler: Handler
  readonly #loaded = new Map<Dialect, Api>()

  constructor(settings: SeamSettings) {
    const { middleware } = settings
    this.#settings = settings
    this.#handler = compose(middleware, transport)
    this.#needsUsage = middleware.some((entry) => entry.traits?.needsUsage)
    this.hasMiddleware = middleware.length > 0
    this.ownsRetries = middleware.some((entry) => entry.traits?.ownsRetries)
  }

  /** Answers one HTTP request. Rejects only with what `send` rejected with, or an abort. */
  async fetch(url: string, init: RequestInit, send: Send, sdk?: SdkRequest): Promise<Response> {
    const { strictStreams } = this.#settings
    const dialect = this.dialectOf(init.method, url)
    let headers = init.headers instanceof Headers ? init.headers : new Headers(init.headers)
    let context: CallContext | undefined
    if (hasContextHeaders(headers)) {
      try {
        // Most calls carry none.
        const { takeContextHeaders } = await import('./context-headers.ts')
        ;({ context, headers } = takeContextHeaders(headers))
        if (!this.#settings.trustHeaders) context = undefined
      } catch (error) {
        return errorResponse(await this.#load(dialect ?? (this.#settings.apis[0] as Dialect)), error as SluiceError)
      }
      init = { ...init, headers }
    }
    if (!dialect || init.body == null || init.body instanceof FormData) return send(url, init)
    let text: string
    if (typeof init.body === 'string') text = init.body
    else {
      // No SDK sends a call so, but a gateway's callers may, and no spelling of a call may slip past the middleware.
      text = await new Response(init.body).text()
      init = { ...init, headers, body: text }
    }
    if (!this.hasMiddleware && !reportsWanted()) {
      const response = await send(url, init)
      if (!strictStreams || !response.ok || !isStream(response, never)) return response
      return watchedResponse(await this.#load(dialect), response)
    }
    const api = this.#loaded.get(dialect) ?? (await this.#load(dialect))
    return this.#answer(api, { url, init, headers, text, context, send, sdk })
  }

  async #answer(api: Api, entry: Entry): Promise<Response> {
    const { clock, price, context, strictStreams, streamUsage, exposeHeaders } = this.#settings
    const replies: { readonly reply: Reply; readonly signal: AbortSignal | undefined }[] = []
    const call = PipelineCall.from(api, {
      ...entry,
      value: entry.sdk?.body,
      context: withDeadline(mergeContext(mergeContext(context, currentContext()), entry.context), entry.sdk, clock),
      maxRetries: entry.sdk?.maxRetries,
      clock,
      transport: async (sent) => {
        const { url, init } = sent.wire()
        if (sent.api !== api) throw foreignDialect(sent.api.id, api.id)
        const record = sent.sending()
        try {
          const response = await entry.send(url, init)
          record.responded(response.status)
          const reply = replyOf(api, response, () => api.isStream(sent.request), strictStreams)
          replies.push({ reply, signal: sent.signal })
          return reply
        } catch (error) {
          record.threw(error)
          throw wireError(error)
        }
      },
    })
    const report =
      reportsWanted() && !api.isAside ? new (Observer ?? (await loadObserver()))(call, clock, price) : undefined
    try {
      const sent = streamUsage && (this.#needsUsage || report) ? askingForUsage(call) : call
      const reply = await untilAborted(this.#handler(sent), call.signal, (late) => late.discard())
      const observed = report ? report.replied(reply) : reply
      const response = await observed.toResponse(sent === call ? undefined : asIfNotAsked(api))
      return exposeHeaders ? exposed(response, call) : response
    } catch (error) {
      report?.threw(error)
      // What the provider is still sending would go on, and be billed, until it is collected.
      for (const { reply, signal } of replies) {
        // What was sent under another signal is that signal's to end: others may share it.
        if (call.signal?.aborted && signal !== call.signal) continue
        void reply.discard().catch(() => undefined)
      }
      return this.#failed(call, error)
    }
  }

  /** The response for a call that failed, or a rejection where the SDK has an error of its own for it. */
  #failed(call: PipelineCall, error: unknown): Response {
    const isWire = isWireError(error)
    // An abort stays an abort and a timeout the SDK's timeout, whatever middleware made of it on the way.
    if (call.signal?.aborted) throw isWire || isAbort(error) ? error : call.signal.reason
    const unreadable = unreadableResponse(error)
    if (unreadable) return unreadable
    if (isSluiceError(error)) return errorResponse(call.api, error)
    if (isWire) {
      if (!this.ownsRetries) throw error
      return connectionResponse(error)
    }
    const message = messageOf(error)
    const status = this.#settings.failureStatus
    return errorResponse(call.api, new SluiceError({ code: 'middleware.failed', message, status, cause: error }))
  }

  async #load(dialect: Dialect): Promise<Api> {
    const api = dialect.load ? await dialect.load() : (dialect as Api)
    this.#loaded.set(dialect, api)
    return api
  }

  /** The dialect of a request, if it is a call in one. */
  dialectOf(method: string | undefined, url: string): Dialect | undefined {
    if (method !== 'POST') return undefined
    const path = pathOf(url)
    return this.#settings.apis.find((api) => api.match(path))
  }
}

interface Entry {
  readonly url: string
  readonly init: RequestInit
  readonly headers: Headers
  readonly text: string
  readonly context: CallContext | undefined
  readonly send: Send
  readonly sdk: SdkRequest | undefined
}

/** Loaded when the first call is observed: most processes load it, and none has to before that. */
let Observer: typeof CallObserver | undefined

async function loadObserver(): Promise<typeof CallObserver> {
  return (Observer = (await import('./report-call.ts')).CallObserver)
}

const never = (): boolean => false

const transport: Handler = async (call) => {
  if (call instanceof PipelineCall) return call.state.transport(call)
  throw new SluiceError({
    code: 'pipeline.foreign_call',
    message: 'A middleware passed on an object that is not a call. Make changed copies with call.with({ … }).',
    status: 500,
  })
}

function foreignDialect(got: ApiId, expected: ApiId): SluiceError {
  return new SluiceError({
    code: 'pipeline.foreign_dialect',
    message: `A call in ${got} was passed on to a client that was asked in ${expected}. Send it to a target that speaks it.`,
    details: { got, expected },
    status: 500,
  })
}

/** A caller that named no deadline waits as long as its SDK's timeout. */
function withDeadline(context: CallContext, sdk: SdkRequest | undefined, clock: Clock): CallContext {
  if (context.deadlineAtMs !== undefined || sdk?.timeoutMs === undefined) return context
  return { ...context, deadlineAtMs: clock.now() + sdk.timeoutMs }
}

/** The call with token usage asked for in its stream; the same call where there is nothing to ask for. */
function askingForUsage(call: PipelineCall): PipelineCall {
  const { api } = call
  try {
    const request = api.isStream(call.request) ? api.withStreamUsage(call.request) : call.request
    return request === call.request ? call : call.with({ request })
  } catch {
    // A body that is not JSON or that is signed goes out as it is: whoever wants to know must not fail the call.
    return call
  }
}

/** Events as the application would see them had nobody asked for usage. */
function asIfNotAsked(api: Api) {
  return (event: EventOf<ApiId>): EventOf<ApiId> | undefined =>
    api.isUsageOnly(event) ? undefined : (api.withoutUsageTrace?.(event) ?? event)
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError')
}

/** A response with the short form of the call's report in its headers. */
function exposed(response: Response, call: PipelineCall): Response {
  const headers = new Headers(response.headers)
  headers.set('x-sluice-call-id', call.id)
  const decisions = call.state.decisions.flatMap((told) => ('by' in told ? `${told.by}=${told.action}` : []))
  if (decisions.length) headers.set('x-sluice-decisions', decisions.join(', ').replace(/[^ -~]/g, '?'))
  keepErrorBehind(response.headers, headers)
  return Object.defineProperty(response, 'headers', { value: headers, configurable: true })
}
