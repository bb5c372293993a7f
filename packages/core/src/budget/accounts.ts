import { calendarSpan, type Span } from './calendar.ts'
import type { CheckedLimit } from './limits.ts'
import type { Counter } from './store.ts'
import { encodedId, scopePath, scopesOf, type Subject } from './subject.ts'

/** Slots of a rolling window: what it is exact to. */
export const rollingSlots = 60

/** A subject with the limits that hold for it. */
export interface Account {
  /** Names the root: what is kept together. */
  readonly root: string
  /** The limits that hold, in their order, each with what is counted for it and whose account it is. */
  readonly limits: readonly AccountLimit[]
}

export interface AccountLimit {
  readonly limit: CheckedLimit
  /** The ids that it is counted by: `tenant=acme/user=u1`. */
  readonly path: string
  /** The id of the limit's own scope. */
  readonly id: string
}

/** Accounts that are remembered; beyond it all are found anew. */
const maxAccounts = 1_000

/** Finds the accounts of subjects, and remembers them. */
export class Accounts {
  readonly #known = new Map<string, Account>()
  #limits: readonly CheckedLimit[] | undefined

  /** @throws {SluiceError} `budget.subject`. */
  of(subject: Subject, limits: readonly CheckedLimit[]): Account {
    const scopes = scopesOf(subject)
    const paths = scopes.map(([name, id]) => scopePath(name, id))
    if (limits !== this.#limits) {
      this.#limits = limits
      this.#known.clear()
    }
    const path = paths.join('/')
    const known = this.#known.get(path)
    if (known) return known
    if (this.#known.size >= maxAccounts) this.#known.clear()
    const account = accountOf(scopes, paths, limits)
    this.#known.set(path, account)
    return account
  }
}

function accountOf(
  scopes: readonly (readonly [name: string, id: string])[],
  paths: readonly string[],
  limits: readonly CheckedLimit[],
): Account {
  const names = scopes.map(([name]) => name)
  const found = new Map<string, AccountLimit>()
  for (const limit of limits) {
    const at = names.indexOf(limit.own)
    if (at < 0) continue
    const id = scopes[at]![1]
    if (limit.id !== undefined && limit.id !== id) continue
    if (limit.id === undefined && found.has(limit.group)) continue
    const path = pathOf(limit.scope, names, paths)
    if (path !== undefined) found.set(limit.group, { limit, path, id })
  }
  return { root: paths[0]!, limits: [...found.values()] }
}

/** What a limit counts by; `undefined` when the subject lacks one of its scopes. */
function pathOf(
  scope: string | readonly string[],
  names: readonly string[],
  paths: readonly string[],
): string | undefined {
  if (typeof scope === 'string') return paths.slice(0, names.indexOf(scope) + 1).join('/')
  if (!scope.every((name) => names.includes(name))) return undefined
  const listed = paths.filter((_, index) => index === 0 || scope.includes(names[index]!))
  // Beside the paths of single scopes: those of a list are other accounts.
  return `${listed.join('/')}+`
}

/** Makes the counters of accounts, for the windows of a given instant. */
export class CounterMaker {
  readonly #spans = new Map<string, Span>()
  readonly #made = new WeakMap<Account, Span & { readonly counters: readonly Counter[] }>()

  /** Those of one account are the same objects for as long as its windows last. */
  at(nowMs: number, account: Account): readonly Counter[] {
    const known = this.#made.get(account)
    if (known && nowMs >= known.startMs && nowMs < known.endMs) return known.counters
    let [startMs, endMs] = [-Infinity, Infinity]
    const counters = account.limits.map(({ limit, path }): Counter => {
      const { unit, amount, windowName, window } = limit
      const base = { key: `${path}|${windowName}|${unit}`, unit, limit: amount }
      if (window === 'total') return { ...base, kind: 'total' }
      if (typeof window === 'string') {
        const span = this.#span(limit, nowMs)
        startMs = Math.max(startMs, span.startMs)
        endMs = Math.min(endMs, span.endMs)
        return { ...base, kind: 'calendar', ...span }
      }
      const slotMs = Math.ceil(window.rollingMs / rollingSlots)
      return { ...base, kind: 'rolling', slotMs, slots: Math.ceil(window.rollingMs / slotMs) }
    })
    this.#made.set(account, { counters, startMs, endMs })
    return counters
  }

  #span({ window, timeZone, windowName }: CheckedLimit, nowMs: number): Span {
    const known = this.#spans.get(windowName)
    if (known && nowMs >= known.startMs && nowMs < known.endMs) return known
    if (window !== 'day' && window !== 'week' && window !== 'month') throw new TypeError('Not a calendar window')
    const span = calendarSpan(window, timeZone, nowMs)
    this.#spans.set(windowName, span)
    return span
  }
}

/** The id by which a reservation is known: its root is in it, so that any process can settle it. */
export function reservationId(root: string, id: string): string {
  return `${root}/${encodedId(id)}`
}

/** The root and the id within it; `undefined` for a text that is no reservation's id. */
export function splitReservationId(id: string): readonly [root: string, local: string] | undefined {
  const parts = typeof id === 'string' ? id.split('/') : []
  const [root = '', local = ''] = parts
  return parts.length === 2 && root !== '' && local !== '' ? [root, local] : undefined
}
