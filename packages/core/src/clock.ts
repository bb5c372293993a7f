/** Where time comes from. Injected wherever Sluice waits or reads the time, so that tests need no real sleeping. */
export interface Clock {
  /** The present instant in Unix milliseconds. */
  now(): number
  /** Resolves after `ms` milliseconds; rejects with `signal.reason` as soon as the signal aborts. Leaves no listener. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** The longest wait that a timer takes: past it `setTimeout` fires at once. About 25 days. */
const maxTimerMs = 2 ** 31 - 1

/** The system's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    let left = ms
    for (; left > maxTimerMs; left -= maxTimerMs) await wait(maxTimerMs, signal)
    await wait(left, signal)
  },
}

function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const abort = (): void => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort)
      resolve()
    }, ms)
    signal?.addEventListener('abort', abort, { once: true })
  })
}
