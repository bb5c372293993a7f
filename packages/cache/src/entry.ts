import type { AnswerOf, ApiId, Boundaries, JsonObject } from '@sluice/core'
import type { StoredEntry } from './store/store.ts'

/** A stored answer, in the words of its dialect. Deeply frozen. */
export interface CacheEntry<A extends ApiId = ApiId> extends Omit<StoredEntry, 'answer' | 'api'> {
  readonly api: A
  /** The native whole answer, however it was delivered. */
  readonly answer: AnswerOf<A>
}

/** Two bytes for each character of its JSON, and what the engine and an index add to an entry. */
const bytesOf = (length: number): number => length * 2 + 512

/** Characters of one cut of a stream in JSON, about: `["choices.0.content",12],`. */
const cutLength = 24

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
  const length = frozenLength(answer)
  const text = length === undefined ? JSON.stringify(answer) : undefined
  const copy = text === undefined ? answer : (JSON.parse(text) as JsonObject)
  const cuts = boundaries && { boundaries: boundaries.map(([kind, size]) => [kind, size] as const) }
  const entry = deepFreeze({ ...rest, answer: copy, ...cuts, requestIds: requestIdsOf(headers) })
  own.set(entry, bytesOf((length ?? text?.length ?? 0) + (boundaries?.length ?? 0) * cutLength))
  return entry
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
  return own.get(entry) ?? bytesOf(JSON.stringify(entry).length)
}

function owned(entry: StoredEntry, text: string): StoredEntry {
  own.set(entry, bytesOf(text.length))
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

/**
 * How long a value is as JSON, about; `undefined` when somebody could change a part of it, or it is no JSON. What came from
 * a provider's reply is both, and needs neither a copy nor to be written out.
 */
function frozenLength(value: unknown): number | undefined {
  if (typeof value === 'string') return value.length + 2
  if (typeof value !== 'object') return typeof value === 'boolean' || Number.isFinite(value) ? 5 : undefined
  if (value === null) return 4
  if (!Object.isFrozen(value)) return undefined
  const isArray = Array.isArray(value)
  if (!isArray && Object.getPrototypeOf(value) !== Object.prototype) return undefined
  let sum = 2
  for (const name of Object.keys(value)) {
    const length = frozenLength((value as JsonObject)[name])
    if (length === undefined) return undefined
    sum += length + (isArray ? 1 : name.length + 4)
  }
  return sum
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const name of Object.keys(value)) deepFreeze((value as JsonObject)[name])
  return Object.freeze(value)
}
