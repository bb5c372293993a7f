import { writeFile } from 'node:fs/promises'
import { type Clock, systemClock } from '../clock.ts'
import { recordedBody, redactHeaders, redactText, redactUrl, type Recording, type Redact } from './recording.ts'

export interface RecordOptions {
  /** The fetch that is recorded. @default the global one */
  readonly fetch?: typeof fetch
  /**
   * Removes what only you know to be secret. It gets every text that is written, each response body as a whole; one
   * that changes the length of a body moves the boundaries of its chunks. Give {@link replayFetch} the same function.
   */
  readonly redact?: Redact
  /** Where the times come from. @default the system's clock */
  readonly clock?: Clock
}

/** A fetch that remembers what passes through it. */
export type RecordingFetch = typeof fetch & {
  /** Writes the recording, one exchange a line, over what the file held. */
  save(): Promise<void>
}

type Draft = { -readonly [K in keyof Recording]: Recording[K] }

/**
 * A `fetch` that records what passes through it into a JSON-lines file, for {@link replayFetch}: method, URL and body
 * of each request, and status, headers and body of the response with the boundaries and times of its chunks.
 *
 * Request headers are not recorded. From responses, cookies and organisation headers are left out, and everything that
 * looks like a key is starred in URLs, headers and bodies; a key that a provider spreads over several stream events is
 * not found. Bodies pass through as they are read; nothing is buffered ahead of the caller.
 *
 * @example
 * const fetch = recordFetch('fixtures/refund.jsonl')
 * await new OpenAI({ fetch }).chat.completions.create(params)
 * await fetch.save()
 */
export function recordFetch(path: string, options: RecordOptions = {}): RecordingFetch {
  const inner = options.fetch ?? globalThis.fetch
  const redact = options.redact ?? ((text) => text)
  const clock = options.clock ?? systemClock
  const drafts: { draft: Draft; bytes: Uint8Array[] }[] = []

  const record = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const url = input instanceof Request ? input.url : String(input)
    if (url.startsWith('data:')) return inner(input, init)
    const startedAtMs = clock.now()
    const elapsedMs = (): number => Math.round(clock.now() - startedAtMs)
    const method = (init?.method ?? (input instanceof Request ? input.method : 'GET')).toUpperCase()
    const draft: Draft = { version: 1, method, url: redactUrl(url, redact) }
    const bytes: Uint8Array[] = []
    drafts.push({ draft, bytes })
    const requestBody = await recordedBody(input, init, redact)
    if (requestBody) draft.requestBody = requestBody
    let response: Response
    try {
      response = await inner(input, init)
    } catch (error) {
      draft.rejected = rejectionOf(error, init?.signal ?? (input instanceof Request ? input.signal : undefined))
      throw error
    }
    draft.status = response.status
    draft.headers = redactHeaders(response.headers, redact)
    draft.headersAtMs = elapsedMs()
    if (!response.body) {
      draft.end = 'whole'
      return response
    }
    const chunks: [number, number][] = []
    draft.chunks = chunks
    draft.end = 'open'
    return passed(response, {
      chunk(value) {
        chunks.push([elapsedMs(), value.byteLength])
        bytes.push(value.slice())
      },
      end: (how) => void (draft.end = how),
    })
  }

  const save = async (): Promise<void> => {
    const lines = drafts.map(({ draft, bytes }) =>
      JSON.stringify(draft.chunks ? withBody(draft, bytes, redact) : draft),
    )
    await writeFile(path, lines.map((line) => `${line}\n`).join(''))
  }
  return Object.assign(record, { save })
}

/** The same response with a body that reports what is read from it. */
function passed(
  response: Response,
  tap: { chunk(value: Uint8Array): void; end(how: 'whole' | 'broken'): void },
): Response {
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read()
          if (!done) {
            tap.chunk(value)
            controller.enqueue(value)
            return
          }
          tap.end('whole')
          reader.releaseLock()
          controller.close()
        } catch (error) {
          tap.end('broken')
          reader.releaseLock()
          controller.error(error)
        }
      },
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
  const { status, statusText } = response
  const copy = new Response(body as ReadableStream<Uint8Array<ArrayBuffer>>, { status, statusText })
  // SDK errors expose the very headers object of the response, and its address.
  for (const key of ['url', 'headers', 'redirected', 'type'] as const) {
    Object.defineProperty(copy, key, { value: response[key] })
  }
  return copy
}

function withBody(draft: Draft, bytes: readonly Uint8Array[], redact: Redact): Recording {
  const whole = Buffer.concat(bytes)
  const text = utf8(whole)
  if (text === undefined) return { ...draft, body: { base64: whole.toString('base64') } }
  const body = redact(redactText(text))
  const length = Buffer.byteLength(body)
  if (length === whole.byteLength) return { ...draft, body }
  return { ...draft, body, chunks: stretched(draft.chunks ?? [], whole.byteLength, length) }
}

/** The same number of chunks over a body of another length. */
function stretched(chunks: NonNullable<Draft['chunks']>, from: number, to: number): [number, number][] {
  let end = 0
  let cut = 0
  return chunks.map(([atMs, length]) => {
    end += length
    const start = cut
    cut = Math.round((end / from) * to)
    return [atMs, cut - start]
  })
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function rejectionOf(error: unknown, signal: AbortSignal | null | undefined): NonNullable<Recording['rejected']> {
  if (signal?.aborted) return 'aborted'
  const { message, cause } = error as { message?: unknown; cause?: { code?: unknown } }
  const code = cause?.code
  return { message: redactText(String(message)), ...(typeof code === 'string' && { code }) }
}
