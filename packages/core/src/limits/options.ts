import type { Clock } from '../clock.ts'
import { isObject } from '../json.ts'
import { checkClock, checkMs, checkNames, checkWhole, refuse, shown } from './check-options.ts'
import type { LimitStore } from './limit-store.ts'
import type { LimitName, LimitRule } from './rule.ts'
import { isZone } from './store/calendar.ts'

/** How much is let through. At least one limit has to be given; those left out do not apply. */
export interface LimitFigures {
  /** Whole, 1 or more. */
  readonly requestsPerMinute?: number
  /** Tokens after `weights`: whole, 1 or more. */
  readonly tokensPerMinute?: number
  readonly requestsPerDay?: number
  readonly tokensPerDay?: number
  /** Calls under way at the same time. */
  readonly concurrency?: number
  /**
   * What may go at once before a minute's limit spaces the rest out. Any window of length L lets at most `limit × L +
   * burst` through. A call of more tokens than the burst is never let through. @default the limit of a minute
   */
  readonly burst?: { readonly requests?: number; readonly tokens?: number }
  /**
   * What a day is: from midnight to midnight in a time zone, or any 24 hours, counted by the hour, so that room comes back
   * up to an hour late. @default { zone: 'UTC' }
   */
  readonly day?: { readonly zone: string } | 'sliding'
  /**
   * Milliseconds after which the place of a concurrent call frees itself when its process is gone; a call that goes on
   * longer is prolonged in time. @default 60000
   */
  readonly leaseMs?: number
}

export interface LimiterOptions extends LimitFigures {
  /** Where usage is counted. @default the memory of this process, shared with no other limiter */
  readonly store?: LimitStore
  /** Tells apart limiters that share a store: those of one name and subject share usage. @default 'default' */
  readonly name?: string
  /**
   * What to do while the store does not answer. `share`: let this process have its share of each limit, counted in its own
   * memory. `allow`: let everything through. `refuse`: refuse with `limits.unavailable`. @default 'share'
   */
  readonly onStoreDown?: 'share' | 'allow' | 'refuse'
  /** Processes that share the store, for `onStoreDown: 'share'`: each gets limit ÷ processes, 1 at least. @default 1 */
  readonly processes?: number
  /** Milliseconds between two tries to reach a store that did not answer. @default 1000 */
  readonly storeRetryMs?: number
  /**
   * For hot limits: takes a share of each limit from the store at once and serves calls from it in memory, which saves most
   * round trips. Near the limit each call asks the store again. Windows of length L then let up to
   * `limit × (L + ttlMs) + burst` through. Not together with `concurrency`. @default none
   */
  readonly localLease?: {
    /** Of what may go at once, above 0 and at most 0.5. @default 0.02 */
    readonly share?: number
    /** Milliseconds after which what is left goes back. @default 1000 */
    readonly ttlMs?: number
  }
  /** @default the system's clock */
  readonly clock?: Clock
}

const figureNames = ['requestsPerMinute', 'tokensPerMinute', 'requestsPerDay', 'tokensPerDay', 'concurrency'] as const
const optionNames = [
  ...figureNames,
  'burst',
  'day',
  'leaseMs',
  'store',
  'name',
  'onStoreDown',
  'processes',
  'storeRetryMs',
  'localLease',
  'clock',
]

/** Options that were looked at, with nothing missing. */
export interface CheckedLimits {
  readonly rules: readonly LimitRule[]
  readonly name: string
  readonly onStoreDown: 'share' | 'allow' | 'refuse'
  readonly processes: number
  readonly storeRetryMs: number
  readonly localLease: { readonly share: number; readonly ttlMs: number } | undefined
}

/** @throws {SluiceError} `config.option`. */
export function checkLimits(options: LimiterOptions, of: string): CheckedLimits {
  checkNames(options, optionNames, of)
  const { name = 'default', onStoreDown = 'share', processes = 1, storeRetryMs = 1_000, store, clock } = options
  if (typeof name !== 'string' || name === '') refuse(`name of ${of} must be a text, got ${shown(name)}.`)
  if (!['share', 'allow', 'refuse'].includes(onStoreDown))
    refuse(`onStoreDown of ${of} must be "share", "allow" or "refuse", got ${shown(onStoreDown)}.`)
  checkWhole(processes, `processes of ${of}`)
  checkMs(storeRetryMs, `storeRetryMs of ${of}`)
  if (store !== undefined && typeof store?.take !== 'function')
    refuse(`store of ${of} must be what memoryLimitStore() or redisLimitStore() returns, got ${shown(store)}.`)
  checkClock(clock, of)
  const rules = rulesOf(options, of)
  return { rules, name, onStoreDown, processes, storeRetryMs, localLease: leaseOf(options, of) }
}

function rulesOf(options: LimitFigures, of: string): LimitRule[] {
  const { burst = {}, day = { zone: 'UTC' }, leaseMs = 60_000 } = options
  const given = figureNames.filter((name) => options[name] !== undefined)
  if (given.length === 0) refuse(`${of} needs a limit: give at least one of ${figureNames.join(', ')}.`)
  for (const name of given) checkWhole(options[name], `${name} of ${of}`)
  checkMs(leaseMs, `leaseMs of ${of}`)
  if (!isObject(burst as unknown)) refuse(`burst of ${of} must be { requests?, tokens? }, got ${shown(burst)}.`)
  for (const [name, value] of Object.entries(burst)) {
    if (name !== 'requests' && name !== 'tokens')
      refuse(`burst of ${of} has no field "${name}". Its fields are requests, tokens.`)
    if (value === undefined) continue
    checkWhole(value, `burst.${name} of ${of}`)
    if (options[`${name}PerMinute`] === undefined)
      refuse(`burst.${name} of ${of} needs ${name}PerMinute: it is the burst of that limit.`)
  }
  const zone = isObject(day) ? day['zone'] : undefined
  if (day !== 'sliding' && (!isObject(day) || !isZone(zone)))
    refuse(`day of ${of} must be "sliding" or { zone } with an IANA time zone like Europe/Zurich, got ${shown(day)}.`)
  return given.map((name) => ruleOf(name, options[name] ?? 0))

  function ruleOf(name: LimitName, limit: number): LimitRule {
    if (name === 'concurrency') return { kind: 'concurrency', name, unit: 'calls', limit, leaseMs }
    const unit = name.startsWith('tokens') ? 'tokens' : 'requests'
    if (name.endsWith('PerMinute'))
      return { kind: 'rate', name, unit, limit, periodMs: 60_000, burst: burst[unit] ?? limit }
    if (day === 'sliding') return { kind: 'sliding', name, unit, limit, periodMs: 86_400_000 }
    return { kind: 'calendar', name, unit, limit, zone: day.zone }
  }
}

function leaseOf({ localLease, concurrency }: LimiterOptions, of: string): CheckedLimits['localLease'] {
  if (localLease === undefined) return undefined
  if (!isObject(localLease as unknown))
    refuse(`localLease of ${of} must be { share?, ttlMs? }, got ${shown(localLease)}.`)
  if (concurrency !== undefined)
    refuse(`localLease of ${of} does not go with concurrency: places cannot be taken ahead. Use two limiters.`)
  const { share = 0.02, ttlMs = 1_000, ...unknown } = localLease
  for (const name of Object.keys(unknown))
    refuse(`localLease of ${of} has no field "${name}". Its fields are share, ttlMs.`)
  if (!(typeof share === 'number' && share > 0 && share <= 0.5))
    refuse(`localLease.share of ${of} must be above 0 and at most 0.5, got ${shown(share)}.`)
  checkMs(ttlMs, `localLease.ttlMs of ${of}`)
  return { share, ttlMs }
}
