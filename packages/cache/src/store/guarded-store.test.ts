import { fakeClock } from '@sluice/core/testing'
import { describe, expect, it } from 'vitest'
import {
  acme,
  cachedClients,
  chat,
  chatAnswer,
  chatQuery,
  decisionsOf,
  outcomeOf,
  plainCache,
} from '../cache-fixture.ts'
import { entryOf } from '../testing/store-world.ts'
import { GuardedStore } from './guarded-store.ts'
import { memoryStore } from './memory-store.ts'
import { everything, type Store } from './store.ts'

const key = { scope: 'a', id: 'b' }

/** A store elsewhere that answers when it is told to, and can be made to hang or fail. */
function farStore() {
  const clock = fakeClock()
  const { isLocal: _, ...memory } = memoryStore({ clock })
  const state = { mode: 'up' as 'up' | 'down' | 'hangs', asked: 0, wake: [] as (() => void)[] }
  const through = async <T>(run: () => Promise<T>): Promise<T> => {
    state.asked += 1
    if (state.mode === 'down') throw new Error('connection refused')
    if (state.mode === 'hangs') await new Promise<void>((resolve) => state.wake.push(resolve))
    return run()
  }
  const store: Store = {
    ...memory,
    get: (...args) => through(() => memory.get(...args)),
    set: (...args) => through(() => memory.set(...args)),
    lock: () => through(async () => ({ renew: async () => true, release: async () => undefined })),
  }
  return { clock, state, store }
}

describe('GuardedStore', () => {
  it('waits for a store for as long as it may, and no longer', async () => {
    const { clock, state, store } = farStore()
    const guarded = new GuardedStore(store, 25, clock)
    state.mode = 'hangs'
    const read = guarded.read(key, [])
    await clock.advance(24)
    expect(await Promise.race([read, 'waiting'])).toBe('waiting')
    await clock.advance(1)
    expect(await read).toMatchObject({ found: undefined, failure: 'store_late' })
    const write = guarded.write(key, entryOf(clock.now(), { [everything]: 0 }))
    await clock.advance(25)
    expect(await write).toBe('store_late')
    expect(clock.pendingSleeps).toBe(0)
  })

  it('learns late where the tags stood, which is when they were asked for', async () => {
    const { clock, state, store } = farStore()
    const guarded = new GuardedStore(store, 25, clock)
    state.mode = 'hangs'
    const asked = guarded.read(key, ['t'])
    await clock.advance(25)
    const { told } = await asked
    expect(told).toEqual({})
    state.wake[0]?.()
    await clock.advance(0)
    expect(told).toEqual({ generations: { [everything]: 0, t: 0 } })
  })

  it('leaves a store alone that fails again and again, and tries it with one call a second', async () => {
    const { clock, state, store } = farStore()
    const guarded = new GuardedStore(store, 25, clock)
    const failures = async (times: number): Promise<(string | undefined)[]> => {
      const reads = []
      for (let time = 0; time < times; time += 1) reads.push((await guarded.read(key, [])).failure)
      return reads
    }
    state.mode = 'down'
    expect(await failures(7)).toEqual([
      ...Array.from({ length: 5 }, () => 'store_failed'),
      'store_paused',
      'store_paused',
    ])
    expect(state.asked).toBe(5)
    expect(await guarded.write(key, entryOf(clock.now(), { [everything]: 0 }))).toBe('store_paused')
    await expect(guarded.locks.lock?.(key, 1_000)).rejects.toThrow()
    await clock.advance(1_000)
    expect(await failures(3)).toEqual(['store_failed', 'store_paused', 'store_paused'])
    state.mode = 'up'
    await clock.advance(1_000)
    expect(await failures(3)).toEqual([undefined, undefined, undefined])
    state.mode = 'down'
    expect(await failures(1)).toEqual(['store_failed'])
  })

  it('gives back a lock that comes too late', async () => {
    const { clock, state, store } = farStore()
    let released = 0
    const lock: Store['lock'] = async () => {
      await new Promise<void>((resolve) => state.wake.push(resolve))
      return { renew: async () => true, release: async () => void (released += 1) }
    }
    const { locks } = new GuardedStore({ ...store, lock }, 25, clock)
    const taken = locks.lock?.(key, 1_000)
    const refused = taken?.catch((error: Error) => error.message)
    await clock.advance(25)
    expect(await refused).toContain('did not answer')
    state.wake[0]?.()
    await clock.advance(0)
    expect(released).toBe(1)
  })
})

describe('a cache whose store', () => {
  const keySecret = 'sixteen or more characters'

  it('is down is no cache, and fails no call', async () => {
    const { clock, state, store } = farStore()
    const { openai, provider, answers } = cachedClients({ clock, cache: { store, keySecret } })
    state.mode = 'down'
    const ask = (): Promise<unknown> => openai.chat.completions.create(chat)
    expect(await decisionsOf(ask)).toEqual(['miss store_failed', 'skip store_failed'])
    for (let time = 0; time < 10; time += 1) await ask()
    expect(await decisionsOf(ask)).toEqual(['miss store_paused', 'skip store_failed'])
    provider.expectCalls(12)
    expect(state.asked).toBe(5)
    expect(answers.stats()).toMatchObject({ misses: 12, storeFailures: 12, stores: 0 })
    state.mode = 'up'
    await clock.advance(1_000)
    expect(await decisionsOf(ask)).toEqual(['miss absent', 'store exact'])
    expect(await decisionsOf(ask)).toEqual(['hit exact'])
  })

  it('hangs delays a call by its deadline, at both ends', async () => {
    const { clock, state, store } = farStore()
    const { openai, provider } = cachedClients({ clock, cache: { store, keySecret } })
    await openai.models.list()
    state.mode = 'hangs'
    const startedAtMs = clock.now()
    await clock.run(openai.chat.completions.create(chat))
    expect(clock.now() - startedAtMs).toBeLessThanOrEqual(50)
    provider.expectCalls(2)
  })

  it('answered late may keep the answer all the same', async () => {
    const { clock, state, store } = farStore()
    const { answers } = plainCache({ clock, store, keySecret })
    state.mode = 'hangs'
    const asked = answers.lookup(chatQuery(), acme)
    await clock.advance(25)
    const found = await asked
    if (found.outcome !== 'miss') throw new Error(found.outcome)
    state.mode = 'up'
    const given = { answer: chatAnswer(), ticket: found.ticket }
    expect(await answers.store(chatQuery(), given, acme)).toEqual({ stored: false, reason: 'store_failed' })
    state.wake[0]?.()
    await clock.advance(0)
    expect(await answers.store(chatQuery(), given, acme)).toEqual({ stored: true })
    expect(await outcomeOf(answers)).toBe('hit exact')
  })
})
