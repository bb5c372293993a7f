export { cache, type CacheMiddlewareOptions } from './cache.ts'
export {
  createCache,
  type Cache,
  type CacheLookup,
  type CacheOptions,
  type CacheStats,
  type CacheStore,
  type CacheStored,
  type MissReason,
} from './create-cache.ts'
export type { CacheEntry } from './entry.ts'
export type { SkipReason } from './fitness.ts'
export { ignoredFields, type BypassReason, type CacheQuery, type CacheTenant } from './query.ts'
