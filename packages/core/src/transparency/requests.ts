import { portrait, steady } from './portrait.ts'

type Fetch = typeof globalThis.fetch

/** What a client handed to `fetch`. */
export interface SentRequest {
  readonly method: string
  readonly url: string
  readonly headers: unknown
  /** The body's text, byte for byte; of a form its parts; the class of anything else. */
  body: unknown
  /** Every other setting of the request (`redirect`, `dispatcher`, `duplex`…), the abort signal as its presence. */
  readonly settings: unknown
}

/** A `fetch` that keeps a record of what it is asked for. */
export function recordingFetch(fetch: Fetch): { fetch: Fetch; sent: SentRequest[] } {
  const sent: SentRequest[] = []
  return {
    sent,
    async fetch(input, init = {}) {
      const url = String(input instanceof Request ? input.url : input)
      // With this address the SDKs find out which `Response` class a fetch answers with.
      if (!url.startsWith('data:')) {
        const { method = 'GET', headers, body, signal, ...settings } = init
        const request: SentRequest = {
          method,
          url: steady(url),
          headers: portrait(new Headers(headers)),
          body: undefined,
          settings: portrait({ ...settings, signal: signal instanceof AbortSignal }),
        }
        sent.push(request)
        request.body = await bodyPortrait(body)
      }
      const response = await fetch(input, init)
      // What Node's own fetch says of every response; the provider's in-memory fetch leaves it at the default.
      return Object.defineProperty(response, 'type', { value: 'basic' })
    },
  }
}

async function bodyPortrait(body: RequestInit['body']): Promise<unknown> {
  if (typeof body !== 'object' || body === null) return body
  if (!(body instanceof FormData)) return body.constructor.name
  const parts: unknown[] = []
  for (const [name, part] of body) {
    if (typeof part === 'string') parts.push([name, part])
    else parts.push([name, part.name, part.type, await part.text()])
  }
  return parts
}
