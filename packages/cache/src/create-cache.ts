import type { ApiId, CallContext } from '@sluice/core'
import { CacheCore } from './cache-core.ts'
import type { CacheInvalidation, CacheLookup, CacheStats, CacheStore, CacheStored } from './cache-lookup.ts'
import { settingsOf, type CacheOptions } from './cache-options.ts'
import { keyDiffOf, type KeyDiff, type KeyDiffOptions, type KeyDiffSide } from './key/key-diff.ts'
import type { CacheQuery } from './key/query.ts'

/** A cache of answers, usable without any client. Made by {@link createCache}. */
export interface Cache {
  /** Looks a query up. Never rejects: what fails is a miss or a bypass. */
  lookup<A extends ApiId>(
    query: CacheQuery<A>,
    context?: CallContext,
    options?: { readonly signal?: AbortSignal },
  ): Promise<CacheLookup<A>>
  /**
   * What {@link lookup} would say and why, without counting as use: the key, the entry with its times; with a semantic tier
   * also the nearest neighbour, its similarity, the vetoes with what differs, and the policy's numbers.
   */
  explain<A extends ApiId>(query: CacheQuery<A>, context?: CallContext): Promise<CacheLookup<A>>
  /**
   * Keeps a copy of an answer if it is fit to be served again. Never rejects. With a semantic tier it waits until the
   * answer can be found by likeness too.
   */
  store<A extends ApiId>(query: CacheQuery<A>, answer: CacheStore<A>, context?: CallContext): Promise<CacheStored>
  /** Which parts of two queries give them different keys. */
  keyDiff(a: KeyDiffSide, b: KeyDiffSide, options?: KeyDiffOptions): KeyDiff
  /**
   * Forgets answers, those included that are being made now.
   *
   * @throws {SluiceError} `cache.not_invalidated` when the store failed, `cache.invalid_target`.
   */
  invalidate(what: CacheInvalidation): Promise<void>
  /** A semantic hit was wrong: its pair is never served again. `false` when the id is not known (any more). */
  reject(hitId: string): Promise<boolean>
  /** Tells what the provider answered to a query that a hit with `wantsAudit` was served for. */
  audited<A extends ApiId>(hitId: string, answer: CacheStore<A>['answer']): Promise<void>
  stats(): CacheStats
  /** Resolves when no renewal, audit or learning is under way in the background. */
  idle(): Promise<void>
}

/** The inside of the caches that were made here. */
const cores = new WeakMap<Cache, CacheCore>()

/** The inside of a cache; `undefined` for what {@link createCache} has not made. */
export function coreOf(cache: Cache): CacheCore | undefined {
  return cores.get(cache)
}

/**
 * A cache of whole answers, for exactly equal requests of one tenant, and with the option `semantic` for questions that
 * are alike.
 *
 * The key is the SHA-256 of tenant, dialect, address and the whole request as canonical JSON: a field that we do not know
 * is part of it, and one left out differs from one set to its default. Text counts as it is, white space and Unicode form
 * included. Not part of it are {@link ignoredFields}. A second digest is compared before an answer is served. An answer
 * is kept only when it is over and every choice of it ended by itself or with tool calls: no errors, nothing cut,
 * filtered, refused or empty. It is stored once, however it was delivered, and frozen.
 *
 * A store that is slow or down costs a call `lookupTimeoutMs` at the most and never fails one.
 *
 * @throws {SluiceError} `config.option` at construction.
 *
 * @example
 * const answers = createCache({ ttlMs: 3_600_000, tenant: 'context' })
 * const found = await answers.lookup(
 *   { api: openaiChat, request: { model: 'gpt-5-mini', messages: [{ role: 'user', content: 'Hello' }] } },
 *   { tenant: 'acme' },
 * )
 * if (found.outcome === 'hit') console.log(found.entry.answer.choices[0]?.message.content)
 */
export function createCache(options: CacheOptions): Cache {
  const core = new CacheCore(settingsOf(options))
  const cache: Cache = {
    lookup: (query, context = {}, { signal } = {}) => core.lookup(query, context, signal),
    explain: (query, context = {}) => core.look(query, context, undefined, 'explain'),
    async store(query, answer, context = {}) {
      const stored = await core.keep(query, answer, context)
      if (core.tier) await core.idle()
      return stored
    },
    keyDiff: (a, b, more) => keyDiffOf(core.keys, a, b, more),
    invalidate: (what) => core.invalidate(what),
    reject: async (hitId) => (await core.tier?.reject(hitId)) ?? false,
    audited: async (hitId, answer) => core.tier?.audited(hitId, answer),
    stats: () => core.stats(),
    idle: () => core.idle(),
  }
  cores.set(cache, core)
  return cache
}
