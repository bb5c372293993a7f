import { systemClock, type Clock } from '../clock.ts'
import { MemoryAccounts } from './memory-accounts.ts'
import type { Amounts, Hold, LedgerAnswer, LedgerStep, LedgerStore, Reading } from './store.ts'

type Step<K extends LedgerStep['do']> = Extract<LedgerStep, { do: K }>

/** A reservation as the store keeps it. */
interface Entry {
  hold: Hold
  /** `bounded`: settled with what it cost at least. */
  state: 'open' | 'expired' | 'bounded'
  /** What it has been charged, once it is no longer open. */
  charged: Amounts
}

const nothing: Amounts = { nanoUsd: 0, tokens: 0 }

/** Ends that are forgotten in one step: more than one step adds. */
const forgottenPerStep = 4

/**
 * A store in this process: for one process, and for tests. It is gone with the process.
 *
 * @param clock its clock. @default the system's
 */
export function memoryLedgerStore(clock: Clock = systemClock): LedgerStore {
  return new MemoryStore(clock)
}

class MemoryStore implements LedgerStore {
  readonly #clock: Clock
  readonly #accounts = new MemoryAccounts()
  /** Open and expired ones. */
  readonly #entries = new Map<string, Entry>()
  /** What settled ones were charged. Few words each: there is one for every call of the last minutes. */
  readonly #settled = new Map<string, Amounts>()
  /** When an ended one may be forgotten, in the order in which they ended. */
  readonly #ends = new Map<string, number>()
  /** No open reservation expires before this. */
  #nextDueMs = Infinity
  #nowMs = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  async step(root: string, step: LedgerStep): Promise<LedgerAnswer> {
    const clockMs = Math.floor(this.#clock.now())
    // A clock that is set back a little stands still instead: what has left a window must not come back.
    this.#nowMs = this.#nowMs - clockMs > 600_000 ? clockMs : Math.max(clockMs, this.#nowMs)
    const nowMs = this.#nowMs
    if (step.do === 'reserve' || step.do === 'read') {
      for (const counter of step.counters)
        if (counter.kind === 'calendar' && !(nowMs >= counter.startMs && nowMs < counter.endMs))
          return { is: 'clock', nowMs }
    }
    if (nowMs >= this.#nextDueMs) this.#expire()
    this.#forget()
    if (step.do === 'read') return { is: 'read', nowMs, readings: this.#accounts.readings(step.counters, nowMs) }
    const key = `${root}/${step.id}`
    if (step.do === 'reserve') return this.#reserve(key, step)
    return step.do === 'extend' ? this.#extend(key, step) : this.#settle(key, step)
  }

  #reserve(key: string, step: Step<'reserve'>): LedgerAnswer {
    const nowMs = this.#nowMs
    const known = this.#entries.get(key)
    if (known?.state === 'open') return { is: 'held', nowMs, hold: known.hold, wasLost: false }
    if (known || this.#settled.has(key)) return { is: 'closed', nowMs }
    const { want, least, counters, ttlMs, refunds, rememberMs } = step
    const granted = { ...want }
    const full: (Reading & { at: number })[] = []
    for (const [at, counter] of counters.entries()) {
      const { unit, limit } = counter
      const left = limit - this.#accounts.used(counter, nowMs)
      if (least[unit] > 0 && left < least[unit])
        full.push({ at, ...this.#accounts.reading(counter, nowMs, least[unit]) })
      else granted[unit] = Math.max(0, Math.min(granted[unit], left))
    }
    if (full.length > 0) return { is: 'refused', nowMs, full, counters }
    const slots = counters.map((counter) => this.#accounts.presentSlot(counter, nowMs))
    const hold: Hold = { ...granted, expiresAtMs: nowMs + ttlMs, refunds, rememberMs, counters, slots }
    this.#add(hold, hold, true)
    this.#open(key, hold)
    return { is: 'held', nowMs, hold, wasLost: false }
  }

  #extend(key: string, step: Step<'extend'>): LedgerAnswer {
    const nowMs = this.#nowMs
    const known = this.#entries.get(key)
    if (known?.state === 'bounded' || this.#settled.has(key)) return { is: 'closed', nowMs }
    const entry = known ?? this.#recovered(step.lost)
    if (!entry) return { is: 'unknown', nowMs }
    const { hold } = entry
    const isOpen = entry.state === 'open'
    const isCharged = isOpen || !hold.refunds
    const granted = { ...step.want }
    const full: (Reading & { at: number })[] = []
    for (const [at, counter] of hold.counters.entries()) {
      const { unit, limit } = counter
      const slot = hold.slots[at]!
      const isCounted = isCharged && this.#accounts.has(counter, slot, nowMs)
      // A calendar window that is over takes what it is told; nobody is asked any more.
      if (counter.kind !== 'rolling' && !this.#accounts.has(counter, slot, nowMs)) continue
      const base = isCounted ? 0 : hold[unit]
      const left = limit - this.#accounts.used(counter, nowMs, slot) - base
      if (base + step.least[unit] > 0 && left < step.least[unit])
        full.push({ at, ...this.#accounts.reading(counter, nowMs, base + step.least[unit], slot) })
      else granted[unit] = Math.max(0, Math.min(granted[unit], left))
    }
    if (full.length > 0) {
      if (!known) this.#open(key, hold)
      return { is: 'refused', nowMs, full, counters: hold.counters }
    }
    const slots = hold.counters.map((counter, at) => {
      const { unit } = counter
      const slot = hold.slots[at]!
      const isCounted = isCharged && this.#accounts.has(counter, slot, nowMs)
      const own = hold[unit]
      if (counter.kind !== 'rolling') {
        if (this.#accounts.has(counter, slot, nowMs))
          this.#accounts.add(counter, slot, (isCounted ? 0 : own) + granted[unit], (isOpen ? 0 : own) + granted[unit])
        return slot
      }
      // It counts from now on, so that what is held never leaves the window before it is spent.
      if (isCounted) this.#accounts.add(counter, slot, -own, isOpen ? -own : 0)
      const present = this.#accounts.presentSlot(counter, nowMs)
      this.#accounts.create(counter, present, own + granted[unit], own + granted[unit], nowMs)
      return present
    })
    const extended: Hold = {
      ...hold,
      nanoUsd: hold.nanoUsd + granted.nanoUsd,
      tokens: hold.tokens + granted.tokens,
      expiresAtMs: Math.max(hold.expiresAtMs, nowMs + step.ttlMs),
      slots,
    }
    this.#open(key, extended)
    return { is: 'held', nowMs, hold: extended, wasLost: !known }
  }

  #settle(key: string, { actual, isExact, lost }: Step<'settle'>): LedgerAnswer {
    const nowMs = this.#nowMs
    const settled = this.#settled.get(key)
    if (settled) return { is: 'settled', nowMs, charged: settled, was: 'settled' }
    const known = this.#entries.get(key)
    const entry = known ?? this.#recovered(lost)
    if (!entry) return { is: 'unknown', nowMs }
    const { hold, state } = entry
    const charged = { nanoUsd: actual.nanoUsd, tokens: actual.tokens }
    const before = state === 'open' ? hold : entry.charged
    if (!isExact) {
      const floor = state === 'expired' ? hold : before
      charged.nanoUsd = Math.max(actual.nanoUsd, floor.nanoUsd)
      charged.tokens = Math.max(actual.tokens, floor.tokens)
    }
    for (const [at, counter] of hold.counters.entries()) {
      const { unit } = counter
      const slot = hold.slots[at]!
      if (this.#accounts.has(counter, slot, nowMs))
        this.#accounts.add(counter, slot, charged[unit] - before[unit], state === 'open' ? -hold[unit] : 0)
    }
    if (isExact) {
      this.#entries.delete(key)
      this.#settled.set(key, charged)
      this.#remember(key, hold)
    } else this.#end(key, { hold, state: 'bounded', charged })
    const was = known ? (state === 'bounded' ? 'settled' : state) : 'lost'
    return { is: 'settled', nowMs, charged, was }
  }

  /** A reservation that this store has not got, booked again from what its maker knows. */
  #recovered(lost: Hold | undefined): Entry | undefined {
    const nowMs = this.#nowMs
    if (!lost || nowMs > lost.expiresAtMs + lost.rememberMs) return undefined
    this.#add(lost, lost, false)
    return { hold: lost, state: 'open', charged: nothing }
  }

  #open(key: string, hold: Hold): void {
    this.#entries.set(key, { hold, state: 'open', charged: nothing })
    this.#ends.delete(key)
    this.#nextDueMs = Math.min(this.#nextDueMs, hold.expiresAtMs)
  }

  #end(key: string, entry: Entry): void {
    this.#entries.set(key, entry)
    this.#remember(key, entry.hold)
  }

  #remember(key: string, { expiresAtMs, rememberMs }: Hold): void {
    this.#ends.delete(key)
    this.#ends.set(key, Math.max(expiresAtMs, this.#nowMs) + rememberMs)
  }

  /** Holds an amount against all counters, or those whose window is still open. */
  #add({ counters, slots }: Hold, held: Amounts, isNew: boolean): void {
    for (const [at, counter] of counters.entries()) {
      const slot = slots[at]!
      if (isNew || this.#accounts.isPresent(counter, slot, this.#nowMs))
        this.#accounts.create(counter, slot, held[counter.unit], held[counter.unit], this.#nowMs)
    }
  }

  #expire(): void {
    let nextDueMs = Infinity
    for (const [key, { hold, state }] of this.#entries) {
      if (state !== 'open') continue
      if (hold.expiresAtMs > this.#nowMs) {
        nextDueMs = Math.min(nextDueMs, hold.expiresAtMs)
        continue
      }
      const { refunds, counters, slots } = hold
      for (const [at, counter] of counters.entries()) {
        const own = hold[counter.unit]
        if (this.#accounts.has(counter, slots[at]!, this.#nowMs))
          this.#accounts.add(counter, slots[at]!, refunds ? -own : 0, -own)
      }
      this.#end(key, { hold, state: 'expired', charged: refunds ? nothing : hold })
    }
    this.#nextDueMs = nextDueMs
  }

  #forget(): void {
    let left = forgottenPerStep
    for (const [key, untilMs] of this.#ends) {
      if (untilMs >= this.#nowMs || left === 0) break
      this.#ends.delete(key)
      this.#entries.delete(key)
      this.#settled.delete(key)
      left -= 1
    }
    this.#accounts.forget(this.#nowMs)
  }
}
