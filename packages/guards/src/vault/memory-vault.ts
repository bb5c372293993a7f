import { randomBytes } from 'node:crypto'
import { systemClock, type Clock } from '@sluice/core'
import { checkClock } from '../check-clock.ts'
import { checkNames, checkNumber } from '../option-checks.ts'
import type { Vault, VaultEntry } from './vault.ts'
import { vaultKey } from './vault-key.ts'

export interface MemoryVaultOptions {
  /** How long a conversation is kept after its last call, in milliseconds. @default 3600000 */
  readonly ttlMs?: number
  /** Conversations kept; past it the one that was longest unused is forgotten. @default 10000 */
  readonly maxConversations?: number
  /** Secret of at least 32 characters that placeholders are derived with. @default drawn anew */
  readonly secret?: string
  /** @default the system's clock */
  readonly clock?: Clock
}

/** Values in this process, gone with it. The default. @throws {SluiceError} `config.option`. */
export function memoryVault(options: MemoryVaultOptions = {}): Vault {
  const where = 'memoryVault()'
  checkNames(where, options, ['ttlMs', 'maxConversations', 'secret', 'clock'])
  const { ttlMs = 3_600_000, maxConversations = 10_000, secret, clock = systemClock } = options
  checkNumber(where, 'ttlMs', ttlMs, { min: 1, fraction: true })
  checkNumber(where, 'maxConversations', maxConversations, { min: 1 })
  checkClock(where, clock)
  const key = secret === undefined ? randomBytes(32) : vaultKey(where, secret, 'placeholders')
  // In the order of their last use.
  const conversations = new Map<string, { readonly entries: Map<string, VaultEntry>; endsAtMs: number }>()
  const live = (conversation: string): Map<string, VaultEntry> | undefined => {
    const known = conversations.get(conversation)
    if (!known) return undefined
    conversations.delete(conversation)
    const nowMs = clock.now()
    if (known.endsAtMs <= nowMs) return undefined
    known.endsAtMs = nowMs + ttlMs
    conversations.set(conversation, known)
    return known.entries
  }
  return {
    key,
    // As it is: a conversation may have thousands of values, and each of its calls asks for them.
    load: (conversation) => live(conversation) ?? new Map(),
    save(conversation, entries) {
      const known = live(conversation) ?? new Map<string, VaultEntry>()
      for (const [id, entry] of entries) known.set(id, entry)
      conversations.set(conversation, { entries: known, endsAtMs: clock.now() + ttlMs })
      // Those that have ended are the first in the order of use.
      for (const [name, { endsAtMs }] of conversations) {
        if (conversations.size <= maxConversations && endsAtMs > clock.now()) break
        conversations.delete(name)
      }
    },
    forget: (conversation) => void conversations.delete(conversation),
  }
}
