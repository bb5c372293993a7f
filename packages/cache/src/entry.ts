import type { AnswerOf, ApiId, Boundaries } from '@sluice/core'

/** A stored answer. Deeply frozen. */
export interface CacheEntry<A extends ApiId = ApiId> {
  /** The native whole answer, however it was delivered. */
  readonly answer: AnswerOf<A>
  /** How the stream that it came in was cut; `undefined` when it came whole. */
  readonly boundaries: Boundaries | undefined
  /** The provider's id of the request that it answered, by header name. */
  readonly requestIds: Readonly<Record<string, string>>
  readonly storedAtMs: number
  readonly expiresAtMs: number
  /** What it takes in memory, about. */
  readonly bytes: number
}

/** An entry of its own: it shares nothing with `answer`, and nobody can change it. */
export function makeEntry<A extends ApiId>(
  answer: AnswerOf<A>,
  of: { boundaries: Boundaries | undefined; headers: Headers | undefined; storedAtMs: number; ttlMs: number },
): CacheEntry<A> {
  const { boundaries, headers, storedAtMs, ttlMs } = of
  const text = JSON.stringify({ answer, boundaries })
  const copy = JSON.parse(text) as Pick<CacheEntry<A>, 'answer' | 'boundaries'>
  return deepFreeze({
    answer: copy.answer,
    boundaries: copy.boundaries,
    requestIds: requestIdsOf(headers),
    storedAtMs,
    expiresAtMs: storedAtMs + ttlMs,
    // Two bytes a character, and what the engine and the index add to an entry.
    bytes: text.length * 2 + 512,
  })
}

function requestIdsOf(headers: Headers | undefined): Record<string, string> {
  const ids: Record<string, string> = {}
  for (const name of ['x-request-id', 'request-id']) {
    const id = headers?.get(name)
    if (id) ids[name] = id
  }
  return ids
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const field of Object.values(value)) deepFreeze(field)
  return Object.freeze(value)
}
