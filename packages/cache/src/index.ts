export { cache } from './cache.ts'
export { createCache, type Cache } from './create-cache.ts'
export type { CacheLockOptions, CacheOptions } from './cache-options.ts'
export type {
  CacheBypass,
  CacheHit,
  CacheInvalidation,
  CacheLookup,
  CacheMiss,
  CacheStats,
  CacheStore,
  CacheStored,
  CacheTicket,
  MissReason,
} from './cache-lookup.ts'
export type { CacheEntry } from './entry.ts'
export type { SkipReason } from './fitness.ts'
export { keyDiff, type KeyDiff, type KeyDiffOptions, type KeyDifference, type KeyDiffSide } from './key/key-diff.ts'
export { ignoredFields, keyHeaders, type BypassReason, type CacheQuery, type CacheTenant } from './key/query.ts'
export { memoryStore, type MemoryStoreOptions } from './store/memory-store.ts'
export {
  everything,
  type Generations,
  type Invalidation,
  type Store,
  type StoredEntry,
  type StoreFound,
  type StoreKey,
  type StoreLock,
} from './store/store.ts'
export type { StoreFailure } from './store/guarded-store.ts'
export { tieredStore, type TieredStoreOptions } from './store/tiered-store.ts'
export type { SemanticMiss, SemanticOption, SemanticStats, SemanticTrace } from './semantic/tier.ts'
