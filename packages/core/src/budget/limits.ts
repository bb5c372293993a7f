import { configError } from '../errors.ts'
import { isObject } from '../json.ts'
import { scaled } from '../prices/money.ts'
import { canonicalZone, type CalendarUnit } from './calendar.ts'
import type { LimitUnit } from './store.ts'
import { isScopeName } from './subject.ts'

/** How long a limit counts back. */
export type BudgetWindow =
  | CalendarUnit
  /** Everything there ever was. */
  | 'total'
  /**
   * The last so many milliseconds, 1 second to 366 days. Counted in sixtieths: what was spent leaves up to a sixtieth of
   * the window late, never early.
   */
  | { readonly rollingMs: number }

/** The most that may be spent in one scope and window. Exactly one of `usd`, `nanoUsd` and `tokens` says how much. */
export interface BudgetLimit {
  /**
   * The scope that it limits, counted apart for everyone above it: `user` is each user of each tenant. A list counts by
   * exactly these scopes and the root: `['tenant', 'feature']` is a feature in a tenant, whoever uses it.
   */
  readonly scope: string | readonly string[]
  /** Only for this id of the (last) scope, in place of the limit without an id. @default every id */
  readonly id?: string
  /** US dollars, from 0; exact to the ninth decimal. */
  readonly usd?: number
  /** Integer nano-dollars (10⁻⁹ USD), from 0. */
  readonly nanoUsd?: number
  /** Tokens, input and output together, from 0. */
  readonly tokens?: number
  readonly window: BudgetWindow
  /** The IANA zone of calendar windows: `Europe/Berlin`. @default 'UTC' */
  readonly timeZone?: string
}

/** A limit as it is worked with. */
export interface CheckedLimit {
  readonly scope: string | readonly string[]
  /** The scope whose id `id` is. */
  readonly own: string
  readonly id: string | undefined
  readonly unit: LimitUnit
  readonly amount: number
  readonly window: BudgetWindow
  readonly timeZone: string
  /** Names the window in keys: `month@Europe/Berlin`. */
  readonly windowName: string
  /** Equal for limits of which the one with an id replaces the one without. */
  readonly group: string
}

const fields = ['scope', 'id', 'usd', 'nanoUsd', 'tokens', 'window', 'timeZone']
const units: readonly unknown[] = ['day', 'week', 'month', 'total']
const minRollingMs = 1_000
const maxRollingMs = 366 * 86_400_000

/** @throws {SluiceError} `config.budget`. */
export function checkLimits(limits: readonly BudgetLimit[]): readonly CheckedLimit[] {
  if (!Array.isArray(limits)) refuse('The limits of a ledger must be a list', limits)
  const seen = new Set<string>()
  return limits.map((limit: BudgetLimit, index) => {
    const checked = checkLimit(limit, `limits[${index}]`)
    const key = `${checked.group} ${checked.id === undefined ? '' : `=${checked.id}`}`
    if (seen.has(key))
      throw configError(
        'budget',
        `limits[${index}] limits the same scope, window and unit as another. Keep one of them.`,
      )
    seen.add(key)
    return checked
  })
}

function checkLimit(limit: BudgetLimit, at: string): CheckedLimit {
  if (!isObject(limit)) refuse(`${at} must be a limit { scope, usd, window }`, limit)
  for (const field of Object.keys(limit))
    if (!fields.includes(field))
      throw configError('budget', `${at} has no field "${field}". The fields are ${fields.join(', ')}.`)
  const { scope, id, window, timeZone = 'UTC' } = limit
  const names: readonly unknown[] = Array.isArray(scope) ? scope : [scope]
  if (names.length === 0 || !names.every(isScopeName) || new Set(names).size < names.length)
    refuse(`${at}.scope must be the name of a scope or a list of different ones`, scope)
  if (id !== undefined && (typeof id !== 'string' || id === '')) refuse(`${at}.id must be a non-empty text`, id)
  const [unit, amount] = amountOf(limit, at)
  const windowName = windowNameOf(window, timeZone, at)
  const group = [names.join('+'), Array.isArray(scope) ? 'list' : 'path', windowName, unit].join(' ')
  return { scope, own: names.at(-1) as string, id, unit, amount, window, timeZone, windowName, group }
}

function amountOf({ usd, nanoUsd, tokens }: BudgetLimit, at: string): [LimitUnit, number] {
  const given = Object.entries({ usd, nanoUsd, tokens }).filter(([, value]) => value !== undefined)
  const [name = '', value = Number.NaN] = given[0] ?? []
  if (given.length !== 1) {
    const names = given.map(([each]) => each).join(' and ') || 'none'
    throw configError('budget', `${at} must have exactly one of usd, nanoUsd and tokens, has ${names}.`)
  }
  const whole = name === 'usd' && value >= 0 && value < 1e9 ? Number(scaled(value, 9)) : value
  if (!(Number.isSafeInteger(whole) && whole >= 0)) {
    const range = name === 'usd' ? 'US dollars from 0 to 9007199' : 'a whole number from 0 to 2^53 - 1'
    refuse(`${at}.${name} must be ${range}`, value)
  }
  return [name === 'tokens' ? 'tokens' : 'nanoUsd', whole]
}

function windowNameOf(window: BudgetWindow, timeZone: string, at: string): string {
  const zone = canonicalZone(timeZone)
  if (zone === undefined) refuse(`${at}.timeZone must be an IANA zone such as "Europe/Berlin"`, timeZone)
  if (isObject(window)) {
    const { rollingMs, ...unknown } = window
    const isWhole = Number.isSafeInteger(rollingMs) && rollingMs >= minRollingMs && rollingMs <= maxRollingMs
    if (Object.keys(unknown).length > 0 || !isWhole)
      refuse(`${at}.window must be { rollingMs } of whole milliseconds, 1 second to 366 days`, window)
    return `rolling${rollingMs}`
  }
  if (!units.includes(window)) refuse(`${at}.window must be "day", "week", "month", "total" or { rollingMs }`, window)
  return window === 'total' ? 'total' : `${window}@${zone}`
}

function refuse(what: string, got: unknown): never {
  const shown = typeof got === 'number' ? String(got) : (JSON.stringify(got)?.slice(0, 100) ?? String(got))
  throw configError('budget', `${what}, got ${shown}.`)
}
