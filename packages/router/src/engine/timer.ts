import { systemClock, type Clock } from '@sluice/core'

/** The longest wait that a timer of the system takes: past it, it goes off at once. */
const maxTimerMs = 2 ** 31 - 1

/** Runs `run` after `ms` milliseconds of the clock, unless the function that comes back is called before. */
export function startTimer(clock: Clock, ms: number, run: () => void): () => void {
  if (clock === systemClock && ms <= maxTimerMs) {
    // What `sleep` does, without a promise and a controller: a routed call sets a timer or two.
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  }
  const stop = new AbortController()
  clock.sleep(ms, stop.signal).then(run, () => undefined)
  return () => stop.abort()
}
