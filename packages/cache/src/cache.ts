import {
  defineMiddleware,
  SluiceError,
  type ApiId,
  type Call,
  type JsonObject,
  type Middleware,
  type Reply,
} from '@sluice/core'
import { note } from './call/answered-call.ts'
import { audit, renew } from './call/background-call.ts'
import type { CacheCore } from './cache-core.ts'
import type { CacheHit, CacheLookup } from './cache-lookup.ts'
import type { CacheOptions } from './cache-options.ts'
import { coreOf, createCache, type Cache } from './create-cache.ts'
import { answerList, listScene } from './embeddings/answer-list.ts'
import { flightKey } from './call/flight-key.ts'
import { hitReply } from './call/hit-reply.ts'
import { joinedReply } from './call/joined-reply.ts'
import type { CacheQuery } from './key/query.ts'
import { lead } from './call/lead.ts'
import type { SemanticTrace } from './semantic/tier.ts'

/**
 * Middleware that answers a request from the cache when the same tenant asked exactly the same before, and with the option
 * `semantic` when it asked alike.
 *
 * Whole and streamed calls share one entry: a stream is recorded while it passes, and replayed as it was cut, at once. A
 * hit has the status, the answer, the usage and the request id of the original, and the header `x-sluice-cache`: `hit`,
 * `stale` or `semantic`. The rules of what is looked up and what is kept are those of {@link createCache}. Identical calls
 * that are under way at the same time ask the provider once. Of a list of inputs for embeddings only those are asked for
 * that are not known; the answer's usage is then of these. What the cache did is noted in the call's report: `hit`,
 * `miss`, `bypass`, `join`, `store` or `skip`, each with its reason.
 *
 * Belongs inside the guards on the input, so that only what was let through is keyed and stored, and outside retries.
 * Renewals and audits are calls in the background: middleware outside of the cache does not see them.
 *
 * @param options or a cache made with {@link createCache}, to share it or to ask it.
 * @throws {SluiceError} `config.option` at construction.
 *
 * @example
 * const openai = sluice(new OpenAI(), [cache({ ttlMs: 3_600_000, tenant: 'context' })], { context: { tenant: 'acme' } })
 */
export function cache(options: CacheOptions | Cache): Middleware {
  const core = opened(options)
  return defineMiddleware({ name: 'cache', needsUsage: true }, async (call, next) => {
    const query = queryOf(call)
    const list = query && listScene({ core, call, next, query })
    if (list) return answerList(list)
    const found: CacheLookup = query
      ? await core.lookup(query, call.context, call.signal)
      : { outcome: 'bypass', reason: 'failed' }
    if (found.outcome === 'hit') {
      const background = { core, call, next, query: query as CacheQuery, hit: found }
      if (found.renew) await renew(background)
      if (found.wantsAudit) audit(background)
      return served(call, found)
    }
    const details = found.outcome === 'miss' ? semanticDetails(found.semantic) : {}
    note(call, found.outcome, found.reason, details)
    if (found.outcome === 'bypass') return next(call)
    const scene = { core, next, query: query as CacheQuery, found }
    const { reply, isFollower } = await core.flights.fly(flightKey(found, call), call, (led) =>
      lead({ ...scene, call: led }),
    )
    return isFollower ? joinedReply(core, call, reply) : reply
  })
}

function opened(options: CacheOptions | Cache): CacheCore {
  const isCache = typeof options === 'object' && options !== null && 'lookup' in options
  const core = coreOf(isCache ? options : createCache(options))
  if (core) return core
  throw new SluiceError({
    code: 'config.option',
    message: 'The cache that cache() was given was not made with createCache(). Give it one that was, itself, no copy.',
  })
}

/** The query of a call; `undefined` when its body is not JSON, which is the provider's to refuse. */
function queryOf<A extends ApiId>(call: Call<A>): CacheQuery<A> | undefined {
  const { api, http } = call
  try {
    return { api, request: call.request, url: http.url, headers: http.headers }
  } catch {
    return undefined
  }
}

function served<A extends ApiId>(call: Call<A>, hit: CacheHit<A>): Reply<A> {
  const { reason, entry, hitId, savedNanoUsd } = hit
  note(call, 'hit', reason, {
    ...(savedNanoUsd !== undefined && { savedNanoUsd }),
    ...semanticDetails(hit.semantic, hitId),
  })
  return hitReply(call, entry, reason === 'exact' ? 'hit' : reason, hitId)
}

/** What a report says of the semantic tier. */
function semanticDetails(
  trace: (SemanticTrace & { readonly reason?: string }) | undefined,
  hitId?: string,
): { details?: JsonObject } {
  if (!trace) return {}
  const { reason, nearest, unsuited, vetoes, policy, numbers } = trace
  const known = { hitId, semantic: reason, similarity: nearest?.similarity, unsuited, vetoes, policy, numbers }
  return { details: Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)) }
}
