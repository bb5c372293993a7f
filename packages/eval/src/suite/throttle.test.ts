import { sluice } from '@sluice/core'
import { fakeClock, fakeProvider } from '@sluice/core/testing'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { exact } from '../score/text-scorers.ts'
import { defineSuite, type RunProgress } from './suite.ts'
import { createThrottle, refusal } from './throttle.ts'

const signal = new AbortController().signal

describe('createThrottle', () => {
  it('halves when it is refused, once for those that were under way together, and grows by one a round', async () => {
    const clock = fakeClock()
    const throttle = createThrottle({ concurrency: 8, clock, signal })
    const waits = [throttle.refused(500), throttle.refused(300), throttle.refused(undefined)]
    expect(throttle.limit).toBe(4)
    await clock.run(Promise.all(waits))
    // Nobody said how long to wait, in the last of them: a second.
    expect(clock.now() - fakeClock().now()).toBe(1_000)
    for (let count = 0; count < 4; count += 1) throttle.succeeded()
    expect(throttle.limit).toBe(5)
    for (let count = 0; count < 200; count += 1) throttle.succeeded()
    expect(throttle.limit).toBe(8)
  })

  it('waits twice as long each time, a minute at most, and never goes below one', async () => {
    const clock = fakeClock()
    const throttle = createThrottle({ concurrency: 4, clock, signal })
    const waits: number[] = []
    for (let refusals = 0; refusals < 8; refusals += 1) {
      const before = clock.now()
      await clock.run(throttle.refused(undefined))
      waits.push(clock.now() - before)
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000])
    expect(throttle.limit).toBe(1)
    throttle.succeeded()
    const before = clock.now()
    await clock.run(throttle.refused(undefined))
    expect(clock.now() - before).toBe(1_000)
  })

  it('lets none in while it pauses, and those that wait in their order', async () => {
    const clock = fakeClock()
    const throttle = createThrottle({ concurrency: 1, clock, signal })
    void throttle.refused(2_000)
    const order: string[] = []
    const first = throttle.enter().then(() => order.push(`first ${clock.now() - fakeClock().now()}`))
    const second = throttle.enter().then(() => order.push('second'))
    await clock.run(first)
    expect(order).toEqual(['first 2000'])
    throttle.leave()
    await second
    expect(order).toEqual(['first 2000', 'second'])
    expect(throttle.running).toBe(1)
  })
})

describe('refusal', () => {
  it.each([
    [{ status: 429, headers: new Headers({ 'retry-after': '7' }) }, 7_000],
    [{ status: 429, headers: new Headers({ 'retry-after-ms': '250', 'retry-after': '7' }) }, 250],
    [{ status: 529, headers: { 'retry-after': '2' } }, 2_000],
    [{ status: 429, retryAfterMs: 40 }, 40],
    [{ status: 429, headers: new Headers({ 'retry-after': 'Fri, 02 Jan 2026 00:00:00 GMT' }) }, 86_400_000],
    [{ status: 429, headers: new Headers({ 'retry-after': 'later' }) }, undefined],
    [{ status: 429 }, undefined],
  ])('reads %j', (error, retryAfterMs) => {
    expect(refusal(error, Date.UTC(2026, 0, 1))).toEqual({ retryAfterMs })
  })

  it('is no other error', () => {
    for (const error of [new Error('429'), { status: 500 }, { status: '429' }, null, '429'])
      expect(refusal(error, 0)).toBeUndefined()
  })
})

describe('a provider that answers 429', () => {
  function world(cases: number, concurrency: number) {
    const clock = fakeClock()
    const provider = fakeProvider({ clock })
    const openai = sluice(new OpenAI({ apiKey: 'none', fetch: provider.fetch, maxRetries: 0 }), [], { clock })
    const begunAtMs: number[] = []
    const suite = defineSuite('limited', {
      cases: Array.from({ length: cases }, (_, index) => ({ id: `${index}`, input: `Case ${index}` })),
      target: (content: string) => {
        begunAtMs.push(clock.now() - fakeClock().now())
        return openai.chat.completions.create({ model: 'gpt-5-mini', messages: [{ role: 'user', content }] })
      },
      scorers: [exact()],
      concurrency,
    })
    const seen: RunProgress[] = []
    const run = () => clock.run(suite.run({ clock, onProgress: (progress) => seen.push(progress) }))
    return { clock, provider, run, begunAtMs, seen }
  }

  it('gets all trials done, after as long as it asked for, with half as many at once', async () => {
    const { provider, run, begunAtMs, seen } = world(24, 8)
    provider.fail('http-429', { times: 8, retryAfterMs: 5_000 })
    const { trials } = await run()
    expect(trials).toHaveLength(24)
    expect(trials.filter(({ error }) => error)).toEqual([])
    provider.expectCalls(32)
    // All eight that were under way were refused, and nobody came before the time was over.
    expect(begunAtMs.filter((at) => at === 0)).toHaveLength(8)
    expect(begunAtMs.filter((at) => at > 0 && at < 5_000)).toEqual([])
    expect(seen[0]?.limit).toBe(4)
    expect(seen.at(-1)?.limit).toBeGreaterThan(4)
  })

  it('is given up on after eight more tries', async () => {
    const { clock, provider, run } = world(1, 1)
    provider.fail('http-429', { retryAfterS: 2 })
    const { trials } = await run()
    expect(trials[0]?.error).toMatchObject({ name: 'RateLimitError' })
    provider.expectCalls(9)
    expect(clock.now() - fakeClock().now()).toBe(16_000)
  })
})
