/** One request as it reached the provider, whatever carried it. */
export interface Inbound {
  readonly method: string
  readonly url: URL
  readonly headers: Headers
  /** Aborts when the caller gives up, cancels the body, or closes the connection. */
  readonly signal: AbortSignal
  text(): Promise<string>
  /** The request with its body unread, for multipart forms and custom routes. */
  request(): Request
}

/** One piece of a body, sent in one write. */
export interface Frame {
  readonly data: string | Uint8Array
  /** Output tokens in it. @default 0 */
  readonly tokens?: number
  /** Visible text of the first choice in it. */
  readonly text?: string
  /** Set on the frame after which the answer is whole, even if the caller reads no further. */
  readonly last?: true
}

/** What the provider does about a request. */
export type Outbound =
  | { readonly kind: 'reset' }
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly headers: Readonly<Record<string, string>>
      /** A generator makes frames as they are pulled; if it throws {@link ConnectionCut}, the connection breaks. */
      readonly body: string | Uint8Array | null | AsyncGenerator<Frame, void, undefined>
    }

/** The connection breaks in the midst of a body. */
export class ConnectionCut extends Error {}

/** Waits until the signal aborts, then rejects with its reason. */
export function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

/** `promise`, or the signal's reason as soon as it aborts. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason)
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

/** One server-sent event. */
export function sse(data: unknown, event?: string): string {
  const text = typeof data === 'string' ? data : JSON.stringify(data)
  return event === undefined ? `data: ${text}\n\n` : `event: ${event}\ndata: ${text}\n\n`
}
