/**
 * How long a response asks its caller to wait, in milliseconds ≥ 0: `retry-after-ms`, else `retry-after` in seconds
 * (fractions allowed) or as an HTTP date, which is compared with the server's own clock where it tells the time (`date`).
 *
 * @returns `undefined` when it asks for nothing, or for something that is neither.
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function retryAfterMs(headers: Headers, nowMs: number): number | undefined {
  const milliseconds = duration(headers.get('retry-after-ms'))
  if (milliseconds !== undefined) return milliseconds
  const value = headers.get('retry-after')
  const seconds = duration(value)
  if (seconds !== undefined) return seconds * 1000
  // HTTP dates begin with a weekday and are in GMT, the oldest of the three forms without saying so.
  const atMs = httpDateMs(value)
  if (atMs === undefined) return undefined
  return Math.max(0, atMs - (httpDateMs(headers.get('date')) ?? nowMs))
}

function httpDateMs(value: string | null): number | undefined {
  if (value === null || !/^\s*[A-Za-z]{3}/.test(value)) return undefined
  const atMs = Date.parse(`${value.replace(/\s*GMT\s*$/, '')} GMT`)
  return Number.isNaN(atMs) ? undefined : atMs
}

function duration(value: string | null): number | undefined {
  return value !== null && /^\s*\d+(?:\.\d+)?\s*$/.test(value) ? Number(value) : undefined
}
