import { createClient, createCluster } from 'redis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fakeClock } from '../../testing/index.ts'
import { sharedRedis, startRedisCluster, timedClient, type TestRedisCluster } from '../../testing/redis/index.ts'
import { graceMs } from '../../testing/redis/timed-client.ts'
import { contractStartMs, limitStoreContract, type LimitStoreSubject } from '../testing/limit-store-contract.ts'
import { memoryLimitStore } from './memory-store.ts'
import { redisLimitStore } from './redis-store.ts'

describe('in memory', () => {
  for (const { name, run } of limitStoreContract)
    it(name, async () => {
      const clock = fakeClock(contractStartMs)
      const store = memoryLimitStore({ clock })
      const { accounts } = {
        accounts: () => JSON.stringify(store, (_, value) => (value instanceof Map ? [...value] : value)),
      }
      await run({ store, advance: (ms) => clock.advance(ms), dump: async () => accounts() })
    })

  it('forgets who is idle', async () => {
    const clock = fakeClock()
    const store = memoryLimitStore({ clock })
    const rule = { kind: 'rate', name: 'r', unit: 'requests', limit: 60, periodMs: 60_000, burst: 1 } as const
    for (let at = 0; at < 20_000; at += 1) {
      await store.take({ subject: `s${at}`, id: 'x', rules: [rule], costs: [1] })
      if (at % 1_000 === 0) await clock.advance(1_000)
    }
    expect((store as unknown as { size: number }).size).toBeLessThan(3_000)
  })
})

describe('in Redis', () => {
  let server: Awaited<ReturnType<typeof sharedRedis>>
  let client: ReturnType<typeof createClient>
  beforeAll(async () => {
    server = await sharedRedis()
    client = createClient({ url: server.url })
    await client.connect()
  })
  afterAll(async () => {
    client.destroy()
    await server.stop()
  })

  for (const { name, run } of limitStoreContract)
    it(name, async () => {
      const clock = fakeClock(contractStartMs)
      const prefix = `sluice:test:${crypto.randomUUID()}`
      const store = redisLimitStore(timedClient(client, clock), { prefix, timeoutMs: 30_000 })
      const dump: LimitStoreSubject['dump'] = async () => {
        const keys = (await client.keys(`${prefix}*`)).toSorted()
        return Promise.all(keys.map(async (key) => [key, String(await client.sendCommand(['DUMP', key]))]))
      }
      await run({ store, advance: (ms) => clock.advance(ms), dump })
    })

  it('goes by the server when its clock is days from ours, and lets keys expire', async () => {
    const prefix = `sluice:test:${crypto.randomUUID()}`
    const clock = fakeClock(Date.now() + 40 * 86_400_000)
    const store = redisLimitStore(timedClient(client, clock), { prefix, timeoutMs: 30_000 })
    const rules = [{ kind: 'calendar', name: 'day', unit: 'requests', limit: 5, zone: 'UTC' }] as const
    const ask = { subject: 'acme', id: 'x', rules, costs: [2] }
    const { atUs } = await store.take(ask)
    expect(atUs / 1_000).toBe(clock.now())
    await store.settle({ ...ask, deltas: [1], takenAtUs: atUs })
    expect((await store.check(ask)).states[0]?.left).toBe(2)
    const ttl = await client.pTTL(`${prefix}:{acme}`)
    expect(ttl).toBeGreaterThan(0)
    expect(ttl).toBeLessThanOrEqual(86_402_000 + graceMs)
  })
})

describe('in a cluster of three masters', () => {
  let cluster: TestRedisCluster
  let client: ReturnType<typeof createCluster>
  beforeAll(async () => {
    cluster = await startRedisCluster()
    client = createCluster({ rootNodes: [...cluster.rootNodes] })
    await client.connect()
  })
  afterAll(async () => {
    client.destroy()
    await cluster.stop()
  })

  it.each(limitStoreContract.map(({ name, run }) => [name, run] as const))('%s', async (_, run) => {
    const clock = fakeClock(contractStartMs)
    const prefix = `sluice:test:${crypto.randomUUID()}`
    const store = redisLimitStore(timedClient(client, clock), { prefix, timeoutMs: 30_000 })
    const dump: LimitStoreSubject['dump'] = async () => {
      const keys = [`${prefix}:{acme}`, `${prefix}:{acme}:leases`]
      return Promise.all(keys.map(async (key) => String(await client.sendCommand(key, true, ['DUMP', key]))))
    }
    await run({ store, advance: (ms) => clock.advance(ms), dump })
  })

  it('keeps each subject in one slot', async () => {
    const store = redisLimitStore(client, { timeoutMs: 30_000 })
    const rules = [
      { kind: 'rate', name: 'r', unit: 'requests', limit: 60, periodMs: 60_000, burst: 3 },
      { kind: 'concurrency', name: 'c', unit: 'calls', limit: 3, leaseMs: 60_000 },
    ] as const
    const subjects = Array.from({ length: 20 }, (_, at) => `tenant-${at}`)
    const admitted = await Promise.all(
      subjects.flatMap((subject) =>
        Array.from({ length: 6 }, async (_, at) => {
          const ask = { subject, id: `${at}`, rules, costs: [1, 1] }
          const answer = await store.take(ask)
          if (answer.taken) await store.renew(ask)
          return answer.taken ? subject : undefined
        }),
      ),
    )
    for (const subject of subjects) expect(admitted.filter((one) => one === subject)).toHaveLength(3)
  })
})
