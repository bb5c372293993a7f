import type { Span } from '../detector.ts'
import { derived } from '../vault/vault-key.ts'
import { entryIn, type Vault, type VaultEntry } from '../vault/vault.ts'
import { alphabet, idLength, labelOf, placeholderId, placeholderText } from './placeholder.ts'
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

/** Without one of these there is no placeholder in a text, however it is written. */
const wide = Array.from(alphabet + alphabet.toUpperCase(), (letter) =>
  String.fromCharCode(letter.charCodeAt(0) + 0xfee0),
)
const holdsId = new RegExp(`[${alphabet}${wide.join('')}]{${idLength}}`, 'i')
const looksLikeOne = /\[[A-Z][A-Z0-9_]{0,39}_([bcdfghj-np-tv-xz]{8})\]/g

/** Placeholders in a text, each with its value as the replacement. */
export interface FoundPlaceholders {
  readonly spans: readonly { readonly start: number; readonly end: number; readonly text: string }[]
  /** Where the first one begins that more text could complete; the length of the text where there is none. */
  readonly openAt: number
}

/**
 * The placeholders of one call: those of the values in its request, and those that the vault has of its conversation. Made for
 * each call: no table is shared between requests.
 */
export class Placeholders {
  readonly #vault: Vault
  readonly #conversation: string
  /** Derived for the first value: most requests hold none. */
  #key: Uint8Array | undefined
  /** Values of this request, and those that the vault has. */
  readonly #sent = new Map<string, VaultEntry>()
  /** Those of this request that the vault does not have. */
  #unsaved = new Map<string, VaultEntry>()
  #known: ReadonlyMap<string, VaultEntry> = new Map()
  /** Made for the first text that may hold one. */
  #matcher: PlaceholderMatcher | undefined
  #seen = 0
  #restored = 0
  #unknown = 0

  constructor(vault: Vault, conversation: string) {
    this.#vault = vault
    this.#conversation = conversation
  }

  /** What the vault has. */
  know(entries: ReadonlyMap<string, VaultEntry>): void {
    this.#known = entries
    this.#matcher = undefined
  }

  /** What stands for a value in the request. */
  put({ replacement, rule }: Span, value: string): string {
    const key = (this.#key ??= derived(this.#vault.key, this.#conversation))
    for (let attempt = 0; ; attempt += 1) {
      const id = placeholderId(key, value, attempt)
      const known = this.#entry(id)
      // Another value has it already: one in billions.
      if (known && known.value !== value) continue
      const entry = known ?? { label: labelOf(replacement, rule), value }
      if (!this.#sent.has(id)) {
        this.#sent.set(id, entry)
        if (!known) this.#unsaved.set(id, entry)
        this.#matcher = undefined
      }
      return placeholderText(entry.label, id)
    }
  }

  /** The values of the request that the vault does not have, by id. */
  get unsaved(): ReadonlyMap<string, VaultEntry> {
    return this.#unsaved
  }

  /** Notes that the vault has them all. */
  saved(): void {
    this.#unsaved = new Map()
  }

  /** Whether any placeholder can be in an answer. */
  get isEmpty(): boolean {
    return this.#sent.size === 0 && this.#known.size === 0
  }

  /** The placeholders in a text that begin at `from` or later, as far as it is decided which they are. */
  look(text: string, from: number, isOver: boolean): FoundPlaceholders {
    if (this.isEmpty || (isOver && from === 0 && !holdsId.test(text))) return { spans: [], openAt: text.length }
    this.#matcher ??= new PlaceholderMatcher([this.#sent, this.#known])
    const { matches, openAt } = this.#matcher.look(text, from, isOver)
    return { spans: matches.map(({ start, end, id }) => ({ start, end, text: this.#entry(id)?.value ?? '' })), openAt }
  }

  /** Counts placeholders that were found and restored. */
  count(restored: number): void {
    this.#seen += restored
    this.#restored += restored
  }

  /** Counts what looks like a placeholder in a whole text and is not known. */
  countUnknown(text: string): void {
    for (const [, id = ''] of text.matchAll(looksLikeOne)) if (!this.#entry(id)) this.#unknown += 1
  }

  get counts(): RestoreCounts {
    return { sent: this.#sent.size, seen: this.#seen, restored: this.#restored, unknown: this.#unknown }
  }

  #entry(id: string): VaultEntry | undefined {
    return this.#sent.get(id) ?? entryIn(this.#known, id)
  }
}
