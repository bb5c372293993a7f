import type { Clock } from '@sluice/core'
import { fakeClock } from '@sluice/core/testing'
import { describe, expect, it } from 'vitest'
import { cachedClients, chat, decisionsOf, eventsOf, reportsOf, type ClientWorld } from '../cache-fixture.ts'
import { memoryStore } from '../store/memory-store.ts'
import type { Store } from '../store/store.ts'

const swr = { ttlMs: 1_000, staleWhileRevalidateMs: 1_000 }
const ask = async ({ openai }: ClientWorld): Promise<string | null | undefined> =>
  (await openai.chat.completions.create(chat)).choices[0]?.message.content

describe('staleWhileRevalidate', () => {
  it('serves what is over, marked, and renews it once in the background', async () => {
    const world = cachedClients({ cache: swr })
    const { answers, clock, openai, provider } = world
    provider.enqueue('old', 'new')
    await ask(world)
    await clock.advance(1_500)
    const asked = await Promise.all(
      Array.from({ length: 10 }, () => openai.chat.completions.create(chat).withResponse()),
    )
    expect(new Set(asked.map(({ data }) => data.choices[0]?.message.content))).toEqual(new Set(['old']))
    expect(new Set(asked.map(({ response }) => response.headers.get('x-sluice-cache')))).toEqual(new Set(['stale']))
    await answers.idle()
    provider.expectCalls(2)
    expect(await ask(world)).toBe('new')
    expect(answers.stats()).toMatchObject({ hits: 11, staleHits: 10, stores: 2 })
  })

  it('renews streams too, and replays them stale', async () => {
    const world = cachedClients({ cache: swr })
    const { answers, clock, openai, provider } = world
    provider.enqueue({ chunks: ['o', 'ld'] }, { chunks: ['ne', 'w'] })
    const read = async (): Promise<unknown> => {
      const chunks = await eventsOf(openai.chat.completions.create({ ...chat, stream: true }))
      return chunks.map((chunk) => chunk.choices[0]?.delta.content).filter(Boolean)
    }
    await read()
    await clock.advance(1_500)
    expect(await read()).toEqual(['o', 'ld'])
    await answers.idle()
    expect(await read()).toEqual(['ne', 'w'])
    expect(provider.calls.map(({ stream }) => stream)).toEqual([true, true])
  })

  it('goes on though the application leaves, and its deadline passes', async () => {
    const world = cachedClients({ cache: swr, sluice: { context: { deadlineAtMs: Date.UTC(2026, 0, 1) + 1_600 } } })
    const { answers, clock, openai, provider } = world
    await ask(world)
    await clock.advance(1_500)
    let release: () => void = () => undefined
    provider.enqueue(() => new Promise((resolve) => (release = () => resolve('new'))))
    const controller = new AbortController()
    await openai.chat.completions.create(chat, { signal: controller.signal })
    controller.abort()
    release()
    await answers.idle()
    expect(provider.lastCall?.outcome).toBe('finished')
    expect(await ask(world)).toBe('new')
  })

  it('keeps the old answer when the renewal fails, and tries again', async () => {
    const world = cachedClients({ cache: swr })
    const { answers, clock, provider } = world
    provider.enqueue('old')
    await ask(world)
    await clock.advance(1_500)
    for (const fault of ['http-503', 'reset-before-headers', 'truncated'] as const) {
      provider.heal().fail(fault)
      expect(await ask(world)).toBe('old')
      await answers.idle()
    }
    provider.expectCalls(4)
    provider.heal()
    await ask(world)
    await answers.idle()
    provider.expectCalls(5)
    expect(await ask(world)).not.toBe('old')
  })

  it('gives up a renewal that takes ten minutes', async () => {
    const world = cachedClients({ cache: swr })
    const { answers, clock, provider } = world
    await ask(world)
    await clock.advance(1_500)
    provider.fail('silence')
    await ask(world)
    await clock.advance(600_000)
    await answers.idle()
    expect(provider.lastCall?.outcome).toBe('cancelled')
  })

  it('reports the renewal as a try of the call that began it', async () => {
    const price = (usage: { output: number }) => ({ nanoUsd: usage.output, byMeter: {} })
    const world = cachedClients({ cache: { ...swr, price }, sluice: { price } })
    await ask(world)
    await world.clock.advance(1_500)
    const [report] = await reportsOf(() => ask(world))
    expect(report?.attempts).toMatchObject([{ reason: 'renew' }])
    expect(report?.decisions[0]).toMatchObject({ action: 'hit', reason: 'stale' })
    await world.answers.idle()
  })

  it('asks once among processes that share a store', async () => {
    const clock = fakeClock()
    const options = { ...swr, store: sharedStore(clock), keySecret: 'shared by all processes' }
    const [one, other] = [cachedClients({ clock, cache: options }), cachedClients({ clock, cache: options })]
    await ask(one)
    await clock.advance(1_500)
    let release: () => void = () => undefined
    one.provider.enqueue(() => new Promise((resolve) => (release = () => resolve('new'))))
    await ask(one)
    await ask(other)
    await other.answers.idle()
    other.provider.expectCalls(0)
    release()
    await one.answers.idle()
    expect(await ask(other)).toBe('new')
  })
})

describe('earlyRefresh', () => {
  it('renews before the end, while the answer is fresh', async () => {
    const draws = [0]
    const world = cachedClients({ cache: { ttlMs: 10_000, earlyRefresh: 1, random: () => draws[0] ?? 0 } })
    const { answers, clock, provider } = world
    provider.enqueue(async () => {
      await clock.advance(1_000)
      return 'old'
    }, 'new')
    await ask(world)
    await clock.advance(8_000)
    expect(await decisionsOf(() => ask(world))).toEqual(['hit exact'])
    provider.expectCalls(1)
    // −ln(1 − 0.9) is 2.3 times the second that it took, and two are left.
    draws[0] = 0.9
    expect(await ask(world)).toBe('old')
    await answers.idle()
    provider.expectCalls(2)
    expect(await ask(world)).toBe('new')
  })
})

/** Memory with locks that do not expire. */
function sharedStore(clock: Clock): Store {
  const { isLocal: _, ...store } = memoryStore({ clock })
  const held = new Set<string>()
  const lock: Store['lock'] = async ({ id }) => {
    if (held.has(id)) return undefined
    held.add(id)
    return { renew: async () => held.has(id), release: async () => void held.delete(id) }
  }
  return { ...store, lock }
}
