import type { AnswerOf, ApiId, Boundaries } from '@sluice/core'
import type { CacheEntry } from './entry.ts'
import type { SkipReason } from './fitness.ts'
import type { BypassReason } from './key/query.ts'
import type { SemanticMiss, SemanticStats, SemanticTrace } from './semantic/tier.ts'
import type { StoreFailure } from './store/guarded-store.ts'

/** What the cache knows for a query, and why. */
export type CacheLookup<A extends ApiId = ApiId> = CacheHit<A> | CacheMiss<A> | CacheBypass

export interface CacheHit<A extends ApiId = ApiId> {
  readonly outcome: 'hit'
  /** `exact`: the very request. `stale`: the very request, past its time. `semantic`: one that is alike. */
  readonly reason: 'exact' | 'stale' | 'semantic'
  /** Names the answer's place, for `invalidate({ key })`. */
  readonly key: string
  readonly entry: CacheEntry<A>
  /** It is time to ask the provider again: `early`, before the answer ends, or `stale`, because it has ended. */
  readonly renew?: 'early' | 'stale'
  /** To be handed to `store` with the answer of a renewal. */
  readonly ticket: CacheTicket
  /** Names this serving, for `reject`; of semantic hits only. */
  readonly hitId?: string
  /** The hit is one of those whose answer is to be compared with the provider's own: `audited` wants to know. */
  readonly wantsAudit?: boolean
  /** Numbers behind a semantic hit. */
  readonly semantic?: SemanticTrace
  /** What the answer would have cost, in nano-dollars; absent where nobody can tell. */
  readonly savedNanoUsd?: number
}

export interface CacheMiss<A extends ApiId = ApiId> {
  readonly outcome: 'miss'
  readonly reason: MissReason
  readonly key: string
  /** To be handed to `store` with the provider's answer. */
  readonly ticket: CacheTicket
  /** An answer past its time that may be served should the provider fail. */
  readonly ifError?: CacheEntry<A>
  /** Why nothing alike was served, and the numbers behind that. */
  readonly semantic?: SemanticTrace & { readonly reason: SemanticMiss }
}

export interface CacheBypass {
  readonly outcome: 'bypass'
  readonly reason: BypassReason
}

export type MissReason =
  /** Never stored, over, invalidated, or dropped to make room. */
  | 'absent'
  /** Past its time, but for standing in for an error. */
  | 'expired'
  /** Stored from a stream that did not tell its token usage, which this call wants. */
  | 'no_usage'
  /** What is stored there belongs to another request. That is no accident: somebody wrote it. */
  | 'mismatch'
  | StoreFailure

/** What is known of a request since it was looked up: its key, its tags as they were then, when that was. */
export interface CacheTicket {
  /** As in the lookup. */
  readonly key: string
}

/** An answer to keep. */
export interface CacheStore<A extends ApiId = ApiId> {
  readonly answer: AnswerOf<A>
  /** How its stream was cut ({@link Folder.boundaries}), for replaying it alike. */
  readonly boundaries?: Boundaries
  /** The response's headers; the provider's request id is kept. */
  readonly headers?: Headers
  /**
   * That of the lookup which came before the provider was asked. Without it an invalidation that comes between goes
   * unnoticed. @default made now
   */
  readonly ticket?: CacheTicket
}

export type CacheStored =
  | { readonly stored: true }
  | { readonly stored: false; readonly reason: SkipReason | BypassReason }

/** What is to be forgotten. Of a shared cache the tenant is left out, or `shared`. */
export type CacheInvalidation =
  /** Everything of a tenant that has one of these tags. */
  | { readonly tags: readonly string[]; readonly tenant?: string }
  /** Everything of a tenant. */
  | { readonly tenant: string }
  /** One answer, by the key that a lookup told. */
  | { readonly key: string }

export interface CacheStats {
  /** All hits; those for stale answers and for semantic ones are also counted by themselves. */
  readonly hits: number
  readonly staleHits: number
  readonly semanticHits: number
  readonly misses: number
  readonly bypasses: number
  readonly stores: number
  /** Lookups and writes that the store did not answer in time, or at all, or was spared. */
  readonly storeFailures: number
  /** Entries that belonged to another request than the one that they were stored for. Anything above 0 wants a look. */
  readonly mismatches: number
  /** What all hits would have cost, in nano-dollars, as far as the option `price` knows. */
  readonly savedNanoUsd: number
  /** What the store holds in this process, where it can tell. */
  readonly entries: number
  readonly bytes: number
  /** Absent without a semantic tier. */
  readonly semantic?: SemanticStats
}
