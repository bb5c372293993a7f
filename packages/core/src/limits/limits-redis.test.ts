import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { createClient } from 'redis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startRedis, type TestRedis } from '../testing/redis/index.ts'
import { createLimiter } from './limiter.ts'
import { redisLimitStore } from './store/redis-store.ts'
import { serverTimeMs } from './testing/server-time.ts'

describe('a server that is killed and started again under load', () => {
  let server: TestRedis
  let client: ReturnType<typeof createClient>
  beforeAll(async () => {
    server = await startRedis()
    client = createClient({ url: server.url, socket: { reconnectStrategy: 10 } })
    client.on('error', () => undefined)
    await client.connect()
  })
  afterAll(async () => {
    client.destroy()
    await server.stop()
  })

  it('leaves each process its share, and decides again as soon as it is back', async () => {
    const store = redisLimitStore(client, { timeoutMs: 100 })
    const limiter = createLimiter({ requestsPerMinute: 400, processes: 4, storeRetryMs: 30, store })
    const seen = { store: 0, local: 0, refused: 0, slowestMs: 0 }
    let isDone = false
    const load = Array.from({ length: 8 }, async () => {
      while (!isDone) {
        const started = performance.now()
        const { permit } = await limiter.take({ subject: 'acme' })
        seen.slowestMs = Math.max(seen.slowestMs, performance.now() - started)
        if (!permit) seen.refused += 1
        else if (permit.isLocal) seen.local += 1
        else {
          seen.store += 1
          await limiter.settle(permit, { requests: 0 })
        }
        await sleep(1)
      }
    })
    await eventually(() => seen.store > 50)
    await server.kill()
    await eventually(() => seen.local >= 100 && seen.refused > 50)
    const { local, store: before } = seen
    // 400 ÷ 4 at once, and what has become free of it since.
    expect(local).toBeLessThan(130)
    await server.restart()
    await eventually(() => seen.store > before + 50)
    isDone = true
    await Promise.all(load)
    expect(seen.slowestMs).toBeLessThan(20_000)
  })
})

describe('concurrency between processes', () => {
  let server: TestRedis
  beforeAll(async () => void (server = await startRedis()))
  afterAll(() => server.stop())

  it('is never exceeded, whoever is killed, and what the dead held is freed', async () => {
    const limit = 4
    const client = await createClient({ url: server.url }).connect()
    const held = new Map<string, Hold>()
    const start = (seed: number): Worker => startWorker(server.url, limit, seed, held, () => serverTimeMs(client))
    const workers = Array.from({ length: 6 }, (_, at) => start(at + 1))
    const holds = (atLeast: number): Promise<void> => eventually(() => held.size >= atLeast)
    for (let kills = 0; kills < 6; kills += 1) {
      const at = (kills * 5) % workers.length
      await eventually(() => (workers[at]?.taken ?? 0) > 3)
      await workers[at]?.kill()
      workers[at] = start(100 + kills)
    }
    // After all those kills the places are in use as before.
    await holds(held.size + 60)
    await Promise.all(workers.map((worker) => worker.kill()))
    client.destroy()

    // One that was held up until its lease was over held nothing.
    const sure = [...held.values()].filter(({ fromMs, toMs }) => fromMs < toMs)
    expect(sure.length).toBeGreaterThan(60)
    const edges = sure.flatMap(({ fromMs, toMs }) => [
      { atMs: fromMs, change: 1 },
      { atMs: toMs, change: -1 },
    ])
    edges.sort((a, b) => a.atMs - b.atMs || a.change - b.change)
    let [now, most] = [0, 0]
    for (const { change } of edges) most = Math.max(most, (now += change))
    expect(most).toBe(limit)
  })
})

/** Waits for something that other processes bring about. */
async function eventually(holds: () => boolean): Promise<void> {
  await expect.poll(holds, { interval: 5 }).toBe(true)
}

interface Worker {
  /** How often it has held a place. */
  readonly taken: number
  kill(): Promise<void>
}

/** A place that was held, by the server's clock: surely from the one to the other. */
interface Hold {
  readonly fromMs: number
  toMs: number
  leaseEndMs: number
}

function startWorker(
  url: string,
  limit: number,
  seed: number,
  held: Map<string, Hold>,
  timeMs: () => Promise<number>,
): Worker {
  const script = new URL('testing/seat-worker.ts', import.meta.url).pathname
  const args = ['--conditions=@sluice/source', script, url, 'sluice:test', String(limit), String(seed)]
  const child: ChildProcess = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const mine = new Set<string>()
  const open = new Set<string>()
  let rest = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const [sign = '', id = '', ...times] = line.split(' ')
      const [first = 0, second = 0] = times.map(Number)
      const hold = held.get(id)
      if (sign === '+') {
        held.set(id, { fromMs: first, toMs: first, leaseEndMs: second })
        mine.add(id)
        open.add(id)
      } else if (hold && sign === '=') hold.leaseEndMs = first
      else if (hold) {
        hold.toMs = Math.min(first, hold.leaseEndMs)
        open.delete(id)
      }
    }
  })
  return {
    get taken() {
      return mine.size
    },
    async kill() {
      const closed = once(child, 'close')
      const atMs = await timeMs()
      child.kill('SIGKILL')
      await closed
      // What it held when it was killed, it held until then, or until its lease was over.
      for (const id of open) {
        const hold = held.get(id)
        if (hold) hold.toMs = Math.min(atMs, hold.leaseEndMs)
      }
    },
  }
}
