import type { Api, ApiId, EventOf, StreamReply } from '@sluice/core'
import type { BacklogRoom } from './backlog-room.ts'
import { eventSize } from './event-size.ts'
import { isRetryableError, isRetryableEvent, type Failure } from './failure.ts'

/** A place in a stream: what follows it is linked when it has come. Places that no reader is at are garbage. */
export interface Place<A extends ApiId> {
  /** `undefined` in front of the first event only. */
  readonly event: EventOf<A> | undefined
  next: Place<A> | undefined
}

/** Who waits for the next event, or for the end. */
export interface Waiter {
  wake(): void
}

export interface SharedStreamInit<A extends ApiId> {
  readonly reply: StreamReply<A>
  /** Runs a function where the flight began, whoever asks for it. */
  readonly run: <T>(task: () => T) => T
  readonly room: BacklogRoom
  readonly maxBacklogBytes: number
  /** Told once: nobody can join any more. */
  readonly onClosed: () => void
}

/**
 * One upstream stream for many readers. Nothing is asked of it that no reader waits for; what came stays linked for
 * readers that come later or read more slowly.
 */
export class SharedStream<A extends ApiId> {
  readonly reply: StreamReply<A>
  readonly #api: Api<A>
  readonly #init: SharedStreamInit<A>
  readonly #source: AsyncIterator<EventOf<A>>
  readonly #pullSource = (): Promise<IteratorResult<EventOf<A>>> => this.#source.next()
  /** Where those who join begin; `undefined` when nobody can join any more. */
  #first: Place<A> | undefined
  #last: Place<A>
  #backlogBytes = 0
  #waiting: Waiter[] = []
  #isPulling = false
  #hasBegun = false
  #beginning: Promise<Failure | undefined> | undefined
  #failure: Failure | undefined
  #end: { readonly error?: unknown } | undefined

  constructor(init: SharedStreamInit<A>) {
    const { reply, run } = init
    this.#init = init
    this.reply = reply
    this.#api = reply.api
    this.#source = run(() => reply.events()[Symbol.asyncIterator]())
    this.#first = this.#last = { event: undefined, next: undefined }
  }

  /** Where a reader that joins begins. */
  get first(): Place<A> | undefined {
    return this.#first
  }

  /** How the upstream stream ended; with an `error` where it failed. */
  get end(): { readonly error?: unknown } | undefined {
    return this.#end
  }

  /** Asks for the event after the last one that came: `waiter` is woken once, by it or by the end. */
  ask(waiter: Waiter): void {
    this.#waiting.push(waiter)
    if (!this.#isPulling) this.#pull()
  }

  /**
   * Reads on to the first content, and says how the stream failed before it. That far a failure is nobody's to see but
   * the leader's: whoever has been given nothing yet can ask anew.
   */
  begun(): Promise<Failure | undefined> {
    return (this.#beginning ??= this.#begin())
  }

  /** Cancels the upstream stream. */
  cancel(): void {
    if (this.#end) return
    this.#finish({})
    this.#init.run(() => {
      // First what the events are read from, however deep: a generator that waits for it would not hear its `return`.
      void this.reply.abandon().catch(() => undefined)
      void this.#source.return?.().catch(() => undefined)
    })
  }

  async #begin(): Promise<Failure | undefined> {
    while (!this.#hasBegun && !this.#end) await new Promise<void>((wake) => this.ask({ wake }))
    return this.#failure
  }

  #pull(): void {
    this.#isPulling = true
    this.#init.run(this.#pullSource).then(this.#onStep, this.#onFailure)
  }

  readonly #onStep = (step: IteratorResult<EventOf<A>>): void => {
    this.#isPulling = false
    if (this.#end) return
    if (step.done) return this.#finish({})
    const event = step.value
    this.#last = this.#last.next = { event, next: undefined }
    if (this.#first) this.#keep(event)
    if (!this.#hasBegun) this.#look(event)
    this.#wake()
  }

  readonly #onFailure = (error: unknown): void => {
    this.#isPulling = false
    if (this.#end) return
    if (!this.#hasBegun) this.#failure = { others: isRetryableError(error) ? 'ask' : 'share' }
    this.#finish({ error })
  }

  #look(event: EventOf<A>): void {
    try {
      if (this.#api.error(event)) {
        this.#failure = { others: isRetryableEvent(this.#api, event) ? 'ask' : 'share' }
        this.#hasBegun = true
        this.#close()
      } else this.#hasBegun = this.#api.isContent(event)
    } catch {
      // What we cannot read is the readers' to judge.
      this.#hasBegun = true
    }
  }

  #keep(event: EventOf<A>): void {
    const { room, maxBacklogBytes } = this.#init
    const size = eventSize(event)
    if (this.#backlogBytes + size > maxBacklogBytes || !room.take(size)) return this.#close()
    this.#backlogBytes += size
  }

  #finish(end: { readonly error?: unknown }): void {
    this.#end = end
    this.#close()
    this.#wake()
  }

  #wake(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const waiter of waiting) waiter.wake()
  }

  #close(): void {
    if (!this.#first) return
    this.#first = undefined
    this.#init.room.release(this.#backlogBytes)
    this.#init.onClosed()
  }
}
