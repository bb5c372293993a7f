import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { fakeClock } from './fake-clock.ts'

describe('fakeClock', () => {
  it('stands still until told, and wakes sleepers in order at their own instants', async () => {
    const clock = fakeClock(1000)
    const seen: [string, number][] = []
    for (const [name, ms] of [
      ['b', 20],
      ['a', 10],
      ['c', 20],
      ['late', 21],
    ] as const) {
      void clock.sleep(ms).then(() => seen.push([name, clock.now()]))
    }
    expect(clock.now()).toBe(1000)
    expect(clock.pendingSleeps).toBe(4)
    await clock.advance(20)
    expect(seen).toEqual([
      ['a', 1010],
      ['b', 1020],
      ['c', 1020],
    ])
    expect(clock.now()).toBe(1020)
    expect(clock.pendingSleeps).toBe(1)
  })

  it('serves sleeps that begin on the way', async () => {
    const clock = fakeClock(0)
    const ticks: number[] = []
    const loop = (async () => {
      for (let i = 0; i < 5; i++) {
        await clock.sleep(10)
        ticks.push(clock.now())
      }
    })()
    await clock.advance(45)
    expect(ticks).toEqual([10, 20, 30, 40])
    await clock.advance(5)
    await loop
  })

  it('wakes a sleep of no time only when told', async () => {
    const clock = fakeClock()
    let awake = false
    void clock.sleep(-5).then(() => (awake = true))
    await new Promise(setImmediate)
    expect(awake).toBe(false)
    await clock.advance(0)
    expect(awake).toBe(true)
  })

  it('rejects with the reason of the signal, and leaves no listener either way', async () => {
    const clock = fakeClock()
    const abort = new AbortController()
    const asleep = clock.sleep(10, abort.signal)
    const other = clock.sleep(5, abort.signal)
    await clock.advance(5)
    await other
    abort.abort('enough')
    await expect(asleep).rejects.toBe('enough')
    await expect(clock.sleep(1, abort.signal)).rejects.toBe('enough')
    expect(clock.pendingSleeps).toBe(0)
    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(0)
  })
})

describe('fakeClock().run', () => {
  it('lets time pass as fast as the work allows', async () => {
    const clock = fakeClock(0)
    const instants: number[] = []
    const work = async (): Promise<string> => {
      for (const ms of [1_000, 60_000]) {
        await clock.sleep(ms)
        instants.push(clock.now())
      }
      return 'done'
    }
    expect(await clock.run(work())).toBe('done')
    expect(instants).toEqual([1_000, 61_000])
  })

  it('wakes no sleep that the work does not wait for', async () => {
    const clock = fakeClock(0)
    let isAwake = false
    void clock.sleep(5_000).then(() => (isAwake = true))
    await clock.run(clock.sleep(1_000))
    expect([clock.now(), isAwake, clock.pendingSleeps]).toEqual([1_000, false, 1])
  })

  it('rejects with what the work rejects with', async () => {
    await expect(fakeClock().run(Promise.reject(new Error('no')))).rejects.toThrow('no')
  })
})
