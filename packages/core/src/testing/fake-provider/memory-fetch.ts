import type { Serve } from './route.ts'
import { ConnectionCut, orAborted, type Frame, type Inbound } from './wire.ts'

/** A `fetch` that asks the provider in memory. It aborts, breaks and streams as Node's own does over a socket. */
export function memoryFetch(serve: Serve): typeof fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    // SDKs fetch `data:,` to learn what a Response is; that is no call to the provider.
    if (url.protocol === 'data:') return fetch(input, init)
    const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined)
    if (signal?.aborted) throw signal.reason

    const exchange = new AbortController()
    const onAbort = (): void => exchange.abort(signal?.reason)
    const release = (): void => signal?.removeEventListener('abort', onAbort)
    signal?.addEventListener('abort', onAbort, { once: true })
    try {
      const outbound = await orAborted(serve(inboundOf(url, input, init, exchange.signal)), exchange.signal)
      if (outbound.kind === 'reset') throw fetchFailed()
      const { status, headers, body } = outbound
      const live = typeof body === 'object' && body !== null && !(body instanceof Uint8Array)
      if (!live) release()
      const content = live ? streamOf(body, exchange, release) : body
      const response = new Response([204, 205, 304].includes(status) ? null : content, { status, headers })
      Object.defineProperty(response, 'url', { value: url.href })
      return response
    } catch (error) {
      release()
      throw error
    }
  }
}

function inboundOf(
  url: URL,
  input: string | URL | Request,
  init: RequestInit | undefined,
  signal: AbortSignal,
): Inbound {
  const plain = !(input instanceof Request) && (init?.body === undefined || typeof init.body === 'string')
  // The caller's signal stays out of the Request: it would hold a listener on it for as long as the Request lives.
  const request = (): Request => new Request(input, { ...init, signal: null, duplex: 'half' } as RequestInit)
  if (plain) {
    const text = typeof init?.body === 'string' ? init.body : ''
    const method = (init?.method ?? 'GET').toUpperCase()
    return { method, url, headers: new Headers(init?.headers), signal, text: async () => text, request }
  }
  const whole = request()
  const { method, headers } = whole
  return { method, url, headers, signal, text: () => whole.text(), request: () => whole }
}

/** A body that produces a frame only when one is asked for. */
function streamOf(
  frames: AsyncGenerator<Frame, void, undefined>,
  exchange: AbortController,
  release: () => void,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let ended = false
  const end = (): void => {
    ended = true
    release()
  }
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const abort = (): void => {
          if (ended) return
          end()
          controller.error(exchange.signal.reason)
          // A generator that waits is woken by the signal; one that rests at a yield is closed here.
          frames.return().catch(() => {})
        }
        exchange.signal.addEventListener('abort', abort, { once: true })
      },
      async pull(controller) {
        try {
          const { done, value } = await frames.next()
          if (ended) return
          if (done) {
            end()
            controller.close()
            return
          }
          if (value.last) release()
          controller.enqueue(typeof value.data === 'string' ? encoder.encode(value.data) : value.data)
        } catch (error) {
          if (ended) return
          end()
          controller.error(error instanceof ConnectionCut ? terminated() : error)
        }
      },
      cancel(reason) {
        if (ended) return
        end()
        exchange.abort(reason)
        frames.return().catch(() => {})
      },
    },
    { highWaterMark: 0 },
  )
}

/** What Node's fetch rejects with when the server resets the connection before it answers. */
function fetchFailed(): TypeError {
  const cause = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', errno: -104, syscall: 'read' })
  return new TypeError('fetch failed', { cause })
}

/** What a body of Node's fetch ends with when the connection breaks. */
function terminated(): TypeError {
  const cause = Object.assign(new Error('other side closed'), { name: 'SocketError', code: 'UND_ERR_SOCKET' })
  return new TypeError('terminated', { cause })
}
