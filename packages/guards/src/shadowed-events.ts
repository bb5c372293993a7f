/** Tells that a stream is over: `isLeft` where nobody waits for what is still to be said of it. */
type Over = (isLeft: boolean) => Promise<void>

/** Events that pass as they are, with something to be done when there are no more of them, before that is told. */
export class ShadowedEvents<E> implements AsyncIterableIterator<E> {
  readonly #events: AsyncIterator<E>
  #over: Over | undefined

  constructor(events: AsyncIterable<E>, over: Over) {
    this.#events = events[Symbol.asyncIterator]()
    this.#over = over
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<E>> {
    let step: IteratorResult<E>
    try {
      step = await this.#events.next()
    } catch (error) {
      await this.#end(false)
      throw error
    }
    if (step.done) await this.#end(false)
    return step
  }

  async return(): Promise<IteratorResult<E>> {
    try {
      await this.#events.return?.()
    } finally {
      await this.#end(true)
    }
    return { done: true, value: undefined }
  }

  async #end(isLeft: boolean): Promise<void> {
    const over = this.#over
    this.#over = undefined
    await over?.(isLeft)
  }
}
