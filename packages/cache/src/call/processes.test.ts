import { createClient } from 'redis'
import { sharedRedis } from '@sluice/core/testing/redis'
import { systemClock, withContext } from '@sluice/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cachedClients, chat, decisionsOf, eventsOf, type ClientWorld } from '../cache-fixture.ts'
import type { CacheOptions } from '../cache-options.ts'
import { createCache } from '../create-cache.ts'
import { redisStore } from '../redis/redis-store.ts'

const keySecret = 'the same in all of them'
let server: Awaited<ReturnType<typeof sharedRedis>>
const clients: { destroy(): void }[] = []
beforeAll(async () => void (server = await sharedRedis()))
afterAll(async () => {
  for (const client of clients) client.destroy()
  await server.stop()
})

let runs = 0

/** Caches as several processes have them: each with its own connection to one Redis. */
async function processes(count: number, options: Partial<CacheOptions> = {}): Promise<readonly ClientWorld[]> {
  runs += 1
  const prefix = `sluice:test:${process.pid}:${runs}`
  return Promise.all(
    Array.from({ length: count }, async () => {
      const client = createClient({ url: server.url })
      clients.push(client)
      client.on('error', () => undefined)
      await client.connect()
      const answers = createCache({
        ttlMs: 60_000,
        tenant: 'shared',
        store: redisStore(client, { prefix, timeoutMs: 30_000 }),
        keySecret,
        lookupTimeoutMs: 30_000,
        ...options,
      })
      return cachedClients({ answers, sluice: { clock: systemClock } })
    }),
  )
}

/** A reply that is held back until it is let go. */
function held(text: string) {
  let release: () => void = () => undefined
  const waiting = new Promise<void>((resolve) => (release = resolve))
  const reply = async (): Promise<string> => {
    await waiting
    return text
  }
  return { reply, release: () => release() }
}

const contentOf = async ({ openai }: ClientWorld): Promise<string | null | undefined> =>
  (await openai.chat.completions.create(chat)).choices[0]?.message.content

describe('processes that share a store', () => {
  it('share answers, whole and streamed, with how they were cut', async () => {
    const [one, other] = (await processes(2)) as [ClientWorld, ClientWorld]
    one.provider.enqueue({ chunks: ['Fünf', ' days ', '🎉'] })
    await eventsOf(one.openai.chat.completions.create({ ...chat, stream: true }))
    expect(await contentOf(other)).toBe('Fünf days 🎉')
    const chunks = await eventsOf(other.openai.chat.completions.create({ ...chat, stream: true }))
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content).filter(Boolean)).toEqual(['Fünf', ' days ', '🎉'])
    other.provider.expectCalls(0)
  })

  it('ask the provider once for what they ask at the same time', async () => {
    const worlds = await processes(3)
    const { reply, release } = held('once')
    const first = (worlds[0] as ClientWorld).provider.enqueue(reply)
    const asked = [contentOf(worlds[0] as ClientWorld)]
    while (first.pending.length === 0) await new Promise((resolve) => setImmediate(resolve))
    const decisions = decisionsOf(() => contentOf(worlds[1] as ClientWorld))
    for (const world of worlds.slice(1)) asked.push(contentOf(world), contentOf(world))
    const misses = (): number => worlds.reduce((sum, { answers }) => sum + answers.stats().misses, 0)
    while (misses() < 6) await new Promise((resolve) => setImmediate(resolve))
    release()
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['once']))
    expect(worlds.map(({ provider }) => provider.calls.length)).toEqual([1, 0, 0])
    expect((await decisions)[0]).toBe('miss absent')
    expect((await decisions)[1]).toMatch(/hit other_process|join in_flight/)
  })

  it('wait no longer for another one than they were told to', async () => {
    const [one, other] = (await processes(2, { lock: { maxWaitMs: 50 } })) as [ClientWorld, ClientWorld]
    const { reply, release } = held('late')
    one.provider.enqueue(reply)
    const late = contentOf(one)
    while (one.provider.pending.length === 0) await new Promise((resolve) => setImmediate(resolve))
    other.provider.enqueue('own')
    expect(await contentOf(other)).toBe('own')
    release()
    expect(await late).toBe('late')
  })

  it('ask by themselves without a lock', async () => {
    const [one, other] = (await processes(2, { lock: false })) as [ClientWorld, ClientWorld]
    const { reply, release } = held('late')
    one.provider.enqueue(reply)
    const late = contentOf(one)
    while (one.provider.pending.length === 0) await new Promise((resolve) => setImmediate(resolve))
    other.provider.enqueue('own')
    expect(await contentOf(other)).toBe('own')
    release()
    await late
  })

  it('let the next one ask when the first fails or leaves', async () => {
    const [one, other] = (await processes(2)) as [ClientWorld, ClientWorld]
    one.provider.fail('http-500')
    await expect(contentOf(one)).rejects.toMatchObject({ status: 500 })
    other.provider.enqueue('second')
    expect(await contentOf(other)).toBe('second')

    await other.answers.invalidate({ tenant: 'shared' })
    one.provider.heal()
    for await (const _ of await one.openai.chat.completions.create({ ...chat, stream: true })) break
    other.provider.enqueue('third')
    expect(await contentOf(other)).toBe('third')
  })

  it('keep tenants apart, and one tenant’s answers together', async () => {
    const [one, other] = (await processes(2, { tenant: 'context' })) as [ClientWorld, ClientWorld]
    const ask = (world: ClientWorld, tenant: string) => withContext({ tenant }, async () => contentOf(world))
    one.provider.enqueue('of acme')
    other.provider.enqueue('of umbrella')
    expect(await ask(one, 'acme')).toBe('of acme')
    expect(await ask(other, 'umbrella')).toBe('of umbrella')
    expect(await ask(other, 'acme')).toBe('of acme')
    expect(await ask(one, 'umbrella')).toBe('of umbrella')
  })

  it('hear what another one invalidates, also while they ask', async () => {
    const [one, other] = (await processes(2, { tags: () => ['doc'] })) as [ClientWorld, ClientWorld]
    const { reply, release } = held('old')
    one.provider.enqueue(reply)
    const asked = contentOf(one)
    while (one.provider.pending.length === 0) await new Promise((resolve) => setImmediate(resolve))
    await other.answers.invalidate({ tags: ['doc'] })
    release()
    expect(await asked).toBe('old')
    one.provider.enqueue('new')
    expect(await contentOf(one)).toBe('new')
    expect(await contentOf(other)).toBe('new')
  })
})
