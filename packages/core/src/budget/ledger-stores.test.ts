import { createClient, createCluster } from 'redis'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fakeClock } from '../testing/index.ts'
import type { RedisClient } from '../redis/index.ts'
import {
  startRedis,
  startRedisCluster,
  timedClient,
  type TestRedis,
  type TestRedisCluster,
} from '../testing/redis/index.ts'
import { admitted, ledgerContract, type ContractWorld } from './ledger-contract.ts'
import { createLedger } from './ledger.ts'
import { memoryLedgerStore } from './memory-store.ts'
import { redisLedgerStore } from './redis-store.ts'

let count = 0
const tenant = (): string => `t${(count += 1)} {é}/%|@ =`
const timeoutMs = 30_000

function timedWorld(client: RedisClient): ContractWorld {
  const clock = fakeClock(Date.now())
  const store = redisLedgerStore(timedClient(client, clock), { timeoutMs })
  return { store, tenant, pass: (ms) => clock.advance(ms) }
}

describe('in memory', () => {
  for (const { name, run } of ledgerContract) {
    it(name, async () => {
      const clock = fakeClock()
      await run({ store: memoryLedgerStore(clock), tenant, pass: (ms) => clock.advance(ms) })
    })
  }
})

describe('in Redis', () => {
  let server: TestRedis
  let client: ReturnType<typeof createClient>
  beforeAll(async () => {
    server = await startRedis()
    client = createClient({ url: server.url })
    await client.connect()
  })
  afterAll(async () => {
    client.destroy()
    await server.stop()
  })

  for (const { name, run } of ledgerContract) {
    it(name, () => run(timedWorld(client)))
  }

  it('writes nothing for what it refuses, and lets accounts go that nobody asks for any more', async () => {
    const dump = async (): Promise<unknown> => {
      const keys = (await client.keys('*')).toSorted()
      return Promise.all(keys.map(async (key) => [key, String(await client.sendCommand(['DUMP', key]))]))
    }
    await client.flushAll()
    const limits = [
      { scope: 'tenant', usd: 1, window: 'month' },
      { scope: 'user', usd: 1, window: { rollingMs: 60_000 } },
    ] as const
    const ledger = createLedger({ store: redisLedgerStore(client, { timeoutMs }), limits })
    const subject = { tenant: 'acme', user: 'u' }
    const { id } = admitted(await ledger.reserve({ subject, nanoUsd: 900_000_000 }))
    const before = await dump()
    expect((await ledger.reserve({ subject, nanoUsd: 200_000_000 })).admitted).toBe(false)
    expect((await ledger.extend(id, { nanoUsd: 200_000_000 })).admitted).toBe(false)
    await ledger.explain(subject)
    expect(await dump()).toEqual(before)
    await ledger.settle(id, { nanoUsd: 5 }, 'exact')
    const keys = await client.keys('*')
    expect(keys.toSorted()).toEqual(['holds', 'old', 'use'].map((part) => `sluice:budget:{tenant=acme}:${part}`))
    for (const key of keys) expect(await client.pTTL(key)).toBeGreaterThan(86_400_000)
    const forever = createLedger({
      store: redisLedgerStore(client, { timeoutMs }),
      limits: [{ scope: 'tenant', usd: 1, window: 'total' }],
    })
    await forever.release(admitted(await forever.reserve({ subject, nanoUsd: 1 })).id)
    for (const key of await client.keys('*')) expect(await client.pTTL(key)).toBe(-1)
  })

  it('goes on when a key of the four is gone', async () => {
    await client.flushAll()
    const ledger = createLedger({
      store: redisLedgerStore(client, { timeoutMs }),
      limits: [{ scope: 'tenant', usd: 1, window: 'total' }],
    })
    const subject = { tenant: 'acme' }
    const asked = { subject, nanoUsd: 10 }
    const { id } = admitted(await ledger.reserve({ ...asked, ttlMs: 1 }))
    await client.del('sluice:budget:{tenant=acme}:holds')
    await sleep(5)
    expect((await ledger.explain(subject))[0]?.used).toBe(10)
    expect((await ledger.settle(id, { nanoUsd: 3 }, 'exact')).outcome).toBe('restored')
    const second = admitted(await ledger.reserve(asked))
    await client.del('sluice:budget:{tenant=acme}:use')
    expect((await ledger.settle(second.id, { nanoUsd: 4 }, 'exact')).nanoUsd).toBe(4)
    admitted(await ledger.reserve(asked))
  })

  it('forgets what has ended', async () => {
    await client.flushAll()
    const limits = [{ scope: 'tenant', usd: 1, window: { rollingMs: 1_000 } }] as const
    const ledger = createLedger({ store: redisLedgerStore(client, { timeoutMs }), limits, rememberMs: 1_000 })
    const subject = { tenant: 'acme' }
    for (let calls = 0; calls < 20; calls += 1)
      await ledger.release(admitted(await ledger.reserve({ subject, nanoUsd: 1, ttlMs: 1 })).id)
    await sleep(1_100)
    await ledger.explain(subject)
    const fields = await client.hKeys('sluice:budget:{tenant=acme}:use')
    expect(fields.toSorted()).toEqual(['@keep', '@now'])
    expect(await client.exists(['holds', 'due', 'old'].map((part) => `sluice:budget:{tenant=acme}:${part}`))).toBe(0)
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

  for (const { name, run } of ledgerContract) {
    it(name, () => run(timedWorld(client)))
  }
})
