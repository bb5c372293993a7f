import type { AnswerOf, ApiId, Boundaries, JsonObject } from '@sluice/core'
import type { StoredEntry } from './store/store.ts'

/** A stored answer, in the words of its dialect. Deeply frozen. */
export interface CacheEntry<A extends ApiId = ApiId> extends Omit<StoredEntry, 'answer' | 'api'> {
  readonly api: A
  /** The native whole answer, however it was delivered. */
  readonly answer: AnswerOf<A>
}

/** Two bytes a character, and what the engine and an index add to an entry. */
const bytesOf = (text: string): number => text.length * 2 + 512

/** The entries of our own making, which nobody else can change, and what they take in memory, about. */
const own = new WeakMap<StoredEntry, number>()

/** What {@link makeEntry} makes an entry of. */
export interface EntryInit extends Omit<StoredEntry, 'answer' | 'requestIds' | 'boundaries' | 'semantic'> {
  readonly answer: JsonObject
  readonly boundaries: Boundaries | undefined
  readonly headers: Headers | undefined
}

/** An entry of its own: it shares nothing with `answer`, and nobody can change it. */
export function makeEntry({ answer, boundaries, headers, ...rest }: EntryInit): StoredEntry {
  const own = boundaries === undefined ? { answer } : { answer, boundaries }
  const text = JSON.stringify(own)
  const copy = isFrozenJson(answer) ? own : (JSON.parse(text) as typeof own)
  return owned({ ...rest, ...copy, requestIds: requestIdsOf(headers) }, text)
}

/** The entry if it is of our making, else a copy that is. */
export function ownEntry(entry: StoredEntry): StoredEntry {
  if (own.has(entry)) return entry
  const text = JSON.stringify(entry)
  return owned(JSON.parse(text) as StoredEntry, text)
}

/** An entry with other times, tags or semantic part; its answer is shared. */
export function changedEntry(entry: StoredEntry, change: Partial<Omit<StoredEntry, 'answer'>>): StoredEntry {
  const made = deepFreeze({ ...entry, ...change })
  const bytes = own.get(entry)
  if (bytes !== undefined) own.set(made, bytes + JSON.stringify(change).length * 2)
  return made
}

/** What an entry takes in memory, about. */
export function entryBytes(entry: StoredEntry): number {
  return own.get(entry) ?? bytesOf(JSON.stringify(entry))
}

function owned(entry: StoredEntry, text: string): StoredEntry {
  own.set(entry, bytesOf(text))
  return deepFreeze(entry)
}

function requestIdsOf(headers: Headers | undefined): Record<string, string> {
  const ids: Record<string, string> = {}
  for (const name of ['x-request-id', 'request-id']) {
    const id = headers?.get(name)
    if (id) ids[name] = id
  }
  return ids
}

/** Whether nobody can change any part of a value, and it is JSON: what came from a provider's reply is. */
function isFrozenJson(value: unknown): boolean {
  if (typeof value !== 'object')
    return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
  if (value === null) return true
  if (!Object.isFrozen(value)) return false
  if (Array.isArray(value)) return value.every(isFrozenJson)
  return Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isFrozenJson)
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const field of Object.values(value)) deepFreeze(field)
  return Object.freeze(value)
}
