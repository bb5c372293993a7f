import { createHash } from 'node:crypto'
import { type Clock, systemClock } from '@sluice/core'
import { checkNames, checkNumber } from '../option-checks.ts'

/** How long a guard remembers what its model said. */
export interface VerdictCacheOptions {
  /** Verdicts that are kept, the least recently used go first; 0 keeps none. @default 1000 */
  readonly maxEntries?: number
  /** @default 600000 */
  readonly ttlMs?: number
}

/** Remembers answers by a hash of the question, and asks the same only once at a time. */
export interface VerdictCache<T> {
  /** `fresh` is false where the answer was remembered or somebody else's question was shared. */
  get(
    key: readonly string[],
    ask: () => Promise<T>,
    about?: AboutAsk,
  ): Promise<{ readonly value: T; readonly fresh: boolean }>
}

/** What matters about one question beside its key. */
export interface AboutAsk {
  readonly clock?: Clock | undefined
  readonly signal?: AbortSignal | undefined
}

interface Entry<T> {
  readonly value: T
  readonly untilMs: number
}

/** A cache in memory. It holds hashes and verdicts, none of the texts. */
export function verdictCache<T>(options: VerdictCacheOptions = {}): VerdictCache<T> {
  const { maxEntries = 1_000, ttlMs = 600_000 } = options
  const entries = new Map<string, Entry<T>>()
  const underWay = new Map<string, Promise<T>>()
  return {
    async get(key, ask, { clock = systemClock, signal } = {}) {
      const hash = createHash('sha256').update(JSON.stringify(key)).digest('base64')
      const known = entries.get(hash)
      if (known && known.untilMs > clock.now()) {
        entries.delete(hash)
        entries.set(hash, known)
        return { value: known.value, fresh: false }
      }
      const shared = underWay.get(hash)
      if (shared) {
        try {
          return { value: await shared, fresh: false }
        } catch {
          // Whoever asked may have been aborted; that is no answer to this question.
          signal?.throwIfAborted()
        }
      }
      const asked = ask()
      underWay.set(hash, asked)
      try {
        const value = await asked
        if (maxEntries > 0) {
          if (entries.size >= maxEntries) entries.delete(entries.keys().next().value as string)
          entries.set(hash, { value, untilMs: clock.now() + ttlMs })
        }
        return { value, fresh: true }
      } finally {
        if (underWay.get(hash) === asked) underWay.delete(hash)
      }
    },
  }
}

export function checkCache(where: string, options: VerdictCacheOptions | undefined): void {
  if (options === undefined) return
  checkNames(`cache of ${where}`, options, ['maxEntries', 'ttlMs'])
  if (options.maxEntries !== undefined) checkNumber(`cache of ${where}`, 'maxEntries', options.maxEntries, { min: 0 })
  if (options.ttlMs !== undefined) checkNumber(`cache of ${where}`, 'ttlMs', options.ttlMs, { min: 1 })
}
