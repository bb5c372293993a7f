import { createClient, createCluster } from 'redis'
import { fakeClock } from '@sluice/core/testing'
import { sharedRedis, startRedisCluster, type TestRedisCluster } from '@sluice/core/testing/redis'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { redisStore } from '../redis/index.ts'
import { storeContract, type StoreWorld } from '../testing/index.ts'
import { memoryStore } from './memory-store.ts'
import { tieredStore } from './tiered-store.ts'

const real = { now: () => Date.now(), pass: (ms: number) => sleep(ms) }
const timeoutMs = 30_000

function check(make: () => StoreWorld | Promise<StoreWorld>): void {
  for (const { name, run } of storeContract(make)) it(name, run)
}

describe('in memory', () => {
  check(() => {
    const clock = fakeClock()
    return { store: memoryStore({ clock }), now: () => clock.now(), pass: (ms) => clock.advance(ms) }
  })
})

describe('memory before memory', () => {
  check(() => {
    const clock = fakeClock()
    const far = memoryStore({ clock })
    const store = tieredStore(memoryStore({ clock }), far, { clock, nearTtlMs: 100 })
    return { store, other: far, seenAfterMs: 100, now: () => clock.now(), pass: (ms) => clock.advance(ms) }
  })
})

describe('Redis', () => {
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

  describe('alone', () => {
    check(async () => {
      const prefix = `sluice:test:${crypto.randomUUID()}`
      const subscriber = await createClient({ url: server.url }).connect()
      const store = redisStore(client, { prefix, timeoutMs, subscriber })
      return { store, other: redisStore(client, { prefix, timeoutMs }), ...real, stop: () => subscriber.destroy() }
    })
  })

  describe('behind memory', () => {
    check(() => {
      const prefix = `sluice:test:${crypto.randomUUID()}`
      const store = tieredStore(memoryStore(), redisStore(client, { prefix, timeoutMs }), { nearTtlMs: 80 })
      return { store, other: redisStore(client, { prefix, timeoutMs }), seenAfterMs: 90, ...real }
    })
  })

  describe('behind memory, pushing', () => {
    check(async () => {
      const prefix = `sluice:test:${crypto.randomUUID()}`
      const subscriber = await createClient({ url: server.url }).connect()
      const store = tieredStore(memoryStore(), redisStore(client, { prefix, timeoutMs, subscriber }))
      const other = redisStore(client, { prefix, timeoutMs })
      return { store, other, seenAfterMs: 30_000, ...real, stop: () => subscriber.destroy() }
    })
  })
})

describe('a cluster of three masters', () => {
  let cluster: TestRedisCluster
  let client: ReturnType<typeof createCluster>
  let subscriber: ReturnType<typeof createClient>
  beforeAll(async () => {
    cluster = await startRedisCluster()
    client = createCluster({ rootNodes: [...cluster.rootNodes] })
    // Published on one node, heard on any.
    subscriber = createClient({ url: cluster.nodes[2]!.url })
    await Promise.all([client.connect(), subscriber.connect()])
  })
  afterAll(async () => {
    client.destroy()
    subscriber.destroy()
    await cluster.stop()
  })

  check(() => {
    const prefix = `sluice:test:${crypto.randomUUID()}`
    const store = redisStore(client, { prefix, timeoutMs, subscriber })
    return { store, other: redisStore(client, { prefix, timeoutMs }), ...real }
  })
})
