import { SluiceError, systemClock, type Clock } from '@sluice/core'
import { LRUCache } from 'lru-cache'
import { entryBytes, ownEntry } from '../entry.ts'
import { everything, type Generations, type Store, type StoredEntry, type StoreFound, type StoreKey } from './store.ts'
import { endOf } from './stored-entry.ts'

export interface MemoryStoreOptions {
  /** What all entries together may take, about; those used longest ago go first. @default 64 MiB */
  readonly maxBytes?: number
  /** @default the system's clock */
  readonly clock?: Clock
}

/** How many invalidated tags are told apart; past it all entries are dropped at once, which is always right. */
const mostTags = 100_000

/**
 * A store in this process's memory. Nothing is copied on the way out: entries are deeply frozen.
 *
 * @throws {SluiceError} `config.option` at construction.
 */
export function memoryStore(options: MemoryStoreOptions = {}): Store {
  const { maxBytes, clock } = checked(options)
  const entries = new LRUCache<string, StoredEntry>({ maxSize: maxBytes, sizeCalculation: entryBytes })
  const tags = new Tags(() => entries.clear())

  const find = (key: StoreKey): StoredEntry | undefined => {
    const name = nameOf(key)
    const entry = entries.get(name)
    if (!entry) return undefined
    if (clock.now() < endOf(entry) && tags.areCurrent(key.scope, entry.tags)) return entry
    entries.delete(name)
    return undefined
  }

  const peek = (key: StoreKey, asked: readonly string[]): StoreFound => ({
    entry: find(key),
    generations: tags.generations(key.scope, asked),
  })

  return {
    name: 'memory',
    isLocal: true,
    get: async (key, asked) => peek(key, asked),
    peek,
    async set(key, given) {
      if (clock.now() >= endOf(given) || !tags.areCurrent(key.scope, given.tags)) return false
      const entry = ownEntry(given)
      if (entryBytes(entry) > maxBytes) return false
      entries.set(nameOf(key), entry)
      return true
    },
    delete: async (key) => entries.delete(nameOf(key)),
    invalidate: async (scope, gone) => tags.invalidate(scope, gone),
    size: () => ({ entries: entries.size, bytes: entries.calculatedSize }),
  }
}

const nameOf = ({ scope, id }: StoreKey): string => `${scope}.${id}`

/** Generations of tags, apart by scope. Only those that were invalidated take room. */
class Tags {
  readonly #known = new Map<string, number>()
  readonly #onForget: () => void
  /** The generation of all others. */
  #floor = 0

  constructor(onForget: () => void) {
    this.#onForget = onForget
  }

  generations(scope: string, tags: readonly string[]): Generations {
    // Without a prototype it has no hidden class: every request has a tag of its own name, and would leave one behind.
    const generations = Object.create(null) as Record<string, number>
    generations[everything] = this.#of(scope, everything)
    for (const tag of tags) generations[tag] = this.#of(scope, tag)
    return generations
  }

  /** Whether none of them was invalidated since. An entry without the tag of everything was asked for by nobody who knew. */
  areCurrent(scope: string, tags: Generations): boolean {
    if (tags[everything] === undefined) return false
    if (this.#known.size === 0 && this.#floor === 0) return Object.values(tags).every((generation) => generation === 0)
    return Object.keys(tags).every((tag) => tags[tag] === this.#of(scope, tag))
  }

  invalidate(scope: string, tags: readonly string[]): void {
    for (const tag of tags) this.#known.set(`${scope}.${tag}`, this.#of(scope, tag) + 1)
    if (this.#known.size <= mostTags) return
    // Every generation that was ever told is older than the new floor: nothing that is under way can come back.
    let newest = this.#floor
    for (const generation of this.#known.values()) newest = Math.max(newest, generation)
    this.#floor = newest + 1
    this.#known.clear()
    this.#onForget()
  }

  #of(scope: string, tag: string): number {
    return this.#known.get(`${scope}.${tag}`) ?? this.#floor
  }
}

function checked(options: MemoryStoreOptions): Required<MemoryStoreOptions> {
  const refuse = (message: string): never => {
    throw new SluiceError({ code: 'config.option', message })
  }
  if (typeof options !== 'object' || options === null)
    return refuse('The options of memoryStore() must be an object: { maxBytes: 64 * 2 ** 20 }.')
  const { maxBytes = 64 * 2 ** 20, clock = systemClock, ...unknown } = options
  for (const name of Object.keys(unknown))
    refuse(`memoryStore() has no option "${name}". The options are maxBytes, clock.`)
  if (!(Number.isSafeInteger(maxBytes) && maxBytes > 0))
    refuse(`The option "maxBytes" of memoryStore() must be a whole number above 0, got ${String(maxBytes)}.`)
  if (!(typeof clock?.now === 'function' && typeof clock.sleep === 'function'))
    refuse('The option "clock" of memoryStore() must have now() and sleep(ms, signal).')
  return { maxBytes, clock }
}
