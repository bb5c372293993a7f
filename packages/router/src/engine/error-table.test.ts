import { describe, expect, it } from 'vitest'
import { routed } from '../testing/routed.ts'
import { chat } from '../testing/voices.ts'
import { classify, errorTable, type ErrorRule, type Failure } from './error-table.ts'

const failures: readonly (readonly [row: string, Failure])[] = [
  ['timeout', { kind: 'timeout' }],
  ['connection', { kind: 'connection' }],
  ['broken_answer', { kind: 'broken' }],
  ['content_filter', { kind: 'http', status: 400, code: 'content_filter' }],
  ['content_filter', { kind: 'answer', code: 'content_filter' }],
  ['content_filter', { kind: 'http', status: 403, code: 'content_policy_violation' }],
  ['context_length', { kind: 'http', status: 400, code: 'context_length_exceeded' }],
  ['context_length_text', { kind: 'http', status: 400, message: "This model's maximum context length is 8192 tokens" }],
  ['context_length_text', { kind: 'http', status: 413, message: 'Prompt is too long' }],
  ['quota', { kind: 'http', status: 429, code: 'insufficient_quota' }],
  ['quota', { kind: 'http', status: 403, type: 'billing_error' }],
  ['http_402', { kind: 'http', status: 402 }],
  ['http_401', { kind: 'http', status: 401, code: 'http_401' }],
  ['http_403', { kind: 'http', status: 403 }],
  ['auth', { kind: 'answer', code: 'invalid_api_key' }],
  ['http_429', { kind: 'http', status: 429 }],
  ['http_429', { kind: 'answer', code: '429' }],
  ['rate_limit', { kind: 'answer', type: 'rate_limit_error' }],
  ['http_503', { kind: 'http', status: 503 }],
  ['http_503', { kind: 'http', status: 529 }],
  ['overload', { kind: 'answer', code: 'overloaded_error' }],
  ['http_408', { kind: 'http', status: 408 }],
  ['http_5xx', { kind: 'http', status: 500 }],
  ['http_5xx', { kind: 'http', status: 599 }],
  ['http_5xx', { kind: 'answer', code: '500' }],
  ['invalid_request', { kind: 'answer', type: 'invalid_request_error' }],
  ['http_4xx', { kind: 'http', status: 418 }],
  ['error_in_answer', { kind: 'answer', code: 'who_knows' }],
  ['error_in_answer', { kind: 'answer' }],
  ['unknown_status', { kind: 'http', status: 304 }],
]

describe('classify', () => {
  it.each(failures)('finds %s', (row, failure) => {
    expect(classify(failure).name).toBe(row)
  })

  it('finds a row for whatever there is', () => {
    for (const kind of ['http', 'answer', 'connection', 'broken', 'timeout'] as const)
      for (let status = 300; status < 620; status += 1)
        for (const code of [undefined, '', 'x', '0', '999', 'null'])
          expect(classify({ kind, status, code }), `${kind} ${status} ${code}`).toBeDefined()
  })

  it('takes the rows of its caller first, all conditions of one at once', () => {
    const own: ErrorRule = {
      name: 'mine',
      kinds: ['http'],
      statuses: [[400, 404]],
      message: /weird/,
      class: 'server',
      action: 'next',
    }
    expect(classify({ kind: 'http', status: 402, message: 'how weird' }, [own]).name).toBe('mine')
    expect(classify({ kind: 'http', status: 405, message: 'how weird' }, [own]).name).toBe('http_4xx')
    expect(classify({ kind: 'http', status: 402 }, [own]).name).toBe('http_402')
    expect(classify({ kind: 'answer', code: '402', message: 'how weird' }, [own]).name).not.toBe('mine')
  })

  it('is plain data that can be copied and printed', () => {
    for (const { message, ...row } of errorTable) {
      expect(structuredClone(row)).toEqual(row)
      expect(message === undefined || message instanceof RegExp).toBe(true)
      expect(message?.flags ?? '').not.toMatch(/[gy]/)
    }
  })
})

describe('what a row leads to', () => {
  const size = (contextTokens?: number) => ({ capabilities: contextTokens === undefined ? {} : { contextTokens } })

  it('a prompt that is too long goes to the larger ones and to those of unknown size, to no equal one', async () => {
    const places = { a: size(8000), same: size(8000), smaller: size(4000), unknown: size(), larger: size(16_000) }
    const r = routed({ places })
    for (const id of ['a', 'unknown']) r.at(id).fail('context-length')
    const { value } = await r.run(() => chat.whole(r))
    expect(value?.model).toBe('model-larger')
    expect(r.asked()).toEqual([1, 0, 0, 1, 1])
  })

  it('a prompt that is too long for all comes back as the first said it', async () => {
    const r = routed({ places: { a: size(8000), b: size(8000) } })
    r.at('a').fail('context-length')
    const { error } = await r.run(() => chat.whole(r))
    expect(error).toMatchObject({ status: 400, code: 'context_length_exceeded' })
    expect(r.asked()).toEqual([1, 0])
  })

  it('a refused key, an unpaid bill or an empty account is not tried again, there or with the next call', async () => {
    for (const fault of ['unauthorized', 'payment-required', 'forbidden', 'quota'] as const) {
      const r = routed({ places: { a: {}, b: {} }, maxRetries: 5 })
      r.at('a').fail(fault)
      for (let call = 0; call < 3; call += 1) expect((await r.run(() => chat.whole(r))).value?.model).toBe('model-b')
      expect([fault, r.asked()]).toEqual([fault, [1, 3]])
    }
  })

  it('content that was refused is asked of nobody else, even after a failure, unless a row of your own says so', async () => {
    const r = routed()
    r.at('a').fail('content-filter')
    expect((await r.run(() => chat.whole(r))).error).toMatchObject({ code: 'content_filter' })
    expect(r.asked()).toEqual([1, 0, 0])

    const own = routed({
      errors: [{ name: 'filtered', codes: ['content_filter'], class: 'content_filter', action: 'next' }],
    })
    own.at('a').fail('content-filter')
    expect((await own.run(() => chat.whole(own))).value?.model).toBe('model-b')
  })

  it('rows of your own change what is retried and what is not', async () => {
    const stop = routed({ errors: [{ name: 'no', statuses: [503], class: 'overload', action: 'stop' }] })
    stop.at('a').fail('http-503')
    expect((await stop.run(() => chat.whole(stop))).error).toMatchObject({ status: 503 })
    expect(stop.asked()).toEqual([1, 0, 0])
    const retry = routed({ errors: [{ name: 'again', statuses: [404], class: 'server', action: 'retry' }] })
    retry.at('a').fail('not-found', { times: 2 })
    expect((await retry.run(() => chat.whole(retry))).value?.model).toBe('model-a')
    expect(retry.asked()).toEqual([3, 0, 0])
  })

  it('a refusal is tried again where the provider says that another try helps', async () => {
    const r = routed({ places: { a: {} } })
    let calls = 0
    const headers = { 'x-should-retry': 'true', 'content-type': 'application/json' }
    r.at('a').on(/./, () =>
      (calls += 1) === 1 ? new Response('{"error":{"message":"Wait."}}', { status: 400, headers }) : 'fine',
    )
    expect((await r.run(() => chat.whole(r))).value?.text).toBe('fine')
  })

  it('the flaw of a request says nothing of the target', async () => {
    const r = routed({ breaker: { consecutiveFailures: 1 }, ejection: { consecutiveFailures: 1 } })
    for (const fault of ['bad-request', 'not-found', 'unprocessable', 'content-filter', 'context-length'] as const) {
      r.at('a').heal().fail(fault)
      await r.run(() => chat.whole(r))
      expect([fault, r.routes.health()['a']?.state]).toEqual([fault, 'healthy'])
    }
  })
})
