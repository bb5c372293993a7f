import { describe, expect, it } from 'vitest'
import { SluiceError } from '../errors.ts'
import { fakeClock, type FakeClock } from '../testing/index.ts'
import type { LimitStore } from './limit-store.ts'
import { createLimiter, type Limiter, type LimitPermit } from './limiter.ts'
import type { LimiterOptions } from './options.ts'
import { memoryLimitStore } from './store/memory-store.ts'

const subject = 'acme'

async function takes(limiter: Limiter, count: number, request: { tokens?: number } = {}): Promise<LimitPermit[]> {
  const permits: LimitPermit[] = []
  for (let turn = 0; turn < count; turn += 1) {
    const { permit } = await limiter.take({ subject, ...request })
    if (permit) permits.push(permit)
  }
  return permits
}

/** A store that can be taken away, and how often it was asked. */
function fragile(clock: FakeClock) {
  const inner = memoryLimitStore({ clock })
  const state = { isDown: false, asked: 0, hang: undefined as Promise<never> | undefined }
  const through =
    <A, R>(run: (argument: A) => Promise<R>) =>
    async (argument: A): Promise<R> => {
      state.asked += 1
      if (state.isDown) throw new SluiceError({ code: 'redis.unavailable', message: 'gone' })
      return run(argument)
    }
  const store: LimitStore = {
    take: through((ask) => inner.take(ask)),
    check: through((ask) => inner.check(ask)),
    settle: through((change) => inner.settle(change)),
    renew: through((ask) => inner.renew(ask)),
  }
  return { store, state }
}

describe('a limiter', () => {
  it('says which limit, how much is left, and when there is room', async () => {
    const clock = fakeClock()
    const limiter = createLimiter({ requestsPerMinute: 60, tokensPerMinute: 1_000, requestsPerDay: 100, clock })
    expect(await takes(limiter, 3, { tokens: 300 })).toHaveLength(3)
    const refused = await limiter.take({ subject, tokens: 300 })
    expect(refused.allowed).toBe(false)
    expect(!refused.allowed && refused.error).toMatchObject({
      code: 'limits.exceeded',
      status: 429,
      retryAfterMs: 12_000,
      message: 'The limit tokensPerMinute of 1000 is reached: 100 left, 300 asked. There is room in 12000 ms.',
      details: {
        limit: 'tokensPerMinute',
        max: 1_000,
        left: 100,
        asked: 300,
        freesAtMs: clock.now() + 12_000,
        exceeded: ['tokensPerMinute'],
      },
    })
    expect((await limiter.peek(subject)).map(({ name, left, fullInMs }) => [name, left, fullInMs])).toEqual([
      ['requestsPerMinute', 57, 3_000],
      ['tokensPerMinute', 100, 54_000],
      ['requestsPerDay', 97, 86_400_000],
    ])
    expect((await limiter.peek('other')).every(({ left, limit }) => left === limit)).toBe(true)
    await clock.advance(12_000)
    expect((await limiter.check({ subject, tokens: 300 })).allowed).toBe(true)
    expect((await limiter.take({ subject, tokens: 300 })).allowed).toBe(true)
  })

  it('tells what never fits from what fits later', async () => {
    const limiter = createLimiter({ tokensPerMinute: 1_000, burst: { tokens: 200 } })
    const refused = await limiter.take({ subject, tokens: 201 })
    expect(!refused.allowed && refused.error).toMatchObject({
      code: 'limits.too_large',
      status: 400,
      retryAfterMs: undefined,
      details: { limit: 'tokensPerMinute', asked: 201, mostAtOnce: 200 },
    })
  })

  it('settles once, by the permit or by its copy', async () => {
    const limiter = createLimiter({ tokensPerMinute: 1_000, concurrency: 2, clock: fakeClock() })
    const left = async (): Promise<number[]> => (await limiter.peek(subject)).map((one) => one.left)
    const [a, b] = await takes(limiter, 2, { tokens: 400 })
    if (!a || !b) throw new Error('refused')
    expect(await left()).toEqual([200, 0])
    await limiter.settle(a, { tokens: 100 })
    await limiter.settle(a, { tokens: 0 })
    await limiter.release(a)
    expect(await left()).toEqual([500, 1])
    await limiter.release(JSON.parse(JSON.stringify(b)) as LimitPermit)
    expect(await left()).toEqual([900, 2])
    await expect(limiter.settle(b, { tokens: Number.NaN })).rejects.toMatchObject({ code: 'limits.ask' })
  })

  it('prolongs the leases of work that goes on, and of no other', async () => {
    const clock = fakeClock()
    const { store, state } = fragile(clock)
    const limiter = createLimiter({ concurrency: 1, leaseMs: 9_000, clock, store })
    const [permit] = await takes(limiter, 1)
    await clock.advance(60_000)
    expect((await limiter.take({ subject })).allowed).toBe(false)
    if (permit) await limiter.settle(permit)
    const { asked } = state
    await clock.advance(60_000)
    expect(state.asked).toBe(asked)
    expect(clock.pendingSleeps).toBe(0)
    expect((await limiter.take({ subject })).allowed).toBe(true)
  })

  it('refuses requests that make no sense', async () => {
    const limiter = createLimiter({ requestsPerMinute: 1 })
    for (const request of [
      { subject: '' },
      { subject, tokens: -1 },
      { subject, requests: 0.5 },
      { subject, tokens: NaN },
    ])
      await expect(limiter.take(request)).rejects.toMatchObject({ code: 'limits.ask' })
  })
})

describe('while the store is away', () => {
  it('lets its share through, leaves the store alone, and comes back by itself', async () => {
    const clock = fakeClock()
    const { store, state } = fragile(clock)
    const limiter = createLimiter({ requestsPerMinute: 60, processes: 4, clock, store })
    expect(await takes(limiter, 10)).toHaveLength(10)
    state.isDown = true
    const local = await takes(limiter, 40)
    expect(local).toHaveLength(15)
    expect(local.every(({ isLocal }) => isLocal)).toBe(true)
    expect(state.asked).toBe(11)
    await clock.advance(1_000)
    await takes(limiter, 5)
    expect(state.asked).toBe(12)
    state.isDown = false
    await clock.advance(1_000)
    const [back] = await takes(limiter, 1)
    expect(back?.isLocal).toBe(false)
    // Given back where they were taken.
    for (const permit of local) await limiter.release(permit)
    expect((await limiter.peek(subject))[0]?.left).toBe(51)
  })

  it('lets one call at a time try a store that is slow to fail', async () => {
    const clock = fakeClock()
    const { state, store } = fragile(clock)
    const slow: LimitStore = {
      ...store,
      async take(ask) {
        state.asked += 1
        await clock.sleep(500)
        throw new SluiceError({ code: 'redis.timeout', message: `late ${ask.id}` })
      },
    }
    const limiter = createLimiter({ requestsPerMinute: 60, clock, store: slow })
    await clock.run(limiter.take({ subject }))
    await clock.advance(1_000)
    state.asked = 0
    const all = Promise.all(Array.from({ length: 20 }, () => limiter.take({ subject })))
    expect((await clock.run(all)).every(({ allowed }) => allowed)).toBe(true)
    expect(state.asked).toBe(1)
  })

  it.each([
    ['allow', true],
    ['refuse', false],
  ] as const)('%s does so', async (onStoreDown, allowed) => {
    const clock = fakeClock()
    const { store, state } = fragile(clock)
    state.isDown = true
    const limiter = createLimiter({ requestsPerMinute: 1, onStoreDown, clock, store })
    if (allowed) return expect(await takes(limiter, 5)).toHaveLength(5)
    await expect(limiter.take({ subject })).rejects.toMatchObject({ code: 'limits.unavailable', status: 503 })
  })

  it('lets a call through that fits the limit but not the share of it', async () => {
    const clock = fakeClock()
    const { store, state } = fragile(clock)
    state.isDown = true
    const limiter = createLimiter({ tokensPerMinute: 1_000, processes: 10, clock, store })
    expect((await limiter.take({ subject, tokens: 900 })).allowed).toBe(true)
    expect((await limiter.take({ subject, tokens: 900 })).allowed).toBe(false)
    const never = await limiter.take({ subject, tokens: 1_001 })
    expect(!never.allowed && never.error.code).toBe('limits.too_large')
  })
})

describe('local leases', () => {
  it('save round trips, keep the limit, and give back what is left', async () => {
    const clock = fakeClock()
    const { store, state } = fragile(clock)
    const options: LimiterOptions = {
      requestsPerMinute: 1_000,
      localLease: { share: 0.05, ttlMs: 1_000 },
      clock,
      store,
    }
    const processes = [createLimiter(options), createLimiter(options)]
    let admitted = 0
    for (let turn = 0; turn < 1_500; turn += 1) admitted += (await takes(processes[turn % 2] as Limiter, 1)).length
    expect(admitted).toBe(1_000)
    const [first] = processes
    await clock.advance(60_000)
    state.asked = 0
    await takes(first as Limiter, 500)
    expect(state.asked).toBeLessThan(15)
    await takes(first as Limiter, 1)
    await clock.advance(1_000)
    expect((await createLimiter({ requestsPerMinute: 1_000, clock, store }).peek(subject))[0]?.left).toBe(
      Math.floor(1_000 - 501 + 1_000 / 60),
    )
    expect(clock.pendingSleeps).toBe(0)
  })

  it('settles calls with the share they came from, or with the store when that is over', async () => {
    const clock = fakeClock()
    const { store } = fragile(clock)
    const options = { tokensPerMinute: 60_000, clock, store } as const
    const limiter = createLimiter({ ...options, localLease: { share: 0.1, ttlMs: 1_000 } })
    const exact = createLimiter(options)
    const left = async (): Promise<number | undefined> => (await exact.peek(subject))[0]?.left
    const [a, b, c] = await takes(limiter, 3, { tokens: 1_000 })
    if (!a || !b || !c) throw new Error('refused')
    expect(await left()).toBe(54_000)
    await limiter.settle(a, { tokens: 400 })
    await limiter.settle(b, { tokens: 1_500 })
    expect(await left()).toBe(54_000)
    await clock.advance(1_000)
    // 2,900 in use of the 6,000 that were taken, of which 1,000 have drained.
    expect(await left()).toBe(58_100)
    await limiter.settle(c, { tokens: 100 })
    expect(await left()).toBe(59_000)
  })
})

describe('options', () => {
  it.each([
    [{}, 'needs a limit'],
    [{ requestsPerMinute: -1 }, 'requestsPerMinute'],
    [{ requestsPerMinute: 0 }, 'at least 1'],
    [{ tokensPerMinute: Number.NaN }, 'got NaN'],
    [{ tokensPerDay: 1.5 }, 'tokensPerDay'],
    [{ concurrency: Infinity }, 'got Infinity'],
    [{ requestsPerDay: 1, day: { zone: 'Mars/Olympus' } }, 'Mars/Olympus'],
    [{ requestsPerDay: 1, day: 'monthly' }, 'monthly'],
    [{ requestsPerMinute: 1, burst: { tokens: 5 } }, 'needs tokensPerMinute'],
    [{ requestsPerMinute: 1, burst: { requests: 0 } }, 'burst.requests'],
    [{ requestsPerMinute: 1, burst: { calls: 1 } }, 'no field "calls"'],
    [{ requestsPerMinute: 1, burst: 4 }, 'burst'],
    [{ requestsPerMinute: 1, leaseMs: -5 }, 'leaseMs'],
    [{ requestsPerMinute: 1, rpm: 5 }, 'no option "rpm"'],
    [{ requestsPerMinute: 1, store: {} }, 'store of'],
    [{ requestsPerMinute: 1, name: '' }, 'name of'],
    [{ requestsPerMinute: 1, onStoreDown: 'open' }, 'onStoreDown'],
    [{ requestsPerMinute: 1, processes: 0 }, 'processes'],
    [{ requestsPerMinute: 1, storeRetryMs: 0 }, 'storeRetryMs'],
    [{ requestsPerMinute: 1, clock: {} }, 'clock of'],
    [{ concurrency: 1, localLease: {} }, 'does not go with concurrency'],
    [{ requestsPerMinute: 1, localLease: { share: 0.9 } }, 'at most 0.5'],
    [{ requestsPerMinute: 1, localLease: { ttl: 1 } }, 'no field "ttl"'],
    [null, 'must be an object'],
  ])('%j is refused: %s', (options, message) => {
    let error: unknown
    try {
      createLimiter(options as LimiterOptions)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toMatchObject({ code: 'config.option', message: expect.stringContaining(message) })
  })
})
