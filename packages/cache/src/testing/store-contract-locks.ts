import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { Store, StoreKey } from '../store/store.ts'
import type { StoreCase, StoreWorld } from './store-world.ts'

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
    const asked = Array.from({ length: 20 }, (_, at) => stores[at % 2]!.lock(key, 5_000))
    const held = (await Promise.all(asked)).filter((lock) => lock !== undefined)
    assert.equal(held.length, 1)
    const elsewhere = await Promise.all([
      stores[0]!.lock({ ...key, id: 'other' }, 5_000),
      stores[0]!.lock({ ...key, scope: randomUUID() }, 5_000),
    ])
    assert.ok(elsewhere.every((lock) => lock !== undefined))
    await held[0]?.release()
    const next = await stores[1]!.lock(key, 5_000)
    assert.ok(next)
    await Promise.all([next, ...elsewhere].map((lock) => lock?.release()))
  }),
  lockCase(
    'frees a lock whose lease has ended, and keeps one that is renewed',
    async ([store, other], key, { pass }) => {
      const first = await store!.lock(key, 900)
      await pass(450)
      assert.equal(await first!.renew(900), true)
      await pass(500)
      assert.equal(await other!.lock(key, 900), undefined)
      await pass(450)
      const second = await other!.lock(key, 5_000)
      assert.ok(second)
      assert.equal(await first!.renew(900), false)
      await first!.release()
      assert.equal(await store!.lock(key, 900), undefined, 'the first holder freed the lock of the second')
      await second.release()
      await second.release()
      assert.equal(await second.renew(900), false)
    },
  ),
  lockCase('keeps locks and entries apart', async ([store], key) => {
    const lock = await store!.lock(key, 5_000)
    assert.equal((await store!.get(key, [])).entry, undefined)
    await store!.delete(key)
    assert.equal(await store!.lock(key, 5_000), undefined)
    await lock!.release()
  }),
]
