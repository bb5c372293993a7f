import { fakeClock } from '@sluice/core/testing'
import { describe, expect, it } from 'vitest'
import { leadOrWait, type Lead, type LeadOrWait, type LeadOrWaitOptions } from './lock-wait.ts'
import { memoryStore } from './memory-store.ts'
import type { Store, StoreLock } from './store.ts'

const key = { scope: 's', id: 'k' }

/** Locks on a clock of the test's own, as a server would keep them. */
function world(): {
  clock: ReturnType<typeof fakeClock>
  store: Store & { fails: boolean; isKilled: boolean; renewals: number; asked: number; forget(): void }
  wait(more?: Partial<LeadOrWaitOptions<string>>): Promise<LeadOrWait<string>>
  answer: { text: string | undefined }
} {
  const clock = fakeClock()
  const answer: { text: string | undefined } = { text: undefined }
  let holder: { untilMs: number } | undefined
  const isHeld = (mine: object): boolean => holder === mine && holder.untilMs > clock.now()
  const store = {
    ...memoryStore({ clock }),
    fails: false,
    /** Renewals of who holds a lock at this moment no longer arrive. */
    isKilled: false,
    renewals: 0,
    asked: 0,
    /** As a server does that is emptied. */
    forget: () => (holder = undefined),
    async lock(_: unknown, leaseMs: number): Promise<StoreLock | undefined> {
      store.asked += 1
      if (store.fails) throw new Error('down')
      if (holder && holder.untilMs > clock.now()) return undefined
      const mine = (holder = { untilMs: clock.now() + leaseMs })
      return {
        async renew(ms) {
          if (store.fails || store.isKilled) throw new Error('down')
          store.renewals += 1
          if (!isHeld(mine)) return false
          mine.untilMs = clock.now() + ms
          return true
        },
        async release() {
          if (isHeld(mine)) holder = undefined
        },
      }
    },
  }
  const read = async (): Promise<string | undefined> => answer.text
  const wait: ReturnType<typeof world>['wait'] = (more) =>
    leadOrWait({ store, key, leaseMs: 3_000, maxWaitMs: 60_000, read, clock, ...more })
  return { clock, store, wait, answer }
}

async function lead(from: Promise<LeadOrWait<unknown>>): Promise<Lead> {
  const result = await from
  if (result.role !== 'lead') throw new Error(`is ${result.role}`)
  return result
}

describe('across processes', () => {
  it('one leads, the others find its answer', async () => {
    const { clock, wait, answer } = world()
    const first = await lead(wait())
    const others = Promise.all([wait(), wait(), wait()])
    await clock.advance(20_000)
    answer.text = 'Paris'
    await first.release()
    await clock.advance(200)
    expect(await others).toEqual(Array.from({ length: 3 }, () => ({ role: 'found', found: 'Paris' })))
    expect(first.isLost()).toBe(false)
    expect(clock.pendingSleeps).toBe(0)
  })

  it('the next one leads when the first has no answer to give', async () => {
    const { clock, wait } = world()
    const first = await lead(wait())
    const others = [wait(), wait()]
    await clock.advance(500)
    await first.release()
    await clock.advance(200)
    const second = await Promise.race(others)
    expect(second.role).toBe('lead')
    await lead(Promise.resolve(second)).then((each) => each.release())
    await clock.advance(200)
    expect((await Promise.all(others)).map(({ role }) => role)).toEqual(['lead', 'lead'])
  })

  it('renews while its owner lives, and delays the others by at most the lease when it is killed', async () => {
    for (const random of [0, 0.5, 1])
      for (const lifeMs of [30_000, 30_100, 30_900]) {
        const { clock, store, wait } = world()
        await lead(wait())
        await clock.advance(lifeMs)
        expect(store.renewals).toBeGreaterThanOrEqual(30)
        store.isKilled = true
        const began = clock.now()
        expect((await clock.run(wait({ random: () => random }))).role).toBe('lead')
        expect(clock.now() - began).toBeGreaterThan(1_000)
        expect(clock.now() - began).toBeLessThanOrEqual(3_000)
      }
  })

  it('goes alone after maxWaitMs, without locks, and when the store fails at any moment', async () => {
    const { clock, store, wait } = world()
    expect(await wait({ store: memoryStore({ clock }) })).toEqual({ role: 'alone' })
    const first = await lead(wait())
    const began = clock.now()
    expect(await clock.run(wait({ maxWaitMs: 1_000 }))).toEqual({ role: 'alone' })
    expect(clock.now() - began).toBe(1_000)
    expect(await wait({ maxWaitMs: 0 })).toEqual({ role: 'alone' })
    const failing = wait()
    store.fails = true
    await clock.advance(200)
    expect(await failing).toEqual({ role: 'alone' })
    expect(await wait()).toEqual({ role: 'alone' })
    store.fails = false
    expect(await clock.run(wait({ read: () => Promise.reject(new Error('down')) }))).toEqual({ role: 'alone' })
    await first.release()
    // Whoever has the lock asks, whether it can look or not.
    expect((await wait({ read: () => Promise.reject(new Error('down')) })).role).toBe('lead')
  })

  it('looks again when it has the lock: the answer may have come in between', async () => {
    const { wait, answer } = world()
    answer.text = 'Paris'
    expect(await wait()).toEqual({ role: 'found', found: 'Paris' })
    answer.text = undefined
    expect((await wait()).role).toBe('lead')
  })

  it('notices that its lock is lost, by being told or by the time', async () => {
    const { clock, store, wait } = world()
    const first = await lead(wait())
    store.fails = true
    await clock.advance(2_500)
    expect(first.isLost()).toBe(false)
    await clock.advance(150)
    expect(first.isLost()).toBe(true)
    store.fails = false
    const second = await lead(wait())
    store.forget()
    expect(second.isLost()).toBe(false)
    await clock.advance(1_000)
    expect(second.isLost()).toBe(true)
    await Promise.all([first.release(), second.release()])
  })

  it('ends with the signal while it waits, and holds nothing', async () => {
    const { clock, wait } = world()
    const first = await lead(wait())
    const controller = new AbortController()
    const left = new Error('left')
    const ended = wait({ signal: controller.signal }).catch((error: unknown) => error)
    await clock.advance(100)
    controller.abort(left)
    expect(await ended).toBe(left)
    await first.release()
    const late = new AbortController()
    const read = async (): Promise<undefined> => void late.abort(new Error('late'))
    await expect(wait({ read, signal: late.signal })).rejects.toThrow('late')
    await (await lead(wait())).release()
    expect(clock.pendingSleeps).toBe(0)
  })

  it('polls at growing, spread intervals', async () => {
    const { clock, store, wait } = world()
    await lead(wait())
    const before = store.asked
    const waiting = wait({ maxWaitMs: 10_000, random: () => 1 })
    await clock.advance(25)
    expect(store.asked - before).toBe(2)
    await clock.advance(9_975)
    await waiting
    // 25, 37.5 … 200 ms: far fewer than at a steady 25.
    expect(store.asked - before).toBeLessThan(60)
    expect(store.asked - before).toBeGreaterThan(45)
  })
})
