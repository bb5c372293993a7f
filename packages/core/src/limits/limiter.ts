import { systemClock, type Clock } from '../clock.ts'
import { SluiceError } from '../errors.ts'
import { Renewal } from './renewal.ts'
import { exceededError } from './limit-error.ts'
import { LeasedStore } from './leased-store.ts'
import type { LimitAnswer, LimitAsk } from './limit-store.ts'
import { shown } from './check-options.ts'
import { checkLimits, type LimiterOptions } from './options.ts'
import { mostAtOnce, type LimitRule } from './rule.ts'
import { StoreGuard } from './store-guard.ts'
import { memoryLimitStore } from './store/memory-store.ts'

/** What somebody wants to do. */
export interface LimitRequest {
  /** Whose limits are asked: a tenant, a user, a key. Not empty. */
  readonly subject: string
  /** Whole, 0 or more. @default 1 */
  readonly requests?: number
  /** Whole, 0 or more: input, and the output that is expected. @default 0 */
  readonly tokens?: number
}

/** How one limit stands. */
export interface LimitStanding {
  readonly name: string
  readonly limit: number
  /** What can be taken now. */
  readonly left: number
  /** What the request asks for. */
  readonly asked: number
  /**
   * Milliseconds until what was asked for fits; 0 when it does, `Infinity` when it never will. Of concurrency, when to look
   * again: a place is free when somebody leaves it.
   */
  readonly waitMs: number
  /** Milliseconds until it is untouched again, if nothing more is taken. */
  readonly fullInMs: number
  /** The most that one request can take. */
  readonly mostAtOnce: number
}

/** Proof that something was taken. Plain data: it can be kept as JSON and settled by another process. */
export interface LimitPermit {
  readonly id: string
  readonly subject: string
  readonly requests: number
  readonly tokens: number
  /** When, by the store's clock, in Unix microseconds. */
  readonly takenAtUs: number
  /** The store did not answer, and this process decided by itself. */
  readonly isLocal: boolean
}

export type LimitDecision =
  | {
      readonly allowed: true
      /** Settle or release it when the work is over. `check` gives none. */
      readonly permit: LimitPermit | undefined
      readonly limits: readonly LimitStanding[]
    }
  | {
      readonly allowed: false
      readonly permit: undefined
      readonly limits: readonly LimitStanding[]
      /** `limits.exceeded`, or `limits.too_large` for what never fits: ready to be thrown. */
      readonly error: SluiceError
    }

export interface Limiter {
  /**
   * Takes from all limits, or from none: what is refused changes nothing.
   *
   * @throws {SluiceError} `limits.ask` for a request that makes no sense; `limits.unavailable` when the store does not
   * answer and `onStoreDown` is `refuse`.
   */
  take(request: LimitRequest): Promise<LimitDecision>
  /** Says what `take` would, and takes nothing. */
  check(request: LimitRequest): Promise<LimitDecision>
  /**
   * Says what was really used, and frees the place of a concurrent call. What was not used comes back as far as it has not
   * drained yet; what was used on top is charged, above the limit too. Left out: as much as was taken. A second time does
   * nothing. A store that does not answer is not waited for: the usage then stays as it was taken.
   */
  settle(permit: LimitPermit, used?: { readonly requests?: number; readonly tokens?: number }): Promise<void>
  /** Gives everything back: the work was never begun. */
  release(permit: LimitPermit): Promise<void>
  /** How the limits of a subject stand. Takes nothing. */
  peek(subject: string): Promise<readonly LimitStanding[]>
}

/**
 * Limits by subject, for use with no client at all: jobs, routes of a web server, tools.
 *
 * Minutes are GCRA: a steady rate with a burst on top, and no edge at which twice the limit gets through. All limits are
 * taken in one atomic step by the store's clock.
 *
 * @throws {SluiceError} `config.option`.
 *
 * @example
 * import { createLimiter } from '@sluice/core/limits'
 *
 * const limiter = createLimiter({ requestsPerMinute: 60, tokensPerMinute: 100_000 })
 * const decision = await limiter.take({ subject: 'acme', tokens: 1_200 })
 * if (!decision.allowed) throw decision.error
 * // … and when it is known:
 * if (decision.permit) await limiter.settle(decision.permit, { tokens: 950 })
 */
export function createLimiter(options: LimiterOptions): Limiter {
  const checked = checkLimits(options, 'createLimiter()')
  const { clock = systemClock, store = memoryLimitStore({ clock }) } = options
  const leased = checked.localLease ? new LeasedStore(store, clock, checked.localLease) : store
  return new StoreLimiter(new StoreGuard(leased, clock, checked), checked.rules, checked.name, clock)
}

class StoreLimiter implements Limiter {
  readonly #guard: StoreGuard
  readonly #rules: readonly LimitRule[]
  readonly #name: string
  readonly #clock: Clock
  readonly #renewal: Renewal<LimitPermit> | undefined
  /** Permits given out here that are not settled yet, so that settling twice does nothing. */
  readonly #settled = new WeakSet<LimitPermit>()

  constructor(guard: StoreGuard, rules: readonly LimitRule[], name: string, clock: Clock) {
    this.#guard = guard
    this.#rules = rules
    this.#name = name
    this.#clock = clock
    const seats = rules.find(({ kind }) => kind === 'concurrency')
    if (seats?.kind === 'concurrency')
      this.#renewal = new Renewal<LimitPermit>(clock, seats.leaseMs / 3, (permit) => this.#renew(permit))
  }

  async take(request: LimitRequest): Promise<LimitDecision> {
    const { requests = 1, tokens = 0, subject } = checkRequest(request)
    const ask = this.#ask(subject, requests, tokens)
    const { answer, isLocal } = await this.#guard.ask('take', ask)
    const limits = this.#standings(ask, answer)
    if (!answer.taken) return this.#refused(limits)
    const permit: LimitPermit = { id: ask.id, subject, requests, tokens, takenAtUs: answer.atUs, isLocal }
    this.#renewal?.add(permit)
    return { allowed: true, permit, limits }
  }

  async check(request: LimitRequest): Promise<LimitDecision> {
    const { requests = 1, tokens = 0, subject } = checkRequest(request)
    const ask = this.#ask(subject, requests, tokens)
    const { answer } = await this.#guard.ask('check', ask)
    const limits = this.#standings(ask, answer)
    if (limits.some(({ waitMs }) => waitMs > 0)) return this.#refused(limits)
    return { allowed: true, permit: undefined, limits }
  }

  settle(permit: LimitPermit, used: { requests?: number; tokens?: number } = {}): Promise<void> {
    const { requests = permit.requests, tokens = permit.tokens } = used
    return this.#end(permit, requests - permit.requests, tokens - permit.tokens)
  }

  release(permit: LimitPermit): Promise<void> {
    return this.#end(permit, -permit.requests, -permit.tokens)
  }

  async peek(subject: string): Promise<readonly LimitStanding[]> {
    checkRequest({ subject })
    const ask = { ...this.#ask(subject, 0, 0), costs: this.#rules.map(() => 0) }
    const { answer } = await this.#guard.ask('check', ask)
    return this.#standings(ask, answer)
  }

  async #end(permit: LimitPermit, requests: number, tokens: number): Promise<void> {
    if (![requests, tokens].every(Number.isSafeInteger))
      throw askError(`What was used must be whole numbers of at least 0, got a change of ${requests} and ${tokens}.`)
    if (this.#settled.has(permit)) return
    this.#settled.add(permit)
    this.#renewal?.remove(permit)
    const { store, rules } = this.#guard.origin(permit.isLocal)
    const deltas = rules.map(({ unit }) => (unit === 'requests' ? requests : unit === 'tokens' ? tokens : 0))
    const isSeated = rules.some(({ kind }) => kind === 'concurrency')
    if (!isSeated && deltas.every((delta) => delta === 0) && !this.#mayBeLeased) return
    const { id, takenAtUs } = permit
    try {
      await store.settle({ subject: this.#subject(permit.subject), id, rules, deltas, takenAtUs })
    } catch {
      // By contract: what cannot be corrected stays as it was taken, and leases end by themselves.
    }
  }

  get #mayBeLeased(): boolean {
    return this.#guard.origin(false).store instanceof LeasedStore
  }

  async #renew(permit: LimitPermit): Promise<void> {
    const { store, rules } = this.#guard.origin(permit.isLocal)
    await store.renew({ subject: this.#subject(permit.subject), id: permit.id, rules })
  }

  #subject(subject: string): string {
    return `${this.#name}:${subject}`
  }

  #ask(subject: string, requests: number, tokens: number): LimitAsk {
    const costs = this.#rules.map(({ unit }) => (unit === 'requests' ? requests : unit === 'tokens' ? tokens : 1))
    return { subject: this.#subject(subject), id: nextId(), rules: this.#rules, costs }
  }

  #standings({ costs }: LimitAsk, { states }: LimitAnswer): LimitStanding[] {
    return this.#rules.map((rule, index) => ({
      name: rule.name,
      limit: rule.limit,
      left: states[index]?.left ?? 0,
      asked: costs[index] ?? 0,
      waitMs: waitOf(rule, states[index]?.waitMs ?? 0),
      fullInMs: states[index]?.fullInMs ?? 0,
      mostAtOnce: mostAtOnce(rule),
    }))
  }

  #refused(limits: readonly LimitStanding[]): LimitDecision {
    // The one that takes longest decides when to come back.
    const blocking = limits.reduce((worst, one) => (one.waitMs > worst.waitMs ? one : worst))
    return { allowed: false, permit: undefined, limits, error: exceededError(blocking, limits, this.#clock.now()) }
  }
}

/** Leases end far later than calls usually do, so whoever waits for a place had better look again soon. */
const lookAgainMs = 250

function waitOf({ kind }: LimitRule, waitMs: number): number {
  return kind === 'concurrency' && waitMs !== Infinity ? Math.min(waitMs, lookAgainMs) : waitMs
}

const process = crypto.randomUUID()
let calls = 0

/** Unique among all processes, and cheaper than a new UUID. */
function nextId(): string {
  calls += 1
  return `${process}:${calls}`
}

function checkRequest(request: LimitRequest): LimitRequest {
  const { subject, requests = 1, tokens = 0 } = request
  if (typeof subject !== 'string' || subject === '') throw askError(`subject must be a text, got ${shown(subject)}.`)
  for (const [name, value] of Object.entries({ requests, tokens }))
    if (!(Number.isSafeInteger(value) && value >= 0))
      throw askError(`${name} must be a whole number of at least 0, got ${shown(value)}.`)
  return request
}

function askError(message: string): SluiceError {
  return new SluiceError({ code: 'limits.ask', message })
}
