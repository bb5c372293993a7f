import { streamReply, wholeReply, type ApiId, type Call, type Reply } from '@sluice/core'
import type { CacheEntry } from '../entry.ts'

/** What the header `x-sluice-cache` says of an answer that was not asked for. */
export type HitMark = 'hit' | 'stale' | 'semantic'

/** A stored answer as the reply to a call, in the form in which that wants it. */
export function hitReply<A extends ApiId>(
  call: Call<A>,
  { answer, boundaries, requestIds }: Pick<CacheEntry<A>, 'answer' | 'boundaries' | 'requestIds'>,
  mark: HitMark,
  hitId?: string,
): Reply<A> {
  const { api, request } = call
  const isStream = api.isStream(request)
  const headers = new Headers({
    'content-type': isStream ? 'text/event-stream; charset=utf-8' : 'application/json',
    ...requestIds,
    'x-sluice-cache': mark,
    ...(hitId !== undefined && { 'x-sluice-cache-hit-id': hitId }),
  })
  // As a head of its own it is not copied.
  const from = { status: 200, headers, head: { status: 200, headers } }
  const echoed = withEchoes(answer, request)
  if (!isStream) return wholeReply(api, echoed, from)
  const events = api.replay(echoed, boundaries)
  const wantsUsage = api.withStreamUsage(request) === request
  return streamReply(api, wantsUsage ? events : events.filter((event) => !api.isUsageOnly(event)), from)
}

/** Fields of a request that are not part of the key but that an answer repeats: those of the call that asks now count. */
const echoes = [
  'metadata',
  'user',
  'safety_identifier',
  'prompt_cache_key',
  'prompt_cache_options',
  'prompt_cache_retention',
]

/** What answers to two calls differ in though their keys are equal. */
export function echoesOf(request: { readonly [field: string]: unknown }): readonly unknown[] | undefined {
  return echoes.some((field) => request[field] !== undefined) ? echoes.map((field) => request[field]) : undefined
}

function withEchoes<T extends { readonly [field: string]: unknown }>(
  answer: T,
  request: { readonly [field: string]: unknown },
): T {
  const stale = echoes.filter((field) => field in answer)
  if (stale.length === 0) return answer
  const own = stale.map((field) => [field, request[field] ?? (field === 'metadata' ? {} : null)] as const)
  return { ...answer, ...Object.fromEntries(own) }
}
