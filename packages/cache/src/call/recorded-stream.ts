import type { AnswerOf, ApiId, Boundaries, EventOf, Folder, StreamReply } from '@sluice/core'
import type { SkipReason } from '../fitness.ts'

/** What became of a stream that was recorded. */
export type Recording<A extends ApiId> =
  | { readonly answer: AnswerOf<A>; readonly boundaries: Boundaries }
  | { readonly skip: SkipReason }

/**
 * The events of a stream, passed on as they are asked for and folded into the whole answer on the way. `ended` is told
 * once, before the consumer learns that the stream is over.
 *
 * An object rather than a generator, because leaving a generator that was never started would not close its source.
 */
export class RecordedStream<A extends ApiId> implements AsyncIterableIterator<EventOf<A>> {
  readonly #reply: StreamReply<A>
  readonly #source: AsyncIterator<EventOf<A>>
  readonly #folder: Folder<A>
  readonly #ended: (recording: Recording<A>) => Promise<void>
  #isTerminal = false
  #skip: SkipReason | undefined
  #isOver = false

  constructor(reply: StreamReply<A>, ended: (recording: Recording<A>) => Promise<void>) {
    this.#reply = reply
    this.#source = reply.events()[Symbol.asyncIterator]()
    this.#folder = reply.api.folder()
    this.#ended = ended
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<EventOf<A>>> {
    let step: IteratorResult<EventOf<A>>
    try {
      step = await this.#source.next()
    } catch (error) {
      this.#skip ??= 'error'
      await this.#end(true)
      throw error
    }
    if (step.done) await this.#end(true)
    else this.#record(step.value)
    return step
  }

  async return(): Promise<IteratorResult<EventOf<A>>> {
    await this.#source.return?.()
    await this.#end(false)
    return { done: true, value: undefined }
  }

  #record(event: EventOf<A>): void {
    if (this.#skip) return
    const { api } = this.#reply
    try {
      if (api.error(event)) this.#skip = 'error'
      this.#isTerminal ||= api.isTerminal(event)
      this.#folder.push(event)
    } catch {
      // The stream is the application's; that we cannot read it is not its problem.
      this.#skip = 'failed'
    }
  }

  async #end(isComplete: boolean): Promise<void> {
    if (this.#isOver) return
    this.#isOver = true
    await this.#ended(this.#recording(isComplete))
  }

  #recording(isComplete: boolean): Recording<A> {
    if (this.#skip) return { skip: this.#skip }
    const answer = this.#folder.answer()
    // Consumers often leave at the last content; the answer is known whole then if its usage came, which is last.
    const isWhole =
      isComplete || (this.#isTerminal && answer !== undefined && this.#reply.api.usage(answer) !== undefined)
    if (!isWhole) return { skip: 'abandoned' }
    if (!this.#isTerminal || !answer) return { skip: 'unfinished' }
    return { answer, boundaries: this.#folder.boundaries() }
  }
}
