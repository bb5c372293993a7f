import { IncompleteStreamError, latestUsage, SluiceError } from '@sluice/core'
import type { Api, ApiId, Clock, EventOf, Usage } from '@sluice/core'
import { startTimer } from './timer.ts'

/** Why a stream did not come to its end. */
export interface StreamFailure {
  readonly kind: 'broken' | 'stalled' | 'error'
  /** What was thrown; for `error` the event, which has not been given out. */
  readonly cause: unknown
}

/** What has been shown of an answer. */
export interface Shown {
  /** Text of the first choice. */
  readonly text: string
  /** Everything else that was said: reasoning, tool arguments, other choices. */
  readonly otherText: string
  readonly events: number
  readonly usage: Usage | undefined
  /** A tool call, another choice or a refusal was begun: nobody else can go on with that. */
  readonly isBound: boolean
}

/** What a {@link LiveStream} needs. */
export interface LiveStreamInit<A extends ApiId> {
  readonly api: Api<A>
  readonly source: AsyncIterator<EventOf<A>>
  readonly clock: Clock
  readonly betweenTokensMs: number
  /** Ends the request that the source belongs to. */
  readonly cancel: (reason: unknown) => void
  /**
   * Called once when the source fails. What it resolves to goes on in its place; `undefined`: the failure is shown.
   * Missing: the failure is shown, an error event as the event that it is.
   */
  readonly recover?:
    | ((failure: StreamFailure, shown: Shown) => Promise<AsyncIterator<EventOf<A>> | undefined>)
    | undefined
  /** Sees each event before the application does. */
  readonly watch?: ((event: EventOf<A>) => void) | undefined
  /** Told once how it ended; `left`: the application went away. */
  readonly onEnd: (how: 'whole' | 'left' | StreamFailure, shown: Shown) => void
}

/**
 * The events of an answer that the application has begun to read. It ends whole, or with an error that says so: a silence
 * longer than the limit, a connection that broke, an error event; or it goes on with what `recover` finds.
 *
 * An object rather than a generator, because leaving a generator that was never started would not close its source.
 */
export class LiveStream<A extends ApiId> implements AsyncIterableIterator<EventOf<A>> {
  readonly #init: LiveStreamInit<A>
  readonly #source: AsyncIterator<EventOf<A>>
  /** What goes on in the place of the source; it looks after itself. */
  #rest: AsyncIterator<EventOf<A>> | undefined
  #text = ''
  #otherText = ''
  #events = 0
  #usage: Usage | undefined
  #isBound = false
  #isTerminal = false
  /** It said why it ends, but has not ended. */
  #isFinished = false
  #isOver = false
  #isAbandoned = false
  /** When the application began to wait for the event under way; `undefined` while it does not wait. */
  #waitingSinceMs: number | undefined
  #stop: ((error: unknown) => void) | undefined
  #stopTimer: (() => void) | undefined

  constructor(init: LiveStreamInit<A>) {
    this.#init = init
    this.#source = init.source
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<EventOf<A>>> {
    if (this.#rest) return this.#rest.next()
    if (this.#isOver) return { done: true, value: undefined }
    const { api, recover, watch } = this.#init
    let step: IteratorResult<EventOf<A>>
    try {
      step = await this.#step()
    } catch (cause) {
      if (this.#isAbandoned) throw cause
      if (this.#isOver) return { done: true, value: undefined }
      return this.#failed({ kind: cause instanceof StallError ? 'stalled' : 'broken', cause })
    }
    if (step.done && this.#isFinished && !this.#isTerminal) return this.#closing()
    if (step.done) return this.#isTerminal ? this.#whole() : this.#endless()
    const event = step.value
    if (api.error(event)) {
      const failure: StreamFailure = { kind: 'error', cause: event }
      if (recover && !this.#isTerminal) return this.#failed(failure)
      this.#end(failure)
      return step
    }
    this.#see(event)
    watch?.(event)
    return step
  }

  async return(): Promise<IteratorResult<EventOf<A>>> {
    // Many applications leave at the end of the answer, before that of the body.
    this.#end(this.#isTerminal ? 'whole' : 'left')
    this.#stop?.(undefined)
    await (this.#rest ?? this.#source).return?.()
    return { done: true, value: undefined }
  }

  /** The application gave the call up, whether or not it was reading: nobody may come to leave the stream. */
  abandon(): void {
    this.#isAbandoned = true
    this.#end(this.#isTerminal ? 'whole' : 'left')
  }

  get shown(): Shown {
    return {
      text: this.#text,
      otherText: this.#otherText,
      events: this.#events,
      usage: this.#usage,
      isBound: this.#isBound,
    }
  }

  /** The next event, or a rejection when it takes too long. */
  #step(): Promise<IteratorResult<EventOf<A>>> {
    const { betweenTokensMs, clock } = this.#init
    if (betweenTokensMs === Infinity) return this.#source.next()
    this.#waitingSinceMs = clock.now()
    if (!this.#stopTimer) this.#watch(betweenTokensMs)
    return new Promise((resolve, reject) => {
      this.#stop = reject
      this.#source.next().then(resolve, reject)
    }).finally(() => {
      this.#waitingSinceMs = undefined
      this.#stop = undefined
    }) as Promise<IteratorResult<EventOf<A>>>
  }

  /** One timer for the whole stream, set anew when it goes off too early: setting one an event would cost more. */
  #watch(ms: number): void {
    const { clock, betweenTokensMs, cancel } = this.#init
    this.#stopTimer = startTimer(clock, ms, () => {
      this.#stopTimer = undefined
      const since = this.#waitingSinceMs
      // Nobody waits: whoever waits next sets the timer again.
      if (since === undefined || this.#isOver) return
      const leftMs = since + betweenTokensMs - clock.now()
      if (leftMs > 0) return this.#watch(leftMs)
      const error = new StallError(betweenTokensMs)
      cancel(error)
      this.#stop?.(error)
    })
  }

  #whole(): IteratorResult<EventOf<A>> {
    this.#end('whole')
    return { done: true, value: undefined }
  }

  /** The events are over, and the answer is not. */
  async #endless(): Promise<IteratorResult<EventOf<A>>> {
    // An application that goes away closes the source first, and comes to tell us within the same turn.
    await new Promise(setImmediate)
    if (this.#isOver) return { done: true, value: undefined }
    const { text, events, usage } = this.shown
    const cause = new IncompleteStreamError(this.#init.api.id, { text, events, usage, truncated: false })
    return this.#failed({ kind: 'broken', cause })
  }

  /** Some servers of Anthropic's dialect leave out its last event, without which the SDK's helper has no answer. */
  #closing(): IteratorResult<EventOf<A>> {
    const event = { type: 'message_stop' } as unknown as EventOf<A>
    this.#see(event)
    this.#init.watch?.(event)
    return { done: false, value: event }
  }

  #see(event: EventOf<A>): void {
    const { api } = this.#init
    this.#events += 1
    for (const piece of api.delta(event)) {
      if (piece.choice !== 0 || piece.channel === 'tool' || piece.channel === 'refusal') this.#isBound = true
      if (piece.mode === 'snapshot') continue
      if (piece.choice === 0 && piece.channel === 'text') this.#text += piece.text
      else this.#otherText += piece.text
    }
    this.#usage = latestUsage(this.#usage, api.usage(event))
    this.#isTerminal ||= api.isTerminal(event)
    if (api.id === 'anthropic.messages') this.#isFinished ||= typeof stopReason(event) === 'string'
  }

  async #failed(failure: StreamFailure): Promise<IteratorResult<EventOf<A>>> {
    const { recover, api } = this.#init
    const { shown } = this
    // The end of the answer was shown: what came after it is nobody's loss.
    if (this.#isTerminal && failure.kind !== 'error') {
      this.#end('whole')
      return { done: true, value: undefined }
    }
    this.#end(failure)
    // What the provider still sends nobody reads, and is billed.
    this.#init.cancel(failure.cause)
    this.#rest = await recover?.(failure, shown)
    if (this.#rest) return this.#rest.next()
    if (failure.kind === 'error') return { done: false, value: failure.cause as EventOf<A> }
    if (IncompleteStreamError.isInstance(failure.cause)) throw failure.cause
    const { text, events, usage } = shown
    throw new IncompleteStreamError(api.id, { text, events, usage, truncated: false }, failure.cause)
  }

  #end(how: 'whole' | 'left' | StreamFailure): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#stopTimer?.()
    this.#init.onEnd(how, this.shown)
  }
}

function stopReason(event: object): unknown {
  return (event as { delta?: { stop_reason?: unknown } }).delta?.stop_reason
}

/** A stream was silent for longer than it may be. */
class StallError extends SluiceError {
  constructor(ms: number) {
    super({
      code: 'route.stalled',
      message: `The stream brought nothing for ${ms} ms. Raise timeouts.betweenTokensMs if the target is that slow.`,
      details: { ms },
      status: 504,
    })
  }
}
