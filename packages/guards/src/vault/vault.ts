import type { MaybePromise } from '../maybe-promise.ts'

/** A value and the name that its placeholder bears. */
export interface VaultEntry {
  /** `EMAIL` in `[EMAIL_kqzmxwtb]`. */
  readonly label: string
  readonly value: string
}

/** The entry of an id. What a vault of somebody's own holds there may be none. */
export function entryIn(table: ReadonlyMap<string, VaultEntry>, id: string): VaultEntry | undefined {
  const entry: Partial<VaultEntry> | null | undefined = table.get(id)
  return isEntry(entry) ? entry : undefined
}

/** Whether it is an entry: a label to know it by and a value to put back. */
export function isEntry(entry: Partial<VaultEntry> | null | undefined): entry is VaultEntry {
  return typeof entry?.label === 'string' && typeof entry.value === 'string'
}

/**
 * Where the values are that placeholders stand for, conversation by conversation. What a conversation does not hold, its
 * answers cannot show: no method reaches across.
 */
export interface Vault {
  /** The secret that placeholders are derived with, 32 bytes; equal in all processes that share the vault. */
  readonly key: Uint8Array
  /**
   * What is kept of a conversation, by the id of the placeholder; empty for one that is not known. Lets it live for another
   * `ttlMs`. What is handed out is only read, and may be the vault's own.
   */
  load(conversation: string): MaybePromise<ReadonlyMap<string, VaultEntry>>
  /** Adds values that `load` did not tell of, and lets the conversation live for another `ttlMs`. */
  save(conversation: string, entries: ReadonlyMap<string, VaultEntry>): MaybePromise<void>
  /** Deletes a conversation at once. */
  forget(conversation: string): MaybePromise<void>
}
