import type { Api, ApiId, EventOf } from '../api/api.ts'
import type { StreamReply } from '../reply.ts'
import { estimateTokens } from '../tokens/estimate.ts'
import { latestUsage, type Usage } from '../usage.ts'
import { serviceTierOf } from '../service-tier.ts'
import { modelNamed, type AnswerTold } from './spending.ts'
import { StreamEnding } from './stream-ending.ts'

/** Who watches a stream for its budget. */
export interface StreamBudget {
  /** Output tokens that are held. */
  readonly heldTokens: number
  readonly cuts: boolean
  /**
   * Asks for room for so many output tokens in all; tells how many are held then. What it gives is less than `tokens` where
   * there is no more.
   */
  more(tokens: number): Promise<number>
  /** An event went by: time may have to be asked for as well. */
  touch(): void
  /** The stream is cut: its error, where it shall end with one. */
  cut(seenTokens: number): unknown
  /** Told once. */
  end(answer: AnswerTold): void
}

/**
 * The events of a stream that is paid for as it goes: no event is given on before what it adds is held. An object rather than
 * a generator: leaving a generator that was never started runs nothing, and such a stream would never be settled.
 */
export class BudgetedEvents<A extends ApiId> implements AsyncIterableIterator<EventOf<A>> {
  readonly #api: Api<A>
  readonly #source: AsyncIterator<EventOf<A>>
  readonly #signal: AbortSignal | undefined
  readonly #budget: StreamBudget
  readonly #ending: StreamEnding<A> | undefined
  /** What remains to be given out of a stream that was cut. */
  #rest: EventOf<A>[] | undefined
  #heldTokens: number
  #seenTokens = 0
  #usage: Usage | undefined
  #model: string | undefined
  #serviceTier: string | undefined
  #isTerminal = false
  #isFailed = false
  #isOver = false

  constructor(reply: StreamReply<A>, signal: AbortSignal | undefined, budget: StreamBudget) {
    this.#api = reply.api
    this.#source = reply.events()[Symbol.asyncIterator]()
    this.#signal = signal
    this.#budget = budget
    this.#heldTokens = budget.heldTokens
    if (budget.cuts) this.#ending = new StreamEnding(reply.api)
    // A stream that is aborted before anybody reads it is not cancelled, only forgotten.
    signal?.addEventListener('abort', this.#onAbort)
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<EventOf<A>>> {
    const queued = this.#rest?.shift()
    if (queued) return { done: false, value: queued }
    if (this.#rest) return { done: true, value: undefined }
    let step: IteratorResult<EventOf<A>>
    try {
      step = await this.#source.next()
    } catch (error) {
      this.#end()
      throw error
    }
    if (step.done) {
      this.#end()
      return step
    }
    const given = this.#seenTokens
    this.#see(step.value)
    if (this.#seenTokens > this.#heldTokens && !this.#isTerminal) {
      this.#heldTokens = await this.#budget.more(this.#seenTokens)
      if (this.#seenTokens > this.#heldTokens && this.#ending) return this.#cut(this.#ending, given)
    }
    this.#ending?.push(step.value)
    this.#budget.touch()
    return step
  }

  async return(): Promise<IteratorResult<EventOf<A>>> {
    this.#rest ??= []
    try {
      await this.#source.return?.()
    } finally {
      this.#end()
    }
    return { done: true, value: undefined }
  }

  /** Ends it after what was given, `givenTokens`. */
  async #cut(ending: StreamEnding<A>, givenTokens: number): Promise<IteratorResult<EventOf<A>>> {
    this.#seenTokens = givenTokens
    const error = this.#budget.cut(this.#seenTokens)
    this.#rest = error === undefined ? [...ending.events(this.#seenTokens)] : []
    // The provider stops writing, and billing, with the connection.
    await this.#source.return?.().catch(() => undefined)
    this.#end()
    if (error !== undefined) throw error
    return this.next()
  }

  #see(event: EventOf<A>): void {
    const api = this.#api
    this.#isTerminal ||= api.isTerminal(event)
    this.#isFailed ||= api.error(event) !== undefined
    this.#usage = latestUsage(this.#usage, api.usage(event))
    this.#model ??= modelNamed(event)
    this.#serviceTier = serviceTierOf(event) ?? this.#serviceTier
    for (const { mode, text } of api.delta(event))
      if (mode === 'delta' && text !== '') this.#seenTokens += estimateTokens(text)
  }

  /** Most SDKs abort first and then leave the stream, all before the next turn of the event loop. */
  readonly #onAbort = (): void => void setImmediate(() => this.#end())

  #end(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#signal?.removeEventListener('abort', this.#onAbort)
    this.#budget.end({
      usage: this.#usage,
      model: this.#model,
      serviceTier: this.#serviceTier,
      seenTokens: this.#seenTokens,
      isWhole: this.#isTerminal && !this.#isFailed,
    })
  }
}
