import { SluiceError } from '../errors.ts'
import { Accounts, CounterMaker, reservationId, splitReservationId, type Account } from './accounts.ts'
import { checkAmounts, checkId, checkTtl, defaultTtlMs } from './check-amounts.ts'
import { Grace } from './grace.ts'
import { badAmount, closed, noLimit, unavailable, unknownReservation } from './ledger-errors.ts'
import type { LedgerSettings } from './ledger-options.ts'
import type { CheckedLimit } from './limits.ts'
import type { Balance, Extension, Ledger, ReserveRequest, Reservation, Settlement } from './ledger.ts'
import { Outbox } from './outbox.ts'
import { refusalOf, stateOf, type LimitState, type Refusal } from './refusal.ts'
import type { Amounts, Counter, Hold, LedgerAnswer, LedgerStep } from './store.ts'
import { encodedId, type Subject } from './subject.ts'

/** The one implementation of a ledger, over any store. */
export class AccountLedger implements Ledger {
  readonly #settings: LedgerSettings
  readonly #accounts = new Accounts()
  readonly #counters = new CounterMaker()
  /** Ids of this ledger's own: no other has its beginning. */
  readonly #idPrefix = crypto.randomUUID().replaceAll('-', '').slice(0, 16)
  #ids = 0
  readonly #grace: Grace
  readonly #outbox: Outbox
  /** What this process holds, for a store that loses it. */
  readonly #holds = new Map<string, Hold>()
  /** How far the store's clock is ahead of ours. */
  #aheadMs = 0

  constructor(settings: LedgerSettings) {
    this.#settings = settings
    this.#grace = new Grace(settings.graceNanoUsd)
    this.#outbox = new Outbox(settings.store)
  }

  async reserve(request: ReserveRequest): Promise<Reservation | Refusal> {
    const { subject, ttlMs = defaultTtlMs, id: given } = request
    const { want, least } = checkAmounts(request)
    checkTtl(ttlMs)
    if (given !== undefined) checkId(given)
    const found = this.#accountOf(subject)
    const account = found instanceof Promise ? await found : found
    const id = given ?? `${this.#idPrefix}${(this.#ids += 1).toString(36)}`
    const name = reservationId(account.root, id)
    if (account.limits.length === 0)
      return { admitted: true, id: unlimited + name, ...want, expiresAtMs: Infinity, isGrace: false, isUnlimited: true }
    const { refunds, rememberMs } = this.#settings
    let answer: LedgerAnswer
    try {
      answer = await this.#timed(account, (counters) => {
        return { do: 'reserve', id: encodedId(id), want, least, ttlMs, refunds, rememberMs, counters }
      })
    } catch (error) {
      // It may be held all the same. Under a name of its own the caller reserves it again.
      if (given === undefined)
        this.#outbox.release(account.root, () => ({ do: 'settle', id, actual: none, isExact: true, lost: undefined }))
      return this.#outOfGrace(account, want, ttlMs, error)
    }
    if (answer.is === 'refused') return refusalOf(answer.counters, answer.full, least, answer.nowMs)
    if (answer.is === 'closed') throw closed(name)
    return this.#held(name, answer)
  }

  async extend(id: string, more: Extension): Promise<Reservation | Refusal> {
    const { ttlMs = defaultTtlMs } = more
    const { want, least } = checkAmounts(more)
    checkTtl(ttlMs)
    if (isUnlimited(id))
      return { admitted: true, id, ...want, expiresAtMs: Infinity, isGrace: false, isUnlimited: true }
    const grace = this.#grace.get(id)
    if (grace) {
      if (!this.#grace.extend(id, want)) throw unavailable('The grace for the time without the store is used up.')
      const { nanoUsd, tokens, expiresAtMs } = this.#grace.get(id) ?? grace
      return { admitted: true, id, nanoUsd, tokens, expiresAtMs, isGrace: true, isUnlimited: false }
    }
    const [root, local] = split(id)
    let answer: LedgerAnswer
    try {
      answer = await this.#step(root, { do: 'extend', id: local, want, least, ttlMs, lost: this.#holds.get(id) })
    } catch (error) {
      throw unavailable('The store of the budget could not be asked.', error)
    }
    if (answer.is === 'refused') return refusalOf(answer.counters, answer.full, least, answer.nowMs)
    if (answer.is === 'closed') throw closed(id)
    if (answer.is === 'unknown') throw unknownReservation(id)
    return this.#held(id, answer)
  }

  async settle(id: string, actual: Partial<Amounts>, how: 'exact' | 'lower_bound'): Promise<Settlement> {
    if (how !== 'exact' && how !== 'lower_bound') throw badAmount('how', '"exact" or "lower_bound"', how)
    const amounts = checkAmounts(actual).want
    if (isUnlimited(id)) return { id, ...amounts, outcome: 'settled' }
    const [root, local] = split(id)
    const isExact = how === 'exact'
    const grace = this.#grace.get(id)
    if (grace) {
      const charged = this.#grace.end(id, amounts, isExact)
      // Booked as held and settled in one, in windows that are still open by then.
      this.#outbox.settle(
        root,
        () => ({ do: 'settle', id: local, actual: charged, isExact: true, lost: this.#renewed(grace) }),
        () => this.#grace.booked(charged.nanoUsd),
      )
      return { id, ...charged, outcome: 'queued' }
    }
    const lost = this.#holds.get(id)
    const step: LedgerStep = { do: 'settle', id: local, actual: amounts, isExact, lost }
    let answer: LedgerAnswer
    try {
      answer = await this.#step(root, step)
    } catch {
      this.#outbox.settle(root, () => step)
      this.#holds.delete(id)
      return { id, ...amounts, outcome: 'queued' }
    }
    this.#holds.delete(id)
    if (answer.is !== 'settled') throw unknownReservation(id)
    const outcome = outcomes[answer.was]
    return { id, ...answer.charged, outcome }
  }

  release(id: string): Promise<Settlement> {
    return this.settle(id, none, 'exact')
  }

  async explain(subject: Subject): Promise<readonly LimitState[]> {
    const account = await this.#accountOf(subject)
    if (account.limits.length === 0) return []
    let counters: readonly Counter[] = []
    let answer: LedgerAnswer
    try {
      answer = await this.#timed(account, (present) => ({ do: 'read', counters: (counters = present) }))
    } catch (error) {
      throw unavailable('The store of the budget could not be asked.', error)
    }
    return answer.is === 'read' ? answer.readings.map((reading, at) => stateOf(counters[at]!, reading)) : []
  }

  async balance(subject: Subject): Promise<Balance> {
    const states = await this.explain(subject)
    const least = (unit: string): number | undefined => {
      const left = states.filter((state) => state.unit === unit).map((state) => state.left)
      return left.length > 0 ? Math.min(...left) : undefined
    }
    return { leftNanoUsd: least('nanoUsd'), leftTokens: least('tokens') }
  }

  async flush(): Promise<number> {
    await this.#outbox.flush()
    return this.#outbox.size
  }

  #accountOf(subject: Subject): Account | Promise<Account> {
    const limits = this.#settings.limitsOf(subject)
    return limits instanceof Promise
      ? limits.then((given) => this.#limited(subject, given))
      : this.#limited(subject, limits)
  }

  #limited(subject: Subject, limits: readonly CheckedLimit[]): Account {
    const account = this.#accounts.of(subject, limits)
    if (account.limits.length === 0 && this.#settings.withoutLimit === 'refuse') throw noLimit(account.root)
    return account
  }

  /** A step that depends on the present windows: those of the store's clock. */
  async #timed(account: Account, stepOf: (counters: Hold['counters']) => LedgerStep): Promise<LedgerAnswer> {
    for (let tries = 0; ; tries += 1) {
      const nowMs = this.#settings.clock.now() + this.#aheadMs
      const answer = await this.#step(account.root, stepOf(this.#counters.at(nowMs, account)))
      if (answer.is !== 'clock') return answer
      this.#aheadMs = answer.nowMs - this.#settings.clock.now()
      if (tries === 3) throw new Error('The clock of the store does not stand still long enough to be read.')
    }
  }

  async #step(root: string, step: LedgerStep): Promise<LedgerAnswer> {
    let answer: LedgerAnswer
    try {
      answer = await this.#settings.store.step(root, step)
    } catch (error) {
      // A connection that broke may be back at once, and every step can be repeated. One that timed out has had its time.
      if (SluiceError.isInstance(error) && error.code !== 'redis.unavailable') throw error
      answer = await this.#settings.store.step(root, step)
    }
    if (this.#outbox.size > 0) void this.#outbox.flush()
    return answer
  }

  #held(id: string, answer: LedgerAnswer): Reservation {
    if (answer.is !== 'held') throw new TypeError(`The store of the budget answered "${answer.is}"`)
    const { hold } = answer
    this.#holds.set(id, hold)
    this.#forgetOldest(answer.nowMs)
    const { nanoUsd, tokens, expiresAtMs } = hold
    return { admitted: true, id, nanoUsd, tokens, expiresAtMs, isGrace: false, isUnlimited: false }
  }

  #outOfGrace(account: Account, want: Amounts, ttlMs: number, cause: unknown): Reservation {
    const { clock, refunds, rememberMs } = this.#settings
    const nowMs = clock.now() + this.#aheadMs
    const counters = this.#counters.at(nowMs, account)
    const slots = counters.map((counter) =>
      counter.kind === 'total' ? 0 : counter.kind === 'calendar' ? counter.startMs : Math.floor(nowMs / counter.slotMs),
    )
    const hold: Hold = { ...want, expiresAtMs: nowMs + ttlMs, refunds, rememberMs, counters, slots }
    // Another id than the one that the store may know.
    const id = reservationId(account.root, `grace-${crypto.randomUUID()}`)
    if (!this.#grace.begin(id, hold)) throw unavailable('The store of the budget could not be asked.', cause)
    return { admitted: true, id, ...want, expiresAtMs: hold.expiresAtMs, isGrace: true, isUnlimited: false }
  }

  #renewed(hold: Hold): Hold {
    return { ...hold, expiresAtMs: this.#settings.clock.now() + this.#aheadMs + hold.rememberMs }
  }

  /** Drops what nobody settled in time and no store would take any more. */
  #forgetOldest(nowMs: number): void {
    for (const [id, { expiresAtMs, rememberMs }] of this.#holds) {
      if (expiresAtMs + rememberMs >= nowMs) return
      this.#holds.delete(id)
    }
  }
}

const none: Amounts = { nanoUsd: 0, tokens: 0 }
const outcomes = { open: 'settled', settled: 'repeated', expired: 'late', lost: 'restored' } as const

/** Begins the ids of reservations that are counted nowhere. */
const unlimited = 'unlimited:'

function isUnlimited(id: string): boolean {
  return typeof id === 'string' && id.startsWith(unlimited)
}

function split(id: string): readonly [root: string, local: string] {
  const parts = splitReservationId(id)
  if (!parts) throw unknownReservation(id)
  return parts
}
