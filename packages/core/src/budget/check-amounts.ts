import { badAmount } from './ledger-errors.ts'
import type { Extension } from './ledger.ts'
import type { Amounts } from './store.ts'

/** How long a reservation is held unless it says so, in milliseconds. */
export const defaultTtlMs = 120_000
const maxTtlMs = 86_400_000

export function checkAmounts(given: Extension): { want: Amounts; least: Amounts } {
  const { nanoUsd = 0, tokens = 0, leastNanoUsd = nanoUsd, leastTokens = tokens } = given
  if (!isAmount(nanoUsd)) throw badAmount('nanoUsd', whole, nanoUsd)
  if (!isAmount(tokens)) throw badAmount('tokens', whole, tokens)
  if (!isAmount(leastNanoUsd)) throw badAmount('leastNanoUsd', whole, leastNanoUsd)
  if (!isAmount(leastTokens)) throw badAmount('leastTokens', whole, leastTokens)
  const least = { nanoUsd: Math.min(leastNanoUsd, nanoUsd), tokens: Math.min(leastTokens, tokens) }
  return { want: { nanoUsd, tokens }, least }
}

const whole = 'a whole number from 0 to 2^53 - 1'

function isAmount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

export function checkTtl(ttlMs: number): void {
  if (!(Number.isSafeInteger(ttlMs) && ttlMs >= 1 && ttlMs <= maxTtlMs))
    throw badAmount('ttlMs', 'whole milliseconds, 1 to 1 day', ttlMs)
}

export function checkId(id: unknown): void {
  const isText = typeof id === 'string' && id !== '' && id.length <= 512 && id.isWellFormed()
  if (!isText) throw badAmount('id', 'a text of 1 to 512 characters', id)
}
