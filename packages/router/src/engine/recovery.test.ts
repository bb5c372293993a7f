import { describe, expect, it } from 'vitest'
import { routed, type Routed } from '../testing/routed.ts'
import { chat } from '../testing/voices.ts'

const two = { places: { a: {}, b: {} } }

async function ask(r: Routed, times: number, gapMs: number = 0): Promise<string[]> {
  const models: string[] = []
  for (let call = 0; call < times; call += 1) {
    const { value, error } = await r.run(() => chat.whole(r))
    models.push(error ? 'error' : (value?.model ?? ''))
    await r.clock.advance(gapMs)
  }
  return models
}

describe('the breaker', () => {
  it('opens after failures in a row, tries once, and closes when that goes well', async () => {
    const r = routed({ ...two, breaker: { consecutiveFailures: 3, openMs: 5000 }, ejection: false, maxRetries: 0 })
    r.at('a').fail('http-500')
    await ask(r, 3)
    expect(r.routes.health()['a']).toMatchObject({ state: 'open' })
    expect(r.asked()).toEqual([3, 3])
    await ask(r, 5)
    expect(r.asked()).toEqual([3, 8])
    expect(r.routes.decide({ model: 'auto', messages: [] }).candidates).toContainEqual({ id: 'a', excluded: 'open' })

    // Half-open: one probe, which fails, and the next five keep away.
    await r.clock.advance(5001)
    await ask(r, 5)
    expect(r.asked()[0]).toBe(4)
    r.at('a').heal()
    await r.clock.advance(20_000)
    expect(await ask(r, 3)).toEqual(['model-a', 'model-a', 'model-a'])
    expect(r.routes.health()['a']).toMatchObject({ state: 'healthy' })
  })

  it('lets one probe through at a time; the others go elsewhere', async () => {
    const r = routed({ ...two, breaker: { consecutiveFailures: 1, openMs: 1000 }, ejection: false, maxRetries: 0 })
    r.at('a').fail('http-500', { times: 1 })
    await ask(r, 1)
    r.at('a').on(/./, { text: 'slow', ttftMs: 400 })
    await r.clock.advance(1001)
    const { value } = await r.run(() => Promise.all(Array.from({ length: 20 }, () => chat.whole(r))))
    expect(value?.filter(({ model }) => model === 'model-a').length).toBe(1)
    expect(r.asked()[0]).toBe(2)
  })

  it('gives its probe back when the call is refused, cancelled or another was faster', async () => {
    for (const how of ['refused', 'aborted', 'hedged'] as const) {
      const r = routed({
        ...two,
        breaker: { consecutiveFailures: 1, openMs: 1000 },
        ejection: false,
        maxRetries: 0,
        ...(how === 'hedged' && { hedge: { afterMs: 10, share: 1 } }),
      })
      r.at('a').fail('http-500', { times: 1 })
      await ask(r, 1)
      await r.clock.advance(1001)
      const abort = new AbortController()
      if (how === 'refused') r.at('a').fail('bad-request', { times: 1 })
      else r.at('a').fail('silence', { times: 1 })
      await r.run(async () => {
        if (how === 'aborted') void r.clock.sleep(50).then(() => abort.abort())
        await chat.whole(r, { signal: abort.signal }).catch(() => undefined)
      })
      expect([how, r.asked()[0]]).toEqual([how, 2])
      // The slot is free: the next one is a probe again and closes it.
      expect([how, await ask(r, 1)]).toEqual([how, ['model-a']])
    }
  })

  it('may be switched off', async () => {
    const r = routed({ ...two, breaker: false, ejection: false, maxRetries: 0 })
    r.at('a').fail('http-500')
    await ask(r, 30)
    expect(r.asked()).toEqual([30, 30])
  })

  it('brings a flapping target back within 30 s of its recovery', async () => {
    const r = routed({ ...two, maxRetries: 0 })
    r.at('a').fail('http-503')
    await ask(r, 40, 1000)
    r.at('a').heal()
    const models = await ask(r, 40, 1000)
    expect(models.indexOf('model-a')).toBeGreaterThanOrEqual(0)
    expect(models.indexOf('model-a')).toBeLessThanOrEqual(30)
    expect(models.at(-1)).toBe('model-a')
  })

  it('counts neither refusals of the request nor aborts', async () => {
    const r = routed({ ...two, breaker: { consecutiveFailures: 2 } })
    r.at('a').fail('bad-request')
    await ask(r, 10)
    expect(r.asked()).toEqual([10, 0])
    expect(r.routes.health()['a']).toMatchObject({ state: 'healthy', counts: { refused: 10 } })
  })
})

describe('ejection', () => {
  it.each(['unauthorized', 'payment-required', 'forbidden'] as const)(
    'takes a target out after %s and moves on',
    async (fault) => {
      const r = routed(two)
      r.at('a').fail(fault)
      expect(await ask(r, 5)).toEqual(Array(5).fill('model-b'))
      expect(r.asked()).toEqual([1, 5])
      expect(r.routes.decide({ model: 'auto', messages: [] }).candidates).toContainEqual({
        id: 'a',
        excluded: expect.stringMatching(/auth|ejected/),
      })
    },
  )

  it('takes one out whose account is empty, with no retry', async () => {
    const r = routed(two)
    r.at('a').fail('quota')
    expect(await ask(r, 5)).toEqual(Array(5).fill('model-b'))
    expect(r.asked()).toEqual([1, 5])
  })

  it('never takes out the last one', async () => {
    const r = routed({ ...two, breaker: false, maxRetries: 0 })
    for (const id of ['a', 'b']) r.at(id).fail('unauthorized')
    await ask(r, 5)
    r.at('a').heal()
    r.at('b').heal()
    expect((await ask(r, 2)).every((model) => model !== 'error')).toBe(true)
  })
})

describe('when all targets are out', () => {
  it('the least bad is asked all the same', async () => {
    const r = routed({ ...two, breaker: { consecutiveFailures: 1, openMs: 60_000, maxOpenMs: 60_000 }, maxRetries: 0 })
    for (const id of ['a', 'b']) r.at(id).fail('http-500', { times: 1 })
    expect(await ask(r, 1)).toEqual(['error'])
    for (const id of ['a', 'b']) expect(r.routes.health()[id]?.state).toBe('open')
    const { value, report } = await r.run(() => chat.whole(r))
    expect(value?.text).not.toBe('')
    expect(report.decisions.at(-1)).toMatchObject({ action: 'route', reason: 'panic' })
    // Its success closes its breaker.
    expect(Object.values(r.routes.health()).some(({ state }) => state === 'healthy')).toBe(true)
  })

  it('of a target that asked for a pause the end of the pause is awaited', async () => {
    const r = routed({ places: { a: {} }, maxRetries: 0 })
    r.at('a').fail('http-429', { times: 1, retryAfterS: 20 })
    expect(await ask(r, 1)).toEqual(['error'])
    const { value, tookMs, report } = await r.run(() => chat.whole(r))
    expect(value?.model).toBe('model-a')
    expect(tookMs).toBeGreaterThanOrEqual(20_000)
    expect(tookMs).toBeLessThanOrEqual(21_000)
    expect(report.decisions[0]).toMatchObject({ action: 'wait', reason: 'cooling' })
  })

  it('but not past the deadline', async () => {
    const r = routed({ places: { a: {} }, maxRetries: 0, timeoutMs: 10_000 })
    r.at('a').fail('http-429', { retryAfterS: 20 })
    await ask(r, 1)
    const { error, tookMs } = await r.run(() => chat.whole(r))
    expect(error).toMatchObject({ status: 429 })
    expect(tookMs).toBeLessThanOrEqual(10_000)
  })

  it('the longest of several pauses counts', async () => {
    const r = routed({ ...two, maxRetries: 0 })
    r.at('a').fail('http-429', { times: 1, retryAfterS: 100 })
    await ask(r, 1)
    const untilAtMs = r.routes.health()['a']?.untilAtMs
    expect(untilAtMs).toBe(r.clock.now() + 100_000)
    expect(r.routes.decide({ model: 'auto', messages: [] }).candidates).toContainEqual({ id: 'a', excluded: 'cooling' })
  })

  it('a shorter pause that comes later does not shorten the longer one', async () => {
    const r = routed({ ...two, maxRetries: 0 })
    let calls = 0
    r.at('a').on(/./, async () => {
      const [retryAfter, ms] = (calls += 1) === 1 ? ['100', 10] : ['2', 500]
      await r.clock.sleep(ms as number)
      return new Response('{"error":{"message":"Slow down."}}', {
        status: 429,
        headers: { 'retry-after': String(retryAfter) },
      })
    })
    const startedAtMs = r.clock.now()
    await r.run(() => Promise.all([chat.whole(r), chat.whole(r)]))
    expect(r.routes.health()['a']?.untilAtMs).toBe(startedAtMs + 10 + 100_000)
  })
})

describe('a short pause that a target asks for', () => {
  it('is waited for where the others are out', async () => {
    const r = routed({ ...two, ejection: false, maxRetries: 0 })
    r.at('a').fail('http-503')
    await ask(r, 6)
    expect(r.routes.health()['a']?.state).toBe('open')
    // The stand-in asks one call for a pause; those that come meanwhile wait for it instead of asking who is down.
    r.at('b').fail('http-429', { times: 1, retryAfterS: 1 })
    await ask(r, 1)
    const asked = r.at('a').calls.length
    const { value, tookMs, report } = await r.run(() => chat.whole(r))
    expect(value?.model).toBe('model-b')
    expect(tookMs).toBeGreaterThanOrEqual(900)
    expect(r.at('a').calls).toHaveLength(asked)
    expect(report.decisions[0]).toMatchObject({ by: 'router', action: 'wait', reason: 'cooling' })
  })

  it('is waited for once the others have failed, retry budget or not', async () => {
    const r = routed({
      ...two,
      ejection: false,
      breaker: false,
      maxRetries: 0,
      retry: { budget: { share: 0, minPerSecond: 0 } },
    })
    r.at('b').fail('http-429', { times: 1, retryAfterS: 2 })
    r.at('a').fail('http-503')
    await ask(r, 1)
    const { value, report, tookMs } = await r.run(() => chat.whole(r))
    expect(value?.model).toBe('model-b')
    expect(tookMs).toBeGreaterThanOrEqual(1_900)
    expect(report.attempts.map(({ target, reason }) => [target, reason])).toEqual([
      ['a', 'first'],
      ['b', 'failover'],
    ])
    expect(report.decisions.map(({ action }) => action)).toEqual(['wait', 'route'])
  })

  it('is not waited for when it is long', async () => {
    const r = routed({ ...two, ejection: false, breaker: false, maxRetries: 0 })
    r.at('b').fail('http-429', { times: 1, retryAfterS: 60 })
    r.at('a').fail('http-503')
    await ask(r, 1)
    const { error, tookMs } = await r.run(() => chat.whole(r))
    expect(error).toMatchObject({ status: 503 })
    expect(tookMs).toBeLessThan(1_000)
  })
})
