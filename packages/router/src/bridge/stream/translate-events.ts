import { SluiceError, type EventOf, type JsonObject } from '@sluice/core'
import type { Loss } from '../lossy.ts'
import { customToolsOf } from './custom-tools.ts'
import { streamDecoder } from './decoder.ts'
import { streamEncoder } from './encoder.ts'
import type { EncoderOptions } from './encoder-options.ts'
import type { BridgedApi, StreamPiece } from './piece.ts'

/** What a translation knows besides the events. */
export interface TranslateEventsOptions extends EncoderOptions {
  /** The caller's request, in the dialect `to`. */
  readonly request?: JsonObject
  /** Called with what could not be carried, once, when the stream is over or left; not when there was nothing. */
  readonly onLossy?: (lossy: readonly Loss[]) => void
  /** Whether the first loss ends the stream with a `bridge.lossy` error. @default false */
  readonly strict?: boolean
}

/**
 * A stream in another dialect, event by event: nothing is read before it is asked for. Leaving it closes the source, also
 * while an event is awaited. An error in the stream becomes one of the dialect `to`; an error of the source is thrown.
 *
 * @param from the dialect of `events`.
 * @param to the dialect of the result; the events themselves where it is `from`.
 * @throws {SluiceError} from the iterator: `bridge.lossy` under `strict`, `bridge.malformed` for an event that is not in
 *   the dialect `from`.
 */
export function translateEvents<From extends BridgedApi, To extends BridgedApi>(
  from: From,
  to: To,
  events: AsyncIterable<EventOf<From>>,
  options: TranslateEventsOptions = {},
): AsyncIterableIterator<EventOf<To>> {
  const source = events[Symbol.asyncIterator]()
  const translation: Translation<EventOf<From>, EventOf<To>> = (from as BridgedApi) === to
    ? same()
    : through(from, to, options)
  return new TranslatedEvents(source, translation, options)
}

interface Translation<In, Out> {
  push(event: In): readonly Out[]
  end(): readonly Out[]
  readonly lossy: readonly Loss[]
}

function same<In, Out>(): Translation<In, Out> {
  return { push: (event) => [event as unknown as Out], end: () => [], lossy: [] }
}

function through<From extends BridgedApi, To extends BridgedApi>(
  from: From,
  to: To,
  options: TranslateEventsOptions,
): Translation<EventOf<From>, EventOf<To>> {
  const decoder = streamDecoder(from, { customTools: customToolsOf(options.request) })
  const encoder = streamEncoder(to, options)
  const write = (pieces: readonly StreamPiece[]): EventOf<To>[] => pieces.flatMap((piece) => encoder.push(piece))
  return {
    push: (event) => write(decoder.push(event)),
    end: () => [...write(decoder.end()), ...encoder.end()],
    get lossy() {
      return encoder.lossy
    },
  }
}

class TranslatedEvents<In, Out> implements AsyncIterableIterator<Out> {
  readonly #source: AsyncIterator<In>
  readonly #translation: Translation<In, Out>
  readonly #options: TranslateEventsOptions
  #ready: Out[] = []
  #over = false
  #told = false

  constructor(source: AsyncIterator<In>, translation: Translation<In, Out>, options: TranslateEventsOptions) {
    this.#source = source
    this.#translation = translation
    this.#options = options
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<Out>> {
    for (;;) {
      const ready = this.#ready.shift()
      if (ready !== undefined) return { done: false, value: ready }
      if (this.#over) {
        this.#tell()
        return { done: true, value: undefined }
      }
      await this.#read()
    }
  }

  async return(): Promise<IteratorResult<Out>> {
    const wasOver = this.#over
    this.#over = true
    this.#ready = []
    this.#tell()
    if (!wasOver) await this.#source.return?.()
    return { done: true, value: undefined }
  }

  async #read(): Promise<void> {
    let read: IteratorResult<In>
    try {
      read = await this.#source.next()
    } catch (error) {
      this.#over = true
      this.#tell()
      throw error
    }
    // The stream was left while it waited.
    if (this.#over) return
    if (read.done) this.#over = true
    const written = read.done ? this.#translation.end() : this.#translation.push(read.value)
    const { lossy } = this.#translation
    if (this.#options.strict && lossy.length > 0) {
      await this.return()
      throw lossyError(lossy)
    }
    this.#ready.push(...written)
  }

  #tell(): void {
    const { lossy } = this.#translation
    if (this.#told || lossy.length === 0) return
    this.#told = true
    this.#options.onLossy?.(lossy)
  }
}

/** The refusal of a translation that would lose something: names the places, never what stands there. */
export function lossyError(lossy: readonly Loss[]): SluiceError {
  const paths = lossy.map(({ path }) => path)
  return new SluiceError({
    code: 'bridge.lossy',
    message:
      `The translation between dialects cannot carry ${paths.join(', ')}. ` +
      'Leave these out, send the call to a provider of its own dialect, or set strict: false where nothing is fatal.',
    details: { paths, reasons: lossy.map(({ reason }) => reason), fatal: lossy.some(({ fatal }) => fatal) },
  })
}
