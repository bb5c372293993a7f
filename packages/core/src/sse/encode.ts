import type { Api, ApiId, EventOf } from '../api/api.ts'
import { isSluiceError } from '../errors.ts'
import { rawFrame } from './raw.ts'

/** How to encode a stream. */
export interface EncodeOptions<A extends ApiId> {
  /** An event as it shall be shown, `undefined` to leave it out. */
  readonly shown?: ((event: EventOf<A>) => EventOf<A> | undefined) | undefined
  /** Cancels what the events are read from: a generator that waits for its source would not hear its `return`. */
  readonly abandon: () => Promise<void>
}

/**
 * Events as the bytes of a server-sent-event stream: one event a pull, the bytes it came in where nobody changed it.
 * Cancelling leaves the source's loop; an error of the source errors the stream.
 */
export function encodeEvents<A extends ApiId>(
  api: Api<A>,
  events: AsyncIterable<EventOf<A>>,
  { shown, abandon }: EncodeOptions<A>,
): ReadableStream<Uint8Array> {
  const iterator = events[Symbol.asyncIterator]()
  const leave = async (): Promise<void> => {
    // A body that the application aborted first refuses to be cancelled; whoever watches the events must hear of it.
    await abandon().catch(() => undefined)
    await iterator.return?.()
  }
  let failure: unknown
  const fail = (controller: ReadableStreamDefaultController<Uint8Array>, error: unknown): void => {
    void leave().catch(() => undefined)
    if (!isSluiceError(error) || error.code !== 'stream.malformed') throw error
    // An SDK shall meet a broken frame as it would have without us; a reader that goes on meets the error.
    failure = error
    controller.enqueue(brokenFrame)
  }
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    if (failure) throw failure
    try {
      for (;;) {
        const { done, value } = await iterator.next()
        if (done) {
          if (api.trailer) controller.enqueue(Buffer.from(api.trailer))
          return controller.close()
        }
        const event = shown ? shown(value) : value
        if (event) return controller.enqueue(rawFrame.get(event) ?? Buffer.from(api.encode(event)))
      }
    } catch (error) {
      fail(controller, error)
    }
  }
  return new ReadableStream<Uint8Array>({ pull, cancel: leave }, { highWaterMark: 0 })
}

/** Broken for every SDK, with nothing in it of the frame that was: that may be the model's text. */
const brokenFrame = Buffer.from('data: {"stream.malformed"\n\n')
