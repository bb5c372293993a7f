import { LRUCache } from 'lru-cache'
import type { StoreKey } from '../store/store.ts'

/** What digests make of a request. */
export interface KnownKey {
  readonly key: StoreKey
  readonly check: string
}

/** Characters of requests kept at hand, all together and of one. */
const mostCharacters = 2 ** 21
const longest = 2 ** 15

/**
 * The keys of requests that were hits before, by how they were written: a request that comes again, field for field in the
 * same order, needs no digest. What is written alike is sent alike, so that its key is the same one.
 */
export class KeyMemo {
  readonly #known = new LRUCache<string, KnownKey>({
    maxSize: mostCharacters,
    maxEntrySize: longest,
    sizeCalculation: (_, written) => written.length,
  })

  find(written: string): KnownKey | undefined {
    return written.length > longest ? undefined : this.#known.get(written)
  }

  keep(written: string, known: KnownKey): void {
    this.#known.set(written, known)
  }
}
