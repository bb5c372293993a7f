import { IncompleteStreamError, streamReply } from '@sluice/core'
import type { ApiId, EventOf, ProviderError, StreamReply } from '@sluice/core'

/** How a stream began. */
export type Beginning =
  /** Content came, or the answer ended as it should. */
  | { readonly kind: 'committed' }
  /** The provider reported an error before any content. */
  | { readonly kind: 'error'; readonly error: ProviderError }
  /** The body broke off before any content. */
  | { readonly kind: 'broken'; readonly cause: unknown }

/**
 * The events of a stream, read as far as its first content and no further: until then another try costs the consumer
 * nothing. Iterated over, it gives all events from the first on, and throws where the source threw.
 *
 * An object rather than a generator, because leaving a generator that was never started would not close its source.
 */
export class HeldStream<A extends ApiId> implements AsyncIterableIterator<EventOf<A>> {
  readonly #reply: StreamReply<A>
  readonly #source: AsyncIterator<EventOf<A>>
  readonly #held: EventOf<A>[] = []
  #next = 0
  #broken: { readonly cause: unknown } | undefined

  constructor(reply: StreamReply<A>) {
    this.#reply = reply
    this.#source = reply.events()[Symbol.asyncIterator]()
  }

  /** Reads up to the first event that has content, ends the answer or is an error. */
  async begin(): Promise<Beginning> {
    const { api } = this.#reply
    for (;;) {
      let step: IteratorResult<EventOf<A>>
      try {
        step = await this.#source.next()
      } catch (cause) {
        this.#broken = { cause }
        return { kind: 'broken', cause }
      }
      if (step.done) {
        // Neither content nor an end: whatever this was, it was no answer.
        const partial = { text: '', usage: undefined, events: this.#held.length, truncated: false }
        const cause = new IncompleteStreamError(api.id, partial)
        this.#broken = { cause }
        return { kind: 'broken', cause }
      }
      this.#held.push(step.value)
      const error = api.error(step.value)
      if (error) return { kind: 'error', error }
      if (api.isContent(step.value) || api.isTerminal(step.value)) return { kind: 'committed' }
    }
  }

  /** The events that are held and not yet given out. */
  seen(): readonly EventOf<A>[] {
    return this.#held.slice(this.#next)
  }

  /** The stream as a reply, from its first event on. */
  toReply(): StreamReply<A> {
    return streamReply(this.#reply.api, this, this.#reply)
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<EventOf<A>>> {
    const held = this.#held[this.#next]
    if (held) {
      this.#next += 1
      return { done: false, value: held }
    }
    if (this.#held.length > 0) this.#forget()
    if (this.#broken) throw this.#broken.cause
    return this.#source.next()
  }

  async return(): Promise<IteratorResult<EventOf<A>>> {
    this.#forget()
    await this.#source.return?.()
    return { done: true, value: undefined }
  }

  #forget(): void {
    this.#held.length = 0
    this.#next = 0
  }
}
