import { type Clock, SluiceError } from '@sluice/core'
import { Deadline } from '../deadline.ts'
import { isPromise, type MaybePromise } from '../maybe-promise.ts'
import type { Vault, VaultEntry } from '../vault/vault.ts'
import type { Placeholders } from './placeholders.ts'

/** Where the values of a conversation are kept, and how long that may take. */
export interface VaultAccess {
  readonly vault: Vault
  readonly budgetMs: number
  readonly clock: Clock
}

/** Tells the placeholders what the vault has of a conversation. @throws what the vault throws; `guard.timeout`, `guard.vault` */
export async function loadValues(access: VaultAccess, conversation: string, to: Placeholders): Promise<void> {
  const entries: unknown = await inTime(access, access.vault.load(conversation))
  if (!isTable(entries))
    throw new SluiceError({
      code: 'guard.vault',
      message:
        'load() of the vault gave no Map. It must give the entries of a conversation by id, an empty Map where there are none.',
    })
  to.know(entries)
}

/** Keeps the values of a request that the vault does not have. @throws what the vault throws; `guard.timeout` */
export async function saveValues(access: VaultAccess, conversation: string, from: Placeholders): Promise<void> {
  if (from.unsaved.size === 0) return
  await inTime(access, access.vault.save(conversation, from.unsaved))
  from.saved()
}

/** Whether a vault gave what can be asked for entries; they are looked at one by one, as they are needed. */
function isTable(entries: unknown): entries is ReadonlyMap<string, VaultEntry> {
  const { get, keys, values, size } = (entries ?? {}) as Partial<ReadonlyMap<string, VaultEntry>>
  return [get, keys, values].every((method) => typeof method === 'function') && typeof size === 'number'
}

function inTime<T>({ budgetMs, clock }: VaultAccess, work: MaybePromise<T>): MaybePromise<T> {
  return isPromise(work) ? new Deadline(budgetMs, clock).race(work) : work
}
