import type { ApiId } from '@sluice/core'
import { describe, expect, it } from 'vitest'
import { isApiError } from '../testing/api-error.ts'
import { forms, refusalResponse, type Form, type Refusal } from '../testing/refusals.ts'
import { routed, type TargetSpec } from '../testing/routed.ts'
import { voices } from '../testing/voices.ts'
import { errorTable, type FailureAction } from './error-table.ts'

interface Row extends Refusal {
  /** The row of the table that must fit. */
  readonly row: string
  readonly action: FailureAction
  /** Forms in which the refusal can be told at all; a status is in HTTP alone. */
  readonly forms?: readonly Form[]
}

const http: readonly Form[] = ['http']

/** At least one refusal for each row that a provider's words can lead to. */
const rows: readonly Row[] = [
  {
    row: 'content_filter',
    action: 'stop',
    status: 400,
    openai: { code: 'content_filter', type: 'invalid_request_error' },
  },
  {
    row: 'content_filter_text',
    action: 'stop',
    status: 400,
    anthropic: { type: 'invalid_request_error', message: 'Output blocked by content filtering policy' },
  },
  { row: 'content_filter', action: 'stop', status: 400, openai: { code: 'content_policy_violation' } },
  { row: 'content_filter', action: 'stop', status: 400, openai: { code: 'moderation_blocked' } },
  {
    row: 'context_length',
    action: 'larger',
    status: 400,
    openai: { code: 'context_length_exceeded', type: 'invalid_request_error' },
  },
  {
    row: 'context_length_text',
    action: 'larger',
    status: 400,
    openai: { type: 'BadRequestError', code: 400, message: "This model's maximum context length is 4096 tokens." },
    anthropic: { type: 'invalid_request_error', message: 'prompt is too long: 210000 tokens > 200000 maximum' },
  },
  {
    row: 'quota',
    action: 'next',
    status: 429,
    openai: { code: 'insufficient_quota', type: 'insufficient_quota' },
  },
  {
    row: 'quota_text',
    action: 'next',
    status: 400,
    anthropic: {
      type: 'invalid_request_error',
      message: 'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade.',
    },
  },
  { row: 'http_402', action: 'next', status: 402, forms: http, openai: { message: 'Pay.' } },
  {
    row: 'quota',
    action: 'next',
    status: 402,
    openai: { code: 'billing_hard_limit_reached' },
    anthropic: { type: 'billing_error' },
  },
  {
    row: 'http_401',
    action: 'next',
    status: 401,
    forms: http,
    openai: {},
    anthropic: { type: 'authentication_error' },
  },
  { row: 'http_403', action: 'next', status: 403, forms: http, openai: {}, anthropic: { type: 'permission_error' } },
  {
    row: 'auth',
    action: 'next',
    status: 401,
    forms: ['whole', 'event'],
    openai: { code: 'invalid_api_key' },
    anthropic: { type: 'authentication_error' },
  },
  { row: 'http_429', action: 'retry', status: 429, forms: http, openai: {}, anthropic: { type: 'rate_limit_error' } },
  {
    row: 'rate_limit',
    action: 'retry',
    status: 429,
    forms: ['whole', 'event'],
    openai: { code: 'rate_limit_exceeded', type: 'requests' },
    anthropic: { type: 'rate_limit_error' },
  },
  { row: 'http_429', action: 'retry', status: 429, forms: ['whole', 'event'], openai: { code: 429 } },
  { row: 'http_503', action: 'retry', status: 503, forms: http, openai: {}, anthropic: { type: 'api_error' } },
  { row: 'http_503', action: 'retry', status: 529, forms: http, openai: {}, anthropic: { type: 'overloaded_error' } },
  { row: 'http_503', action: 'retry', status: 503, forms: ['whole', 'event'], openai: { code: 503 } },
  {
    row: 'overload',
    action: 'retry',
    status: 529,
    forms: ['whole', 'event'],
    openai: { code: 'engine_overloaded' },
    anthropic: { type: 'overloaded_error' },
  },
  { row: 'http_408', action: 'retry', status: 408, forms: http, openai: {}, anthropic: { type: 'api_error' } },
  { row: 'http_408', action: 'retry', status: 409, forms: http, openai: {}, anthropic: { type: 'api_error' } },
  { row: 'http_5xx', action: 'retry', status: 500, forms: http, openai: {}, anthropic: { type: 'api_error' } },
  { row: 'http_5xx', action: 'retry', status: 502, forms: http, openai: {}, anthropic: { type: 'api_error' } },
  { row: 'http_5xx', action: 'retry', status: 500, forms: ['whole', 'event'], openai: { code: 500 } },
  {
    row: 'invalid_request',
    action: 'stop',
    status: 400,
    openai: { type: 'invalid_request_error', code: null },
    anthropic: { type: 'invalid_request_error' },
  },
  {
    row: 'invalid_request',
    action: 'stop',
    status: 404,
    openai: { code: 'model_not_found' },
    anthropic: { type: 'not_found_error' },
  },
  { row: 'http_4xx', action: 'stop', status: 422, forms: http, openai: { code: 'unprocessable_entity' } },
  { row: 'http_4xx', action: 'stop', status: 404, forms: http, openai: {} },
  { row: 'http_4xx', action: 'stop', status: 413, forms: http, openai: {}, anthropic: { type: 'unknown_error' } },
  {
    row: 'error_in_answer',
    action: 'retry',
    status: 500,
    forms: ['whole', 'event'],
    openai: { code: 'server_error', type: 'server_error' },
    anthropic: { type: 'api_error' },
  },
]

/** The second target has a shorter context than the first, the third a longer one. */
const asked: Readonly<Record<FailureAction, readonly number[]>> = {
  retry: [3, 1, 0],
  next: [1, 1, 0],
  larger: [1, 0, 1],
  stop: [1, 0, 0],
}

const places = (api: ApiId): Record<string, TargetSpec> => {
  const sdk = api === 'anthropic.messages' ? 'anthropic' : 'openai'
  return {
    a: { sdk, capabilities: { contextTokens: 50_000 } },
    b: { sdk, capabilities: { contextTokens: 20_000 } },
    c: { sdk, capabilities: { contextTokens: 100_000 } },
  }
}

const cases = voices.flatMap((voice) =>
  rows.flatMap((row) =>
    (row.forms ?? forms)
      .filter((form) => refusalResponse(voice.api, form, row))
      .map((form) => ({ voice, form, row, name: row.row, status: row.status, api: voice.api })),
  ),
)

describe('the error table on the wire', () => {
  it.each(cases)('$name: $status as $form in $api', async ({ voice, form, row }) => {
    const r = routed({ places: places(voice.api), ejection: false })
    r.at('a').on(/./, () => refusalResponse(voice.api, form, row) as Response)
    const { value, error, report } = await r.run(() => voice[form === 'event' ? 'stream' : 'whole'](r))
    expect(report.decisions[0]).toMatchObject({ by: 'router', reason: row.row })
    expect(r.asked()).toEqual(asked[row.action])
    if (row.action === 'stop') expect(error).toSatisfy(isApiError)
    else {
      const answering = row.action === 'larger' ? 'c' : 'b'
      expect(value).toMatchObject({ text: r.at(answering).lastCall?.answerText, model: `model-${answering}` })
    }
    expect(report.attempts.every(({ outcome }) => outcome !== undefined)).toBe(true)
  })

  it.each(voices)('moves on from what fails below HTTP in $api', async (voice) => {
    const sdk = voice.api === 'anthropic.messages' ? 'anthropic' : 'openai'
    for (const [fault, reason, requests] of [
      ['reset-before-headers', 'connection', 3],
      ['html', 'http_5xx', 3],
      ['empty-body', 'broken_answer', 3],
      ['malformed-chunk', 'broken_answer', 3],
      ['silence', 'timeout', 1],
    ] as const) {
      for (const way of ['whole', 'stream'] as const) {
        const r = routed({ places: { a: { sdk }, b: { sdk } } })
        r.at('a').fail(fault, { afterTokens: 0 })
        const { value, report } = await r.run(() => voice[way](r))
        expect([fault, way, report.decisions[0]?.reason, r.asked()]).toEqual([fault, way, reason, [requests, 1]])
        expect(value).toMatchObject({ text: r.at('b').lastCall?.answerText, model: 'model-b' })
        expect(r.at('a').pending).toEqual([])
      }
    }
  })

  it('moves on from a strict bridge that would lose something, to a target that takes the call as it is', async () => {
    const r = routed({ places: { a: { sdk: 'anthropic' }, b: {} }, bridge: { strict: true } })
    const { value, report } = await r.run(() => voices[0]!.whole(r, { body: { logit_bias: { 1: 1 } } }))
    expect(value?.model).toBe('model-b')
    expect(report.decisions[0]).toMatchObject({ action: 'failover', reason: 'bridge_lossy' })
    expect(r.asked()).toEqual([0, 1])
    expect(r.routes.health()['a']).toMatchObject({ state: 'healthy', counts: { failure: 0 } })
  })

  it('takes an unknown status for the fault of the request', async () => {
    const r = routed()
    r.at('a').on(/./, () => new Response('{}', { status: 399 }))
    const { error } = await r.run(() => voices[0]!.whole(r))
    expect(error).toBeDefined()
    expect(r.asked()).toEqual([1, 0, 0])
  })

  it('has a row for every failure there is, each name once', () => {
    const names = errorTable.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    const tested = new Set([
      ...rows.map(({ row }) => row),
      'connection',
      'broken_answer',
      'timeout',
      'bridge_lossy',
      'unknown_status',
    ])
    expect(names.filter((name) => !tested.has(name))).toEqual([])
  })
})
