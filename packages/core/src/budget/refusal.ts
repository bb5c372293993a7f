import { SluiceError } from '../errors.ts'
import type { Counter, LimitUnit, Reading } from './store.ts'

/** One limit as it stands. Amounts are in its unit: integer nano-dollars, or tokens. */
export interface LimitState {
  /** The scope that it limits, and whose it is. */
  readonly scope: string
  readonly id: string
  /** All scopes that it is counted by: `tenant=acme/user=u1`. */
  readonly account: string
  /** `day`, `week`, `month`, `total`, or `rolling` and its milliseconds. */
  readonly window: string
  readonly timeZone: string | undefined
  readonly unit: LimitUnit
  readonly limit: number
  /** Charged and held together. Above the limit where more was spent than reserved, or the limit was lowered. */
  readonly used: number
  /** Of this, held by reservations that are open. */
  readonly held: number
  /** From 0. */
  readonly left: number
  /** Of a calendar window. */
  readonly startsAtMs: number | undefined
  /**
   * When the present window ends; of a rolling one, when the first charge leaves it. For a refusal: when there is room for
   * what was asked for, at the latest. `undefined`: not by the passing of time.
   */
  readonly freesAtMs: number | undefined
}

/** Why a reservation was refused. Of several limits without room: the one that stays so for longest. */
export interface Refusal extends LimitState {
  readonly admitted: false
  /** What is left of a limit in money; `undefined` for one in tokens. */
  readonly leftNanoUsd: number | undefined
  /** When to try again, in milliseconds: soon, where open reservations may give back enough. */
  readonly retryAfterMs: number | undefined
  /** The refusal in words. */
  readonly message: string
}

/** How soon to look again where only open reservations are in the way. */
const heldRetryMs = 1_000

export function stateOf(counter: Counter, { used, held, freesAtMs }: Reading): LimitState {
  const { key, unit, limit } = counter
  const [path = '', windowName = ''] = key.split('|')
  const account = path.replace(/\+$/, '')
  const [scope = '', id = ''] = (account.split('/').at(-1) ?? '').split('=')
  const [window = '', timeZone] = windowName.split('@')
  return {
    scope,
    id: decodeURIComponent(id),
    account,
    window,
    timeZone,
    unit,
    limit,
    used,
    held,
    left: Math.max(0, limit - used),
    startsAtMs: counter.kind === 'calendar' ? counter.startMs : undefined,
    freesAtMs,
  }
}

export function refusalOf(
  counters: readonly Counter[],
  full: readonly (Reading & { readonly at: number })[],
  asked: Readonly<Record<LimitUnit, number>>,
  nowMs: number,
): Refusal {
  const states = full.map((reading) => stateOf(counters[reading.at]!, reading))
  const state = states.reduce((worst, each) => (freeing(each) > freeing(worst) ? each : worst))
  const { unit, freesAtMs, limit, used, held } = state
  const mayFreeSoon = held > 0 && asked[unit] <= limit - (used - held)
  const waitMs = freesAtMs === undefined ? undefined : Math.max(0, freesAtMs - nowMs)
  return {
    admitted: false,
    ...state,
    leftNanoUsd: unit === 'nanoUsd' ? state.left : undefined,
    retryAfterMs: mayFreeSoon ? Math.min(waitMs ?? heldRetryMs, heldRetryMs) : waitMs,
    message: sentence(state, asked[unit]),
  }
}

function freeing({ freesAtMs }: LimitState): number {
  return freesAtMs ?? Infinity
}

function sentence(state: LimitState, asked: number): string {
  const { scope, id, unit, limit, left, held, freesAtMs, window, timeZone } = state
  const amount = (value: number): string => (unit === 'nanoUsd' ? dollars(value) : `${value} tokens`)
  const every = window.startsWith('rolling')
    ? `in ${Number(window.slice(7)) / 1000} s`
    : window === 'total'
      ? 'in total'
      : `a ${window}${timeZone === 'UTC' ? '' : ` (${timeZone})`}`
  const frees = freesAtMs === undefined ? '' : ` There is room at ${new Date(freesAtMs).toISOString()}.`
  const waits = held > 0 ? ` (${amount(held)} held by calls in progress)` : ''
  return `The budget of ${scope} "${id}", ${amount(limit)} ${every}, has ${amount(left)} left${waits}; ${amount(asked)} are needed.${frees}`
}

/** Nano-dollars as dollars: at least cents, at most all nine decimals. */
export function dollars(nanoUsd: number): string {
  const digits = String(Math.abs(nanoUsd)).padStart(10, '0')
  const decimals = digits.slice(-9).replace(/0+$/, '').padEnd(2, '0')
  return `${nanoUsd < 0 ? '-' : ''}$${digits.slice(0, -9)}.${decimals}`
}

/** The refusal as what a caller gets: 402, which no client retries by itself. */
export function exceededError(refusal: Refusal): SluiceError {
  const { message, retryAfterMs, scope, id, account, window, timeZone, unit, limit, used, held, left, freesAtMs } =
    refusal
  const amounts =
    unit === 'nanoUsd'
      ? { limitNanoUsd: limit, usedNanoUsd: used, heldNanoUsd: held, leftNanoUsd: left }
      : { limitTokens: limit, usedTokens: used, heldTokens: held, leftTokens: left }
  const freesAt = freesAtMs === undefined ? {} : { freesAtMs, freesAt: new Date(freesAtMs).toISOString() }
  return new SluiceError({
    code: 'budget.exceeded',
    message,
    details: { scope, id, account, window, ...(timeZone && { timeZone }), unit, ...amounts, ...freesAt },
    status: 402,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  })
}
