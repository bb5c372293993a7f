import type { AnswerOf, Api, ApiId, EventOf, ProviderError } from './api/api.ts'
import { SluiceError } from './errors.ts'
import { deepFreeze, type JsonObject } from './json.ts'
import { headOf, streamResponse, tappedResponse, textResponse, type ResponseHead } from './response.ts'
import { encodeEvents } from './sse/encode.ts'
import { EventReader } from './sse/events.ts'
import { passBytes } from './sse/pass.ts'

/** The head of a reply that middleware makes; all of it may be left out. */
export interface ReplyInit {
  /** HTTP status. @default 200, or that of the reply it is made from */
  readonly status?: number
  readonly headers?: Headers
}

/** What all replies have. */
interface ReplyBase<A extends ApiId> {
  readonly api: Api<A>
  readonly status: number
  /** The response's headers. Read-only: a provider's are immutable. */
  readonly headers: Headers
  /** Gives the connection back. Call it on a reply that you will neither read nor return: a retry's first answer. */
  discard(): Promise<void>
  /** @internal */
  readonly head: ResponseHead
  /** @internal The response for the SDK, made once, by the seam; `shown` tells how, or `undefined` whether, an event appears. */
  toResponse(shown?: (event: EventOf<A>) => EventOf<A> | undefined): Response | Promise<Response>
}

/** A whole answer. */
export interface WholeReply<A extends ApiId = ApiId> extends ReplyBase<A> {
  readonly kind: 'whole'
  /**
   * The provider's JSON, parsed when first asked for and deeply frozen: change it by copy, with {@link wholeReply}.
   *
   * @throws {SluiceError} `reply.malformed` when the body is not JSON.
   */
  value(): Promise<AnswerOf<A>>
  /** @internal Tells of the body's end without reading it any sooner than the application does. */
  watch(onEnd: (end: BodyEnd) => void): void
  /** @internal The body as it came. */
  readText(): Promise<string>
}

/** A streamed answer. */
export interface StreamReply<A extends ApiId = ApiId> extends ReplyBase<A> {
  readonly kind: 'stream'
  /**
   * The provider's events, parsed one by one as they are asked for and deeply frozen. Can be taken once: whoever takes
   * them returns a new reply made with {@link streamReply}. A reply whose events nobody takes passes byte for byte.
   *
   * @throws {IncompleteStreamError} from the iterator, when the body ends before the answer did.
   * @throws {SluiceError} `reply.taken` on the second call; `stream.malformed` from the iterator.
   */
  events(): AsyncIterable<EventOf<A>>
  /** @internal Cancels whatever the events are read from, however deep. */
  abandon(): Promise<void>
}

/** A refusal by the provider (an HTTP status outside 2xx). It passes byte for byte unless middleware replaces it. */
export interface ErrorReply<A extends ApiId = ApiId> extends ReplyBase<A> {
  readonly kind: 'error'
  /** What the provider said; `code` is `http_<status>` where the body does not tell. */
  error(): Promise<ProviderError>
  /** @internal As for a whole reply. */
  watch(onEnd: (end: BodyEnd) => void): void
  /** @internal */
  readText(): Promise<string>
}

/** What came back for a call. A failure below HTTP (no connection, abort, timeout) is thrown, not replied. */
export type Reply<A extends ApiId = ApiId> = WholeReply<A> | StreamReply<A> | ErrorReply<A>

/** A whole answer made or changed by middleware; `from` lends its status and headers (request id, rate limits). */
export function wholeReply<A extends ApiId>(
  api: Api<A>,
  value: AnswerOf<A>,
  from?: Reply<A> | ReplyInit,
): WholeReply<A> {
  return new Whole(api, madeHead(from, 'application/json'), value)
}

/** A stream made or changed by middleware; `from` lends its status and headers. */
export function streamReply<A extends ApiId>(
  api: Api<A>,
  events: AsyncIterable<EventOf<A>> | Iterable<EventOf<A>>,
  from?: Reply<A> | ReplyInit,
): StreamReply<A> {
  return new Stream(api, madeHead(from, 'text/event-stream; charset=utf-8'), false, { events, from })
}

/** A reply over a response: what it is shows in its status and content type; its body is not touched. */
export function replyOf<A extends ApiId>(
  api: Api<A>,
  response: Response,
  wantsStream: () => boolean,
  strict: boolean,
): Reply<A> {
  if (!response.ok) return new Failed(api, response)
  return isStream(response, wantsStream) ? new Stream(api, response, strict) : new Whole(api, response)
}

/** The content type as it compares: providers spell it as they like. */
function mediaType(headers: Headers): string {
  return (headers.get('content-type') ?? '').toLowerCase()
}

function isJson(headers: Headers): boolean {
  return /[/+]json\b/.test(mediaType(headers))
}

/** Whether the body is a stream of events that we can read (some custom fetches return Node streams). */
export function isStream(response: Response, wantsStream: () => boolean): boolean {
  const type = mediaType(response.headers)
  if (type.includes('json')) return false
  return (type.includes('event-stream') || wantsStream()) && response.body instanceof ReadableStream
}

/** The same response, its stream watched for a missing end. */
export function watchedResponse(api: Api, response: Response): Response {
  const { body, bodyUsed } = response
  return body && !bodyUsed && !body.locked ? streamResponse(passBytes(api, body), headOf(response)) : response
}

/** What describes the bytes of a body, and so does not outlive them. */
const bodyHeaders = ['content-length', 'content-encoding', 'transfer-encoding']

/**
 * The head of an answer that did not come from the wire as it is: its lender's, less what described the old body. The
 * lender's own `Headers` object is kept where it can be, because SDK errors show it.
 */
function madeHead(from: Reply | ReplyInit | undefined, type: string): ResponseHead {
  if (!from || !('head' in from)) return { status: from?.status ?? 200, headers: madeHeaders(from?.headers, type) }
  // An answer in the place of a refusal is a success.
  const head = from.kind === 'error' ? { status: 200, headers: from.head.headers } : from.head
  const fits = type.includes('json') ? isJson(head.headers) : mediaType(head.headers).includes('event-stream')
  if (fits && !bodyHeaders.some((name) => head.headers.has(name))) return head
  return { ...head, headers: madeHeaders(head.headers, type) }
}

function madeHeaders(from: Headers | undefined, type: string): Headers {
  const headers = new Headers(from)
  if (from) for (const name of bodyHeaders) headers.delete(name)
  headers.set('content-type', type)
  return headers
}

/** Failures to read a body, each with the response that lets the SDK meet it as it would have without us. */
const unreadable = new WeakMap<object, () => Response>()

/** The response whose body could not be read, if that is what `error` is. */
export function unreadableResponse(error: unknown): Response | undefined {
  return typeof error === 'object' && error !== null ? unreadable.get(error)?.() : undefined
}

function brokenResponse(error: unknown, head: ResponseHead): Response {
  const body = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(error) }, { highWaterMark: 0 })
  return streamResponse(body, head)
}

/** What became of a body that passed by: its text, or the error that ended it (`undefined`: it was left). */
export type BodyEnd = { readonly text: string } | { readonly error: unknown }

/** A body that is read as text, once and only when somebody asks. */
abstract class TextBody<A extends ApiId> {
  readonly api: Api<A>
  protected readonly source: ResponseHead
  #text: Promise<string> | undefined
  #onEnd: ((end: BodyEnd) => void) | undefined
  #isGiven = false

  constructor(api: Api<A>, source: ResponseHead) {
    this.api = api
    this.source = source
  }

  get head(): ResponseHead {
    return isResponse(this.source) ? headOf(this.source) : this.source
  }

  get status(): number {
    return this.source.status
  }

  get headers(): Headers {
    return this.source.headers
  }

  watch(onEnd: (end: BodyEnd) => void): void {
    this.#onEnd = onEnd
  }

  readText(): Promise<string> {
    return this.text()
  }

  protected text(): Promise<string> {
    if (this.#text) return this.#text
    this.#text = (this.source as Response).text().catch((error: unknown) => {
      if (error instanceof Error) unreadable.set(error, () => brokenResponse(error, this.head))
      throw error
    })
    // Whoever waits for it learns of a failure; that nobody may be waiting is no reason to end the process.
    this.#text.catch(() => undefined)
    return this.#text
  }

  /** The response over a text that was read from its source, which may have had no body to begin with. */
  protected over(text: string): Response {
    const isBodiless = isResponse(this.source) && this.source.body === null
    return isBodiless ? streamResponse(null, this.head) : textResponse(text, this.head)
  }

  async discard(): Promise<void> {
    if (!this.#text && isResponse(this.source)) await discardBody(this.source)
  }

  toResponse(): Response | Promise<Response> {
    const { source } = this
    const onEnd = this.#onEnd
    if (!this.#text && isResponse(source)) {
      if (this.#isGiven) throw taken()
      this.#isGiven = true
      return onEnd ? tappedResponse(source, onEnd) : source
    }
    return this.text().then(
      (text) => {
        onEnd?.({ text })
        return this.over(text)
      },
      (error: unknown) => {
        onEnd?.({ error })
        return brokenResponse(error, this.head)
      },
    )
  }
}

class Whole<A extends ApiId> extends TextBody<A> implements WholeReply<A> {
  readonly kind = 'whole'
  #value: Promise<AnswerOf<A>> | undefined
  readonly #made: AnswerOf<A> | undefined

  constructor(api: Api<A>, source: ResponseHead, made?: AnswerOf<A>) {
    super(api, source)
    this.#made = made
  }

  value(): Promise<AnswerOf<A>> {
    if (this.#value) return this.#value
    this.#value = this.#made === undefined ? this.#parse() : Promise.resolve(this.#made)
    this.#value.catch(() => undefined)
    return this.#value
  }

  protected override text(): Promise<string> {
    return this.#made === undefined ? super.text() : Promise.resolve(JSON.stringify(this.#made))
  }

  async #parse(): Promise<AnswerOf<A>> {
    const text = await this.text()
    try {
      return deepFreeze(JSON.parse(text) as JsonObject) as AnswerOf<A>
    } catch {
      const { api, head, status } = this
      const error = new SluiceError({
        code: 'reply.malformed',
        message: `The ${api.id} answer (HTTP ${status}, ${text.length} characters) is not JSON. The provider or a proxy broke it; retry the call.`,
        details: { api: api.id, status, characters: text.length },
        status: 502,
      })
      // The SDK cannot read it either. Any other text it would hand on, unseen by the middleware that failed on it.
      if (text === '' || isJson(head.headers)) unreadable.set(error, () => this.over(text))
      throw error
    }
  }
}

class Failed<A extends ApiId> extends TextBody<A> implements ErrorReply<A> {
  readonly kind = 'error'

  async error(): Promise<ProviderError> {
    const text = await this.text()
    let body: unknown
    try {
      body = JSON.parse(text)
    } catch {
      body = undefined
    }
    const message = `The provider answered HTTP ${this.status} without an error body.`
    return this.api.error(body) ?? { code: `http_${this.status}`, type: undefined, message }
  }
}

/** A stream that middleware made. */
interface MadeStream<A extends ApiId> {
  readonly events: AsyncIterable<EventOf<A>> | Iterable<EventOf<A>>
  /** What it was made from: when the application leaves the stream, that is left too. */
  readonly from: Reply<A> | ReplyInit | undefined
}

class Stream<A extends ApiId> implements StreamReply<A> {
  readonly kind = 'stream'
  readonly api: Api<A>
  readonly #source: ResponseHead
  readonly #strict: boolean
  readonly #made: MadeStream<A> | undefined
  #reader: EventReader<A> | undefined
  #taken = false

  constructor(api: Api<A>, source: ResponseHead, strict: boolean, made?: MadeStream<A>) {
    this.api = api
    this.#source = source
    this.#strict = strict
    this.#made = made
  }

  get head(): ResponseHead {
    return isResponse(this.#source) ? headOf(this.#source) : this.#source
  }

  get status(): number {
    return this.#source.status
  }

  get headers(): Headers {
    return this.#source.headers
  }

  events(): AsyncIterable<EventOf<A>> {
    this.#take()
    if (this.#made) return asyncIterable(this.#made.events)
    const { body } = this.#source as Response
    // `isStream` saw the body before this reply was made.
    return (this.#reader = new EventReader(this.api, body as ReadableStream<Uint8Array>, this.#strict))
  }

  toResponse(shown?: (event: EventOf<A>) => EventOf<A> | undefined): Response {
    const source = this.#source
    if (isResponse(source) && !shown) {
      this.#take()
      return this.#strict ? watchedResponse(this.api as Api, source) : source
    }
    return streamResponse(encodeEvents(this.api, this.events(), { shown, abandon: () => this.abandon() }), this.head)
  }

  async abandon(): Promise<void> {
    await this.#reader?.return()
    const from = this.#made?.from
    if (from && 'abandon' in from) await from.abandon()
  }

  async discard(): Promise<void> {
    if (this.#taken) return this.abandon()
    this.#taken = true
    if (isResponse(this.#source)) return discardBody(this.#source)
    await this.abandon()
    // A stream of events that watches what it passes on is told that nobody will read it.
    if (this.#made) await asyncIterable(this.#made.events)[Symbol.asyncIterator]().return?.()
  }

  #take(): void {
    if (this.#taken) throw taken()
    this.#taken = true
  }
}

function taken(): SluiceError {
  return new SluiceError({
    code: 'reply.taken',
    message: 'This reply was given or its events taken already. Return one made with wholeReply() or streamReply().',
    status: 500,
  })
}

function isResponse(source: ResponseHead): source is Response {
  return 'arrayBuffer' in source
}

async function discardBody(response: Response): Promise<void> {
  // A body that broke already has nothing left to give back.
  await response.body?.cancel().catch(() => undefined)
}

function asyncIterable<T>(items: AsyncIterable<T> | Iterable<T>): AsyncIterable<T> {
  return Symbol.asyncIterator in items ? items : ReadableStream.from(items)
}
