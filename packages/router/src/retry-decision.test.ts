import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isConnectionError } from './connection-error.ts'
import { retryAfterMs } from './retry-after.ts'
import { retryDecision, type CallFailure, type RetryDecision, type RetryState } from './retry-decision.ts'

const policy = { maxRetries: 2, initialDelayMs: 500, maxDelayMs: 8_000, jitter: 'none' } as const
const nowMs = Date.parse('2026-11-22T00:00:00Z')

function decide(failure: CallFailure, state: Partial<RetryState> = {}): RetryDecision {
  return retryDecision(failure, { policy, retries: 0, nowMs, ...state })
}
const http = (status: number, headers: Record<string, string> = {}, code?: string): CallFailure => ({
  kind: 'http',
  status,
  headers: new Headers(headers),
  code,
})
const inAnswer = (code: string, type?: string): CallFailure => ({ kind: 'error', code, type })

describe('retryDecision', () => {
  it.each([408, 409, 429, 500, 502, 503, 504, 529])('tries HTTP %i again', (status) => {
    expect(decide(http(status))).toEqual({ retry: true, reason: `http_${status}`, delayMs: 500 })
  })

  it.each([400, 401, 403, 404, 413, 422, 451])('does not try HTTP %i again', (status) => {
    expect(decide(http(status))).toEqual({ retry: false, reason: `http_${status}`, because: 'not_retryable' })
  })

  it('lets the provider have the last word', () => {
    expect(decide(http(400, { 'x-should-retry': 'true' }))).toMatchObject({ retry: true })
    expect(decide(http(503, { 'x-should-retry': 'false' }))).toMatchObject({ retry: false, because: 'refused' })
    expect(decide(http(503, { 'x-should-retry': 'maybe' }))).toMatchObject({ retry: true })
  })

  it('knows an empty account from a full minute', () => {
    expect(decide(http(429, {}, 'rate_limit_exceeded'))).toMatchObject({ retry: true })
    expect(decide(http(429, { 'retry-after': '1' }, 'insufficient_quota'))).toMatchObject({
      retry: false,
      because: 'quota',
    })
    expect(decide(inAnswer('insufficient_quota'))).toMatchObject({ retry: false, because: 'quota' })
    expect(decide(inAnswer('x', 'billing_error'))).toMatchObject({ retry: false, because: 'quota' })
  })

  it('tries broken connections and answers again', () => {
    expect(decide({ kind: 'connection' })).toMatchObject({ retry: true, reason: 'connection' })
    expect(decide({ kind: 'broken' })).toMatchObject({ retry: true, reason: 'broken_answer' })
  })

  it.each([
    ['server_error'],
    ['overloaded_error'],
    ['api_error'],
    ['rate_limit_exceeded'],
    ['something_new'],
    ['503'],
    ['429'],
  ])('tries an answer with the error %s again', (code) => {
    expect(decide(inAnswer(code))).toMatchObject({ retry: true, reason: 'error_in_answer' })
  })

  it.each([
    ['context_length_exceeded', 'invalid_request_error'],
    ['unknown_param', 'invalid_request_error'],
    ['content_filter', undefined],
    ['400', 'BadRequestError'],
    ['404', undefined],
  ])('does not try an answer with the error %s again', (code, type) => {
    expect(decide(inAnswer(code, type))).toMatchObject({ retry: false, because: 'not_retryable' })
  })

  it('stops after the last retry', () => {
    expect(decide(http(503), { retries: 1 })).toMatchObject({ retry: true })
    expect(decide(http(503), { retries: 2 })).toEqual({ retry: false, reason: 'http_503', because: 'max_retries' })
    expect(decide(http(503), { policy: { ...policy, maxRetries: 0 } })).toMatchObject({ because: 'max_retries' })
  })

  it('doubles its own waits up to the longest', () => {
    const waits = [0, 1, 2, 3, 4, 5, 60].map((retries) =>
      decide(http(503), { retries, policy: { ...policy, maxRetries: 99 } }),
    )
    expect(waits.map((decision) => decision.retry && decision.delayMs)).toEqual([
      500, 1000, 2000, 4000, 8000, 8000, 8000,
    ])
  })

  it('draws its own waits from the whole range, and no others', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), fc.nat(9), (draw, retries) => {
        const state = { retries, random: () => draw, policy: { ...policy, maxRetries: 99, jitter: 'full' } } as const
        const longest = Math.min(8_000, 500 * 2 ** retries)
        expect(decide(http(503), state)).toMatchObject({ delayMs: Math.round(draw * longest) })
        expect(decide(http(503, { 'retry-after': '90' }), state)).toMatchObject({ delayMs: 90_000 })
      }),
    )
  })

  it('waits as long as it is asked to, if the deadline allows', () => {
    const asked = http(429, { 'retry-after': '90' })
    expect(decide(asked)).toMatchObject({ delayMs: 90_000 })
    expect(decide(asked, { deadlineAtMs: nowMs + 90_001 })).toMatchObject({ retry: true })
    expect(decide(asked, { deadlineAtMs: nowMs + 90_000 })).toEqual({
      retry: false,
      reason: 'http_429',
      because: 'deadline',
    })
    expect(decide(http(503), { deadlineAtMs: nowMs + 400 })).toMatchObject({ because: 'deadline' })
    // A timer for longer than this would go off at once.
    expect(decide(http(429, { 'retry-after': '2147484' }))).toMatchObject({ because: 'deadline' })
  })
})

describe('retryAfterMs', () => {
  it.each([
    [{ 'retry-after-ms': '250' }, 250],
    [{ 'retry-after-ms': '12.5', 'retry-after': '9' }, 12.5],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': '1.5' }, 1_500],
    [{ 'retry-after': '7200' }, 7_200_000],
    [{ 'retry-after': 'Sun, 22 Nov 2026 00:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Sunday, 22-Nov-26 00:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Sun Nov 22 00:00:30 2026' }, 30_000],
    [{ 'retry-after': 'Sat, 21 Nov 2026 00:00:00 GMT' }, 0],
    [{ 'retry-after-ms': 'soon', 'retry-after': '2' }, 2_000],
    [{ 'retry-after': '-5' }, undefined],
    [{ 'retry-after': 'later' }, undefined],
    [{ 'retry-after': '2026-11-22' }, undefined],
    [{ 'retry-after': '' }, undefined],
    [{}, undefined],
  ])('%j', (headers, expected) => {
    expect(retryAfterMs(new Headers(headers as Record<string, string>), nowMs)).toBe(expected)
  })
})

describe('isConnectionError', () => {
  const failed = (cause: unknown): Error => new TypeError('fetch failed', { cause })
  const coded = (code: string): Error => Object.assign(new Error('x'), { code })

  it.each([
    failed(coded('ECONNRESET')),
    failed(coded('UND_ERR_SOCKET')),
    failed(new AggregateError([], 'no address', { cause: coded('ECONNREFUSED') })),
    coded('ETIMEDOUT'),
    new TypeError('terminated'),
    new TypeError('Failed to fetch'),
    new DOMException('The operation timed out.', 'TimeoutError'),
  ])('%s is one', (error) => {
    expect(isConnectionError(error)).toBe(true)
  })

  it.each([
    new TypeError("Cannot read properties of undefined (reading 'x')"),
    coded('ERR_INVALID_ARG_TYPE'),
    failed(coded('CERT_HAS_EXPIRED')),
    new DOMException('This operation was aborted', 'AbortError'),
    'fetch failed',
    undefined,
  ])('%s is none', (error) => {
    expect(isConnectionError(error)).toBe(false)
  })

  it('ends on a circle of causes', () => {
    const one = new Error('x')
    one.cause = one
    expect(isConnectionError(one)).toBe(false)
  })
})
