import { setImmediate as turn } from 'node:timers/promises'
import type { Clock } from '../clock.ts'

/** A clock that stands still until it is told to go on. */
export interface FakeClock extends Clock {
  /**
   * Lets `ms` milliseconds pass: wakes every sleep that falls due, in order, at its own instant, and gives the code
   * behind it a turn of the event loop, so that sleeps begun on the way are served too. Rounds nothing.
   */
  advance(ms: number): Promise<void>
  /** Sleeps that wait at this moment. */
  readonly pendingSleeps: number
}

interface Sleeper {
  readonly atMs: number
  readonly wake: () => void
}

/**
 * A {@link FakeClock} that begins at `startMs`, Unix milliseconds. @default 2026-01-01T00:00:00Z
 *
 * @example
 * const clock = fakeClock()
 * const done = clock.sleep(1000)
 * await clock.advance(1000)
 * await done
 */
export function fakeClock(startMs: number = Date.UTC(2026, 0, 1)): FakeClock {
  let nowMs = startMs
  const sleepers = new Set<Sleeper>()

  const nextDue = (untilMs: number): Sleeper | undefined => {
    let next: Sleeper | undefined
    for (const sleeper of sleepers) {
      if (sleeper.atMs <= untilMs && (!next || sleeper.atMs < next.atMs)) next = sleeper
    }
    return next
  }

  return {
    now: () => nowMs,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const end = (): void => {
          sleepers.delete(sleeper)
          signal?.removeEventListener('abort', abort)
        }
        const abort = (): void => {
          end()
          reject(signal?.reason)
        }
        const wake = (): void => {
          end()
          resolve()
        }
        const sleeper: Sleeper = { atMs: nowMs + Math.max(0, ms), wake }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', abort, { once: true })
      }),
    async advance(ms) {
      const untilMs = nowMs + ms
      // Whoever is about to sleep gets there first.
      await turn()
      for (let next = nextDue(untilMs); next; next = nextDue(untilMs)) {
        nowMs = next.atMs
        next.wake()
        await turn()
      }
      nowMs = untilMs
    },
    get pendingSleeps() {
      return sleepers.size
    },
  }
}
