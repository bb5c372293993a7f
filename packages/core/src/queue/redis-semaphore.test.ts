import { createClient, createCluster } from 'redis'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fakeClock, type FakeClock } from '../testing/index.ts'
import { startRedis, startRedisCluster, timedClient, type TestRedis } from '../testing/redis/index.ts'
import { redisSemaphore, type RedisSemaphoreOptions, type Semaphore, type SemaphorePermit } from './redis-semaphore.ts'

const caught = (run: Promise<unknown>): Promise<unknown> =>
  run.then(
    () => undefined,
    (error: unknown) => error,
  )

let server: TestRedis
const clients: ReturnType<typeof createClient>[] = []
beforeAll(async () => {
  server = await startRedis()
  for (let count = 0; count < 4; count += 1) {
    const client: ReturnType<typeof createClient> = createClient({ url: server.url, socket: { reconnectStrategy: 10 } })
    client.on('error', () => undefined)
    await client.connect()
    clients.push(client)
  }
})
afterAll(async () => {
  for (const client of clients) if (client.isOpen) client.destroy()
  await server.stop()
})

/** However long the machine takes, no command and no wait is given up. */
const patient = { timeoutMs: 100_000, commandTimeoutMs: 30_000 }

function semaphores(name: string, permits: number, more: Partial<RedisSemaphoreOptions> = {}): Semaphore[] {
  return clients.map((client) => redisSemaphore(client, { name, permits, ...patient, ...more }))
}

/** The same on a clock that stands still. */
function timedSemaphores(name: string, clock: FakeClock, leaseMs: number): Semaphore[] {
  return clients.map((client) =>
    redisSemaphore(timedClient(client, clock), { name, permits: 1, leaseMs, clock, ...patient }),
  )
}

/** When the lease of the only holder ends, in milliseconds of the clock that the scripts see. */
async function leaseEndMs(name: string): Promise<number> {
  const [holder] = (await clients[0]?.zRangeWithScores(`sluice:semaphore:{${name}}`, 0, -1)) ?? []
  return (holder?.score ?? 0) / 1_000
}

describe('redisSemaphore', () => {
  it('is never held by more than it allows', async () => {
    const all = semaphores('most', 3)
    let [held, most] = [0, 0]
    await Promise.all(
      Array.from({ length: 24 }, async (_, at) => {
        const permit = await (all[at % 4] as Semaphore).acquire()
        most = Math.max(most, (held += 1))
        await sleep(12)
        held -= 1
        await permit.release()
      }),
    )
    expect(most).toBe(3)
  })

  it('passes on in the order of coming', async () => {
    const all = semaphores('order', 1)
    const first = await (all[0] as Semaphore).acquire()
    const came: number[] = []
    const waiting: Promise<void>[] = []
    for (let at = 0; at < 8; at += 1) {
      waiting.push(
        (all[at % 4] as Semaphore).acquire().then((permit) => {
          came.push(at)
          return permit.release()
        }),
      )
      while ((await clients[0]?.zCard('sluice:semaphore:{order}:waiting')) !== at + 1) await sleep(2)
    }
    await first.release()
    await Promise.all(waiting)
    expect(came).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  })

  it('frees what a holder that is gone held at the end of the lease, and no sooner', async () => {
    const clock = fakeClock()
    const leaseMs = 60_000
    const [a, b] = timedSemaphores('crash', clock, leaseMs)
    const gone = createClient({ url: server.url })
    await gone.connect()
    await redisSemaphore(timedClient(gone, clock), { name: 'crash', permits: 1, leaseMs, clock, ...patient }).acquire()
    gone.destroy()
    const waiting = (b as Semaphore).acquire()
    await clock.advance(leaseMs - 1)
    expect(await caught((a as Semaphore).acquire({ timeoutMs: 0 }))).toMatchObject({
      code: 'queue.timeout',
      status: 503,
    })
    let permit: SemaphorePermit | undefined
    void waiting.then((held) => (permit = held))
    for (; !permit; await sleep(1)) await clock.advance(1)
    expect(permit.waitedMs).toBeGreaterThanOrEqual(leaseMs)
    await permit.release()
  })

  it('prolongs the lease for as long as it is held, and tells when it was lost', async () => {
    const clock = fakeClock()
    const leaseMs = 60_000
    const [a, b] = timedSemaphores('long', clock, leaseMs)
    const permit = await (a as Semaphore).acquire()
    for (let thirds = 0; thirds < 7; thirds += 1) {
      await clock.advance(leaseMs / 3)
      await expect.poll(() => leaseEndMs('long')).toBe(clock.now() + leaseMs)
      expect(await caught((b as Semaphore).acquire({ timeoutMs: 0 }))).toMatchObject({ code: 'queue.timeout' })
    }
    expect(permit.lost.aborted).toBe(false)
    await clients[0]?.del('sluice:semaphore:{long}')
    const lost = new Promise((resolve) => permit.lost.addEventListener('abort', resolve, { once: true }))
    await clock.advance(leaseMs / 3)
    await lost
    await permit.release()
    await permit.release()
  })

  it('leaves nothing behind when a wait is aborted or times out', async () => {
    // Who is gone without a word holds up the others for ten times as long.
    const [a, b, c] = semaphores('abort', 1, { maxPollMs: 20_000 })
    const permit = await (a as Semaphore).acquire()
    const controller = new AbortController()
    const left = caught((b as Semaphore).acquire({ signal: controller.signal }))
    await expect.poll(() => clients[0]?.zCard('sluice:semaphore:{abort}:waiting')).toBe(1)
    controller.abort(new Error('left'))
    expect(await left).toMatchObject({ message: 'left' })
    expect(await caught((b as Semaphore).acquire({ timeoutMs: 40 }))).toMatchObject({ code: 'queue.timeout' })
    await permit.release()
    const next = await (c as Semaphore).acquire({ timeoutMs: 60_000 })
    await next.release()
    while (((await clients[0]?.keys('sluice:semaphore:{abort}*')) ?? []).length > 0) await sleep(5)
  })

  it('does not hang on a server that is away', async () => {
    const [a] = semaphores('down', 1, { commandTimeoutMs: 80 })
    await server.kill()
    const started = performance.now()
    expect(await caught((a as Semaphore).acquire())).toMatchObject({ code: expect.stringMatching(/^redis\./) })
    expect(performance.now() - started).toBeLessThan(20_000)
    await server.restart()
    await expect.poll(() => caught((a as Semaphore).acquire().then((permit) => permit.release()))).toBeUndefined()
  })

  it('works in a cluster', async () => {
    const cluster = await startRedisCluster()
    const client = createCluster({ rootNodes: [...cluster.rootNodes] })
    await client.connect()
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      const semaphore = redisSemaphore(client, { name, permits: 1, ...patient })
      const permit = await semaphore.acquire()
      expect(await caught(semaphore.acquire({ timeoutMs: 0 }))).toMatchObject({ code: 'queue.timeout' })
      await permit.release()
    }
    client.destroy()
    await cluster.stop()
  })

  it.each([
    [{ permits: 1 }, 'name of'],
    [{ name: 'x' }, 'permits of'],
    [{ name: 'x', permits: 0 }, 'at least 1'],
    [{ name: 'x', permits: 1, leaseMs: 5 }, 'leaseMs'],
    [{ name: 'x', permits: 1, timeoutMs: -1 }, 'timeoutMs'],
    [{ name: 'x', permits: 1, maxPollMs: 1 }, 'maxPollMs'],
    [{ name: 'x', permits: 1, commandTimeoutMs: 0 }, 'commandTimeoutMs'],
    [{ name: 'x', permits: 1, prefix: '{}' }, 'prefix'],
    [{ name: 'x', permits: 1, clock: 1 }, 'clock'],
    [{ name: 'x', permits: 1, ttl: 1 }, 'no option "ttl"'],
  ])('%j is refused: %s', (options, message) => {
    expect(() => redisSemaphore(clients[0] as never, options as RedisSemaphoreOptions)).toThrow(message)
    expect(() => redisSemaphore({} as never, { name: 'x', permits: 1 })).toThrow('connected client')
  })
})
