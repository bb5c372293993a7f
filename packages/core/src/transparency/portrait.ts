/** Header names that the connection makes, not the provider: they differ from one socket to the next. */
const ofTheConnection: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'date',
  'keep-alive',
  'transfer-encoding',
])

/**
 * Plain data that shows of a value what a program can observe: class names, own fields, error facts, headers, bytes,
 * in order. Two values with equal portraits cannot be told apart by reading them. Addresses of loopback servers and
 * boundaries of multipart forms are made equal, because they are random.
 */
export function portrait(value: unknown): unknown {
  return drawn(value, [])
}

/** Fields that differ from run to run: an error's stack, durations in logs, and what undici tells of a socket. */
const byChance: ReadonlySet<string> = new Set([
  'stack',
  'durationMs',
  'localPort',
  'remotePort',
  'bytesRead',
  'bytesWritten',
])

function drawn(value: unknown, within: readonly object[]): unknown {
  if (typeof value === 'string') return steady(value)
  if (typeof value === 'bigint' || typeof value === 'symbol') return String(value)
  // Marked, because JSON would leave a field with it out.
  if (value === undefined) return '[undefined]'
  if (typeof value === 'function') return `function ${value.name}`
  if (typeof value !== 'object' || value === null) return value
  const depth = within.indexOf(value)
  if (depth >= 0) return `circular ${within.length - depth}`
  const inside = [...within, value]
  if (Array.isArray(value)) return value.map((item) => drawn(item, inside))
  if (value instanceof Headers) return headersPortrait(value)
  if (value instanceof Response) return responsePortrait(value)
  if (value instanceof Date) return value.toISOString()
  if (ArrayBuffer.isView(value))
    return `${className(value)} ${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')}`
  if (value instanceof ArrayBuffer) return `ArrayBuffer ${Buffer.from(value).toString('base64')}`
  if (value instanceof Error) return { ...shell(value), ...errorFacts(value, inside), ...fields(value, inside) }
  return { ...shell(value), ...fields(value, inside) }
}

function shell(value: object): object {
  const name = className(value)
  return name === 'Object' ? {} : { '[class]': name }
}

function className(value: object): string {
  return (Object.getPrototypeOf(value) as object | null)?.constructor.name ?? 'null'
}

function errorFacts(error: Error, within: readonly object[]): object {
  return { '[name]': error.name, '[message]': steady(error.message), '[cause]': drawn(error.cause, within) }
}

/** Own fields in their order, hidden ones that the SDKs put there included. */
function fields(value: object, within: readonly object[]): object {
  const hidden = ['_request_id', '_workspace_id'].filter((name) => Object.hasOwn(value, name))
  const keys = [...new Set([...Object.keys(value), ...hidden])].filter(
    (key) => !byChance.has(key) && !ofTheConnection.has(key),
  )
  return Object.fromEntries(keys.map((key) => [key, drawn((value as Record<string, unknown>)[key], within)]))
}

function headersPortrait(headers: Headers): object {
  const kept = [...headers].filter(([name]) => !ofTheConnection.has(name))
  return { '[class]': 'Headers', ...Object.fromEntries(kept.map(([name, text]) => [name, steady(text)])) }
}

function responsePortrait(response: Response): object {
  const { status, statusText, ok, type, redirected, url, bodyUsed } = response
  const head = { status, statusText, ok, type, redirected, url: steady(url), bodyUsed }
  return { '[class]': 'Response', ...head, body: response.body !== null, headers: headersPortrait(response.headers) }
}

/** A text without what is random in it: the server's port, a form's boundary, the SDK's own log ids and durations. */
export function steady(text: string): string {
  if (!/127\.0|boundary=|log_|\dms/.test(text)) return text
  return text
    .replaceAll(/127\.0\.0\.1:\d+/g, 'provider.test')
    .replaceAll(/(boundary=)[^\s;]+/g, '$1…')
    .replaceAll(/\blog_[0-9a-f]{6}\b/g, 'log_…')
    .replaceAll(/\b\d+ms\b/g, '…ms')
}
