import type { Clock } from '@sluice/core'
import { Deadline } from '../deadline.ts'
import { isPromise, type MaybePromise } from '../maybe-promise.ts'
import type { Vault } from '../vault/vault.ts'
import type { Placeholders } from './placeholders.ts'

/** Where the values of a conversation are kept, and how long that may take. */
export interface VaultAccess {
  readonly vault: Vault
  readonly budgetMs: number
  readonly clock: Clock
}

/** Tells the placeholders what the vault has of a conversation. @throws what the vault throws; `guard.timeout` */
export async function loadValues(access: VaultAccess, conversation: string, to: Placeholders): Promise<void> {
  to.know(await inTime(access, access.vault.load(conversation)))
}

/** Keeps the values of a request that the vault does not have. @throws what the vault throws; `guard.timeout` */
export async function saveValues(access: VaultAccess, conversation: string, from: Placeholders): Promise<void> {
  if (from.unsaved.size === 0) return
  await inTime(access, access.vault.save(conversation, from.unsaved))
  from.saved()
}

function inTime<T>({ budgetMs, clock }: VaultAccess, work: MaybePromise<T>): MaybePromise<T> {
  return isPromise(work) ? new Deadline(budgetMs, clock).race(work) : work
}
