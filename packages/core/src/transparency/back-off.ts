import { vi } from 'vitest'

/** Runs something while the SDKs' pauses before a retry, of up to a second, last a millisecond. */
export async function withoutBackOff<T>(run: () => Promise<T>): Promise<T> {
  const { setTimeout } = globalThis
  const shortened = (callback: () => void, ms = 0, ...rest: []): unknown =>
    setTimeout(callback, ms > 300 && ms < 1100 ? 1 : ms, ...rest)
  const spy = vi.spyOn(globalThis, 'setTimeout').mockImplementation(shortened as typeof setTimeout)
  try {
    return await run()
  } finally {
    spy.mockRestore()
  }
}
