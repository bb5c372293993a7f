import type { StoredEntry } from './store/store.ts'

/** How long answers are good for. */
export interface FreshnessRules {
  readonly ttlMs: number
  readonly ttlJitter: number
  readonly staleWhileRevalidateMs: number
  readonly staleIfErrorMs: number
  readonly earlyRefresh: number
  readonly random: () => number
}

/** `early`: fresh, and to be renewed before it ends. `error`: good enough in the place of an error only. */
export type Freshness = 'fresh' | 'early' | 'stale' | 'error' | 'over'

type Times = Pick<StoredEntry, 'freshUntilMs' | 'staleUntilMs' | 'errorUntilMs'>

/** The times of an answer that is stored now. The jitter only shortens: nothing is served for longer than it was said. */
export function timesFrom(nowMs: number, rules: FreshnessRules): Times {
  const { ttlMs, ttlJitter, staleWhileRevalidateMs, staleIfErrorMs, random } = rules
  const freshUntilMs = nowMs + ttlMs * (1 - ttlJitter * random())
  return {
    freshUntilMs,
    staleUntilMs: freshUntilMs + staleWhileRevalidateMs,
    errorUntilMs: freshUntilMs + staleIfErrorMs,
  }
}

/** What an entry is good for now. */
export function freshnessOf(entry: StoredEntry, nowMs: number, rules: FreshnessRules): Freshness {
  const { freshUntilMs, staleUntilMs, errorUntilMs } = entry
  if (nowMs < freshUntilMs) return isDueEarly(entry, nowMs, rules) ? 'early' : 'fresh'
  if (nowMs < staleUntilMs) return 'stale'
  return nowMs < errorUntilMs ? 'error' : 'over'
}

/**
 * Whether this reader is the one who renews the entry before it ends: the likelier, the nearer the end and the longer the
 * provider takes, so that of many readers about one does, wherever they are.
 *
 * @see Vattani, Chierichetti, Lowenstein: Optimal Probabilistic Cache Stampede Prevention, PVLDB 8(8), 2015: XFetch.
 */
function isDueEarly(
  { tookMs, freshUntilMs }: StoredEntry,
  nowMs: number,
  { earlyRefresh, random }: FreshnessRules,
): boolean {
  if (earlyRefresh === 0) return false
  // `random` gives 0 ≤ x < 1, and the logarithm wants more than 0.
  return nowMs - tookMs * earlyRefresh * Math.log(1 - random()) >= freshUntilMs
}
