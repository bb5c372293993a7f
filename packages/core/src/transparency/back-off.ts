import { vi } from 'vitest'

/** Milliseconds of a timer that goes off when `whenever` says so, and else not while a test lasts. */
export const forever = 41_000

/** Runs something while the SDKs' pauses before a retry, of up to a second, last a millisecond. */
export async function withoutBackOff<T>(run: () => PromiseLike<T>): Promise<T> {
  return whenever(() => false, run)
}

/**
 * As `withoutBackOff`; and timers of `forever` go off as soon as something holds, and no sooner, however slow the machine
 * is.
 */
export async function whenever<T>(holds: () => boolean, run: () => PromiseLike<T>): Promise<T> {
  const { setTimeout } = globalThis
  const timers = new Set<NodeJS.Timeout>()
  const held = (callback: () => void, ms = 0, ...rest: []): NodeJS.Timeout => {
    // An SDK that reads a body under its timeout sets a timer for what is left of it.
    if (ms > forever || ms < forever / 2) return setTimeout(callback, ms > 300 && ms < 1100 ? 1 : ms, ...rest)
    // Whoever clears it as a timeout ends it as well.
    const timer = setInterval(() => {
      if (!holds()) return
      clearInterval(timer)
      callback()
    }, 1)
    timers.add(timer)
    return timer
  }
  const spy = vi.spyOn(globalThis, 'setTimeout').mockImplementation(held as typeof setTimeout)
  try {
    return await run()
  } finally {
    spy.mockRestore()
    for (const timer of timers) clearInterval(timer)
  }
}
