import type { Api, ApiId, EventOf } from './api/api.ts'
import type { StreamReply } from './reply.ts'

/** Who is told of a stream that passes. Neither function may throw. */
export interface Progress {
  event<A extends ApiId>(api: Api<A>, event: EventOf<A>): void
  /** Told once. `whole`: the answer was delivered. `left`: the application went before that. `broken`: it threw. */
  end(how: 'whole' | 'left' | 'broken', error?: unknown): void
}

/**
 * The events of a stream, passed on as they are asked for. An object rather than a generator: leaving a generator that was
 * never started runs nothing, and such a stream would never be over.
 */
export class WatchedEvents<A extends ApiId> implements AsyncIterableIterator<EventOf<A>> {
  readonly #api: Api<A>
  readonly #source: AsyncIterator<EventOf<A>>
  readonly #signal: AbortSignal | undefined
  readonly #progress: Progress
  #isTerminal = false
  #isLeaving = false
  #isOver = false

  constructor(reply: StreamReply<A>, signal: AbortSignal | undefined, progress: Progress) {
    this.#api = reply.api
    this.#source = reply.events()[Symbol.asyncIterator]()
    this.#signal = signal
    this.#progress = progress
    // A stream that is aborted before anybody reads it is not cancelled, only forgotten.
    signal?.addEventListener('abort', this.#onAbort)
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<EventOf<A>>> {
    let step: IteratorResult<EventOf<A>>
    try {
      step = await this.#source.next()
    } catch (error) {
      this.#end('broken', error)
      throw error
    }
    // A wait that ends because the stream is left is no end of the answer.
    if (step.done) this.#end(!this.#isTerminal && (this.#isLeaving || this.#signal?.aborted) ? 'left' : 'whole')
    else {
      this.#progress.event(this.#api, step.value)
      this.#isTerminal ||= this.#api.isTerminal(step.value)
    }
    return step
  }

  async return(): Promise<IteratorResult<EventOf<A>>> {
    this.#isLeaving = true
    try {
      // First, so that what middleware notes as it is left is in the report.
      await this.#source.return?.()
    } finally {
      // Many applications leave at the end of the answer, before that of the body.
      this.#end(this.#isTerminal ? 'whole' : 'left')
    }
    return { done: true, value: undefined }
  }

  /** Most SDKs abort first and then leave the stream, all before the next turn of the event loop. */
  readonly #onAbort = (): void => {
    setImmediate(() => {
      if (!this.#isLeaving) this.#end('left')
    })
  }

  #end(how: 'whole' | 'left' | 'broken', error?: unknown): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#signal?.removeEventListener('abort', this.#onAbort)
    this.#progress.end(how, error)
  }
}
