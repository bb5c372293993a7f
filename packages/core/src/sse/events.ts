import type { ReadableStreamReadResult } from 'node:stream/web'
import type { Api, ApiId, EventOf } from '../api/api.ts'
import { IncompleteStreamError, SluiceError } from '../errors.ts'
import { deepFreeze, isObject } from '../json.ts'
import { parseFrame } from './frame.ts'
import { rawFrame } from './raw.ts'
import { StreamRecord } from './record.ts'
import { SseSplitter } from './splitter.ts'

type Result<A extends ApiId> = IteratorResult<EventOf<A>, undefined>

const done = { done: true, value: undefined } as const

/**
 * Reads a provider's body as native events, one at a time: nothing is read or decoded before it is asked for.
 *
 * Events are deeply frozen. The iterator throws {@link IncompleteStreamError} when the body ends before the answer did
 * and `stream.malformed` for a frame that is not JSON; an error event is an event like any other. Leaving the loop early
 * cancels the body.
 */
export class EventReader<A extends ApiId> implements AsyncIterableIterator<EventOf<A>> {
  readonly #api: Api<A>
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>
  readonly #splitter = new SseSplitter()
  readonly #record: StreamRecord<A>
  readonly #strict: boolean
  /** Frames that were read and not yet given out, from `#next` on. */
  #frames: Buffer[] = []
  #next = 0
  /** Comments in front of the next event: they go out with it. */
  #comments: Buffer[] = []
  #isDone = false
  #state: 'open' | 'ended' | 'closed' = 'open'

  constructor(api: Api<A>, body: ReadableStream<Uint8Array>, strict: boolean) {
    this.#api = api
    this.#reader = body.getReader()
    this.#record = new StreamRecord(api)
    this.#strict = strict
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  // Promises are chained by hand here: one `async` function less is a microsecond less per chunk.
  next(): Promise<Result<A>> {
    try {
      const event = this.#queued()
      if (event) return Promise.resolve({ done: false, value: event })
      if (this.#isDone) return this.return()
      if (this.#state === 'open') return this.#reader.read().then(this.#onRead, this.#onFailure)
      if (this.#state === 'ended') this.#end()
      return Promise.resolve(done)
    } catch (error) {
      // Whoever meets a broken frame has no use for the rest of the body.
      void this.return().catch(() => undefined)
      return Promise.reject(error)
    }
  }

  /** Cancels the body, also while a `next` is waiting for it: that `next` then resolves as done. */
  async return(): Promise<Result<A>> {
    if (this.#state !== 'closed') {
      this.#state = 'closed'
      this.#frames = []
      try {
        await this.#reader.cancel()
      } finally {
        this.#reader.releaseLock()
      }
    }
    return done
  }

  readonly #onRead = (read: ReadableStreamReadResult<Uint8Array>): Result<A> | Promise<Result<A>> => {
    if (this.#state === 'closed') return done
    this.#frames = []
    this.#next = 0
    if (read.done) {
      this.#state = 'ended'
      const last = this.#splitter.flush()
      if (last) this.#frames.push(Buffer.concat([last, blankLine]))
    } else {
      this.#record.push(read.value)
      this.#splitter.push(read.value, this.#onFrame)
    }
    const event = this.#queued()
    return event ? { done: false, value: event } : this.next()
  }

  readonly #onFailure = (error: unknown): Result<A> => {
    if (this.#state === 'closed') return done
    this.#state = 'closed'
    this.#reader.releaseLock()
    throw error
  }

  readonly #onFrame = (frame: Buffer): void => void this.#frames.push(frame)

  /** The next event of the frames at hand. Like in the SDKs, nothing after `[DONE]` counts. */
  #queued(): EventOf<A> | undefined {
    while (this.#next < this.#frames.length && !this.#isDone) {
      const frame = this.#frames[this.#next++] as Buffer
      const { data, event: name } = parseFrame(frame)
      if (!data) {
        this.#comments.push(frame)
      } else if (data === '[DONE]') {
        this.#isDone = true
      } else {
        const bytes = this.#comments.length > 0 ? Buffer.concat([...this.#comments, frame]) : frame
        this.#comments = []
        return parseEvent<A>(this.#api, data, name, bytes)
      }
    }
    return undefined
  }

  #end(): void {
    this.#state = 'closed'
    this.#reader.releaseLock()
    if (this.#strict && !this.#record.isComplete())
      throw new IncompleteStreamError(this.#api.id, this.#record.partial())
  }
}

const blankLine = Buffer.from('\n\n')

function parseEvent<A extends ApiId>(api: Api<A>, data: string, name: string | undefined, frame: Buffer): EventOf<A> {
  let value: unknown
  try {
    value = JSON.parse(data)
  } catch {
    // The parser's message quotes the frame, which is the model's text, so it is not passed on as the cause.
  }
  if (!isObject(value))
    throw new SluiceError({
      code: 'stream.malformed',
      message: `A frame of the ${api.id} stream is not a JSON object (${data.length} characters). The provider or a proxy broke it; retry the call.`,
      details: { api: api.id, characters: data.length },
      status: 502,
    })
  // Some servers tell an error by the name of its event alone, which a changed copy would lose.
  const isNamed = name === 'error' && !(typeof value['type'] === 'string' && api.error(value))
  const event = isNamed ? { type: 'error', error: value['error'] ?? value } : value
  return deepFreeze(rawFrame.set(event as EventOf<A>, frame))
}
