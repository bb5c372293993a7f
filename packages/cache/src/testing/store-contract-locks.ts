import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { Store, StoreKey } from '../store/store.ts'
import { inTime, type StoreCase, type StoreWorld } from './store-world.ts'

/** Longer than a case takes, however busy the machine is. */
const longMs = 120_000

type Locking = Required<Pick<Store, 'lock'>> & Store

/** A case for stores that have locks; others pass. */
function lockCase(
  name: string,
  run: (stores: readonly Locking[], key: StoreKey, world: StoreWorld) => Promise<void>,
): StoreCase {
  return {
    name,
    async run(world) {
      const stores = [world.store, world.other ?? world.store]
      if (stores.every(hasLock)) await run(stores, { scope: randomUUID(), id: 'id' }, world)
    },
  }
}

function hasLock(store: Store): store is Locking {
  return typeof store.lock === 'function'
}

export const lockCases: readonly StoreCase[] = [
  lockCase('gives a lock to one of many', async (stores, key) => {
    const asked = Array.from({ length: 20 }, (_, at) => stores[at % 2]!.lock(key, longMs))
    const held = (await Promise.all(asked)).filter((lock) => lock !== undefined)
    assert.equal(held.length, 1)
    const elsewhere = await Promise.all([
      stores[0]!.lock({ ...key, id: 'other' }, longMs),
      stores[0]!.lock({ ...key, scope: randomUUID() }, longMs),
    ])
    assert.ok(elsewhere.every((lock) => lock !== undefined))
    await held[0]?.release()
    const next = await stores[1]!.lock(key, longMs)
    assert.ok(next)
    await Promise.all([next, ...elsewhere].map((lock) => lock?.release()))
  }),
  lockCase(
    'frees a lock whose lease has ended, and keeps one that is renewed',
    async ([store, other], { scope }, { now, pass }) => {
      await inTime(async (leaseMs) => {
        const key = { scope, id: randomUUID() }
        const startMs = now()
        const first = await store!.lock(key, leaseMs)
        await pass(leaseMs / 4)
        const isRenewed = await first!.renew(longMs)
        if (now() >= startMs + leaseMs) return false
        assert.equal(isRenewed, true)
        await pass(leaseMs)
        assert.equal(await other!.lock(key, longMs), undefined)
        assert.equal(await first!.renew(100), true)
        await pass(120)
        const second = await other!.lock(key, longMs)
        assert.ok(second)
        assert.equal(await first!.renew(longMs), false)
        await first!.release()
        assert.equal(await store!.lock(key, longMs), undefined, 'the first holder freed the lock of the second')
        await second.release()
        await second.release()
        assert.equal(await second.renew(longMs), false)
        return true
      })
    },
  ),
  lockCase('keeps locks and entries apart', async ([store], key) => {
    const lock = await store!.lock(key, longMs)
    assert.equal((await store!.get(key, [])).entry, undefined)
    await store!.delete(key)
    assert.equal(await store!.lock(key, longMs), undefined)
    await lock!.release()
  }),
]
