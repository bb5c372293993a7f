import { fakeClock } from '@sluice/core/testing'
import { describe, expect, it } from 'vitest'
import { entryOf } from '../testing/store-world.ts'
import { memoryStore } from './memory-store.ts'
import { everything } from './store.ts'

const key = { scope: 'a', id: 'b' }

describe('memoryStore', () => {
  it.each([
    [null, 'must be an object'],
    [{ maxBytes: 0 }, '"maxBytes"'],
    [{ maxBytes: 1.5 }, '"maxBytes"'],
    [{ clock: {} }, '"clock"'],
    [{ size: 1 }, 'no option "size"'],
  ])('refuses the options %j', (options, message) => {
    const refusal = { code: 'config.option', message: expect.stringContaining(message) }
    expect(() => memoryStore(options as never)).toThrow(expect.objectContaining(refusal))
  })

  it('keeps within its bytes what was used last, and nothing that is larger than all of them', async () => {
    const clock = fakeClock()
    const store = memoryStore({ maxBytes: 20_000, clock })
    const entry = entryOf(clock.now(), { [everything]: 0 }, { text: 'x'.repeat(500) })
    const ids = Array.from({ length: 40 }, (_, at) => `id${at}`)
    for (const id of ids) {
      expect(await store.set({ scope: 'a', id }, entry)).toBe(true)
      await store.get({ scope: 'a', id: 'id0' }, [])
      expect(store.size?.().bytes).toBeLessThanOrEqual(20_000)
    }
    const found = await Promise.all(
      ids.map(async (id) => (await store.get({ scope: 'a', id }, [])).entry !== undefined),
    )
    expect([found[0], found[1], found[39]]).toEqual([true, false, true])
    const huge = entryOf(clock.now(), { [everything]: 0 }, { text: 'x'.repeat(20_000) })
    expect(await store.set(key, huge)).toBe(false)
  })

  it('does not let what it holds be changed, nor what it was given change it', async () => {
    const clock = fakeClock()
    const store = memoryStore({ clock })
    const given = structuredClone(entryOf(clock.now(), { [everything]: 0 }))
    await store.set(key, given)
    Object.assign(given.answer, { text: 'changed' })
    const { entry } = await store.get(key, [])
    expect(entry?.answer['text']).toBe('Paris')
    expect(() => Object.assign(entry?.answer ?? {}, { text: 'changed' })).toThrow(TypeError)
  })

  it('drops everything rather than remember more tags than there is room for', async () => {
    const clock = fakeClock()
    const store = memoryStore({ clock })
    await store.set(key, entryOf(clock.now(), { [everything]: 0 }))
    const { generations } = await store.get(key, ['late'])
    for (let at = 0; at < 11; at += 1)
      await store.invalidate(
        'other',
        Array.from({ length: 10_000 }, (_, tag) => `${at}.${tag}`),
      )
    expect((await store.get(key, [])).entry).toBeUndefined()
    // What was under way before cannot come back, and what begins now can be kept.
    expect(await store.set(key, entryOf(clock.now(), generations))).toBe(false)
    const { generations: now } = await store.get(key, ['late'])
    expect(await store.set(key, entryOf(clock.now(), now))).toBe(true)
  })
})
