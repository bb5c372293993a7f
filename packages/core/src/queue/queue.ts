import { systemClock, type Clock } from '../clock.ts'
import { checkClock, checkMs, checkNames, checkWhole, refuse, shown } from '../limits/check-options.ts'
import { fullError, timeoutError } from './queue-error.ts'
import { WaitingLines } from './waiting-lines.ts'

export interface QueueOptions {
  /** How many may be at work at the same time: whole, 1 or more. */
  readonly concurrency: number
  /** How many may wait; whole, 0 or more. @default 1000 */
  readonly maxWaiting?: number
  /** The longest wait, in milliseconds; `Infinity` for none. @default 30000 */
  readonly timeoutMs?: number
  /** How many of a key are served when it is its turn, whole, 1 or more. @default 1 for each */
  readonly weightOf?: (key: string) => number
  /** @default the system's clock */
  readonly clock?: Clock
}

/** What somebody asks of a queue. */
export interface QueueRequest {
  /** Higher goes first, whatever else waits. Any finite number. @default 0 */
  readonly priority?: number
  /** Keys are served in turn, so that one with much to do does not hold up the others. @default '' */
  readonly key?: string
  /** Ends the wait at once, with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** In the place of the queue's own, if shorter. */
  readonly timeoutMs?: number
  /** When the wait ends at the latest, in Unix milliseconds. */
  readonly deadlineAtMs?: number | undefined
}

/** A place at work. */
export interface QueueSeat {
  /** How long it was waited for, in milliseconds. */
  readonly waitedMs: number
  /** Gives it to the next. A second time does nothing. */
  leave(): void
}

export interface Queue {
  /**
   * Resolves when it is the caller's turn. Whoever gets a seat has to leave it.
   *
   * @throws {SluiceError} `queue.full` when too many wait already, also later when somebody of a higher priority or of a
   * key with fewer waiting comes and there is no more room; `queue.timeout`.
   */
  enter(request?: QueueRequest): Promise<QueueSeat>
  /** Does `work` when it is its turn, and leaves the seat however that ends. */
  run<T>(work: (seat: QueueSeat) => T | PromiseLike<T>, request?: QueueRequest): Promise<T>
  /** At work now. */
  readonly running: number
  /** Waiting now. */
  readonly waiting: number
}

const optionNames = ['concurrency', 'maxWaiting', 'timeoutMs', 'weightOf', 'clock']

/**
 * Lets a bounded number work at the same time and a bounded number wait: by priority, keys in turn, else in the order of
 * coming. Lives in this process; see `redisSemaphore()` for a concurrency that processes share.
 *
 * @throws {SluiceError} `config.option`.
 *
 * @example
 * import { createQueue } from '@sluice/core/queue'
 *
 * const queue = createQueue({ concurrency: 8, maxWaiting: 100, timeoutMs: 10_000 })
 * const answer = await queue.run(() => fetch('https://example.com'), { key: 'acme', priority: 1 })
 */
export function createQueue(options: QueueOptions): Queue {
  checkNames(options, optionNames, 'createQueue()')
  return new LocalQueue(checkQueue(options, 'createQueue()'))
}

/** @throws {SluiceError} `config.option`. */
export function checkQueue(options: QueueOptions, of: string): Required<QueueOptions> {
  const { concurrency, maxWaiting = 1_000, timeoutMs = 30_000, weightOf = () => 1, clock = systemClock } = options
  checkWhole(concurrency, `concurrency of ${of}`)
  if (maxWaiting !== Infinity) checkWhole(maxWaiting, `maxWaiting of ${of}`, 0)
  checkMs(timeoutMs, `timeoutMs of ${of}`, 0)
  if (typeof weightOf !== 'function') refuse(`weightOf of ${of} must be a function of the key, got ${shown(weightOf)}.`)
  checkClock(clock, of)
  return { concurrency, maxWaiting, timeoutMs, weightOf, clock }
}

interface WaitingEntry {
  readonly priority: number
  readonly key: string
  readonly sinceMs: number
  admit(): void
  turnOut(error: unknown): void
}

class LocalQueue implements Queue {
  readonly #options: Required<QueueOptions>
  readonly #lines: WaitingLines<WaitingEntry>
  #running = 0

  constructor(options: Required<QueueOptions>) {
    this.#options = options
    this.#lines = new WaitingLines((key) => Math.max(1, Math.floor(options.weightOf(key)) || 1))
  }

  get running(): number {
    return this.#running
  }

  get waiting(): number {
    return this.#lines.size
  }

  async enter(request: QueueRequest = {}): Promise<QueueSeat> {
    const { signal } = request
    if (signal?.aborted) throw signal.reason
    if (this.#running < this.#options.concurrency) {
      this.#running += 1
      return this.#seat(0)
    }
    return this.#wait(request)
  }

  async run<T>(work: (seat: QueueSeat) => T | PromiseLike<T>, request?: QueueRequest): Promise<T> {
    const seat = await this.enter(request)
    try {
      return await work(seat)
    } finally {
      seat.leave()
    }
  }

  #wait(request: QueueRequest): Promise<QueueSeat> {
    const { clock, timeoutMs } = this.#options
    const { priority = 0, key = '', signal, deadlineAtMs = Infinity } = request
    const sinceMs = clock.now()
    const longestMs = Math.min(timeoutMs, request.timeoutMs ?? Infinity)
    const leftMs = Math.min(longestMs, deadlineAtMs - sinceMs)
    const lateBy = leftMs < longestMs ? 'deadline' : 'timeout'
    return new Promise((resolve, reject) => {
      if (!Number.isFinite(priority)) refuse(`priority must be a finite number, got ${shown(priority)}.`)
      if (leftMs <= 0) return reject(timeoutError(0, lateBy, this.waiting))
      if (!this.#hasRoom({ priority, key })) return reject(fullError(this.waiting, this.#options.maxWaiting))
      const timer = new AbortController()
      const over = (): void => {
        timer.abort()
        signal?.removeEventListener('abort', abort)
      }
      const entry: WaitingEntry = {
        priority,
        key,
        sinceMs,
        admit: () => {
          over()
          resolve(this.#seat(clock.now() - sinceMs))
        },
        turnOut: (error) => {
          if (!this.#lines.remove(entry)) return
          over()
          reject(error)
        },
      }
      const abort = (): void => entry.turnOut(signal?.reason)
      this.#lines.add(entry)
      signal?.addEventListener('abort', abort, { once: true })
      if (leftMs === Infinity) return
      clock.sleep(leftMs, timer.signal).then(
        () => entry.turnOut(timeoutError(clock.now() - sinceMs, lateBy, this.waiting)),
        () => undefined,
      )
    })
  }

  /** Whether one more can wait, if need be in the place of another. */
  #hasRoom(newcomer: { priority: number; key: string }): boolean {
    const { maxWaiting } = this.#options
    if (this.#lines.size < maxWaiting) return true
    const other = maxWaiting > 0 ? this.#lines.givesWay(newcomer) : undefined
    other?.turnOut(fullError(this.waiting, maxWaiting))
    return other !== undefined
  }

  #seat(waitedMs: number): QueueSeat {
    let isLeft = false
    return {
      waitedMs,
      leave: () => {
        if (isLeft) return
        isLeft = true
        const next = this.#lines.next()
        // The seat passes on, so that nobody who comes in between takes it.
        if (next) next.admit()
        else this.#running -= 1
      },
    }
  }
}
