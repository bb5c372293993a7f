import type { JsonObject } from '../../../json.ts'

/** A stored object with what belongs to it but is not part of its JSON. */
export interface Stored {
  value: JsonObject & { readonly id: string }
  bytes?: Uint8Array
  polls?: number
}

/** In-memory collections of stored objects, in the order in which they were made. */
export interface Shelf {
  collection(name: string): Map<string, Stored>
  clear(): void
}

export function createShelf(): Shelf {
  const collections = new Map<string, Map<string, Stored>>()
  return {
    collection(name) {
      const existing = collections.get(name)
      if (existing) return existing
      const made = new Map<string, Stored>()
      collections.set(name, made)
      return made
    },
    clear: () => collections.clear(),
  }
}
