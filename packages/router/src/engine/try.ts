import { IncompleteStreamError, isSluiceError, latestUsage, SluiceError, streamReply } from '@sluice/core'
import type {
  AnswerOf,
  Api,
  ApiId,
  AttemptInit,
  AttemptRecord,
  Call,
  Clock,
  ErrorReply,
  EventOf,
  Handler,
  Reply,
  StreamReply,
  Usage,
  WholeReply,
} from '@sluice/core'
import { wholeResponseReply } from '@sluice/core/transport'
import { isConnectionError } from '../connection-error.ts'
import { HeldStream } from '../held-stream.ts'
import type { Target } from '../target/target.ts'
import type { Failure } from './error-table.ts'
import { TargetTimeoutError, type TimeoutName, type Timeouts } from './timeouts.ts'
import { startTimer } from './timer.ts'

/** How a try came out. Until it is `committed` nobody has seen anything of it. */
export type TryResult =
  /** A whole answer, or a stream that has shown its first content. */
  { readonly kind: 'committed'; readonly reply: Reply; readonly held: HeldStream<ApiId> | undefined } | FailedTry

/** A try that failed, and the two things that can become of it. */
export interface FailedTry {
  readonly kind: 'failed'
  readonly failure: Failure
  /**
   * Hands on what the application would have seen without a router: the reply, or the error thrown. An error in the place
   * of a whole answer becomes the refusal that it is, with `status`, because SDKs take whatever comes with 200 for an answer.
   */
  giveUp(status?: number): Reply
  /** Gives the connection back. */
  discard(): Promise<void>
}

/** What a try is made with. */
export interface TryInit {
  readonly target: Target
  /** Handles the call in the application's dialect. */
  readonly send: (call: Call, next: Handler | undefined) => Promise<Reply>
  /** The application's call. */
  readonly call: Call
  readonly labels: AttemptInit
  readonly next: Handler | undefined
  readonly timeouts: Timeouts
  /** When all must be over, Unix milliseconds. */
  readonly endsAtMs: number
  readonly clock: Clock
  /** Told at once when the application gives up before the first content. */
  readonly onAbort?: () => void
}

/** One request to one target, from sending to the first content: its time limits, and what came of it. */
export class Try {
  readonly target: Target
  readonly record: AttemptRecord
  #usage: (() => Usage | undefined) | undefined
  readonly #init: TryInit
  readonly #isStream: boolean
  readonly #call: Call
  readonly #controller = new AbortController()
  #timedOut: TargetTimeoutError | undefined
  #stopTimer: (() => void) | undefined
  /** Rejects what is being waited for: a target that does not listen to its signal keeps nobody waiting. */
  #giveUp: ((reason: unknown) => void) | undefined

  constructor(init: TryInit) {
    const { call, target, labels } = init
    this.target = target
    this.#init = init
    this.#isStream = call.api.isStream(call.request)
    const request = call.api.withModel(call.request, target.model)
    const tried = call.attempt(labels, { request, signal: this.#controller.signal })
    this.#call = tried.call
    this.record = tried.record
    call.signal?.addEventListener('abort', this.#onAbort)
  }

  /** Runs it to its first content. Rejects only when the application gave up, or for mistakes in the program. */
  async run(): Promise<TryResult> {
    const { call, send, next, timeouts } = this.#init
    const isStream = this.#isStream
    if (call.signal?.aborted) throw call.signal.reason
    const { connectMs, firstTokenMs, attemptMs } = timeouts
    if (!isStream) this.#arm(attemptMs, 'attempt')
    else if (connectMs < firstTokenMs) this.#arm(connectMs, 'connect')
    else this.#arm(firstTokenMs, 'first_token')
    try {
      const reply = await this.#guarded(send(this.#call, next), (late) => late.discard())
      if (isStream && reply.kind === 'stream') this.#arm(firstTokenMs, 'first_token')
      const result = await this.#read(reply)
      if (result.kind === 'failed') this.#leave()
      else if (reply.kind === 'stream') this.record.firstContent()
      return result
    } catch (error) {
      this.#leave()
      if (call.signal?.aborted) throw error
      if (this.#timedOut) return failed({ kind: 'timeout' }, this.#timedOut)
      // The call cannot be put in this target's words; it may be in another's.
      if (isSluiceError(error) && error.code === 'bridge.lossy')
        return failed({ kind: 'broken', code: error.code }, error)
      // A bridge reads what a target answers; what it cannot read is as broken as what we cannot.
      if (isSluiceError(error) && unreadable.has(error.code))
        return failed({ kind: 'broken' }, brokenAnswer(call.api.id, error))
      if (!isConnectionError(error)) throw error
      // Read by a bridge, an answer can break off in here.
      if (this.record.status !== undefined) return failed({ kind: 'broken' }, brokenAnswer(call.api.id, error))
      return failed({ kind: 'connection' }, error)
    } finally {
      this.#disarm()
    }
  }

  /** Tokens that the provider told of, in the whole answer or before the first content. */
  get usage(): Usage | undefined {
    return this.#usage?.()
  }

  /** Ends the request wherever it is. */
  cancel(reason: unknown): void {
    this.#leave()
    this.#controller.abort(reason)
    this.#giveUp?.(reason)
  }

  /** It is over: nothing listens for the application's abort any more. */
  release(): void {
    this.#leave()
  }

  #read(reply: Reply): Promise<TryResult> {
    if (reply.kind === 'error') return refused(reply)
    return reply.kind === 'stream' ? this.#begun(reply) : this.#received(reply)
  }

  async #begun<A extends ApiId>(reply: StreamReply<A>): Promise<TryResult> {
    const held = new HeldStream(reply)
    const beginning = await this.#guarded(held.begin(), () => held.return())
    const seen = held.seen()
    this.#usage = () => usageOfEvents(reply.api, seen)
    if (beginning.kind === 'committed')
      return { kind: 'committed', reply: reply as Reply, held: held as unknown as HeldStream<ApiId> }
    const discard = async (): Promise<void> => void (await held.return())
    if (beginning.kind === 'error')
      return {
        kind: 'failed',
        failure: { ...beginning.error, kind: 'answer' },
        giveUp: () => held.toReply() as Reply,
        discard,
      }
    return { ...failed({ kind: 'broken' }, brokenStream(reply, seen.length, beginning.cause)), discard }
  }

  async #received<A extends ApiId>(reply: WholeReply<A>): Promise<TryResult> {
    const discard = (): Promise<void> => reply.discard()
    let value: AnswerOf<A>
    try {
      value = await this.#guarded(reply.value(), () => undefined)
    } catch (error) {
      if (this.#controller.signal.aborted) throw error
      return { ...failed({ kind: 'broken' }, brokenAnswer(reply.api.id, error)), discard }
    }
    const { api } = reply
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return { ...failed({ kind: 'broken' }, brokenAnswer(api.id, undefined)), discard }
    const error = api.error(value)
    if (!error) {
      this.#usage = () => api.usage(value)
      this.#leave()
      // Some servers and proxies do not stream: the application shall not take that for a stream without content.
      const shown = this.#isStream ? streamReply(api, api.replay(value), reply) : reply
      return { kind: 'committed', reply: shown as Reply, held: undefined }
    }
    const giveUp = (status: number = 502): Reply => refusalOf(reply as Reply, value, status)
    return { kind: 'failed', failure: { ...error, kind: 'answer' }, giveUp, discard }
  }

  /** `work`, or the reason for which the try was given up meanwhile; what `work` brings after that goes to `late`. */
  #guarded<T>(work: Promise<T>, late: (result: T) => unknown): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#giveUp = (reason) => {
        reject(reason)
        work.then(late).catch(() => undefined)
      }
      if (this.#controller.signal.aborted) this.#giveUp(this.#controller.signal.reason)
      work.then(resolve, reject)
    })
  }

  /** Sets the timer to the limit that comes first: this one, counted from the beginning of the try, or the end of all. */
  #arm(limitMs: number, name: TimeoutName): void {
    this.#disarm()
    const { endsAtMs, clock, target } = this.#init
    const { startedAtMs } = this.record
    const atMs = Math.min(startedAtMs + limitMs, endsAtMs)
    if (atMs === Infinity) return
    this.#stopTimer = startTimer(clock, Math.max(0, atMs - clock.now()), () => {
      const limit = atMs === endsAtMs ? 'total' : name
      this.#timedOut = new TargetTimeoutError(limit, target.id, atMs - startedAtMs)
      this.#controller.abort(this.#timedOut)
      this.#giveUp?.(this.#timedOut)
    })
  }

  #disarm(): void {
    this.#stopTimer?.()
    this.#stopTimer = undefined
  }

  #leave(): void {
    this.#init.call.signal?.removeEventListener('abort', this.#onAbort)
  }

  readonly #onAbort = (): void => {
    this.#init.onAbort?.()
    this.cancel(this.#init.call.signal?.reason)
  }
}

/** A stream that broke off before it showed anything, as the error that it would be after. */
function brokenStream({ api }: StreamReply, events: number, cause: unknown): unknown {
  if (isSluiceError(cause)) return cause
  return new IncompleteStreamError(api.id, { text: '', usage: undefined, events, truncated: false }, cause)
}

/** Codes of answers that are not what they say they are. */
const unreadable: ReadonlySet<string> = new Set(
  'reply.malformed stream.malformed stream.incomplete bridge.malformed'.split(' '),
)

/** A whole answer that broke off or is no JSON. */
function brokenAnswer(api: ApiId, cause: unknown): unknown {
  // Core would have the SDK meet a text that is no JSON by itself, which raises whatever its parser says.
  if (isSluiceError(cause) && cause.code !== 'reply.malformed') return cause
  return new SluiceError({
    code: 'route.broken_answer',
    message: `The ${api} answer broke off or is not JSON, and no other target answered. Try the call again.`,
    details: { api },
    status: 502,
    cause,
  })
}

function refusalOf(reply: Reply, body: object, status: number): Reply {
  const headers = new Headers(reply.headers)
  for (const name of ['content-length', 'content-encoding', 'transfer-encoding']) headers.delete(name)
  headers.set('x-should-retry', 'false')
  const response = new Response(JSON.stringify(body), { status, headers })
  return wholeResponseReply(reply.api, response) as Reply
}

function usageOfEvents<A extends ApiId>(api: Api<A>, events: readonly EventOf<A>[]): Usage | undefined {
  let usage: Usage | undefined
  for (const event of events) usage = latestUsage(usage, api.usage(event))
  return usage
}

function failed(failure: Failure, error: unknown): FailedTry {
  const giveUp = (): never => {
    throw error
  }
  return { kind: 'failed', failure, giveUp, discard: async () => undefined }
}

async function refused(reply: ErrorReply): Promise<FailedTry> {
  const { status, headers } = reply
  const said = await reply.error().catch(() => undefined)
  const failure: Failure = { ...said, kind: 'http', status, headers }
  return { kind: 'failed', failure, giveUp: () => reply, discard: () => reply.discard() }
}
