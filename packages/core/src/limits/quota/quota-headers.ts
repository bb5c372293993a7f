/** What a provider counts. Anthropic counts input and output apart, others together. */
export type QuotaName = 'requests' | 'tokens' | 'input-tokens' | 'output-tokens'

/** What a response said of one quota. */
export interface QuotaReading {
  readonly name: QuotaName
  /** `undefined` where only the rest is told (Azure). */
  readonly limit: number | undefined
  readonly remaining: number
  /** Milliseconds until it is full again; `undefined` when that was not told. */
  readonly fullInMs: number | undefined
}

const names: readonly QuotaName[] = ['requests', 'tokens', 'input-tokens', 'output-tokens']

/**
 * Reads `x-ratelimit-{limit,remaining,reset}-*` (OpenAI, Azure, Groq and many others: the reset is a duration like `6m0s`
 * or `17ms`) and `anthropic-ratelimit-*-{limit,remaining,reset}` (the reset is a date).
 */
export function quotaReadings(headers: Headers, nowMs: number): QuotaReading[] {
  const readings: QuotaReading[] = []
  for (const name of names) {
    const openai = reading(name, {
      limit: headers.get(`x-ratelimit-limit-${name}`),
      remaining: headers.get(`x-ratelimit-remaining-${name}`),
      fullInMs: durationMs(headers.get(`x-ratelimit-reset-${name}`)),
    })
    const found =
      openai ??
      reading(name, {
        limit: headers.get(`anthropic-ratelimit-${name}-limit`),
        remaining: headers.get(`anthropic-ratelimit-${name}-remaining`),
        fullInMs: untilMs(headers.get(`anthropic-ratelimit-${name}-reset`), nowMs),
      })
    if (found) readings.push(found)
  }
  return readings
}

/** How long the provider asks us to stay away, in milliseconds. */
export function retryAfterMs(headers: Headers, nowMs: number): number | undefined {
  const exact = numberOf(headers.get('retry-after-ms'))
  if (exact !== undefined) return exact
  const text = headers.get('retry-after')
  const seconds = numberOf(text)
  return seconds === undefined ? untilMs(text, nowMs) : seconds * 1_000
}

function reading(
  name: QuotaName,
  told: { limit: string | null; remaining: string | null; fullInMs: number | undefined },
): QuotaReading | undefined {
  const remaining = numberOf(told.remaining)
  // A limit of 0 or -1 is how some gateways say that there is none.
  const limit = numberOf(told.limit)
  if (remaining === undefined || limit === 0) return undefined
  return { name, limit, remaining, fullInMs: told.fullInMs }
}

function numberOf(text: string | null): number | undefined {
  if (text === null || text.trim() === '') return undefined
  const value = Number(text)
  return Number.isFinite(value) && value >= 0 ? value : undefined
}

const unitMs: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 }

/** `1h2m3.5s`, `17ms`; a bare number is seconds. */
function durationMs(text: string | null): number | undefined {
  if (text === null) return undefined
  const seconds = numberOf(text)
  if (seconds !== undefined) return seconds * 1_000
  if (!/^(?:[\d.]+(?:ms|[dhms]))+$/.test(text.trim())) return undefined
  let sum = 0
  for (const [, amount, unit] of text.matchAll(/([\d.]+)(ms|[dhms])/g))
    sum += Number(amount) * (unitMs[unit ?? ''] ?? 0)
  return Number.isFinite(sum) ? sum : undefined
}

function untilMs(text: string | null, nowMs: number): number | undefined {
  const atMs = text === null ? Number.NaN : Date.parse(text)
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs)
}
