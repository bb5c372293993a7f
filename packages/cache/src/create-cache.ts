import {
  SluiceError,
  systemClock,
  type AnswerOf,
  type ApiId,
  type Boundaries,
  type CallContext,
  type Clock,
} from '@sluice/core'
import { LRUCache } from 'lru-cache'
import { makeEntry, type CacheEntry } from './entry.ts'
import { unfitness, type SkipReason } from './fitness.ts'
import { keyOf, type BypassReason, type CacheQuery, type CacheTenant } from './query.ts'

export interface CacheOptions {
  /** How long an answer is served after it was stored, in milliseconds > 0. Being served does not extend it. */
  readonly ttlMs: number
  /**
   * Whose answers a call may get: `shared` for everyone's, or a function of the call's context. Calls without a tenant
   * are not cached. @default `context.tenant`
   */
  readonly tenant?: CacheTenant
  /** What all answers together may take in memory, about; those used longest ago go first. @default 64 MiB */
  readonly maxBytes?: number
  /** @default the system's clock */
  readonly clock?: Clock
}

/** What the cache knows for a query, and why. */
export type CacheLookup<A extends ApiId = ApiId> =
  | { readonly outcome: 'hit'; readonly reason: 'exact'; readonly key: string; readonly entry: CacheEntry<A> }
  | { readonly outcome: 'miss'; readonly reason: MissReason; readonly key: string }
  | { readonly outcome: 'bypass'; readonly reason: BypassReason }

export type MissReason =
  /** Never stored, or dropped to make room. */
  | 'absent'
  | 'expired'
  /** Stored from a stream that did not tell its token usage, which this call wants. */
  | 'no_usage'

/** An answer to keep. */
export interface CacheStore<A extends ApiId = ApiId> {
  readonly answer: AnswerOf<A>
  /** How its stream was cut ({@link Folder.boundaries}), for replaying it alike. */
  readonly boundaries?: Boundaries
  /** The response's headers; the provider's request id is kept. */
  readonly headers?: Headers
  /** The key that a lookup of the same query gave, to save the work. @default made from the query */
  readonly key?: string
}

export type CacheStored =
  | { readonly stored: true }
  | { readonly stored: false; readonly reason: SkipReason | BypassReason }

export interface CacheStats {
  readonly hits: number
  readonly misses: number
  readonly bypasses: number
  readonly stores: number
  readonly entries: number
  /** What they take in memory, about. */
  readonly bytes: number
}

/** A cache of answers, usable without any client. Made by {@link createCache}. */
export interface Cache {
  /** Looks a query up. Never rejects: what fails is a bypass. */
  lookup<A extends ApiId>(query: CacheQuery<A>, context?: CallContext): Promise<CacheLookup<A>>
  /** What {@link lookup} would say, without counting as use. */
  explain<A extends ApiId>(query: CacheQuery<A>, context?: CallContext): Promise<CacheLookup<A>>
  /** Keeps a copy of an answer if it is fit to be served again. Never rejects. */
  store<A extends ApiId>(query: CacheQuery<A>, answer: CacheStore<A>, context?: CallContext): Promise<CacheStored>
  stats(): CacheStats
}

/**
 * A cache of whole answers in this process's memory, for exactly equal requests of one tenant.
 *
 * The key is the SHA-256 of tenant, dialect, address and the whole request as canonical JSON: a field that we do not know
 * is part of it, and one left out differs from one set to its default. Not part of it are {@link ignoredFields}. An answer
 * is kept only when it is over and every choice of it ended by itself or with tool calls: no errors, nothing cut,
 * filtered, refused or empty. It is stored once, however it was delivered, and frozen.
 *
 * @throws {SluiceError} `config.option` at construction.
 *
 * @example
 * const answers = createCache({ ttlMs: 3_600_000 })
 * const found = await answers.lookup(
 *   { api: openaiChat, request: { model: 'gpt-5-mini', messages: [{ role: 'user', content: 'Hello' }] } },
 *   { tenant: 'acme' },
 * )
 * if (found.outcome === 'hit') console.log(found.entry.answer.choices[0]?.message.content)
 */
export function createCache(options: CacheOptions): Cache {
  const { ttlMs, tenant, maxBytes = 64 * 1024 * 1024, clock = systemClock } = checked(options)
  const entries = new LRUCache<string, CacheEntry>({ maxSize: maxBytes, sizeCalculation: ({ bytes }) => bytes })
  const counts = { hits: 0, misses: 0, bypasses: 0, stores: 0 }

  const look = <A extends ApiId>(query: CacheQuery<A>, context: CallContext, isUse: boolean): CacheLookup<A> => {
    const keyed = keyOf(query, context, tenant)
    if ('bypass' in keyed) return { outcome: 'bypass', reason: keyed.bypass }
    const { key } = keyed
    const miss = (reason: MissReason): CacheLookup<A> => ({ outcome: 'miss', reason, key })
    // The key holds the dialect, so what is found under it is in that dialect.
    const entry = (isUse ? entries.get(key) : entries.peek(key)) as CacheEntry<A> | undefined
    if (!entry) return miss('absent')
    if (clock.now() >= entry.expiresAtMs) {
      if (isUse) entries.delete(key)
      return miss('expired')
    }
    return wantsUsage(query) && !query.api.usage(entry.answer)
      ? miss('no_usage')
      : { outcome: 'hit', reason: 'exact', key, entry }
  }
  const lookSafely: typeof look = (query, context, isUse) => {
    try {
      return look(query, context, isUse)
    } catch {
      // A request that is not what its dialect says, or a tenant function that throws: the provider will judge.
      return { outcome: 'bypass', reason: 'failed' }
    }
  }
  const keep = <A extends ApiId>(query: CacheQuery<A>, kept: CacheStore<A>, context: CallContext): CacheStored => {
    const keyed = kept.key === undefined ? keyOf(query, context, tenant) : { key: kept.key }
    if ('bypass' in keyed) return { stored: false, reason: keyed.bypass }
    const { answer, boundaries, headers } = kept
    const reason = unfitness(query.api, query.request, answer)
    if (reason) return { stored: false, reason }
    const entry = makeEntry(answer, { boundaries, headers, storedAtMs: clock.now(), ttlMs })
    if (entry.bytes > maxBytes) return { stored: false, reason: 'too_large' }
    entries.set(keyed.key, entry as unknown as CacheEntry)
    counts.stores += 1
    return { stored: true }
  }

  return {
    async lookup(query, context = {}) {
      const found = lookSafely(query, context, true)
      counts[found.outcome === 'hit' ? 'hits' : found.outcome === 'miss' ? 'misses' : 'bypasses'] += 1
      return found
    },
    explain: async (query, context = {}) => lookSafely(query, context, false),
    async store(query, answer, context = {}) {
      try {
        return keep(query, answer, context)
      } catch {
        return { stored: false, reason: 'failed' }
      }
    },
    stats: () => ({ ...counts, entries: entries.size, bytes: entries.calculatedSize }),
  }
}

/** Whole answers always come with their usage, streams when they are asked for it. */
function wantsUsage<A extends ApiId>({ api, request }: CacheQuery<A>): boolean {
  return !api.isStream(request) || api.withStreamUsage(request) === request
}

function checked(options: CacheOptions): CacheOptions {
  const refuse = (message: string): never => {
    throw new SluiceError({ code: 'config.option', message })
  }
  if (typeof options !== 'object' || options === null) return refuse('The cache needs options: { ttlMs: 3_600_000 }.')
  const { ttlMs, tenant, maxBytes, clock, ...unknown } = options
  for (const name of Object.keys(unknown))
    refuse(
      `The cache has no option "${name}". The options are ttlMs, tenant, maxBytes, clock, and of cache() also price.`,
    )
  if (!(Number.isFinite(ttlMs) && ttlMs > 0))
    refuse(`The option "ttlMs" of the cache must be milliseconds above 0, got ${String(ttlMs)}.`)
  if (tenant !== undefined && tenant !== 'shared' && typeof tenant !== 'function')
    refuse(
      'The option "tenant" of the cache must be "shared" or a function of the call context. For one fixed tenant set context.tenant.',
    )
  if (maxBytes !== undefined && !(Number.isSafeInteger(maxBytes) && maxBytes > 0))
    refuse(`The option "maxBytes" of the cache must be a whole number above 0, got ${String(maxBytes)}.`)
  if (clock !== undefined && !(typeof clock?.now === 'function' && typeof clock.sleep === 'function'))
    refuse('The option "clock" of the cache must have now() and sleep(ms, signal).')
  return options
}
