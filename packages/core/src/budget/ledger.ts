import { AccountLedger } from './account-ledger.ts'
import { checkLedger, type LedgerOptions } from './ledger-options.ts'
import type { LimitState, Refusal } from './refusal.ts'
import type { Amounts } from './store.ts'
import type { Subject } from './subject.ts'

/** What to reserve. Amounts are whole, 0 to 2⁵³ - 1. */
export interface ReserveRequest {
  readonly subject: Subject
  /** Integer nano-dollars (10⁻⁹ USD). */
  readonly nanoUsd: number
  /** @default 0 */
  readonly tokens?: number
  /** Less will do: as much as there is room for is reserved, at least this. @default nanoUsd */
  readonly leastNanoUsd?: number
  /** The same for tokens. @default tokens */
  readonly leastTokens?: number
  /** How long it is held unless extended, in milliseconds, 1 ms to 1 day. @default 120000 */
  readonly ttlMs?: number
  /** A name of your own, unique in the root of the subject: reserving it again gives the same reservation. @default a new one */
  readonly id?: string
}

/** Money that is set aside. */
export interface Reservation extends Amounts {
  readonly admitted: true
  /** Names it for any process: `tenant=acme/8c1d…`. */
  readonly id: string
  readonly expiresAtMs: number
  /** The store could not be asked: it is out of this process's grace. */
  readonly isGrace: boolean
  /** No limit holds for the subject, and nothing is counted. */
  readonly isUnlimited: boolean
}

/** More of what a reservation holds. */
export interface Extension {
  /** @default 0 */
  readonly nanoUsd?: number
  /** @default 0 */
  readonly tokens?: number
  /** @default nanoUsd */
  readonly leastNanoUsd?: number
  /** @default tokens */
  readonly leastTokens?: number
  /** It is held at least that long from now, in milliseconds. @default 120000 */
  readonly ttlMs?: number
}

/** What a reservation came to. */
export interface Settlement {
  readonly id: string
  /** All that is charged for it; of a `queued` one, what is to be. */
  readonly nanoUsd: number
  readonly tokens: number
  /**
   * `settled`; `repeated`: it had been before, and this changed nothing; `late`: it had expired, and is right now;
   * `restored`: the store had lost it, and it is booked again; `queued`: the store cannot be asked, it will be told.
   */
  readonly outcome: 'settled' | 'repeated' | 'late' | 'restored' | 'queued'
}

/** What is left to a subject. */
export interface Balance {
  /** Of the tightest limit in money; `undefined` without one. */
  readonly leftNanoUsd: number | undefined
  readonly leftTokens: number | undefined
}

/** Budgets of many subjects. Made by {@link createLedger}. */
export interface Ledger {
  /**
   * Sets an amount aside in every limit of the subject, or in none: one atomic step. What it gives is a reservation, or
   * says which limit has no room.
   *
   * @throws {SluiceError} `budget.subject`, `budget.no_limit`, `budget.amount`; `budget.closed` for the id of a reservation
   * that was settled; `budget.unavailable` (503) when the store cannot be asked and the grace is used up.
   */
  reserve(request: ReserveRequest): Promise<Reservation | Refusal>
  /**
   * Holds more, or for longer. A refusal leaves the reservation as it is. One that expired is held again, if there is room.
   * In a rolling window all of it counts from now on.
   *
   * @throws {SluiceError} `budget.closed`, `budget.unknown`, `budget.amount`, `budget.unavailable`.
   */
  extend(id: string, more: Extension): Promise<Reservation | Refusal>
  /**
   * Charges what it cost. `exact` gives back what is left of the reservation, or charges what it lacks; `lower_bound`, for
   * an answer that was cut off and was never counted, charges the reservation or `actual`, whichever is more, and can be made
   * `exact` later. The first `exact` counts; repeating it changes nothing. A charge belongs to the windows it was
   * reserved in and may exceed a limit: it has been spent.
   *
   * @throws {SluiceError} `budget.unknown` when the store has no such reservation; `budget.amount`.
   */
  settle(id: string, actual: Partial<Amounts>, how: 'exact' | 'lower_bound'): Promise<Settlement>
  /** Gives all of it back: nothing was spent. The same as settling 0 exactly. */
  release(id: string): Promise<Settlement>
  /** Every limit of a subject as it stands: what is used, held and left, and when it frees. */
  explain(subject: Subject): Promise<readonly LimitState[]>
  balance(subject: Subject): Promise<Balance>
  /**
   * Tells the store what it could not be told; done by itself with the next step that reaches it. For the end of a process.
   *
   * @returns how many settlements are still to be told.
   */
  flush(): Promise<number>
}

/**
 * Budgets that hold under concurrency: an amount is reserved before it is spent, in all limits of a subject at once, and
 * settled with what was really spent. Usable without any client; {@link budget} makes middleware of it.
 *
 * @throws {SluiceError} `config.option`, `config.budget`.
 *
 * @example
 * import { createLedger } from '@sluice/core/budget'
 *
 * const ledger = createLedger({
 *   limits: [
 *     { scope: 'tenant', usd: 50, window: 'month', timeZone: 'Europe/Berlin' },
 *     { scope: 'user', usd: 2, window: 'day', timeZone: 'Europe/Berlin' },
 *   ],
 * })
 * const held = await ledger.reserve({ subject: { tenant: 'acme', user: 'u1' }, nanoUsd: 30_000_000 })
 * if (held.admitted) await ledger.settle(held.id, { nanoUsd: 21_400_000 }, 'exact')
 * else console.log(held.message)
 */
export function createLedger(options: LedgerOptions): Ledger {
  return new AccountLedger(checkLedger(options))
}
