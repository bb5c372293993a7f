import type { Api, ApiId, RequestOf } from './api/api.ts'
import { AttemptRecord, type AttemptInit } from './attempt.ts'
import type { Clock } from './clock.ts'
import type { CallContext } from './context.ts'
import { SluiceError } from './errors.ts'
import { deepFreeze, isObject, type JsonObject } from './json.ts'
import type { Reply } from './reply.ts'
import type { Decision } from './report.ts'

/** The HTTP request that a call came as. */
export interface CallHttp {
  readonly url: string
  /** Read-only; holds credentials: never log it. */
  readonly headers: Headers
}

/** What {@link Call.with} can change. */
export interface CallChange<A extends ApiId> {
  readonly request?: RequestOf<A>
  readonly context?: CallContext
  readonly signal?: AbortSignal
  readonly http?: Partial<CallHttp>
}

/** One request on its way through the pipeline. Immutable: `with` makes a changed copy for `next`. */
export interface Call<A extends ApiId = ApiId> {
  /** Unique per application call; copies and retries share it. */
  readonly id: string
  readonly api: Api<A>
  /**
   * The native request body: parsed when first asked for, deeply frozen, a snapshot of what the application passed.
   *
   * @throws {SluiceError} `request.malformed` when the body is not a JSON object.
   */
  readonly request: RequestOf<A>
  /** Length of the request as JSON, in UTF-16 units: a cheap bound of what is in it. */
  readonly requestLength: number
  readonly context: CallContext
  /** Aborts when the application gives up or its SDK's timeout passes. Hand it to everything that waits. */
  readonly signal: AbortSignal | undefined
  readonly http: CallHttp
  /** Retries that the application asked for with the SDK's `maxRetries`, per request or on the client. */
  readonly maxRetries: number | undefined
  /** A copy with the given fields changed; the others, unread ones included, stay as they are. */
  with(change: CallChange<A>): Call<A>
  /**
   * Adds a line to the call's report: what this middleware did and why. No prompts, secrets or personal data. For what is known
   * only later, a promise of lines: the report waits for it, the call does not. See to it that it ends; one that fails has none.
   */
  note(decision: Decision | Promise<readonly Decision[]>): void
  /** The tries made so far to answer this call, the copies' included, in the order in which they began. */
  readonly attempts: readonly AttemptRecord[]
  /**
   * A copy that is sent as a try with a name and a reason of its own, and the record of that try. For middleware that
   * chooses where a call goes: whoever sends the copy fills in status and times, the middleware says what came of it.
   * `change` is what {@link Call.with} takes.
   */
  attempt(init: AttemptInit, change?: CallChange<A>): { readonly call: Call<A>; readonly record: AttemptRecord }
}

/** Narrows a call to one dialect: `if (isCall(call, 'openai.chat')) call.request.messages`. */
export function isCall<A extends ApiId>(call: Call, api: A): call is Call<A> {
  return call.api.id === api
}

/** What every copy of one call shares. */
export class CallState {
  readonly decisions: (Decision | Promise<readonly Decision[]>)[] = []
  readonly attempts: AttemptRecord[] = []
  readonly clock: Clock
  /** Sends the call and makes a reply of the response: the innermost handler. */
  readonly transport: (call: PipelineCall) => Promise<Reply>
  #id: string | undefined

  constructor(transport: (call: PipelineCall) => Promise<Reply>, clock: Clock) {
    this.transport = transport
    this.clock = clock
  }

  begin(init: AttemptInit): AttemptRecord {
    const record = new AttemptRecord(init, this.clock)
    this.attempts.push(record)
    return record
  }

  get id(): string {
    return (this.#id ??= crypto.randomUUID())
  }
}

/** What the seam knows of a request when it enters. */
export interface CallInit {
  readonly url: string
  readonly init: RequestInit
  readonly headers: Headers
  readonly text: string
  /** What `text` says, frozen, when that is known already. */
  readonly value: JsonObject | undefined
  readonly context: CallContext
  readonly maxRetries: number | undefined
  readonly transport: (call: PipelineCall) => Promise<Reply>
  readonly clock: Clock
}

/** What copies of a call differ in, but for the request. */
interface Parts {
  readonly context: CallContext
  readonly signal: AbortSignal | undefined
  readonly http: CallHttp
  readonly maxRetries: number | undefined
  readonly record?: AttemptRecord | undefined
}

/** A request body that is parsed and serialised at most once, and only when somebody asks. */
class Body {
  #text: string | undefined
  #value: JsonObject | undefined

  constructor(text: string | undefined, value: JsonObject | undefined) {
    this.#text = text
    this.#value = value
  }

  get value(): JsonObject {
    return (this.#value ??= parseBody(this.#text ?? ''))
  }

  get text(): string {
    return (this.#text ??= JSON.stringify(this.#value))
  }

  /** A body with another value. Where only the model's name differs, its text is not written anew. */
  changed(value: JsonObject): Body {
    return new Body(this.#renamed(value), value)
  }

  #renamed(value: JsonObject): string | undefined {
    const before = this.#value
    const { model } = value
    if (this.#text === undefined || !before || typeof model !== 'string') return undefined
    // The SDKs write the fields as the application lists them, and nearly all list the model first.
    const head = `{"model":${JSON.stringify(before['model'])}`
    if (!this.#text.startsWith(head)) return undefined
    const names = Object.keys(value)
    if (names.length !== Object.keys(before).length) return undefined
    for (const name of names) if (name !== 'model' && value[name] !== before[name]) return undefined
    return `{"model":${JSON.stringify(model)}${this.#text.slice(head.length)}`
  }
}

function parseBody(text: string): JsonObject {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    value = undefined
  }
  if (isObject(value)) return deepFreeze(value)
  throw new SluiceError({
    code: 'request.malformed',
    message: `The request body (${text.length} characters) is not a JSON object. Send the JSON that the API documents.`,
    details: { characters: text.length },
  })
}

export class PipelineCall<A extends ApiId = ApiId> implements Call<A> {
  readonly api: Api<A>
  readonly state: CallState
  readonly context: CallContext
  readonly signal: AbortSignal | undefined
  readonly http: CallHttp
  readonly maxRetries: number | undefined
  readonly #init: RequestInit
  readonly #body: Body
  readonly #record: AttemptRecord | undefined
  /** Whether anything that goes over the wire differs from what the SDK built. */
  readonly #changed: boolean

  private constructor(api: Api<A>, state: CallState, init: RequestInit, body: Body, parts: Parts, changed: boolean) {
    this.api = api
    this.state = state
    this.#init = init
    this.#body = body
    this.context = parts.context
    this.signal = parts.signal
    this.http = parts.http
    this.maxRetries = parts.maxRetries
    this.#record = parts.record
    this.#changed = changed
  }

  static from<A extends ApiId>(api: Api<A>, entry: CallInit): PipelineCall<A> {
    const { url, headers, context, maxRetries, init, transport, clock } = entry
    const body = new Body(entry.text, entry.value)
    const parts = { context, signal: init.signal ?? undefined, http: { url, headers }, maxRetries }
    return new PipelineCall(api, new CallState(transport, clock), init, body, parts, false)
  }

  get id(): string {
    return this.state.id
  }

  get request(): RequestOf<A> {
    return this.#body.value
  }

  get requestLength(): number {
    return this.#body.text.length
  }

  /** The request as it is sent. */
  get requestText(): string {
    return this.#body.text
  }

  with(change: CallChange<A>): PipelineCall<A> {
    return this.#copy(change, this.#record)
  }

  #copy(change: CallChange<A>, record: AttemptRecord | undefined): PipelineCall<A> {
    const { request, http } = change
    const rewritten = request !== undefined && request !== this.#body.value
    if (rewritten && isSigned(this.http.headers)) throw signedError()
    const parts = {
      context: change.context ?? this.context,
      signal: change.signal ?? this.signal,
      http: http ? { ...this.http, ...http } : this.http,
      maxRetries: this.maxRetries,
      record,
    }
    const body = rewritten ? this.#body.changed(request) : this.#body
    const changed = this.#changed || rewritten || http !== undefined || change.signal !== undefined
    return new PipelineCall(this.api, this.state, this.#init, body, parts, changed)
  }

  note(decision: Decision | Promise<readonly Decision[]>): void {
    this.state.decisions.push(decision)
    // Perhaps nobody hears the report.
    if (decision instanceof Promise) decision.catch(() => undefined)
  }

  get attempts(): readonly AttemptRecord[] {
    return this.state.attempts
  }

  attempt(init: AttemptInit, change: CallChange<A> = {}): { call: PipelineCall<A>; record: AttemptRecord } {
    const record = this.state.begin(init)
    return { call: this.#copy(change, record), record }
  }

  /** The record of the try that sending this copy is; a copy that is sent again is another try. */
  sending(): AttemptRecord {
    const known = this.#record
    const record = known && !known.sent ? known : this.state.begin(known ?? {})
    record.sent = this as unknown as Call
    return record
  }

  /** The same call in another dialect, or to another place. It is for targets: the client's own transport refuses it. */
  derive<B extends ApiId>(api: Api<B>, request: RequestOf<B>, http: CallHttp = this.http): PipelineCall<B> {
    const { context, signal, maxRetries } = this
    const parts = { context, signal, http, maxRetries, record: this.#record }
    return new PipelineCall(api, this.state, this.#init, new Body(undefined, request), parts, true)
  }

  /** What to hand to `fetch`: the SDK's own `init` when nothing was changed. */
  wire(): { url: string; init: RequestInit } {
    if (!this.#changed) return { url: this.http.url, init: this.#init }
    let { headers } = this.http
    if (headers.has('content-length')) {
      // The body may have another length now; `fetch` counts for itself.
      headers = new Headers(headers)
      headers.delete('content-length')
    }
    return { url: this.http.url, init: { ...this.#init, headers, body: this.#body.text, signal: this.signal ?? null } }
  }
}

// What a log shows of a call: no credentials, no prompt.
Object.defineProperty(PipelineCall.prototype, Symbol.for('nodejs.util.inspect.custom'), {
  value(this: PipelineCall) {
    return `Call { id: '${this.id}', api: '${this.api.id}' }`
  },
})

/** Whether a signature covers the body already (AWS SigV4), so that changing it would be refused by the provider. */
function isSigned(headers: Headers): boolean {
  return headers.get('authorization')?.startsWith('AWS4-') ?? false
}

function signedError(): SluiceError {
  return new SluiceError({
    code: 'request.signed',
    message:
      'A middleware changed a request that the client had signed already (AWS SigV4). Use bearer credentials for this ' +
      'client, or middleware that only reads.',
  })
}
