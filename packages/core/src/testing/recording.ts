import { isDeepStrictEqual } from 'node:util'
import { SluiceError } from '../errors.ts'
import { isObject, type JsonObject } from '../json.ts'

/** A request body as it is recorded. A streamed one is not read: it matches any other streamed one. */
export type RecordedBody =
  | { readonly json: unknown }
  | { readonly text: string }
  | { readonly base64: string }
  | { readonly form: readonly (readonly [name: string, value: unknown])[] }
  | { readonly stream: true }

/** One exchange: one line of a recording file. Times are milliseconds since the request. */
export interface Recording {
  readonly version: 1
  readonly method: string
  readonly url: string
  readonly requestBody?: RecordedBody
  /** Set when there was no response: what fetch rejected with, or that the caller aborted. */
  readonly rejected?: { readonly message: string; readonly code?: string } | 'aborted'
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly headersAtMs?: number
  /** The response body as text, or as base64 where it is not UTF-8. */
  readonly body?: string | { readonly base64: string }
  /** How the body came: pieces of so many bytes. */
  readonly chunks?: readonly (readonly [atMs: number, bytes: number])[]
  /** `whole`: the body ended. `broken`: it failed. `open`: the caller stopped reading, or it still ran when saved. */
  readonly end?: 'whole' | 'broken' | 'open'
}

/** Changes a text before it is written or compared. */
export type Redact = (text: string) => string

const secretPatterns: readonly RegExp[] = [
  /\b(?:sk|pk|rk)-[A-Za-z0-9_-]{8,}/g,
  /\bBearer\s+[\w.~+/-]{8,}=*/g,
  /\bAIza[\w-]{30,}/g,
  /\bAKIA[A-Z0-9]{16}\b/g,
  /\bgh[pousr]_[A-Za-z0-9]{20,}/g,
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/g,
]
const secretFields = /^(?:api[-_]?key|authorization|password|secret|access[-_]?token|refresh[-_]?token)$/i
const secretQuery = /^(?:key|api[-_]?key|token|access[-_]?token|sig|signature)$/i
const secretHeaders =
  /^(?:authorization|proxy-authorization|api-key|x-api-key|cookie|set-cookie)$|organi[sz]ation|project|account/i
// The recorded body is decoded already; these describe the one on the wire.
const wireHeaders: ReadonlySet<string> = new Set([
  'content-encoding',
  'content-length',
  'transfer-encoding',
  'connection',
])

/** Stars over everything that looks like a key. The length stays, so that chunk boundaries do. */
export function redactText(text: string): string {
  return secretPatterns.reduce((all, pattern) => all.replace(pattern, masked), text)
}

/** {@link redactText} and `also` on every string in a JSON value; fields named like secrets are starred whole. */
export function redactJson(value: unknown, also: Redact): unknown {
  if (typeof value === 'string') return also(redactText(value))
  if (Array.isArray(value)) return value.map((item) => redactJson(item, also))
  if (!isObject(value)) return value
  const entries = Object.entries(value).map(([key, field]): [string, unknown] =>
    secretFields.test(key) && typeof field === 'string' ? [key, '***'] : [key, redactJson(field, also)],
  )
  return Object.fromEntries(entries)
}

export function redactUrl(url: string, also: Redact): string {
  const parsed = new URL(url)
  parsed.username = ''
  parsed.password = ''
  for (const name of new Set(parsed.searchParams.keys())) {
    if (secretQuery.test(name)) parsed.searchParams.set(name, '***')
  }
  return also(redactText(parsed.href))
}

/** The headers worth keeping: no credentials, no organisation, nothing about the encoding on the wire. */
export function redactHeaders(headers: Headers, also: Redact): Record<string, string> {
  const kept = [...headers].filter(([name]) => !secretHeaders.test(name) && !wireHeaders.has(name))
  return Object.fromEntries(kept.map(([name, value]) => [name, also(redactText(value))]))
}

/** A request's body as it is recorded and compared. It leaves the body readable. */
export async function recordedBody(
  input: string | URL | Request,
  init: RequestInit | undefined,
  also: Redact,
): Promise<RecordedBody | undefined> {
  const body: unknown = init?.body
  if (body === undefined || body === null) {
    if (!(input instanceof Request) || !input.body) return undefined
    return fromText(await input.clone().text(), also)
  }
  if (typeof body === 'string' || body instanceof URLSearchParams) return fromText(String(body), also)
  if (body instanceof FormData) {
    const form = [...body].map(([name, value]): [string, unknown] => [
      name,
      typeof value === 'string'
        ? redactJson(value, also)
        : { filename: value.name, type: value.type, bytes: value.size },
    ])
    return { form }
  }
  if (body instanceof Blob) return { base64: Buffer.from(await body.arrayBuffer()).toString('base64') }
  if (body instanceof ArrayBuffer) return { base64: Buffer.from(body).toString('base64') }
  if (ArrayBuffer.isView(body)) {
    return { base64: Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('base64') }
  }
  return { stream: true }
}

/**
 * Where two values first differ, as a path: `body.messages[0].content`.
 *
 * @returns `undefined` when they are equal
 */
export function firstDifference(recorded: unknown, received: unknown, path = 'body'): string | undefined {
  if (isDeepStrictEqual(recorded, received)) return undefined
  const bothLists = Array.isArray(recorded) && Array.isArray(received)
  if (!bothLists && !(isObject(recorded) && isObject(received))) return path
  const [a, b] = [recorded as JsonObject, received as JsonObject]
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const at = bothLists ? `${path}[${key}]` : `${path}.${key}`
    const difference = key in a && key in b ? firstDifference(a[key], b[key], at) : at
    if (difference !== undefined) return difference
  }
  return path
}

/** @throws {SluiceError} replay.unreadable for a line that is no recording */
export function parseRecordings(text: string, path: string): Recording[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line, i) => {
      const value = parsed(line)
      if (isObject(value) && value.version === 1) return value as unknown as Recording
      throw new SluiceError({
        code: 'replay.unreadable',
        message: `Line ${i + 1} of ${path} is not a recording of this version. Record it again with recordFetch.`,
      })
    })
}

function fromText(text: string, also: Redact): RecordedBody {
  const json = parsed(text)
  return json === undefined ? { text: also(redactText(text)) } : { json: redactJson(json, also) }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function masked(secret: string): string {
  const shown = secret.startsWith('Bearer') ? 7 : 3
  return secret.slice(0, shown) + '*'.repeat(secret.length - shown)
}
