import type { ReadableStreamReadResult } from 'node:stream/web'
import type { Api, ApiId } from '../api/api.ts'
import { IncompleteStreamError } from '../errors.ts'
import { StreamRecord } from './record.ts'

/**
 * The same bytes, pull by pull, with one difference: a body that ends before its answer did errors with
 * {@link IncompleteStreamError} instead of ending as if all were well. Cancelling it cancels the source; the source's
 * lock is released on every way out.
 */
export function passBytes<A extends ApiId>(
  api: Api<A>,
  source: ReadableStream<Uint8Array>,
): ReadableStream<Uint8Array> {
  const reader = source.getReader()
  const record = new StreamRecord(api)
  let controller: ReadableStreamDefaultController<Uint8Array>
  const onRead = ({ done, value }: ReadableStreamReadResult<Uint8Array>): void => {
    if (!done) {
      record.push(value)
      return controller.enqueue(value)
    }
    reader.releaseLock()
    if (record.isComplete()) controller.close()
    else controller.error(new IncompleteStreamError(api.id, record.partial()))
  }
  const onFailure = (error: unknown): never => {
    reader.releaseLock()
    throw error
  }
  return new ReadableStream<Uint8Array>(
    {
      start(given) {
        controller = given
      },
      pull: () => reader.read().then(onRead, onFailure),
      async cancel(reason) {
        try {
          await reader.cancel(reason)
        } finally {
          reader.releaseLock()
        }
      },
    },
    { highWaterMark: 0 },
  )
}
