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
