import { describe, expect, it } from 'vitest'
import { RetryBudget } from '../health/retry-budget.ts'
import { routed, type Routed } from '../testing/routed.ts'
import { chat } from '../testing/voices.ts'

const callers = 500

/** All callers at once; how many got an answer. */
async function all(r: Routed, ask: (caller: number) => Promise<unknown> = () => chat.whole(r)): Promise<number> {
  const { value } = await r.run(() =>
    Promise.all(
      Array.from({ length: callers }, (_, caller) =>
        ask(caller).then(
          () => 1,
          () => 0,
        ),
      ),
    ),
  )
  return (value ?? []).reduce<number>((sum, each) => sum + each, 0)
}

const sum = (counts: readonly number[]): number => counts.reduce((total, each) => total + each, 0)

describe('500 callers in an outage', () => {
  it.each(['http-503', 'reset-before-headers', 'error-in-stream', 'http-429'] as const)(
    'send no storm of retries to one target (%s)',
    async (fault) => {
      const r = routed({ places: { a: {} }, maxRetries: 5 })
      r.at('a').fail(fault)
      expect(await all(r)).toBe(0)
      // 10 % of the calls, and 1 a second for the 10 s of the window.
      expect(r.asked()[0]).toBeLessThanOrEqual(callers + callers * 0.1 + 10)
      expect(r.routes.health()['a']?.inFlight).toBe(0)
    },
  )

  it('send no storm to any target of three that are all down', async () => {
    const r = routed({ maxRetries: 5 })
    for (const id of ['a', 'b', 'c']) r.at(id).fail('http-503')
    expect(await all(r)).toBe(0)
    for (const requests of r.asked()) expect(requests).toBeLessThanOrEqual(callers + callers * 0.1 + 10)
    const { retries, calls, failed } = r.routes.stats()
    expect([calls, failed]).toEqual([callers, callers])
    expect(retries).toBeLessThanOrEqual(callers * 0.1 + 10)
  })

  it('all get an answer where another target has one', async () => {
    const r = routed({ places: { a: {}, b: {} } })
    r.at('a').fail('http-503')
    expect(await all(r)).toBe(callers)
    expect(r.asked()[1]).toBe(callers)
    expect(sum(r.asked())).toBeLessThanOrEqual(2 * callers + callers * 0.1 + 10)
  })

  it('who come one after the other find the breaker open', async () => {
    const r = routed({ places: { a: {}, b: {} } })
    r.at('a').fail('http-503')
    await r.run(async () => {
      for (let call = 0; call < 100; call += 1) await chat.whole(r)
    })
    expect(r.asked()[0]).toBeLessThan(15)
    expect(r.asked()[1]).toBe(100)
  })

  it('share one budget where routers are given one', async () => {
    const budget = new RetryBudget({ share: 0, minPerSecond: 1, windowMs: 10_000 })
    const options = {
      places: { a: {} },
      retry: { budget, initialDelayMs: 1, maxDelayMs: 1 },
      maxRetries: 50,
      breaker: false as const,
    }
    const [first, second] = [routed(options), routed(options)]
    for (const r of [first, second]) {
      r.at('a').fail('http-503')
      await r.run(() => chat.whole(r))
    }
    // Each of them has a clock of its own that begins at the same instant: 10 retries in these 10 s.
    expect(sum([...first.asked(), ...second.asked()])).toBe(2 + 10)
  })

  it('may retry where the budget is raised', async () => {
    const r = routed({
      places: { a: {} },
      retry: { jitter: 'none', budget: { share: 10 } },
      maxRetries: 2,
      breaker: false,
    })
    r.at('a').fail('http-503')
    await all(r)
    expect(r.asked()).toEqual([callers * 3])
  })

  it('come back spread when their only target asked for a pause', async () => {
    let state = 7
    const random = (): number => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647
    const r = routed({ places: { a: {} }, random, retry: {} })
    r.at('a').fail('http-429', { times: 1, retryAfterS: 10 })
    await r.run(() => chat.whole(r, { maxRetries: 0 }))
    expect(await all(r)).toBe(callers)
    const begun = r
      .at('a')
      .calls.slice(1)
      .map(({ startedAtMs }) => startedAtMs - (r.at('a').calls[0]?.startedAtMs ?? 0))
    expect(Math.min(...begun)).toBeGreaterThanOrEqual(10_000)
    expect(new Set(begun).size).toBeGreaterThan(50)
  })
})
