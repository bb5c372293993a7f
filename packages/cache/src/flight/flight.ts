import { AsyncResource } from 'node:async_hooks'
import type { ApiId, Call, Reply } from '@sluice/core'
import { replyCopies } from '@sluice/core/transport'
import type { BacklogRoom } from './backlog-room.ts'
import { failureOf, isRetryableReply, type Failure } from './failure.ts'
import { SharedStream, type Place } from './shared-stream.ts'

export type Lead<A extends ApiId> = (call: Call<A>) => Promise<Reply<A>>

/** What became of a lead, for one of those aboard. */
export type Landing<A extends ApiId> =
  | { readonly kind: 'stream'; readonly stream: SharedStream<A>; readonly from: Place<A> }
  /** A whole answer or a refusal, as often as it is wanted. */
  | { readonly kind: 'copies'; readonly copy: () => Reply<A>; readonly failure: Failure | undefined }
  | { readonly kind: 'thrown'; readonly error: unknown; readonly failure: Failure }

/** One of those aboard. */
export interface Seat<A extends ApiId> {
  /** What came of the flight. Never rejects. */
  readonly landing: Promise<Landing<A>>
  /** Leaves; only the first time counts. */
  readonly leave: (reason?: unknown) => void
}

export interface FlightInit {
  readonly room: BacklogRoom
  readonly maxBacklogBytes: number
  /** Told when nobody can join any more, perhaps more than once. */
  readonly onClosed: () => void
}

type Landed<A extends ApiId> =
  | Exclude<Landing<A>, { kind: 'stream' }>
  | Omit<Extract<Landing<A>, { kind: 'stream' }>, 'from'>

/**
 * One upstream call and everybody who waits for it or reads it. It goes on while anybody is aboard: the last one to leave
 * cancels it. Holds neither the leader's call nor any reader, which may be dropped and collected.
 */
export class Flight<A extends ApiId> {
  readonly #init: FlightInit
  readonly #controller = new AbortController()
  /** Runs a function as the leader's own: what the upstream call does, it does in the leader's context. */
  readonly #run = runnerHere()
  readonly #landed: Promise<Landed<A>>
  #land: (landed: Landed<A>) => void = () => undefined
  #aboard = 0
  #stream: SharedStream<A> | undefined
  #isOver = false

  constructor(init: FlightInit) {
    this.#init = init
    this.#landed = new Promise((resolve) => (this.#land = resolve))
  }

  /** Takes one more aboard. Only while the flight can be joined. */
  board(): Seat<A> {
    return { landing: this.#landing(this.#stream?.first), leave: this.#boarded() }
  }

  // Two functions, because closures of one would share what they hold: whoever can leave would keep the whole backlog.
  #boarded(): Seat<A>['leave'] {
    let isAboard = true
    this.#aboard += 1
    return (reason) => {
      if (!isAboard) return
      isAboard = false
      this.#aboard -= 1
      if (this.#aboard === 0) this.#cancel(reason)
    }
  }

  /** @param known where the stream begins, when that is known: it is only while the stream can be joined. */
  #landing(known: Place<A> | undefined): Promise<Landing<A>> {
    return this.#landed.then((landed) => {
      if (landed.kind !== 'stream') return landed
      return { ...landed, from: known ?? (landed.stream.first as Place<A>) }
    })
  }

  /** Makes the upstream call. */
  async begin(call: Call<A>, lead: Lead<A>): Promise<void> {
    const landed = await this.#call(call, lead)
    if (landed.kind !== 'stream') this.#close()
    this.#land(landed)
  }

  async #call(call: Call<A>, lead: Lead<A>): Promise<Landed<A>> {
    const { signal } = this.#controller
    const tries = call.attempts.length
    try {
      const reply = await lead(call.with({ signal }))
      if (signal.aborted) {
        // It came too late for anybody to want it.
        await reply.discard()
        throw signal.reason
      }
      if (reply.kind === 'stream') {
        this.#stream = new SharedStream({ ...this.#init, reply, run: this.#run })
        return { kind: 'stream', stream: this.#stream }
      }
      const others = reply.kind === 'error' && isRetryableReply(reply) ? 'ask' : 'share'
      return { kind: 'copies', copy: await replyCopies(reply), failure: { others } }
    } catch (error) {
      return { kind: 'thrown', error, failure: failureOf(error, call.attempts.length > tries) }
    }
  }

  #close(): void {
    this.#isOver = true
    this.#init.onClosed()
  }

  /** Nobody is left. */
  #cancel(reason: unknown): void {
    const stream = this.#stream
    const isOver = stream ? stream.end !== undefined : this.#isOver
    this.#close()
    if (isOver) return
    stream?.cancel()
    const abort = (): void => this.#run(() => this.#controller.abort(reason))
    // Those who watch the stream shall see it left first, which they are told step by step, and not broken by the abort.
    if (stream) setImmediate(abort)
    else abort()
  }
}

/** Runs functions in the async context that this was called in, as `AsyncLocalStorage.snapshot()` does at many times the cost. */
function runnerHere(): <T>(task: () => T) => T {
  const here = new AsyncResource('SluiceFlight', { requireManualDestroy: true })
  return (task) => here.runInAsyncScope(task)
}
