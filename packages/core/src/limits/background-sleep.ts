import { systemClock, type Clock } from '../clock.ts'

/** Sleeps without keeping the process alive, where the clock is the system's: housekeeping is no reason to stay. */
export function backgroundSleep(clock: Clock, ms: number): Promise<void> {
  if (clock !== systemClock) return clock.sleep(ms)
  return new Promise((resolve) => void setTimeout(resolve, ms).unref())
}
