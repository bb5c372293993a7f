import { systemClock, type Clock } from '../clock.ts'
import { backgroundSleep } from '../limits/background-sleep.ts'
import { isRedisClient, redisKeys, runScript, type RedisClient } from '../redis/index.ts'
import { checkClock, checkMs, checkNames, checkWhole, refuse, shown } from '../limits/check-options.ts'
import { timeoutError } from './queue-error.ts'
import { acquireScript, releaseScript, renewScript } from './semaphore-scripts.ts'

export interface RedisSemaphoreOptions {
  /** What is shared: processes that give the same name share the permits. */
  readonly name: string
  /** How many may hold one at the same time: whole, 1 or more. All processes have to give the same. */
  readonly permits: number
  /** Milliseconds after which the permit of a process that is gone is free again; 100 or more. @default 30000 */
  readonly leaseMs?: number
  /** The longest wait for a permit, in milliseconds. @default 30000 */
  readonly timeoutMs?: number
  /** Milliseconds between two looks whether it is our turn, at the most; it begins with 10. @default 250 */
  readonly maxPollMs?: number
  /** How long to wait for an answer of Redis, in milliseconds. @default 1000 */
  readonly commandTimeoutMs?: number
  /** What the keys begin with. @default 'sluice:semaphore' */
  readonly prefix?: string
  /** @default the system's clock */
  readonly clock?: Clock
}

export interface SemaphoreRequest {
  readonly signal?: AbortSignal | undefined
  /** In the place of the semaphore's own. 0: only if one is free. */
  readonly timeoutMs?: number
}

export interface SemaphorePermit {
  /** How long it was waited for, in milliseconds. */
  readonly waitedMs: number
  /** Aborts when the lease was lost: Redis could not be reached for so long that another may hold the permit by now. */
  readonly lost: AbortSignal
  /** Gives it back. Never rejects: when Redis does not answer, the lease ends by itself. A second time does nothing. */
  release(): Promise<void>
}

export interface Semaphore {
  /**
   * Resolves with a permit when it is our turn: first come, first served, between all processes.
   *
   * @throws {SluiceError} `queue.timeout`; `redis.timeout`, `redis.unavailable`, `redis.refused`.
   */
  acquire(request?: SemaphoreRequest): Promise<SemaphorePermit>
}

const optionNames = ['name', 'permits', 'leaseMs', 'timeoutMs', 'maxPollMs', 'commandTimeoutMs', 'prefix', 'clock']
const process = crypto.randomUUID()
let requests = 0

/**
 * A number of permits that processes share through Redis, each lent for `leaseMs` and prolonged for as long as it is held.
 * A process that is killed gives its permit back at the end of the lease at the latest. While a process hangs for longer
 * than the lease, its permit may be given to another: `lost` tells.
 *
 * @throws {SluiceError} `config.option`.
 *
 * @example
 * import { createClient } from 'redis'
 * import { redisSemaphore } from '@sluice/core/queue'
 *
 * const client = await createClient().on('error', console.error).connect()
 * const gpu = redisSemaphore(client, { name: 'gpu', permits: 4 })
 * const permit = await gpu.acquire()
 * try {
 *   // … work, in any of many processes …
 * } finally {
 *   await permit.release()
 * }
 */
export function redisSemaphore(client: RedisClient, options: RedisSemaphoreOptions): Semaphore {
  if (!isRedisClient(client))
    refuse('redisSemaphore() needs a connected client of the package redis, version 5 or later.')
  checkNames(options, optionNames, 'redisSemaphore()')
  const { name, permits, leaseMs = 30_000, timeoutMs = 30_000, maxPollMs = 250 } = options
  const { commandTimeoutMs = 1_000, prefix = 'sluice:semaphore', clock = systemClock } = options
  if (typeof name !== 'string' || name === '')
    refuse(`name of redisSemaphore() must be a text: what is shared. Got ${shown(name)}.`)
  checkWhole(permits, 'permits of redisSemaphore()')
  checkMs(leaseMs, 'leaseMs of redisSemaphore()', 100, 86_400_000)
  checkMs(timeoutMs, 'timeoutMs of redisSemaphore()', 0)
  checkMs(maxPollMs, 'maxPollMs of redisSemaphore()', 10, 60_000)
  checkMs(commandTimeoutMs, 'commandTimeoutMs of redisSemaphore()', 1, 60_000)
  checkClock(clock, 'redisSemaphore()')
  const keysOf = redisKeys(prefix)
  const keys = [keysOf(name), keysOf(name, 'waiting'), keysOf(name, 'alive')]
  // A waiter looks again many times before it is taken for dead.
  const patienceUs = Math.max(5_000, maxPollMs * 10) * 1_000
  const leaseUs = leaseMs * 1_000

  const release = async (id: string): Promise<void> => {
    await runScript(client, releaseScript, { keys, args: [id], timeoutMs: commandTimeoutMs }).catch(() => undefined)
  }

  const hold = (id: string, waitedMs: number): SemaphorePermit => {
    const lost = new AbortController()
    let isReleased = false
    let sureUntilMs = clock.now() + leaseMs
    const renew = async (): Promise<void> => {
      for (;;) {
        await backgroundSleep(clock, leaseMs / 3)
        if (isReleased) return
        const askedAtMs = clock.now()
        const args = [id, leaseUs]
        try {
          const held = await runScript(client, renewScript, {
            keys: keys.slice(0, 1),
            args,
            timeoutMs: commandTimeoutMs,
          })
          if (held !== 1) return lost.abort()
          sureUntilMs = askedAtMs + leaseMs
        } catch {
          if (clock.now() >= sureUntilMs) return lost.abort()
        }
      }
    }
    void renew()
    return {
      waitedMs,
      lost: lost.signal,
      async release() {
        if (isReleased) return
        isReleased = true
        await release(id)
      },
    }
  }

  return {
    async acquire(request = {}) {
      const { signal } = request
      const sinceMs = clock.now()
      const untilMs = sinceMs + (request.timeoutMs ?? timeoutMs)
      requests += 1
      const id = `${process}:${requests}`
      try {
        for (let pollMs = 10; ; pollMs = Math.min(maxPollMs, pollMs * 2)) {
          const waits = untilMs > clock.now() ? '1' : '0'
          const args = [id, permits, leaseUs, patienceUs, waits]
          const reply = await runScript(client, acquireScript, { keys, args, timeoutMs: commandTimeoutMs, signal })
          const [held, ahead, freesInUs] = reply as [number, number, number]
          const waitedMs = clock.now() - sinceMs
          if (held === 1) return hold(id, waitedMs)
          if (waits === '0') throw timeoutError(waitedMs, 'timeout', ahead)
          const nextMs = Math.min(pollMs * (0.75 + Math.random() / 2), Math.max(1, freesInUs / 1_000))
          await clock.sleep(Math.min(nextMs, Math.max(0, untilMs - clock.now())), signal)
        }
      } catch (error) {
        // What was asked may have been carried out, and a waiter who is gone must not hold up those behind.
        void release(id)
        throw error
      }
    },
  }
}
