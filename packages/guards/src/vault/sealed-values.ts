import type { VaultEntry } from './vault.ts'

/**
 * Values that are opened one by one, as they are asked for: most answers hold no placeholder, and to open all values of a long
 * conversation for each of its calls would cost more than the guards do. What cannot be opened is not there.
 */
export class SealedValues implements ReadonlyMap<string, VaultEntry> {
  readonly #sealed: ReadonlyMap<string, string>
  readonly #open: (sealed: string, id: string) => VaultEntry | undefined
  readonly #opened = new Map<string, VaultEntry | undefined>()

  constructor(sealed: ReadonlyMap<string, string>, open: (sealed: string, id: string) => VaultEntry | undefined) {
    this.#sealed = sealed
    this.#open = open
  }

  /** How many there are; those that cannot be opened count. */
  get size(): number {
    return this.#sealed.size
  }

  get(id: string): VaultEntry | undefined {
    if (this.#opened.has(id)) return this.#opened.get(id)
    const sealed = this.#sealed.get(id)
    const entry = sealed === undefined ? undefined : this.#open(sealed, id)
    this.#opened.set(id, entry)
    return entry
  }

  has(id: string): boolean {
    return this.get(id) !== undefined
  }

  *entries(): MapIterator<[string, VaultEntry]> {
    for (const id of this.#sealed.keys()) {
      const entry = this.get(id)
      if (entry) yield [id, entry]
    }
  }

  *keys(): MapIterator<string> {
    for (const [id] of this.entries()) yield id
  }

  *values(): MapIterator<VaultEntry> {
    for (const [, entry] of this.entries()) yield entry
  }

  [Symbol.iterator](): MapIterator<[string, VaultEntry]> {
    return this.entries()
  }

  forEach(see: (entry: VaultEntry, id: string, map: ReadonlyMap<string, VaultEntry>) => void): void {
    for (const [id, entry] of this.entries()) see(entry, id, this)
  }
}
