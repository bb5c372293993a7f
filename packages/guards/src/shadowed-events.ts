/** Events that pass as they are, with something to be done when there are no more of them, before that is told. */
export class ShadowedEvents<E> implements AsyncIterableIterator<E> {
  readonly #events: AsyncIterator<E>
  #over: (() => void) | undefined

  constructor(events: AsyncIterable<E>, over: () => void) {
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
      this.#end()
      throw error
    }
    if (step.done) this.#end()
    return step
  }

  async return(): Promise<IteratorResult<E>> {
    try {
      await this.#events.return?.()
    } finally {
      this.#end()
    }
    return { done: true, value: undefined }
  }

  #end(): void {
    const over = this.#over
    this.#over = undefined
    over?.()
  }
}
