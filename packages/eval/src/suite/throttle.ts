import type { Clock } from '@sluice/core'

/** How many trials run at once: fewer while the provider says that it is too much. */
export interface Throttle {
  /** Resolves when one more may run. Rejects with the reason of the signal. */
  enter(): Promise<void>
  /** One has ended. */
  leave(): void
  /** A task ended without being refused: more may run again, one more after each round of them. */
  succeeded(): void
  /** The provider refused a task for its rate: half as many from now on, and none begins for so long. */
  refused(retryAfterMs: number | undefined): Promise<void>
  /** How many may run at once now. */
  readonly limit: number
  readonly running: number
  /** Until when none begins, in Unix milliseconds; in the past when nothing waits. */
  readonly pausedUntilMs: number
}

export interface ThrottleOptions {
  readonly concurrency: number
  readonly clock: Clock
  readonly signal: AbortSignal
}

const firstPauseMs = 1_000
const longestPauseMs = 60_000

/** A throttle that halves on refusal and grows by one a round of successes, as TCP does. */
export function createThrottle({ concurrency, clock, signal }: ThrottleOptions): Throttle {
  let limit = concurrency
  let running = 0
  let successes = 0
  let refusals = 0
  let pausedUntilMs = 0
  const waiting: (() => void)[] = []

  const admit = (): void => {
    while (running < limit && waiting.length > 0) {
      running += 1
      waiting.shift()?.()
    }
  }

  return {
    async enter() {
      if (running < limit && waiting.length === 0) running += 1
      else await new Promise<void>((resolve) => waiting.push(resolve))
      // A pause may be made longer while it is waited out.
      for (let left = pausedUntilMs - clock.now(); left > 0; left = pausedUntilMs - clock.now())
        await clock.sleep(left, signal)
    },
    leave() {
      running -= 1
      admit()
    },
    succeeded() {
      refusals = 0
      successes += 1
      if (successes < limit || limit >= concurrency) return
      successes = 0
      limit += 1
      admit()
    },
    async refused(retryAfterMs) {
      successes = 0
      const now = clock.now()
      // Tasks that were under way together are refused together: that is one sign, not many.
      if (now >= pausedUntilMs) {
        limit = Math.max(1, Math.floor(limit / 2))
        refusals += 1
      }
      const pauseMs = retryAfterMs ?? Math.min(longestPauseMs, firstPauseMs * 2 ** (refusals - 1))
      pausedUntilMs = Math.max(pausedUntilMs, now + pauseMs)
      await clock.sleep(pausedUntilMs - now, signal)
    },
    get limit() {
      return limit
    },
    get running() {
      return running
    },
    get pausedUntilMs() {
      return pausedUntilMs
    },
  }
}

/**
 * How long a provider asks to wait, when an error is its refusal for too many requests; `undefined` for another error.
 * Reads what the SDKs' errors carry: `status`, and the headers `retry-after-ms` and `retry-after`, in seconds or as a date.
 */
export function refusal(error: unknown, nowMs: number): { readonly retryAfterMs: number | undefined } | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  const { status, headers, retryAfterMs } = error as { status?: unknown; headers?: unknown; retryAfterMs?: unknown }
  // 529: Anthropic is overloaded.
  if (status !== 429 && status !== 529) return undefined
  if (typeof retryAfterMs === 'number') return { retryAfterMs }
  const header = (name: string): string => {
    const value =
      headers instanceof Headers ? headers.get(name) : (headers as Record<string, unknown> | undefined)?.[name]
    return typeof value === 'string' ? value.trim() : ''
  }
  const [ms, seconds] = [header('retry-after-ms'), header('retry-after')]
  const asked = [numberIn(ms), numberIn(seconds) * 1_000, Date.parse(seconds) - nowMs]
  return { retryAfterMs: asked.find((value) => value >= 0) }
}

function numberIn(text: string): number {
  return text === '' ? Number.NaN : Number(text)
}
