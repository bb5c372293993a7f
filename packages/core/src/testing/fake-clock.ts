import { setImmediate as turn } from 'node:timers/promises'
import { knownDialects } from '../api/known.ts'
import type { Clock } from '../clock.ts'

/** A clock that stands still until it is told to go on. */
export interface FakeClock extends Clock {
  /**
   * Lets `ms` milliseconds pass: wakes every sleep that falls due, in order, at its own instant, and gives the code
   * behind it a turn of the event loop, so that sleeps begun on the way are served too. Rounds nothing.
   */
  advance(ms: number): Promise<void>
  /**
   * Lets time pass as fast as `work` allows: whenever the code has come to rest, the next sleep wakes. For code that
   * waits on this clock alone: whoever waits for a socket or a real timer is at rest too.
   */
  run<T>(work: Promise<T>): Promise<T>
  /** Sleeps that wait at this moment. */
  readonly pendingSleeps: number
}

interface Sleeper {
  readonly atMs: number
  readonly wake: () => void
}

let loading: Promise<unknown> | undefined

/** Turns of the event loop after which code that waits for no timer and no socket has come to rest. */
const restingTurns = 8

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
    async run(work) {
      // Code that is loaded when it is first needed would look like code at rest.
      await (loading ??= Promise.all([import('../report-call.ts'), ...knownDialects.map(({ load }) => load?.())]))
      let isOver = false
      const over = (): void => void (isOver = true)
      work.then(over, over)
      while (!isOver) {
        for (let turns = 0; turns < restingTurns && !isOver; turns += 1) await turn()
        const next = isOver ? undefined : nextDue(Infinity)
        if (!next) continue
        nowMs = Math.max(nowMs, next.atMs)
        next.wake()
      }
      return work
    },
    get pendingSleeps() {
      return sleepers.size
    },
  }
}
