import type { ApiId, EventOf } from '@sluice/core'
import type { Place, SharedStream, Waiter } from './shared-stream.ts'

export interface StreamReaderInit<A extends ApiId> {
  readonly stream: SharedStream<A>
  /** Ends this reader alone. */
  readonly signal: AbortSignal | undefined
  /** An event as this reader shall see it, `undefined` to leave it out. Missing: as it is. */
  readonly shown: ((event: EventOf<A>) => EventOf<A> | undefined) | undefined
  /** Told when the reader is gone, perhaps more than once. Must not hold the reader. */
  readonly onLeave: (reason?: unknown) => void
}

/** Readers that were dropped unread leave when they are collected: nothing else would ever tell. */
const dropped = new FinalizationRegistry<() => void>((leave) => leave())

/**
 * One caller's way through a shared stream, from the backlog into what is live. It leaves at the end, on an error, when it
 * is returned, when its signal aborts, and when it is dropped.
 */
export class StreamReader<A extends ApiId> implements AsyncIterableIterator<EventOf<A>>, Waiter {
  readonly #init: StreamReaderInit<A>
  /** The place of the last event given out; `undefined` when the reader is gone. */
  #at: Place<A> | undefined
  /** What it has yet to throw. */
  #failure: { readonly error: unknown } | undefined
  #pending: Promise<IteratorResult<EventOf<A>>> | undefined
  #resolve: (step: IteratorResult<EventOf<A>>) => void = () => undefined
  #reject: (error: unknown) => void = () => undefined
  readonly #stopListening: () => void

  /** @param from the place it begins at. It is not kept: all that follows it would be. */
  constructor(from: Place<A>, init: StreamReaderInit<A>) {
    const { signal, onLeave } = init
    this.#init = init
    this.#at = from
    const stopListening = signal ? onAbort(signal, new WeakRef<StreamReader<A>>(this)) : () => undefined
    this.#stopListening = stopListening
    dropped.register(this, () => (stopListening(), onLeave()), this)
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  // Promises are made by hand: with a thousand readers an `async` function would cost as much as all the rest.
  next(): Promise<IteratorResult<EventOf<A>>> {
    if (this.#pending) return this.#pending.then(this.#again, this.#again)
    const event = this.#advance()
    if (event) return Promise.resolve({ done: false, value: event })
    if (!this.#at || this.#init.stream.end) {
      const failure = this.#last()
      return failure ? Promise.reject(failure.error) : Promise.resolve(done)
    }
    this.#pending = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    this.#init.stream.ask(this)
    return this.#pending
  }

  /** Leaves, also while a `next` waits: that one resolves as done. */
  return(): Promise<IteratorResult<EventOf<A>>> {
    this.#leave()
    this.#failure = undefined
    this.#settle()?.resolve(done)
    return Promise.resolve(done)
  }

  /** @internal The stream has moved on. */
  wake(): void {
    if (!this.#pending) return
    const event = this.#advance()
    if (event) return this.#settle()?.resolve({ done: false, value: event })
    // What came is not for this reader.
    if (!this.#init.stream.end) return this.#init.stream.ask(this)
    const failure = this.#last()
    if (failure) this.#settle()?.reject(failure.error)
    else this.#settle()?.resolve(done)
  }

  /** @internal The caller's signal aborted. */
  abort(reason: unknown): void {
    if (!this.#at) return
    this.#leave(reason)
    const pending = this.#settle()
    if (pending) pending.reject(reason)
    else this.#failure = { error: reason }
  }

  readonly #again = (): Promise<IteratorResult<EventOf<A>>> => this.next()

  /** Goes on to the next event that there is for this reader. */
  #advance(): EventOf<A> | undefined {
    const { shown } = this.#init
    for (let place = this.#at?.next; place; place = place.next) {
      this.#at = place
      const event = place.event as EventOf<A>
      const own = shown ? shown(event) : event
      if (own) return own
    }
    return undefined
  }

  /** What ends the reader, told once. */
  #last(): { readonly error: unknown } | undefined {
    const { end } = this.#init.stream
    const failure = this.#at ? end && 'error' in end && { error: end.error } : this.#failure
    this.#failure = undefined
    this.#leave()
    return failure || undefined
  }

  #settle(): { resolve: (step: IteratorResult<EventOf<A>>) => void; reject: (error: unknown) => void } | undefined {
    if (!this.#pending) return undefined
    this.#pending = undefined
    return { resolve: this.#resolve, reject: this.#reject }
  }

  #leave(reason?: unknown): void {
    if (!this.#at) return
    this.#at = undefined
    this.#stopListening()
    dropped.unregister(this)
    this.#init.onLeave(reason)
  }
}

const done = { done: true, value: undefined } as const

/**
 * Listens without holding the reader, and stops without holding the signal: an application's signal may outlive every
 * call that was made with it, and whoever else listens to it may hold the reader.
 */
function onAbort<A extends ApiId>(signal: AbortSignal, reader: WeakRef<StreamReader<A>>): () => void {
  const known = new WeakRef(signal)
  const listener = (): void => reader.deref()?.abort(known.deref()?.reason)
  signal.addEventListener('abort', listener)
  return () => known.deref()?.removeEventListener('abort', listener)
}
