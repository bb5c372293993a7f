import { contextHeaders, sluiceErrorOf, withContext } from '@sluice/core'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { routed } from '../testing/routed.ts'
import { chat, voices } from '../testing/voices.ts'

const one = { places: { a: {} } }
const two = { places: { a: {}, b: {} } }

/** When each request reached a provider, in milliseconds since the first. */
function instants(provider: { calls: readonly { startedAtMs: number }[] }): number[] {
  return provider.calls.map(({ startedAtMs }) => startedAtMs - (provider.calls[0]?.startedAtMs ?? 0))
}

describe('retries of a target', () => {
  it.each(voices)('back off twice as long each time in $api', async (voice) => {
    const sdk = voice.api === 'anthropic.messages' ? 'anthropic' : 'openai'
    const r = routed({ places: { a: { sdk } }, maxRetries: 6, breaker: false })
    r.at('a').fail('http-503', { times: 6 })
    const { value } = await r.run(() => voice.whole(r))
    expect(value?.text).toBe(r.at('a').lastCall?.answerText)
    expect(instants(r.at('a'))).toEqual([0, 500, 1500, 3500, 7500, 15_500, 23_500])
  })

  it('wait within the bounds of full jitter, and use them', async () => {
    const waits: number[] = []
    let state = 1
    const random = (): number => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647
    for (let call = 0; call < 60; call += 1) {
      const r = routed({ ...one, retry: {}, random, maxRetries: 1 })
      r.at('a').fail('http-503', { times: 1 })
      await r.run(() => chat.whole(r))
      waits.push(instants(r.at('a'))[1] as number)
    }
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...waits)).toBeLessThanOrEqual(500)
    expect(Math.min(...waits)).toBeLessThan(50)
    expect(Math.max(...waits)).toBeGreaterThan(450)
  })

  it('follow the options', async () => {
    const retry = { initialDelayMs: 10, maxDelayMs: 15, jitter: 'none', maxRetries: 9 } as const
    const r = routed({ ...one, retry, maxRetries: 3 })
    r.at('a').fail('http-503')
    await r.run(() => chat.whole(r))
    expect(instants(r.at('a'))).toEqual([0, 10, 25, 40])
  })

  it('are as many as the SDK says, per request before the client', async () => {
    for (const [maxRetries, perRequest, expected] of [
      [0, undefined, 1],
      [5, undefined, 6],
      [5, 1, 2],
      [0, 3, 4],
    ] as const) {
      const r = routed({ ...one, maxRetries, breaker: false })
      r.at('a').fail('http-503')
      await r.run(() => chat.whole(r, perRequest === undefined ? {} : { maxRetries: perRequest }))
      expect(r.asked()).toEqual([expected])
    }
  })

  it.each([
    ['seconds', { retryAfterS: 3 }, 3000],
    ['milliseconds', { retryAfterMs: 1234 }, 1234],
    ['90 seconds', { retryAfterS: 90 }, 90_000],
    ['an hour', { retryAfterS: 3600 }, 3_600_000],
  ])('wait as long as Retry-After asks in %s where nobody else could answer', async (_, details, expected) => {
    const r = routed({ ...one, timeoutMs: 86_400_000 })
    r.at('a').fail('http-429', { times: 1, ...details })
    const { value } = await r.run(() => chat.whole(r))
    expect(value?.text).toBe(r.at('a').lastCall?.answerText)
    expect(instants(r.at('a'))).toEqual([0, expected])
  })

  it('wait until the date that Retry-After names', async () => {
    const r = routed({ ...one })
    r.at('a').fail('http-429', { times: 1, retryAfterDate: r.clock.now() + 42_000 })
    await r.run(() => chat.whole(r))
    expect(instants(r.at('a'))).toEqual([0, 42_000])
  })

  it('wait until a date by the clock of the server, where it tells the time', async () => {
    const r = routed({ ...one })
    // Its clock is an hour ahead of ours.
    const theirs = r.clock.now() + 3_600_000
    const headers = {
      date: new Date(theirs).toUTCString(),
      'retry-after': new Date(theirs + 30_000).toUTCString(),
      'content-type': 'application/json',
    }
    let calls = 0
    r.at('a').on(/./, () =>
      (calls += 1) === 1 ? new Response('{"error":{"message":"Wait."}}', { status: 429, headers }) : 'fine',
    )
    await r.run(() => chat.whole(r, { timeout: 86_400_000 }))
    expect(instants(r.at('a'))).toEqual([0, 30_000])
  })

  it.each([
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after': '-5' }, 500],
    [{ 'retry-after': 'soon' }, 500],
    [{ 'retry-after': '' }, 500],
    [{ 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }, 0],
    [{ 'retry-after-ms': '250', 'retry-after': '60' }, 250],
    [{ 'retry-after-ms': 'x', 'retry-after': '3' }, 3000],
  ])('read %j as it is meant', async (headers, expected) => {
    const r = routed({ ...one })
    let calls = 0
    const refused = (): Response =>
      new Response('{"error":{"message":"Wait."}}', { status: 503, headers: headers as Record<string, string> })
    r.at('a').on(/./, () => ((calls += 1) === 1 ? refused() : 'fine'))
    await r.run(() => chat.whole(r))
    expect(instants(r.at('a'))).toEqual([0, expected])
  })

  it('of an absurd length end the call at once, and the target is asked by the next call all the same', async () => {
    const r = routed({ ...one })
    let calls = 0
    const headers = { 'retry-after': '99999999999', 'content-type': 'application/json' }
    r.at('a').on(/./, () =>
      (calls += 1) === 1 ? new Response('{"error":{"message":"Wait."}}', { status: 429, headers }) : 'fine',
    )
    expect(await r.run(() => chat.whole(r))).toMatchObject({ error: { status: 429 }, tookMs: 0 })
    const { value, tookMs } = await r.run(() => chat.whole(r))
    expect([value?.text, tookMs]).toEqual(['fine', 0])
  })

  it('come back to the first target when the others had nothing to say, if time allows', async () => {
    const r = routed({ ...two, maxRetries: 2 })
    r.at('a').fail('http-429', { times: 1, retryAfterS: 30 })
    r.at('b').fail('unauthorized')
    const { value, tookMs } = await r.run(() => chat.whole(r))
    expect(value?.model).toBe('model-a')
    expect(tookMs).toBeGreaterThanOrEqual(30_000)
  })

  it('do not wait past the deadline: the failure comes back at once', async () => {
    for (const how of ['context', 'header', 'sdk'] as const) {
      const r = routed({ ...one, ...(how === 'sdk' && { timeoutMs: 10_000 }) })
      r.at('a').fail('http-429', { retryAfterS: 90 })
      const deadlineAtMs = r.clock.now() + 10_000
      const { error, tookMs } = await r.run(() => {
        if (how === 'context') return withContext({ deadlineAtMs }, () => chat.whole(r))
        return chat.whole(r, how === 'header' ? { headers: contextHeaders({ deadlineAtMs }) } : {})
      })
      expect(error).toBeInstanceOf(OpenAI.RateLimitError)
      expect([how, tookMs, r.asked()]).toEqual([how, 0, [1]])
    }
  })

  it('leave a target that asks for a long wait for one that can answer now', async () => {
    const r = routed({ ...two })
    r.at('a').fail('http-429', { retryAfterS: 90 })
    const { value, tookMs } = await r.run(() => chat.whole(r))
    expect([value?.model, tookMs, r.asked()]).toEqual(['model-b', 0, [1, 1]])
    // It is left alone for as long as it asked, by the next calls too.
    expect(r.routes.health()['a']).toMatchObject({ state: 'cooling', untilAtMs: r.clock.now() + 90_000 })
    await r.run(() => chat.whole(r))
    expect(r.asked()).toEqual([1, 2])
    r.at('a').heal()
    await r.clock.advance(90_001)
    await r.run(() => chat.whole(r))
    expect(r.asked()).toEqual([2, 2])
  })

  it('wait for a target that asks for a short time, even if another is there', async () => {
    for (const [retryAfterS, expected] of [
      [5, [2, 0]],
      [6, [1, 1]],
    ] as const) {
      const r = routed({ ...two })
      r.at('a').fail('http-429', { times: 1, retryAfterS })
      await r.run(() => chat.whole(r))
      expect(r.asked()).toEqual(expected)
    }
    const r = routed({ ...two, retry: { maxWaitMs: 100, jitter: 'none' } })
    r.at('a').fail('http-429', { times: 1, retryAfterMs: 101 })
    await r.run(() => chat.whole(r))
    expect(r.asked()).toEqual([1, 1])
  })

  it('are not made where the provider says that they are no use', async () => {
    const r = routed({ ...two })
    const headers = { 'x-should-retry': 'false', 'content-type': 'application/json' }
    r.at('a').on(/./, () => new Response('{"error":{"message":"No."}}', { status: 503, headers }))
    await r.run(() => chat.whole(r))
    expect(r.asked()).toEqual([1, 1])
  })

  it('end at once when the call is aborted in the wait', async () => {
    const r = routed({ ...one })
    r.at('a').fail('http-429', { retryAfterS: 90 })
    const abort = new AbortController()
    const { error, tookMs } = await r.run(async () => {
      const call = chat.whole(r, { signal: abort.signal })
      void r.clock.sleep(1000).then(() => abort.abort())
      return call
    })
    expect(error).toBeInstanceOf(OpenAI.APIUserAbortError)
    expect([tookMs, r.asked(), r.clock.pendingSleeps]).toEqual([1000, [1], 0])
  })

  it('pass each target on the way to the next, with all of them in the report', async () => {
    const r = routed()
    for (const id of ['a', 'b', 'c']) r.at(id).fail('http-503')
    const { error, report } = await r.run(() => chat.whole(r))
    expect(error).toMatchObject({ status: 503 })
    // The retries are those of the call, not of each target.
    expect(r.asked()).toEqual([3, 1, 1])
    expect(report.attempts.map(({ target, reason, error: code }) => [target, reason, code])).toEqual([
      ['a', 'first', expect.any(String)],
      ['a', 'retry', expect.any(String)],
      ['a', 'retry', expect.any(String)],
      ['b', 'failover', expect.any(String)],
      ['c', 'failover', expect.any(String)],
    ])
  })

  it('never mix up the answers of a hundred calls at once', async () => {
    const r = routed({ retry: { jitter: 'none', budget: { share: 10 } } })
    for (const id of ['a', 'b', 'c']) {
      r.at(id).on(/./, ({ lastUserText }) => `answer to ${lastUserText}`)
      r.at(id).fail('http-503', { rate: 0.2 }).fail('error-in-stream', { rate: 0.2 })
    }
    const { value } = await r.run(() =>
      Promise.all(
        Array.from({ length: 100 }, (_, at) => {
          const messages = [{ role: 'user' as const, content: `number ${at}` }]
          return chat.stream(r, { body: { messages } }).then(
            ({ text }) => text === `answer to number ${at}`,
            (error: unknown) => sluiceErrorOf(error) !== undefined || error instanceof OpenAI.APIError,
          )
        }),
      ),
    )
    expect(value?.every(Boolean)).toBe(true)
    for (const id of ['a', 'b', 'c']) expect(r.routes.health()[id]?.inFlight).toBe(0)
  })
})
