import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createClient, createCluster } from 'redis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RedisClient } from '../redis/index.ts'
import { startRedis, startRedisCluster, timedClient, type TestRedis } from '../testing/redis/index.ts'
import { createLedger, type Ledger } from './ledger.ts'
import type { SpenderOrder, SpenderReport } from './ledger-spender.ts'
import type { BudgetLimit } from './limits.ts'
import { redisLedgerStore } from './redis-store.ts'

const spender = fileURLToPath(new URL('ledger-spender.ts', import.meta.url))
const dollar = 1_000_000_000
const timeoutMs = 30_000

async function reported(child: ChildProcess): Promise<SpenderReport> {
  const [report] = (await once(child, 'message')) as [SpenderReport]
  return report
}

function ordered(child: ChildProcess, order: SpenderOrder): Promise<SpenderReport> {
  child.send(order)
  return reported(child)
}

describe('four processes', () => {
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

  for (const kills of [0, 2])
    it(`admit exactly 50 of 1,000 with ${kills} of them killed, and add up after that`, async () => {
      const tenant = `t${kills}`
      const ttlMs = 600_000
      const children = Array.from({ length: 4 }, () =>
        fork(spender, [server.url, tenant], { execArgv: ['--conditions=@sluice/source'] }),
      )
      try {
        await Promise.all(children.map(reported))
        const order: SpenderOrder = { do: 'reserve', times: 250, nanoUsd: dollar / 10, ttlMs }
        const dying = children.slice(0, kills)
        const living = children.slice(kills)
        for (const [at, child] of dying.entries()) {
          child.send(order)
          void sleep(20 * (at + 1)).then(() => child.kill('SIGKILL'))
        }
        const reports = await Promise.all(living.map((child) => ordered(child, order)))
        await Promise.all(
          dying.map((child) => child.exitCode === null && child.signalCode === null && once(child, 'exit')),
        )
        const admitted = reports.map((report) => (report.is === 'reserved' ? report.admitted : 0))
        const ledgerAt = (atMs: number): Ledger =>
          createLedger({
            store: redisLedgerStore(timedClient(client, { now: () => atMs }), { timeoutMs }),
            limits: [{ scope: 'tenant', usd: 5, window: 'total' }],
          })
        const [full] = await ledgerAt(Date.now()).explain({ tenant })
        expect(await client.hLen(`sluice:budget:{tenant=${tenant}}:holds`)).toBe(50)
        expect([full?.used, full?.held, full?.left]).toEqual([5 * dollar, 5 * dollar, 0])
        if (kills === 0) expect(admitted.reduce((sum, each) => sum + each, 0)).toBe(50)

        // The living settle some of theirs, to odd amounts; the rest expires.
        const amounts = [1, 33_333_333, 100_000_001]
        const settled = await Promise.all(living.map((child) => ordered(child, { do: 'settle', nanoUsd: amounts })))
        const sum = settled.reduce((total, report) => total + (report.is === 'settled' ? report.nanoUsd : 0), 0)
        const [rest] = await ledgerAt(Date.now() + ttlMs).explain({ tenant })
        expect([rest?.used, rest?.held]).toEqual([sum, 0])
      } finally {
        for (const child of children) child.kill('SIGKILL')
      }
    })
})

/** A Redis that keeps what it was told, and how to end it for good. */
interface Kept {
  readonly client: RedisClient
  /** The one that keeps the accounts of `acme`. */
  readonly server: TestRedis
  stop(): Promise<void>
}

async function alone(): Promise<Kept> {
  const server = await startRedis({ persistent: true })
  const client = createClient({ url: server.url, socket: { reconnectStrategy: 20 } })
  client.on('error', () => undefined)
  await client.connect()
  return { client, server, stop: async () => (client.destroy(), server.stop()) }
}

async function masterOfThree(): Promise<Kept> {
  const cluster = await startRedisCluster({ persistent: true })
  const client = createCluster({ rootNodes: [...cluster.rootNodes], defaults: { socket: { reconnectStrategy: 20 } } })
  client.on('error', () => undefined)
  await client.connect()
  const server = await cluster.nodeOf('{tenant=acme}')
  return { client, server, stop: async () => (client.destroy(), cluster.stop()) }
}

describe.each([
  ['a Redis', alone],
  ['a master of three', masterOfThree],
])('%s that is killed in mid-load', (_, start) => {
  it('over-admits nothing, loses no reservation, and is used again when it is back', async () => {
    const { client, server, stop } = await start()
    const limitNanoUsd = dollar
    const limits: BudgetLimit[] = [{ scope: 'tenant', nanoUsd: limitNanoUsd, window: 'total' }]
    const ledger = createLedger({ store: redisLedgerStore(client, { timeoutMs: 300 }), limits })
    const subject = { tenant: 'acme' }
    let isOver = false
    let charged = 0
    /** What is held or charged for sure: never more than what the store has. */
    let known = 0
    const counts = { admitted: 0, refused: 0, unavailable: 0, queued: 0, afterRestart: 0 }
    let isRestarted = false
    const spend = async (): Promise<void> => {
      while (!isOver) {
        const nanoUsd = 20_000_000 + Math.floor(Math.random() * 20_000_000)
        try {
          const held = await ledger.reserve({ subject, nanoUsd })
          if (!held.admitted) {
            counts.refused += 1
            await sleep(5)
            continue
          }
          counts.admitted += 1
          if (isRestarted) counts.afterRestart += 1
          known += nanoUsd
          expect(known).toBeLessThanOrEqual(limitNanoUsd)
          await sleep(Math.random() * 40)
          const actual = Math.floor(Math.random() * 500_000)
          known += actual - nanoUsd
          const settled = await ledger.settle(held.id, { nanoUsd: actual }, 'exact')
          charged += settled.nanoUsd
          if (settled.outcome === 'queued') counts.queued += 1
        } catch (error) {
          if ((error as { code?: unknown }).code !== 'budget.unavailable') throw error
          counts.unavailable += 1
          // Each leaves a word in the outbox, which holds 10,000.
          await sleep(100)
        }
      }
    }
    const spending = Promise.all(Array.from({ length: 60 }, spend))
    try {
      for (let times = 0; times < 2; times += 1) {
        const { admitted, refused } = counts
        await expect.poll(() => counts.admitted > admitted + 50 && counts.refused > refused).toBe(true)
        const failed = counts.unavailable + counts.queued
        await server.kill()
        await expect.poll(() => counts.unavailable + counts.queued).toBeGreaterThan(failed + 20)
        await server.restart()
        isRestarted = times === 1
      }
      // A master that was away takes no writes for its first two seconds back.
      await expect.poll(() => counts.afterRestart).toBeGreaterThan(20)
      isOver = true
      await spending
      while ((await ledger.flush()) > 0) await sleep(20)
      const patient = createLedger({ store: redisLedgerStore(client, { timeoutMs }), limits })
      const [state] = await patient.explain(subject)
      expect([state?.used, state?.held]).toEqual([charged, 0])
    } finally {
      isOver = true
      await stop()
    }
  })
})
