import { readFileSync } from 'node:fs'
import { type Clock, systemClock } from '../clock.ts'
import { SluiceError } from '../errors.ts'
import { firstDifference, parseRecordings, recordedBody, redactUrl, type Recording, type Redact } from './recording.ts'

export interface ReplayOptions {
  /** `recorded` waits as long as the provider took, before the headers and between chunks. @default 'instant' */
  readonly pace?: 'instant' | 'recorded'
  /** @default the system's clock */
  readonly clock?: Clock
  /** The function that {@link recordFetch} was given, so that requests compare equal. */
  readonly redact?: Redact
}

/** A fetch that answers from a recording. */
export type ReplayingFetch = typeof fetch & {
  /** The recordings that no request has asked for yet. Empty at the end of a test that replays everything. */
  remaining(): readonly Pick<Recording, 'method' | 'url'>[]
  /** What was asked for and not recorded. */
  readonly failures: readonly SluiceError[]
}

/**
 * A `fetch` that answers from a file that {@link recordFetch} wrote. Each recording answers one request, equal requests
 * in the order in which they were recorded.
 *
 * It is strict: a request that was not recorded gets a 400 that no SDK retries, whose body is a {@link SluiceError}
 * `replay.unmatched` for `sluiceErrorOf`; its message and `details.difference` name the first thing that differs
 * (`method`, `url`, `body.messages[0].content`). Nothing is ever sent.
 *
 * @throws {SluiceError} replay.unreadable when the file is missing or holds something else
 */
export function replayFetch(path: string, options: ReplayOptions = {}): ReplayingFetch {
  const unused = parseRecordings(read(path), path)
  const total = unused.length
  const clock = options.clock ?? systemClock
  const redact = options.redact ?? ((text) => text)
  const failures: SluiceError[] = []

  const replay = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const address = input instanceof Request ? input.url : String(input)
    if (address.startsWith('data:')) return fetch(input, init)
    const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined)
    signal?.throwIfAborted()
    const method = (init?.method ?? (input instanceof Request ? input.method : 'GET')).toUpperCase()
    const url = redactUrl(address, redact)
    const body = await recordedBody(input, init, redact)
    signal?.throwIfAborted()
    const request: Recording = { version: 1, method, url, ...(body && { requestBody: body }) }
    const at = unused.findIndex((recording) => differenceOf(recording, request) === undefined)
    const [found] = at < 0 ? [] : unused.splice(at, 1)
    if (!found) {
      const error = unmatched(request, unused, total, path)
      failures.push(error)
      return errorAnswer(error)
    }
    return answered(found, address, signal ?? undefined, options.pace === 'recorded' ? clock : undefined)
  }

  return Object.assign(replay, {
    remaining: () => unused.map(({ method, url }) => ({ method, url })),
    failures,
  })
}

async function answered(
  recording: Recording,
  url: string,
  signal: AbortSignal | undefined,
  clock: Clock | undefined,
): Promise<Response> {
  const startedAtMs = clock?.now() ?? 0
  const due = async (atMs: number): Promise<void> => {
    const waitMs = clock ? startedAtMs + atMs - clock.now() : 0
    if (waitMs > 0) await clock?.sleep(waitMs, signal)
    signal?.throwIfAborted()
  }
  const { rejected } = recording
  if (rejected === 'aborted') return neverAnswered(signal)
  await due(recording.headersAtMs ?? 0)
  if (rejected) {
    const cause = Object.assign(new Error(rejected.message), rejected.code !== undefined && { code: rejected.code })
    throw new TypeError(rejected.message, { cause })
  }
  const bytes =
    typeof recording.body === 'object'
      ? Buffer.from(recording.body.base64, 'base64')
      : Buffer.from(recording.body ?? '')
  const chunks = recording.chunks ?? []
  let next = 0
  let offset = 0
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        try {
          const chunk = chunks[next]
          if (chunk) {
            await due(chunk[0])
            next++
            controller.enqueue(new Uint8Array(bytes.subarray(offset, (offset += chunk[1]))))
          } else if (recording.end === 'whole') controller.close()
          else throw ended(recording)
        } catch (error) {
          controller.error(error)
        }
      },
    },
    { highWaterMark: 0 },
  )
  const bodyless = recording.chunks === undefined
  const init = { status: recording.status ?? 200, headers: recording.headers ?? {} }
  const response = new Response(bodyless ? null : body, init)
  Object.defineProperty(response, 'url', { value: url })
  return response
}

/** What comes after the last recorded byte of a body that was not recorded to its end. */
function ended(recording: Recording): Error {
  if (recording.end === 'broken') return new TypeError('terminated')
  return new SluiceError({
    code: 'replay.cut_short',
    message: `The recording of ${recording.method} ${recording.url} ends here: its reader stopped. Record it again.`,
    status: 502,
  })
}

function neverAnswered(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    if (signal) signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    else reject(new DOMException('The recorded caller aborted before there was a response.', 'AbortError'))
  })
}

function differenceOf(recorded: Recording, request: Recording): string | undefined {
  if (recorded.method !== request.method) return 'method'
  if (recorded.url !== request.url) return 'url'
  const [a, b] = [recorded.requestBody, request.requestBody]
  if (a && b && 'json' in a && 'json' in b) return firstDifference(a.json, b.json)
  return firstDifference(a, b)
}

function unmatched(request: Recording, unused: readonly Recording[], total: number, path: string): SluiceError {
  // The recording that comes nearest: one for the same address, else the next in the file.
  const same = unused.find((recording) => recording.method === request.method && recording.url === request.url)
  const nearest = same ?? unused[0]
  const difference = nearest ? differenceOf(nearest, request) : 'count'
  const reason = nearest
    ? `it differs from the nearest unused recording (${nearest.method} ${nearest.url}) in ${difference}`
    : `all ${total} recordings are used`
  return new SluiceError({
    code: 'replay.unmatched',
    message: `No recording in ${path} matches ${request.method} ${request.url}: ${reason}. Record it anew.`,
    details: { method: request.method, url: request.url, difference },
  })
}

function errorAnswer(error: SluiceError): Response {
  const { code, message, details, status } = error
  const body = { type: 'error', error: { type: 'sluice_error', code, message, details } }
  return Response.json(body, { status, headers: { 'x-should-retry': 'false', 'x-sluice-error': code } })
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new SluiceError({
      code: 'replay.unreadable',
      message: `The recording ${path} cannot be read. Record it first.`,
      cause,
    })
  }
}
