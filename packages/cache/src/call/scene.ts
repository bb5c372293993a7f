import type { ApiId, Call, Handler } from '@sluice/core'
import type { CacheCore } from '../cache-core.ts'
import type { CacheQuery } from '../key/query.ts'

/** A call that comes to the cache, and what it takes to answer it. */
export interface Scene<A extends ApiId> {
  readonly core: CacheCore
  readonly call: Call<A>
  readonly next: Handler
  readonly query: CacheQuery<A>
}
