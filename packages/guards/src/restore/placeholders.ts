import type { Span } from '../detector.ts'
import { derived } from '../vault/vault-key.ts'
import type { Vault, VaultEntry } from '../vault/vault.ts'
import { labelOf, placeholderId, placeholderText } from './placeholder.ts'
import { PlaceholderMatcher } from './placeholder-matcher.ts'

/** How a call's placeholders fared. */
export interface RestoreCounts {
  /** Values that the model was sent placeholders of. */
  readonly sent: number
  /** Placeholders in the answer. */
  readonly seen: number
  /** Values put back. */
  readonly restored: number
  /** What looks like a placeholder of ours and is none; left in the answer as it is. */
  readonly unknown: number
}

const looksLikeOne = /\[[A-Z][A-Z0-9_]{0,39}_([bcdfghj-np-tv-xz]{8})\]/g

/**
 * The placeholders of one call: those of the values in its request, and those that the vault has of its conversation. Made for
 * each call: no table is shared between requests.
 */
export class Placeholders {
  readonly #vault: Vault
  readonly #conversation: string
  /** Derived for the first value: most requests hold none. */
  #key: Uint8Array | undefined
  readonly #entries = new Map<string, VaultEntry>()
  readonly #sent = new Map<string, VaultEntry>()
  readonly #matcher = new PlaceholderMatcher()
  #seen = 0
  #restored = 0
  #unknown = 0

  constructor(vault: Vault, conversation: string) {
    this.#vault = vault
    this.#conversation = conversation
  }

  /** What the vault has. */
  know(entries: ReadonlyMap<string, VaultEntry>): void {
    for (const [id, entry] of entries) this.#add(id, entry)
  }

  /** What stands for a value in the request. */
  put({ replacement, rule }: Span, value: string): string {
    const label = labelOf(replacement, rule)
    const key = (this.#key ??= derived(this.#vault.key, this.#conversation))
    for (let attempt = 0; ; attempt += 1) {
      const id = placeholderId(key, value, attempt)
      const known = this.#entries.get(id)
      // Another value has it already: one in billions.
      if (known && known.value !== value) continue
      const entry = known ?? { label, value }
      if (!known) this.#add(id, entry)
      this.#sent.set(id, entry)
      return placeholderText(entry.label, id)
    }
  }

  /** The values that this request holds, by id. */
  get sent(): ReadonlyMap<string, VaultEntry> {
    return this.#sent
  }

  /** Whether any placeholder can be in an answer. */
  get isEmpty(): boolean {
    return this.#entries.size === 0
  }

  get maxLength(): number {
    return this.#matcher.maxLength
  }

  /** Where placeholders are in a text, each with its value as the replacement. */
  find(text: string): Span[] {
    return this.#matcher.find(text).map(({ start, end, id }) => {
      const { label = '', value = '' } = this.#entries.get(id) ?? {}
      return { start, end, rule: label, replacement: value }
    })
  }

  couldGrow(text: string): number {
    return this.#matcher.couldGrow(text)
  }

  /** Counts what was found in a text for good. */
  count(seen: number, restored: number): void {
    this.#seen += seen
    this.#restored += restored
  }

  /** Counts what looks like a placeholder in a whole text and is not known. */
  countUnknown(text: string): void {
    for (const [, id = ''] of text.matchAll(looksLikeOne)) if (!this.#entries.has(id)) this.#unknown += 1
  }

  get counts(): RestoreCounts {
    return { sent: this.#sent.size, seen: this.#seen, restored: this.#restored, unknown: this.#unknown }
  }

  #add(id: string, entry: VaultEntry): void {
    if (this.#entries.has(id)) return
    this.#entries.set(id, entry)
    this.#matcher.add(entry.label, id)
  }
}
