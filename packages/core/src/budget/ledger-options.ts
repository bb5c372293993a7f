import { systemClock, type Clock } from '../clock.ts'
import { configError } from '../errors.ts'
import { isObject } from '../json.ts'
import { scaled } from '../prices/money.ts'
import { checkLimits, type BudgetLimit, type CheckedLimit } from './limits.ts'
import { memoryLedgerStore } from './memory-store.ts'
import type { LedgerStore } from './store.ts'
import type { Subject } from './subject.ts'

export interface LedgerOptions {
  /** Where accounts are kept. @default a store in this process */
  readonly store?: LedgerStore
  /**
   * The limits, or a function that gives those of a subject (a plan from your database: cache it, it is asked with every
   * reservation). A limit may change at any time: what was used stays used. One in another scope, window, zone or unit is
   * another account and begins at nothing. Every process must use the same.
   */
  readonly limits:
    | readonly BudgetLimit[]
    | ((subject: Subject) => readonly BudgetLimit[] | Promise<readonly BudgetLimit[]>)
  /**
   * A subject that no limit holds for: `refuse` fails the reservation with `budget.no_limit`, `allow` counts nothing.
   * @default 'refuse'
   */
  readonly withoutLimit?: 'refuse' | 'allow'
  /**
   * What becomes of a reservation that nobody settled, because its process died: `charge` charges what it held, since the
   * provider bills a call whose caller is gone; `refund` gives it back. Settling it later still corrects either.
   * @default 'charge'
   */
  readonly onExpiry?: 'charge' | 'refund'
  /**
   * How long the end of a reservation is remembered after its time, in milliseconds, 1 s to 1 day: until then settling it
   * again changes nothing, and one that the store lost is booked again. @default 300000
   */
  readonly rememberMs?: number
  /**
   * Dollars that this process may spend while the store cannot be reached; booked when it can. 0 fails closed at once.
   * @default 0
   */
  readonly graceUsd?: number
  /** The same in nano-dollars; only one of the two. */
  readonly graceNanoUsd?: number
  /** @default the system's clock */
  readonly clock?: Clock
}

export interface LedgerSettings {
  readonly store: LedgerStore
  readonly limitsOf: (subject: Subject) => readonly CheckedLimit[] | Promise<readonly CheckedLimit[]>
  readonly withoutLimit: 'refuse' | 'allow'
  readonly refunds: boolean
  readonly rememberMs: number
  readonly graceNanoUsd: number
  readonly clock: Clock
}

const names = ['store', 'limits', 'withoutLimit', 'onExpiry', 'rememberMs', 'graceUsd', 'graceNanoUsd', 'clock']

/** @throws {SluiceError} `config.option`, `config.budget`. */
export function checkLedger(options: LedgerOptions): LedgerSettings {
  if (!isObject(options)) refuse('The options of createLedger() must be an object', options)
  for (const name of Object.keys(options))
    if (!names.includes(name))
      throw configError('option', `createLedger() has no option "${name}". The options are ${names.join(', ')}.`)
  const { limits, withoutLimit = 'refuse', onExpiry = 'charge', rememberMs = 300_000, clock = systemClock } = options
  if (withoutLimit !== 'refuse' && withoutLimit !== 'allow')
    refuse('withoutLimit of createLedger() must be "refuse" or "allow"', withoutLimit)
  if (onExpiry !== 'charge' && onExpiry !== 'refund')
    refuse('onExpiry of createLedger() must be "charge" or "refund"', onExpiry)
  if (!(Number.isSafeInteger(rememberMs) && rememberMs >= 1_000 && rememberMs <= 86_400_000))
    refuse('rememberMs of createLedger() must be whole milliseconds, 1 s to 1 day', rememberMs)
  if (!(typeof clock?.now === 'function' && typeof clock.sleep === 'function'))
    refuse('clock of createLedger() must have now() and sleep(ms, signal)', clock)
  const { store = memoryLedgerStore(clock) } = options
  if (typeof store?.step !== 'function')
    refuse('store of createLedger() must be memoryLedgerStore(), redisLedgerStore(client) or have step()', store)
  const limitsOf = limitsFrom(limits)
  const graceNanoUsd = graceOf(options)
  return { store, limitsOf, withoutLimit, refunds: onExpiry === 'refund', rememberMs, graceNanoUsd, clock }
}

function limitsFrom(limits: LedgerOptions['limits']): LedgerSettings['limitsOf'] {
  if (typeof limits !== 'function') {
    const checked = checkLimits(limits)
    if (checked.length === 0)
      throw configError('option', 'limits of createLedger() must not be empty. Give { scope, usd, window }.')
    return () => checked
  }
  // A function that gives the same list again has it checked once.
  const known = new WeakMap<object, readonly CheckedLimit[]>()
  const check = (given: readonly BudgetLimit[]): readonly CheckedLimit[] => {
    const checked = known.get(given) ?? checkLimits(given)
    known.set(given, checked)
    return checked
  }
  return (subject) => {
    const given = limits(subject)
    return given instanceof Promise ? given.then(check) : check(given)
  }
}

function graceOf({ graceUsd, graceNanoUsd }: LedgerOptions): number {
  if (graceUsd !== undefined && graceNanoUsd !== undefined)
    throw configError('option', 'createLedger() takes graceUsd or graceNanoUsd, not both.')
  if (graceUsd !== undefined) {
    if (!(graceUsd >= 0 && graceUsd <= 9_007_199))
      refuse('graceUsd of createLedger() must be US dollars from 0', graceUsd)
    return Number(scaled(graceUsd, 9))
  }
  const nano = graceNanoUsd ?? 0
  if (!(Number.isSafeInteger(nano) && nano >= 0))
    refuse('graceNanoUsd of createLedger() must be a whole number from 0', nano)
  return nano
}

function refuse(what: string, got: unknown): never {
  const shown = typeof got === 'number' ? String(got) : (JSON.stringify(got)?.slice(0, 100) ?? typeof got)
  throw configError('option', `${what}, got ${shown}.`)
}
