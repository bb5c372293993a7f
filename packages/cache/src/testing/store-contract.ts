import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { everything, type Generations, type Invalidation, type Store, type StoreKey } from '../store/store.ts'
import { lockCases } from './store-contract-locks.ts'
import { entryOf, found, inTime, type StoreCase, type StoreContractCase, type StoreWorld } from './store-world.ts'

/**
 * What every store must do, as data: run each case in the test runner of your choice. Stores may be shared between cases:
 * each takes scopes of its own.
 *
 * @example
 * import { test } from 'node:test'
 * import { setTimeout as sleep } from 'node:timers/promises'
 *
 * const world = { store: memoryStore(), now: () => Date.now(), pass: (ms: number) => sleep(ms) }
 * for (const { name, run } of storeContract(() => world)) test(name, run)
 */
export function storeContract(make: () => StoreWorld | Promise<StoreWorld>): readonly StoreContractCase[] {
  return [...storeCases, ...lockCases].map(({ name, run }) => ({
    name,
    async run() {
      const world = await make()
      try {
        await run(world)
      } finally {
        await world.stop?.()
      }
    },
  }))
}

const keyIn = (scope: string, id = 'id'): StoreKey => ({ scope, id })
const newKey = (): StoreKey => keyIn(randomUUID())

/** What a request does first: it learns the generations that its answer will be stored with. */
async function begin(store: Store, key: StoreKey, tags: readonly string[] = []): Promise<Generations> {
  return (await store.get(key, tags)).generations
}

const oddTags = ['a b', '}', '{x}', 'é☕', '"\\\n', '__proto__', 'constructor', 'length', '0', 'x'.repeat(300)]
const oddScopes = ['a', 'a:b', 'a%7Db', 'a}b', '{a}', 'é', 'a:entry', '__proto__', 'a b\n']

const storeCases: readonly StoreCase[] = [
  {
    name: 'knows nothing at first, and tells every generation that is asked for',
    async run({ store }) {
      const { entry, generations } = await store.get(newKey(), ['a', 'b'])
      assert.equal(entry, undefined)
      assert.deepEqual(Object.keys(generations).toSorted(), [everything, 'a', 'b'])
      for (const generation of Object.values(generations))
        assert.ok(Number.isSafeInteger(generation) && generation >= 0)
    },
  },
  {
    name: 'gives back what it was given, deeply frozen',
    async run({ store, now }) {
      const key = newKey()
      const entry = entryOf(now(), await begin(store, key, ['doc']), { semantic: true })
      assert.equal(await store.set(key, entry), true)
      const back = await found(store, key, ['doc'])
      assert.deepEqual(JSON.parse(JSON.stringify(back)), JSON.parse(JSON.stringify(entry)))
      assert.deepEqual({ ...(await begin(store, key, ['doc'])) }, { ...entry.tags })
      assert.ok(Object.isFrozen(back) && Object.isFrozen(back?.answer) && Object.isFrozen(back?.answer['choices']))
      assert.equal(await found(store, { ...key, id: 'other' }), undefined)
    },
  },
  {
    name: 'keeps the newer of two',
    async run({ store, now }) {
      const key = newKey()
      const tags = await begin(store, key)
      for (const text of ['first', 'second']) assert.equal(await store.set(key, entryOf(now(), tags, { text })), true)
      assert.equal((await found(store, key))?.answer['text'], 'second')
    },
  },
  {
    name: 'keeps large answers, whatever they are made of',
    async run({ store, now }) {
      const key = newKey()
      const tags = await begin(store, key)
      for (const text of ['\u{1F600} é '.repeat(20_000), randomBytes(100_000).toString('latin1'), '\ud800 alone']) {
        assert.equal(await store.set(key, entryOf(now(), tags, { text })), true)
        assert.equal((await found(store, key))?.answer['text'], text)
      }
    },
  },
  {
    name: 'forgets an entry after the last of its times, and no earlier',
    async run({ store, now, pass }) {
      const times = ['freshUntilMs', 'staleUntilMs', 'errorUntilMs'] as const
      for (const last of times) {
        await inTime(async (lifeMs) => {
          const key = newKey()
          const startMs = now()
          const endMs = startMs + lifeMs
          const early = startMs + lifeMs / 12
          const until = { freshUntilMs: early, staleUntilMs: early, errorUntilMs: early, [last]: endMs }
          const isKept = await store.set(key, { ...entryOf(startMs, await begin(store, key)), ...until })
          await pass(lifeMs / 6)
          const kept = await found(store, key)
          if (now() >= endMs) return false
          assert.deepEqual([isKept, kept?.[last]], [true, endMs])
          await pass(lifeMs)
          assert.equal(await found(store, key), undefined)
          return true
        })
      }
    },
  },
  {
    name: 'keeps nothing that is over, nor what does not say when it began',
    async run({ store, now }) {
      const key = newKey()
      const tags = await begin(store, key, ['a'])
      const over = now() - 1
      const times = { freshUntilMs: over, staleUntilMs: over, errorUntilMs: over }
      assert.equal(await store.set(key, { ...entryOf(now(), tags), ...times }), false)
      const { [everything]: _, ...rest } = tags
      assert.equal(await store.set(key, entryOf(now(), rest)), false)
      assert.equal(await found(store, key), undefined)
    },
  },
  {
    name: 'keeps scopes apart, whatever they are called',
    async run({ store, now }) {
      const run = randomUUID()
      const keys = oddScopes.flatMap((scope) => [keyIn(`${scope}${run}`, 'x'), keyIn(`${scope}${run}`, 'entry:x')])
      for (const [at, key] of keys.entries())
        await store.set(key, entryOf(now(), await begin(store, key), { text: `${at}` }))
      for (const [at, key] of keys.entries()) assert.equal((await found(store, key))?.answer['text'], `${at}`)
      await store.invalidate(keys[0]!.scope, [everything])
      for (const [at, key] of keys.entries())
        assert.equal((await found(store, key))?.answer['text'], at < 2 ? undefined : `${at}`)
    },
  },
  {
    name: 'forgets one entry',
    async run({ store, now }) {
      const key = newKey()
      const sibling = { ...key, id: 'sibling' }
      const tags = await begin(store, key)
      for (const each of [key, sibling]) await store.set(each, entryOf(now(), tags))
      assert.deepEqual([await store.delete(key), await store.delete(key)], [true, false])
      assert.equal(await found(store, key), undefined)
      assert.ok(await found(store, sibling))
    },
  },
  {
    name: 'invalidates by tag, whatever it is called, and not by others',
    async run({ store, now }) {
      const scope = randomUUID()
      for (const tag of oddTags) {
        const tags = await begin(store, keyIn(scope, tag), [tag])
        assert.equal(await store.set(keyIn(scope, tag), entryOf(now(), tags)), true)
      }
      for (const [at, gone] of oddTags.entries()) {
        await store.invalidate(scope, [gone])
        for (const [index, tag] of oddTags.entries())
          assert.equal((await found(store, keyIn(scope, tag), [tag])) === undefined, index <= at, `${gone}, ${tag}`)
      }
    },
  },
  {
    name: 'invalidates a whole scope, and entries whose tags nobody asks for',
    async run({ store, now }) {
      for (const gone of [everything, 'a', 'b']) {
        const key = newKey()
        await store.set(key, entryOf(now(), await begin(store, key, ['a', 'b'])))
        assert.ok(await found(store, key))
        await store.invalidate(key.scope, [gone])
        assert.equal(await found(store, key), undefined, gone)
      }
    },
  },
  {
    name: 'never keeps what was invalidated while its answer was made',
    async run({ store, now }) {
      for (const gone of [everything, 'a']) {
        const key = newKey()
        for (let times = 0; times < 2; times += 1) {
          const tags = await begin(store, key, ['a'])
          await store.invalidate(key.scope, [gone])
          assert.equal(await store.set(key, entryOf(now(), tags)), false)
          assert.equal(await found(store, key), undefined)
          const later = await begin(store, key, ['a'])
          assert.ok(later[gone]! > tags[gone]!)
        }
        const tags = await begin(store, key, ['a'])
        await store.invalidate(key.scope, ['another'])
        assert.equal(await store.set(key, entryOf(now(), tags)), true)
        assert.ok(await found(store, key))
      }
    },
  },
  {
    name: 'never shows an answer that began before an invalidation that has ended, in any order of events',
    async run({ store, now, pass }) {
      const scope = randomUUID()
      const invalidations = { begun: 0, ended: 0 }
      const total = 15
      const invalidate = async (): Promise<void> => {
        while (invalidations.ended < total) {
          await pass(3)
          invalidations.begun += 1
          await store.invalidate(scope, [invalidations.begun % 4 === 0 ? everything : 'doc'])
          invalidations.ended += 1
        }
      }
      const ask = async (worker: number): Promise<void> => {
        for (let at = worker; invalidations.ended < total; at += 1) {
          const key = keyIn(scope, String(at % 3))
          const { ended } = invalidations
          const { entry, generations } = await store.get(key, ['doc'])
          if (entry) assert.ok(Number(entry.answer['text']) >= ended, 'an old answer came back')
          const { begun } = invalidations
          await pass(1)
          if (!entry) await store.set(key, entryOf(now(), generations, { text: String(begun) }))
        }
      }
      await Promise.all([invalidate(), ...Array.from({ length: 8 }, (_, worker) => ask(worker))])
    },
  },
  {
    name: 'shows others what it stores, and sees what they invalidate, in time',
    async run({ store, other = store, now, pass, seenAfterMs = 0 }) {
      const key = newKey()
      for (const forget of [
        () => other.invalidate(key.scope, ['a']),
        () => other.invalidate(key.scope, [everything]),
        () => other.delete(key),
      ]) {
        assert.equal(await store.set(key, entryOf(now(), await begin(store, key, ['a']))), true)
        assert.ok(await found(other, key, ['a']))
        await forget()
        for (const untilMs = now() + seenAfterMs; now() < untilMs && (await found(store, key, ['a']));) await pass(10)
        assert.equal(await found(store, key, ['a']), undefined)
      }
    },
  },
  {
    name: 'tells what others invalidate, where it pushes',
    async run({ store, other = store, pass }) {
      if (!store.onInvalidation || other === store) return
      const key = newKey()
      const heard: Invalidation[] = []
      let live = false
      const stop = store.onInvalidation(
        (gone) => gone.scope === key.scope && heard.push(gone),
        (isLive) => void (live = isLive),
      )
      const until = async (isDone: () => boolean): Promise<void> => {
        for (let tries = 0; tries < 3_000 && !isDone(); tries += 1) await pass(10)
        assert.ok(isDone())
      }
      await until(() => live)
      await other.invalidate(key.scope, ['a', 'é"'])
      await other.delete(key)
      await until(() => heard.length === 3)
      assert.deepEqual(
        heard.map(({ id, tag }) => id ?? tag),
        ['a', 'é"', key.id],
      )
      assert.equal((await begin(other, key, ['a']))['a'], heard[0]?.generation)
      stop()
      await other.delete(key)
      await pass(50)
      assert.equal(heard.length, 3)
    },
  },
  {
    name: 'counts what it holds, where it can',
    async run({ store, now }) {
      const before = store.size?.()
      if (!before) return
      const key = newKey()
      await store.set(key, entryOf(now(), await begin(store, key), { text: 'x'.repeat(1_000) }))
      const after = store.size?.()
      assert.equal(after?.entries, before.entries + 1)
      assert.ok((after?.bytes ?? 0) >= before.bytes + 1_000)
    },
  },
]
