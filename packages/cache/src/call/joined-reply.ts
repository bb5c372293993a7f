import { latestUsage, streamReply, type ApiId, type Call, type EventOf, type Reply, type Usage } from '@sluice/core'
import { note } from './answered-call.ts'
import type { CacheCore } from '../cache-core.ts'

/** The reply of another caller's upstream call, noted in this one's report with what that saved. */
export async function joinedReply<A extends ApiId>(core: CacheCore, call: Call<A>, reply: Reply<A>): Promise<Reply<A>> {
  const noted = (savedNanoUsd?: number): void =>
    note(call, 'join', 'in_flight', savedNanoUsd === undefined ? {} : { savedNanoUsd })
  const { savings } = core
  if (!savings.hasPrices || reply.kind === 'error') {
    noted()
    return reply
  }
  const { api, request } = call
  if (reply.kind === 'stream') {
    const counted = (usage: Usage | undefined): void =>
      noted(usage && savings.countUsage({ usage, model: api.model(request), serviceTier: undefined }))
    return streamReply(api, new CountedStream(reply.api.usage, reply.events(), counted), reply)
  }
  try {
    noted(savings.count(api, request, await reply.value()))
  } catch {
    // The consumer of the reply learns for itself that it is broken.
    noted()
  }
  return reply
}

/** Events as they come. Tells once that they are over: with their token usage, unless the consumer left before. */
class CountedStream<A extends ApiId> implements AsyncIterableIterator<EventOf<A>> {
  readonly #usageOf: (event: EventOf<A>) => Usage | undefined
  readonly #source: AsyncIterator<EventOf<A>>
  readonly #counted: (usage: Usage | undefined) => void
  #usage: Usage | undefined
  #isOver = false

  constructor(
    usageOf: (event: EventOf<A>) => Usage | undefined,
    events: AsyncIterable<EventOf<A>>,
    counted: (usage: Usage | undefined) => void,
  ) {
    this.#usageOf = usageOf
    this.#source = events[Symbol.asyncIterator]()
    this.#counted = counted
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<EventOf<A>>> {
    try {
      const step = await this.#source.next()
      if (step.done) this.#end(this.#usage)
      else this.#look(step.value)
      return step
    } catch (error) {
      this.#end(undefined)
      throw error
    }
  }

  async return(): Promise<IteratorResult<EventOf<A>>> {
    this.#end(undefined)
    await this.#source.return?.()
    return { done: true, value: undefined }
  }

  #look(event: EventOf<A>): void {
    try {
      this.#usage = latestUsage(this.#usage, this.#usageOf(event))
    } catch {
      // The stream is the application's; that we cannot read it is not its problem.
    }
  }

  #end(usage: Usage | undefined): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#counted(usage)
  }
}
