import { createClient } from 'redis'
import { fakeClock } from '@sluice/core/testing'
import { startRedis, timedClient, type TestRedis } from '@sluice/core/testing/redis'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { leadOrWait } from '../store/lock-wait.ts'
import type { StoreKey } from '../store/store.ts'
import { entryOf } from '../testing/store-world.ts'
import { redisStore } from './redis-store.ts'
import { scopeIdleMs, tagKeepMs } from './store-scripts.ts'

const key: StoreKey = { scope: 'acme', id: 'x' }
const entryKey = 'sluice:cache:{acme}:entry:x'
const tagsKey = 'sluice:cache:{acme}:tags'
const minuteMs = 60_000
const timeoutMs = 30_000

let server: TestRedis
let client: ReturnType<typeof createClient>
beforeAll(async () => {
  server = await startRedis()
  client = createClient({ url: server.url, socket: { reconnectStrategy: 20 } })
  client.on('error', () => undefined)
  await client.connect()
})
afterAll(async () => {
  client.destroy()
  await server.stop()
})
beforeEach(async () => void (await client.flushAll()))

describe('at construction', () => {
  const bad = (...args: unknown[]): unknown => {
    try {
      return Reflect.apply(redisStore, undefined, args)
    } catch (error) {
      return error
    }
  }

  it('refuses an address, and shows what to pass instead', () => {
    for (const given of ['redis://:secret@localhost', { url: 'redis://localhost' }, null, undefined]) {
      const error = bad(given)
      expect(error).toMatchObject({ code: 'config.redis_client' })
      expect((error as Error).message).toContain('redisStore(await createClient({ url })')
      expect((error as Error).message).not.toContain('secret')
    }
  })

  it('refuses options that are none', () => {
    const options = [{ ttlMs: 1 }, { prefix: '{a}' }, { timeoutMs: 0 }, { timeoutMs: '5' }, { compression: 'brotli' }]
    const subscribers = [{ subscriber: client }, { subscriber: {} }, { subscriber: 'redis://localhost' }]
    for (const each of [...options, ...subscribers]) expect(bad(client, each)).toMatchObject({ code: 'config.option' })
  })
})

describe('what it keeps on the server', () => {
  it('is one string an entry and one hash a scope, which expire', async () => {
    const store = redisStore(client, { timeoutMs })
    const { generations } = await store.get(key, [])
    expect(await client.pTTL(tagsKey)).toBeGreaterThan(scopeIdleMs - 5_000)
    await store.set(key, entryOf(Date.now(), generations))
    const { lock } = store
    await lock?.call(store, key, minuteMs)
    expect((await client.keys('*')).toSorted()).toEqual([entryKey, 'sluice:cache:{acme}:lock:x', tagsKey])
    expect(await client.pTTL(entryKey)).toBeGreaterThan(minuteMs - 5_000)
    expect(await client.pTTL(entryKey)).toBeLessThanOrEqual(minuteMs)
    // An hour longer than any of the scope's entries, however short the later ones live.
    const long = { freshUntilMs: Date.now() + 10 * scopeIdleMs }
    await store.set({ ...key, id: 'long' }, { ...entryOf(Date.now(), generations), ...long })
    await store.set(key, entryOf(Date.now(), generations))
    expect(await client.pTTL(tagsKey)).toBeGreaterThan(11 * scopeIdleMs - 5_000)
    await store.invalidate('acme', ['', 'a'])
    expect(await client.pTTL(tagsKey)).toBeGreaterThan(11 * scopeIdleMs - 5_000)
  })

  it('may lose the hash: then what it knew is lost, and nothing comes back', async () => {
    const store = redisStore(client, { timeoutMs })
    const before = (await store.get(key, ['a'])).generations
    await store.set(key, entryOf(Date.now(), before))
    await store.invalidate('acme', ['a'])
    await client.del(tagsKey)
    const after = await store.get(key, ['a'])
    expect(after.entry).toBeUndefined()
    expect(after.generations['']).toBeGreaterThan(before[''] ?? Infinity)
    expect(await store.set(key, entryOf(Date.now(), before))).toBe(false)
    expect(await store.set(key, entryOf(Date.now(), after.generations))).toBe(true)
  })

  it('may be anything: what it did not write is nothing', async () => {
    const store = redisStore(client, { timeoutMs })
    await store.set(key, entryOf(Date.now(), (await store.get(key, [])).generations))
    const good = String(await client.get(entryKey))
    const stamps = good.slice(1, good.indexOf('\n'))
    const values = [
      '',
      '1',
      '1\n',
      '1{}\n',
      `2${good.slice(1)}`,
      `1[1]\n1j{}`,
      `1${stamps}\n1j{}`,
      `1${stamps}`,
      `1null\n`,
    ]
    for (const value of [...values, `1{"":"x"}\n1j{}`, `1${'['.repeat(5_000)}\n1j{}`]) {
      await client.set(entryKey, value)
      expect((await store.get(key, [])).entry, value.slice(0, 40)).toBeUndefined()
    }
    await client.set(entryKey, good)
    expect((await store.get(key, [])).entry?.answer['text']).toBe('Paris')
    await client.del(entryKey)
    await client.hSet(entryKey, 'a', 'b')
    await expect(store.get(key, [])).rejects.toMatchObject({ code: 'redis.refused' })
  })

  it('forgets tags that say nothing any more, and none too early', async () => {
    const clock = fakeClock(Date.now())
    const store = redisStore(timedClient(client, clock), { clock, timeoutMs })
    const { generations } = await store.get(key, ['tag 0'])
    for (let at = 0; at < 100; at += 1) await store.invalidate('acme', [`tag ${at}`])
    await clock.advance(tagKeepMs - 2 * minuteMs)
    for (let at = 0; at < 50; at += 1) await store.invalidate('acme', ['late'])
    expect(await client.hLen(tagsKey)).toBe(102)
    expect(await store.set(key, entryOf(clock.now(), generations))).toBe(false)
    await clock.advance(3 * minuteMs)
    for (let at = 0; at < 400; at += 1) await store.invalidate('acme', ['late'])
    expect(await client.hLen(tagsKey)).toBeLessThan(30)
    // An entry with a long life keeps what it depends on.
    const later = (await store.get(key, ['doc'])).generations
    const freshUntilMs = clock.now() + 3 * tagKeepMs
    expect(await store.set(key, { ...entryOf(clock.now(), later), freshUntilMs })).toBe(true)
    await store.invalidate('acme', ['doc'])
    await clock.advance(2 * tagKeepMs)
    for (let at = 0; at < 200; at += 1) await store.invalidate('acme', ['late'])
    expect((await store.get(key, [])).entry).toBeUndefined()
    expect(await client.hGet(tagsKey, 'doc')).toMatch(/^\d+:\d+$/)
  })
})

describe('a server that fails', () => {
  it('is given up within the time limit, and used again when it answers', async () => {
    const patient = redisStore(client, { timeoutMs })
    const { generations } = await patient.get(key, [])
    await patient.set(key, { ...entryOf(Date.now(), generations), freshUntilMs: Date.now() + 60 * minuteMs })
    const store = redisStore(client, { timeoutMs: 80 })
    server.pause()
    const began = performance.now()
    const load = Array.from({ length: 200 }, (_, at) => store.get({ ...key, id: `${at}` }, []))
    for (const each of await Promise.allSettled([...load, store.invalidate('acme', ['b'])]))
      expect(each).toMatchObject({ status: 'rejected', reason: { code: 'redis.timeout' } })
    expect(performance.now() - began).toBeLessThan(20_000)
    server.resume()
    await expect.poll(async () => (await store.get(key, []).catch(() => undefined))?.entry).toBeDefined()
  })

  it('may be killed in mid-load', async () => {
    const store = redisStore(client, { timeoutMs: 200 })
    let isOver = false
    const counts = { served: 0, failed: 0 }
    const load = Array.from({ length: 20 }, async () => {
      while (!isOver)
        await store.get(key, []).then(
          () => (counts.served += 1),
          (error: unknown) => {
            expect(error).toMatchObject({ code: expect.stringMatching(/^redis\.(timeout|unavailable)$/) })
            counts.failed += 1
          },
        )
    })
    await expect.poll(() => counts.served).toBeGreaterThan(100)
    await server.kill()
    await expect.poll(() => counts.failed).toBeGreaterThan(20)
    await server.restart()
    const { served } = counts
    await expect.poll(() => counts.served).toBeGreaterThan(served + 100)
    isOver = true
    await Promise.all(load)
  })

  it('keeps no lock for a caller that gave up', async () => {
    const store = redisStore(client, { timeoutMs: 50 })
    server.pause()
    await expect(store.lock?.(key, minuteMs)).rejects.toMatchObject({ code: 'redis.timeout' })
    server.resume()
    await expect.poll(() => store.lock?.(key, minuteMs).catch(() => undefined)).toBeDefined()
  })
})

describe('pushes', () => {
  it('are live while the connection is, and say so when it is not', async () => {
    const subscriber = createClient({ url: server.url, socket: { reconnectStrategy: 20 } })
    subscriber.on('error', () => undefined)
    await subscriber.connect()
    const lives: boolean[] = []
    const heard: unknown[] = []
    const store = redisStore(client, { subscriber, timeoutMs })
    const stop = store.onInvalidation?.(
      (gone) => heard.push(gone),
      (isLive) => lives.push(isLive),
    )
    await expect.poll(() => lives).toEqual([true])
    await server.kill()
    await expect.poll(() => lives).toEqual([true, false])
    await server.restart()
    await expect.poll(() => lives).toEqual([true, false, true])
    await expect.poll(() => client.isReady).toBe(true)
    // Its own ones it has dealt with itself; what is no message is none.
    await store.invalidate('acme', ['own'])
    for (const message of ['', '{', 'null', '[]', '{"scope":1}', '{"scope":"a"}', '{"scope":"a","tag":"b"}'])
      await client.publish('sluice:cache:gone', message)
    await redisStore(client, { timeoutMs }).delete(key)
    await expect.poll(() => heard).toEqual([key])
    stop?.()
    expect(lives.at(-1)).toBe(false)
    subscriber.destroy()
  })
})

describe('a process that is killed', () => {
  it('delays those who wait for its answer by at most its lease', async () => {
    // Renewed every 1.2 s and lost after 3.6: neither process may be held up for longer than the rest.
    const leaseMs = 4_000
    const holder = fork(
      fileURLToPath(new URL('lock-holder.ts', import.meta.url)),
      [server.url, 'acme', 'x', `${leaseMs}`],
      {
        execArgv: ['--conditions=@sluice/source'],
      },
    )
    try {
      expect((await once(holder, 'message'))[0]).toBe('lead')
      const store = redisStore(client, { timeoutMs })
      let isOver = false
      const waiting = leadOrWait({ store, key, leaseMs, maxWaitMs: 10 * minuteMs, read: async () => undefined })
      void waiting.then(() => (isOver = true))
      // It is renewed while its holder lives.
      const endsAtMs = (): Promise<number> => client.pExpireTime('sluice:cache:{acme}:lock:x')
      const firstEndsAtMs = await endsAtMs()
      await expect.poll(endsAtMs).toBeGreaterThan(firstEndsAtMs)
      expect(isOver).toBe(false)
      holder.kill('SIGKILL')
      await once(holder, 'exit')
      // The others look again every 200 ms.
      expect(await client.pTTL('sluice:cache:{acme}:lock:x')).toBeLessThanOrEqual(leaseMs - 200)
      const result = await waiting
      expect(result.role).toBe('lead')
      if (result.role === 'lead') await result.release()
    } finally {
      holder.kill('SIGKILL')
    }
  })
})
