import {
  defineMiddleware,
  SluiceError,
  streamReply,
  systemClock,
  wholeReply,
  type ApiId,
  type AnswerOf,
  type Call,
  type Clock,
  type Decision,
  type Middleware,
  type Pricer,
  type Reply,
} from '@sluice/core'
import { createCache, type Cache, type CacheLookup, type CacheOptions, type CacheStored } from './create-cache.ts'
import type { CacheEntry } from './entry.ts'
import type { CacheQuery } from './query.ts'
import { RecordedStream } from './recorded-stream.ts'

export interface CacheMiddlewareOptions extends CacheOptions {
  /** Prices what a hit saved, for the call's report. @default none: the report says what was hit, not what it was worth */
  readonly price?: Pricer
}

/**
 * Middleware that answers a request from memory when the same tenant asked exactly the same before.
 *
 * Whole and streamed calls share one entry: a stream is recorded while it passes, and replayed as it was cut, at once. A
 * hit has the status, the answer, the usage and the request id of the original, and the header `x-sluice-cache: hit`. The
 * rules of what is looked up and what is kept are those of {@link createCache}. A cache that fails is a miss. What it did
 * is noted in the call's report: `hit`, `miss`, `bypass`, `store` or `skip`, each with its reason.
 *
 * Belongs inside the guards on the input, so that only what was let through is keyed and stored, and outside retries.
 * Identical calls that are under way at the same time each ask the provider.
 *
 * @param options or a cache made with {@link createCache}, to share it or to ask it.
 * @throws {SluiceError} `config.option` at construction.
 *
 * @example
 * const openai = sluice(new OpenAI(), [cache({ ttlMs: 3_600_000 })], { context: { tenant: 'acme' } })
 */
export function cache(options: CacheMiddlewareOptions | Cache): Middleware {
  const { answers, saved } = opened(options)
  return defineMiddleware({ name: 'cache', needsUsage: true }, async (call, next) => {
    const query = queryOf(call)
    const found = query ? await answers.lookup(query, call.context) : ({ outcome: 'bypass', reason: 'failed' } as const)
    const { outcome, reason } = found
    if (found.outcome === 'hit') {
      const savedNanoUsd = saved(call, found.entry)
      note(call, 'hit', reason, savedNanoUsd === undefined ? {} : { savedNanoUsd })
      return hitReply(call, found.entry)
    }
    note(call, outcome, reason)
    const reply = await next(call)
    return query && found.outcome === 'miss' && reply.status === 200 ? kept(answers, call, query, found, reply) : reply
  })
}

/** What a hit saved, in nano-dollars. */
type Saved = <A extends ApiId>(call: Call<A>, entry: CacheEntry<A>) => number | undefined

function opened(options: CacheMiddlewareOptions | Cache): { answers: Cache; saved: Saved } {
  if (typeof options === 'object' && options !== null && 'lookup' in options)
    return { answers: options, saved: () => undefined }
  const { price, ...rest } = options ?? {}
  if (price !== undefined && typeof price !== 'function')
    throw new SluiceError({
      code: 'config.option',
      message: 'The option "price" of cache() must be a function of usage and model.',
    })
  const answers = createCache((options && rest) as CacheOptions)
  const clock = rest.clock ?? systemClock
  return { answers, saved: (call, entry) => (price ? savedBy(call, entry, price, clock) : undefined) }
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

/** The reply, with its answer on the way into the cache. */
async function kept<A extends ApiId>(
  answers: Cache,
  call: Call<A>,
  query: CacheQuery<A>,
  { key }: Extract<CacheLookup<A>, { outcome: 'miss' }>,
  reply: Reply<A>,
): Promise<Reply<A>> {
  const { headers } = reply
  const noteStored = (result: CacheStored): void => {
    if (result.stored) note(call, 'store', 'exact')
    else note(call, 'skip', result.reason)
  }
  if (reply.kind === 'whole') {
    let answer: AnswerOf<A>
    try {
      answer = await reply.value()
    } catch {
      // A body that broke or is not JSON: the consumer of the reply learns it for itself.
      return reply
    }
    noteStored(await answers.store(query, { answer, headers, key }, call.context))
  } else if (reply.kind === 'stream') {
    const recorded = new RecordedStream(reply, async (recording) => {
      noteStored(
        'skip' in recording
          ? { stored: false, reason: recording.skip }
          : await answers.store(query, { ...recording, headers, key }, call.context),
      )
    })
    return streamReply(reply.api, recorded, reply)
  }
  return reply
}

function hitReply<A extends ApiId>(call: Call<A>, { answer, boundaries, requestIds }: CacheEntry<A>): Reply<A> {
  const { api, request } = call
  const head = { headers: new Headers({ ...requestIds, 'x-sluice-cache': 'hit' }) }
  const echoed = withEchoes(answer, request)
  if (!api.isStream(request)) return wholeReply(api, echoed, head)
  const events = api.replay(echoed, boundaries)
  const wantsUsage = api.withStreamUsage(request) === request
  return streamReply(api, wantsUsage ? events : events.filter((event) => !api.isUsageOnly(event)), head)
}

/** Fields of a request that are not part of the key but that an answer repeats: those of the call that asks now count. */
const echoes = ['metadata', 'user', 'safety_identifier', 'prompt_cache_key', 'prompt_cache_retention']

function withEchoes<T extends { readonly [field: string]: unknown }>(
  answer: T,
  request: { readonly [field: string]: unknown },
): T {
  const stale = echoes.filter((field) => field in answer)
  if (stale.length === 0) return answer
  const own = stale.map((field) => [field, request[field] ?? (field === 'metadata' ? {} : null)] as const)
  return { ...answer, ...Object.fromEntries(own) }
}

function savedBy<A extends ApiId>(
  { api, request }: Call<A>,
  { answer }: CacheEntry<A>,
  price: Pricer,
  clock: Clock,
): number | undefined {
  try {
    const usage = api.usage(answer)
    const cost = usage && price(usage, { model: api.answer(answer).model ?? api.model(request), atMs: clock.now() })
    return cost && 'nanoUsd' in cost ? cost.nanoUsd : undefined
  } catch {
    // A pricer that throws must not fail the call it prices.
    return undefined
  }
}

function note(call: Call, action: string, reason: string, more: Partial<Decision> = {}): void {
  call.note({ by: 'cache', action, reason, ...more })
}
