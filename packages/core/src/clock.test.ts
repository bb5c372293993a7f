import { getEventListeners } from 'node:events'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { systemClock } from './clock.ts'

afterEach(() => void vi.useRealTimers())

describe('systemClock', () => {
  it('tells Unix milliseconds', () => {
    const before = Date.now()
    const now = systemClock.now()
    expect(now).toBeGreaterThanOrEqual(before)
    expect(now).toBeLessThanOrEqual(Date.now())
  })

  it('sleeps, and leaves no listener', async () => {
    vi.useFakeTimers()
    const { signal } = new AbortController()
    let over = false
    void systemClock.sleep(1_000, signal).then(() => (over = true))
    await vi.advanceTimersByTimeAsync(999)
    expect(over).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect([over, getEventListeners(signal, 'abort').length]).toEqual([true, 0])
  })

  it('wakes at once when it is aborted, before or while it sleeps', async () => {
    vi.useFakeTimers()
    const controller = new AbortController()
    const sleeping = systemClock.sleep(60_000, controller.signal)
    controller.abort('stop')
    await expect(sleeping).rejects.toBe('stop')
    await expect(systemClock.sleep(60_000, controller.signal)).rejects.toBe('stop')
    expect([vi.getTimerCount(), getEventListeners(controller.signal, 'abort').length]).toEqual([0, 0])
  })

  it('sleeps longer than a timer can', async () => {
    vi.useFakeTimers()
    for (const long of [60 * 86_400_000, 2 * (2 ** 31 - 1)]) {
      let over = false
      void systemClock.sleep(long).then(() => (over = true))
      await vi.advanceTimersByTimeAsync(long - 1)
      expect(over).toBe(false)
      await vi.advanceTimersByTimeAsync(1)
      expect(over).toBe(true)
    }
  })
})
