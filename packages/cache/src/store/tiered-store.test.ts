import { fakeClock } from '@sluice/core/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import { entryOf, found } from '../testing/store-world.ts'
import { memoryStore } from './memory-store.ts'
import type { Invalidation, Store, StoredEntry } from './store.ts'
import { tieredStore } from './tiered-store.ts'

const key = { scope: 's', id: 'k' }
const nearTtlMs = 5_000
const clock = fakeClock()
const reads = { near: 0, far: 0 }
let near: Store
let far: Store
let isDown = false
/** Runs once far has read, before its reply arrives. */
let onTheWay: (() => unknown) | undefined

beforeEach(() => {
  Object.assign(reads, { near: 0, far: 0 })
  isDown = false
  onTheWay = undefined
  near = watched('near')
  far = watched('far')
})

function watched(name: 'near' | 'far'): Store {
  const store = memoryStore({ clock })
  const get: Store['get'] = async (...args) => {
    reads[name] += 1
    if (name === 'far' && isDown) throw new Error('down')
    const result = await store.get(...args)
    if (name === 'far') {
      await onTheWay?.()
      onTheWay = undefined
    }
    return result
  }
  return {
    ...store,
    get,
    set: async (...args) => (name === 'far' && isDown ? Promise.reject(new Error('down')) : store.set(...args)),
  }
}

/** Far with pushes that the test sends. */
function pushing(): { store: Store; push(gone: Invalidation): void; live(isLive: boolean): void } {
  let tell: ((gone: Invalidation) => void) | undefined
  let follow: ((isLive: boolean) => void) | undefined
  const store: Store = {
    ...far,
    onInvalidation: (listener, onLive) => {
      tell = listener
      follow = onLive
      return () => undefined
    },
  }
  return { store, push: (gone) => tell?.(gone), live: (isLive) => follow?.(isLive) }
}

async function put(store: Store, tags: readonly string[] = ['doc'], text = 'Paris'): Promise<StoredEntry> {
  const { generations } = await store.get(key, tags)
  const entry = entryOf(clock.now(), generations, { text })
  expect(await store.set(key, entry)).toBe(true)
  Object.assign(reads, { near: 0, far: 0 })
  return entry
}

describe('without pushes', () => {
  it('serves near for nearTtlMs, then looks at far and keeps what it has', async () => {
    const store = tieredStore(near, far, { clock, nearTtlMs })
    const entry = await put(far)
    expect(await found(store, key, ['doc'])).toEqual(entry)
    expect(reads).toEqual({ near: 1, far: 1 })
    await clock.advance(nearTtlMs - 1)
    expect(await found(store, key, ['doc'])).toEqual(entry)
    expect(reads.far).toBe(1)
    await clock.advance(1)
    expect(await found(store, key, ['doc'])).toEqual(entry)
    expect(reads.far).toBe(2)
    expect(await found(store, key, ['doc'])).toEqual(entry)
    expect(reads.far).toBe(2)
  })

  it('gives out what far said, so that an answer to a near hit can be stored in far', async () => {
    const store = tieredStore(near, far, { clock, nearTtlMs })
    await far.invalidate('s', ['doc', ''])
    const entry = await put(far)
    await found(store, key, ['doc'])
    const { entry: copy, generations } = await store.get(key, ['doc'])
    expect(reads.far).toBe(1)
    expect(copy).toEqual(entry)
    expect(copy).not.toHaveProperty('near')
    expect(Object.isFrozen(copy) && Object.isFrozen(copy?.answer)).toBe(true)
    expect(await store.set(key, entryOf(clock.now(), generations, { text: 'renewed' }))).toBe(true)
    expect((await found(far, key))?.answer['text']).toBe('renewed')
    expect((await found(store, key))?.answer['text']).toBe('renewed')
    // Invalidated in far only: the near hit's generations are old, and far refuses what is stored with them.
    await far.invalidate('s', ['doc'])
    const old = await store.get(key, ['doc'])
    expect(old.entry?.answer['text']).toBe('renewed')
    expect(await store.set(key, entryOf(clock.now(), old.generations))).toBe(false)
  })

  it('asks far for generations that near cannot tell, and copies nothing it could not invalidate', async () => {
    const store = tieredStore(near, far, { clock, nearTtlMs })
    await put(far, ['a', 'b'])
    for (let times = 1; times <= 2; times += 1) {
      await found(store, key, ['a'])
      expect(reads.far).toBe(times)
    }
    await found(store, key, ['a', 'b'])
    await found(store, key, ['a'])
    expect(reads.far).toBe(3)
    expect(Object.keys((await store.get(key, ['a', 'c'])).generations).toSorted()).toEqual(['', 'a', 'c'])
    expect(reads.far).toBe(4)
  })

  it('copies nothing that was invalidated while far was asked', async () => {
    const store = tieredStore(near, far, { clock, nearTtlMs })
    await put(far)
    onTheWay = () => store.invalidate('s', ['doc'])
    await found(store, key, ['doc'])
    expect(await found(store, key, ['doc'])).toBeUndefined()
    expect(near.size?.().entries).toBe(0)
  })

  it('serves near while far is down, and rejects the rest', async () => {
    const store = tieredStore(near, far, { clock, nearTtlMs })
    const entry = await put(far)
    await found(store, key, ['doc'])
    isDown = true
    expect(await found(store, key, ['doc'])).toEqual(entry)
    await expect(store.get({ ...key, id: 'other' }, [])).rejects.toThrow('down')
    await expect(store.set(key, entryOf(clock.now(), entry.tags, { text: 'new' }))).rejects.toThrow('down')
    expect((await found(store, key, ['doc']))?.answer['text']).toBe('Paris')
  })

  it('goes on with far when near fails', async () => {
    const broken: Store = {
      ...near,
      get: () => Promise.reject(new Error('near')),
      set: () => Promise.reject(new Error('near')),
    }
    const store = tieredStore(broken, far, { clock, nearTtlMs })
    const entry = await put(store)
    expect(await found(store, key, ['doc'])).toEqual(entry)
  })
})

describe('with pushes', () => {
  it('serves near for as long as the entry lives, and drops what it is told', async () => {
    const { store: remote, push, live } = pushing()
    const store = tieredStore(near, remote, { clock, nearTtlMs })
    live(true)
    for (const gone of [
      { scope: 's', id: 'k' },
      { scope: 's', tag: 'doc', generation: 1 },
      { scope: 's', tag: '', generation: 1 },
    ]) {
      await put(far)
      await found(store, key, ['doc'])
      await clock.advance(10 * nearTtlMs)
      await found(store, key, ['doc'])
      expect(reads.far).toBe(1)
      push(gone)
      await found(store, key, ['doc'])
      expect(reads.far).toBe(2)
    }
  })

  it('copies nothing that a push has overtaken', async () => {
    const { store: remote, push, live } = pushing()
    const store = tieredStore(near, remote, { clock, nearTtlMs })
    live(true)
    await put(far)
    onTheWay = () => push({ scope: 's', tag: 'doc', generation: 1 })
    await found(store, key, ['doc'])
    await found(store, key, ['doc'])
    expect(reads.far).toBe(2)
  })

  it('trusts nothing beyond nearTtlMs that was copied before a gap, or in one', async () => {
    const { store: remote, live } = pushing()
    const store = tieredStore(near, remote, { clock, nearTtlMs })
    for (const [before, after] of [
      [true, true],
      [false, true],
      [false, false],
      [true, false],
    ] as const) {
      live(before)
      await put(far, ['doc'], `${before} ${after}`)
      await near.delete(key)
      await found(store, key, ['doc'])
      live(false)
      live(after)
      await found(store, key, ['doc'])
      expect(reads.far).toBe(1)
      await clock.advance(nearTtlMs)
      await found(store, key, ['doc'])
      expect(reads.far).toBe(2)
    }
  })

  it('falls back to nearTtlMs when near cannot forget', async () => {
    const { store: remote, push, live } = pushing()
    const stubborn: Store = { ...near, delete: () => Promise.reject(new Error('no')) }
    const store = tieredStore(stubborn, remote, { clock, nearTtlMs })
    live(true)
    await put(far)
    await found(store, key, ['doc'])
    push({ scope: 's', id: 'k' })
    await clock.advance(nearTtlMs)
    await found(store, key, ['doc'])
    expect(reads.far).toBe(2)
  })
})

it('refuses what is no store, and options that are none', () => {
  const bad =
    (...args: unknown[]) =>
    () =>
      Reflect.apply(tieredStore, undefined, args) as unknown
  for (const args of [
    [near, undefined],
    ['redis://localhost', far],
    [near, {}],
    [near, near],
    [null, far],
  ])
    expect(bad(...args)).toThrow(expect.objectContaining({ code: 'config.option' }))
  for (const options of [{ ttlMs: 5 }, { nearTtlMs: 0 }, { nearTtlMs: Infinity }])
    expect(bad(near, far, options)).toThrow(expect.objectContaining({ code: 'config.option' }))
})
