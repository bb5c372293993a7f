import { SluiceError, systemClock, type CallContext, type Clock, type Pricer } from '@sluice/core'
import type { CacheQuery, CacheTenant } from './key/query.ts'
import type { SemanticOption } from './semantic/tier.ts'
import { memoryStore } from './store/memory-store.ts'
import type { Store } from './store/store.ts'

export interface CacheOptions {
  /** How long an answer is served after it was stored, in milliseconds > 0. Being served does not extend it. */
  readonly ttlMs: number
  /**
   * Whose answers a call may get: `context` for those of its `context.tenant`, `shared` for everyone's, or a function of the
   * call's context. Calls without a tenant are not cached. There is no default: this is for you to say.
   */
  readonly tenant: CacheTenant
  /** Where answers are kept. @default memoryStore({ maxBytes, clock }) */
  readonly store?: Store
  /** What all answers together may take in memory, about, in the default store. @default 64 MiB */
  readonly maxBytes?: number
  /**
   * The largest share of `ttlMs` that is taken off at random, so that what was stored together does not end together:
   * 0 to 1. @default 0.1
   */
  readonly ttlJitter?: number
  /** For how long after its end an answer is served all the same while it is renewed in the background. @default 0 */
  readonly staleWhileRevalidateMs?: number
  /** For how long after its end an answer stands in for a failure of the provider (429, 5xx, no connection). @default 0 */
  readonly staleIfErrorMs?: number
  /**
   * Renews answers that are asked for before they end (XFetch): 1 is the published weight, more is earlier, 0 is never.
   * The calls are made in the background, by one of many readers. @default 0
   */
  readonly earlyRefresh?: number
  /** How long a call waits for a store that is not in memory before it goes on without, in milliseconds. @default 25 */
  readonly lookupTimeoutMs?: number
  /**
   * Let one process at a time ask for an answer, where the store is shared. `leaseMs`: how long a process that was killed
   * keeps others waiting; `maxWaitMs`: how long they wait for an answer before they ask for themselves. `false`: every
   * process asks. @default { leaseMs: 10_000, maxWaitMs: 30_000 }
   */
  readonly lock?: CacheLockOptions | false
  /** Names what an answer depends on, to invalidate it by. @default none */
  readonly tags?: (query: CacheQuery, context: CallContext) => readonly string[]
  /**
   * What images and files are that a request only refers to, by URL or file id: a digest or a version that changes when
   * they do. Requests with one that it gives none for are not cached. @default none of them are
   */
  readonly digestOf?: (reference: string) => string | undefined
  /**
   * Makes all keys with HMAC and this secret, so that nobody who reads a store's keys can find out by trying what was
   * asked. At least 16 characters; processes that share a store share it. Required for a store that is not in this
   * process's memory.
   */
  readonly keySecret?: string
  /** Keep answers in which the model refuses. @default false */
  readonly keepRefusals?: boolean
  /** Keep answers of another model than the one that was asked first, given because that one failed. @default false */
  readonly keepFallbacks?: boolean
  /** Answers of questions that are alike: `semantic(…)` of `@sluice/cache/semantic`. @default none */
  readonly semantic?: SemanticOption
  /** Prices what hits saved, for reports and figures. @default none: they say what was hit, not what it was worth */
  readonly price?: Pricer
  /** Where draws come from: 0 ≤ x < 1. @default Math.random */
  readonly random?: () => number
  /** @default the system's clock */
  readonly clock?: Clock
}

export interface CacheLockOptions {
  /** @default 10_000 */
  readonly leaseMs?: number
  /** @default 30_000 */
  readonly maxWaitMs?: number
}

type Filled = 'maxBytes' | 'lock'
type Optional = 'tags' | 'digestOf' | 'keySecret' | 'semantic' | 'price'

/** Options that were checked, with their defaults. */
export interface CacheSettings extends Required<Omit<CacheOptions, Filled | Optional>>, Pick<CacheOptions, Optional> {
  readonly lock: Required<CacheLockOptions> | undefined
}

const optionNames = (
  'ttlMs tenant store maxBytes ttlJitter staleWhileRevalidateMs staleIfErrorMs earlyRefresh lookupTimeoutMs lock tags ' +
  'digestOf keySecret keepRefusals keepFallbacks semantic price random clock'
).split(' ')

/** @throws {SluiceError} `config.option` */
export function settingsOf(options: CacheOptions): CacheSettings {
  checkOptions(options)
  const { maxBytes, lock, random = Math.random, clock = systemClock, ...rest } = options
  const given = lock === false ? undefined : { leaseMs: 10_000, maxWaitMs: 30_000, ...lock }
  return {
    ttlJitter: 0.1,
    staleWhileRevalidateMs: 0,
    staleIfErrorMs: 0,
    earlyRefresh: 0,
    lookupTimeoutMs: 25,
    keepRefusals: false,
    keepFallbacks: false,
    ...rest,
    store: options.store ?? memoryStore({ ...(maxBytes !== undefined && { maxBytes }), clock }),
    lock: given,
    random,
    clock,
  }
}

function checkOptions(options: CacheOptions): void {
  if (typeof options !== 'object' || options === null)
    refuse("The cache needs options: { ttlMs: 3_600_000, tenant: 'context' }.")
  for (const name of Object.keys(options))
    if (!optionNames.includes(name))
      refuse(`The cache has no option "${name}". The options are ${optionNames.join(', ')}.`)
  const { ttlMs, tenant, store, maxBytes, earlyRefresh, lock, keySecret, semantic, clock } = options
  if (!(Number.isFinite(ttlMs) && ttlMs > 0))
    refuse(`${named('ttlMs')} must be milliseconds above 0, got ${shown(ttlMs)}.`)
  if (tenant !== 'context' && tenant !== 'shared' && typeof tenant !== 'function')
    refuse(
      `${named('tenant')} must say whose answers a call may get: "context" for those of context.tenant, "shared" for ` +
        `everyone's, or a function of the call context; got ${shown(tenant)}.`,
    )
  for (const name of ['staleWhileRevalidateMs', 'staleIfErrorMs'] as const) checkMs(options[name], named(name), 0)
  checkMs(options.lookupTimeoutMs, named('lookupTimeoutMs'), 1)
  checkNumber(options.ttlJitter, named('ttlJitter'), 0, 1)
  checkNumber(earlyRefresh, named('earlyRefresh'), 0, 100)
  if (maxBytes !== undefined && !(Number.isSafeInteger(maxBytes) && maxBytes > 0))
    refuse(`${named('maxBytes')} must be a whole number above 0, got ${shown(maxBytes)}.`)
  if (maxBytes !== undefined && store !== undefined)
    refuse(`${named('maxBytes')} is for the default store: give it to the store instead.`)
  if (store !== undefined && !['get', 'set', 'delete', 'invalidate'].every((name) => isFunction(store, name)))
    refuse(`${named('store')} must be a store, such as memoryStore() or redisStore(client), got ${shown(store)}.`)
  checkLock(lock)
  for (const name of ['tags', 'digestOf', 'price', 'random'] as const)
    if (options[name] !== undefined && typeof options[name] !== 'function')
      refuse(`${named(name)} must be a function, got ${shown(options[name])}.`)
  if (keySecret !== undefined && !(typeof keySecret === 'string' && keySecret.length >= 16))
    refuse(`${named('keySecret')} must be a text of at least 16 characters, got ${lengthOf(keySecret)}.`)
  if (keySecret === undefined && store !== undefined && store.isLocal !== true)
    refuse(
      `The store "${store.name}" is outside of this process, where others may read its keys and find out by trying what ` +
        'was asked. Give the option "keySecret": at least 16 characters, the same ones in all processes that share it.',
    )
  for (const name of ['keepRefusals', 'keepFallbacks'] as const)
    if (options[name] !== undefined && typeof options[name] !== 'boolean')
      refuse(`${named(name)} must be true or false, got ${shown(options[name])}.`)
  if (semantic !== undefined && !isFunction(semantic, 'open'))
    refuse(`${named('semantic')} must be made with semantic() of @sluice/cache/semantic, got ${shown(semantic)}.`)
  if (clock !== undefined && !(isFunction(clock, 'now') && isFunction(clock, 'sleep')))
    refuse(`${named('clock')} must have now() and sleep(ms, signal).`)
}

function checkLock(lock: CacheOptions['lock']): void {
  if (lock === undefined || lock === false) return
  if (typeof lock !== 'object' || lock === null)
    refuse(`${named('lock')} must be false or { leaseMs, maxWaitMs }, got ${shown(lock)}.`)
  const { leaseMs, maxWaitMs, ...unknown } = lock
  for (const name of Object.keys(unknown))
    refuse(`${named('lock')} has no field "${name}". The fields are leaseMs, maxWaitMs.`)
  checkMs(leaseMs, named('lock.leaseMs'), 100)
  checkMs(maxWaitMs, named('lock.maxWaitMs'), 0)
}

function checkMs(value: unknown, what: string, least: number): void {
  if (value !== undefined && !(Number.isFinite(value) && (value as number) >= least))
    refuse(`${what} must be milliseconds of at least ${least}, got ${shown(value)}.`)
}

function checkNumber(value: unknown, what: string, least: number, most: number): void {
  if (value !== undefined && !(typeof value === 'number' && value >= least && value <= most))
    refuse(`${what} must be a number from ${least} to ${most}, got ${shown(value)}.`)
}

function lengthOf(secret: unknown): string {
  return typeof secret === 'string' ? `${secret.length}` : shown(secret)
}

function isFunction(value: unknown, name: string): boolean {
  return typeof (value as Readonly<Record<string, unknown>> | null)?.[name] === 'function'
}

function named(name: string): string {
  return `The option "${name}" of the cache`
}

function shown(value: unknown): string {
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object'
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 80)) : String(value)
}

function refuse(message: string): never {
  throw new SluiceError({ code: 'config.option', message })
}
