import type { Counter, Reading } from './store.ts'

/** What one window, or one slot of a rolling one, has on its account. */
interface Slot {
  used: number
  held: number
  readonly untilMs: number
}

/** Accounts that are looked at in one step for slots that are over: more than one step adds. */
const cleanedPerStep = 4

/** Accounts of a store in memory: what is used and held, by counter and slot. */
export class MemoryAccounts {
  readonly #accounts = new Map<string, Map<number, Slot>>()
  #cleaning: Iterator<[string, Map<number, Slot>]> | undefined

  /** Where a charge of this instant is counted. */
  presentSlot(counter: Counter, nowMs: number): number {
    if (counter.kind === 'total') return 0
    return counter.kind === 'calendar' ? counter.startMs : Math.floor(nowMs / counter.slotMs)
  }

  /** Whether a slot still counts. */
  isPresent(counter: Counter, slot: number, nowMs: number): boolean {
    if (counter.kind === 'total') return true
    if (counter.kind === 'calendar') return nowMs < counter.endMs
    return slot >= Math.floor(nowMs / counter.slotMs) - counter.slots
  }

  /** Whether a slot is there and still counts. */
  has(counter: Counter, slot: number, nowMs: number): boolean {
    return this.isPresent(counter, slot, nowMs) && this.#accounts.get(counter.key)?.has(slot) === true
  }

  /** What is used in the window; of a calendar, that of `slot`. */
  used(counter: Counter, nowMs: number, slot: number = this.presentSlot(counter, nowMs)): number {
    const account = this.#accounts.get(counter.key)
    if (!account) return 0
    if (counter.kind !== 'rolling') return account.get(slot)?.used ?? 0
    let sum = 0
    for (const [at, { used }] of account) if (this.isPresent(counter, at, nowMs)) sum += used
    return sum
  }

  /** The state of a window, and when there will be room for `ask`. */
  reading(counter: Counter, nowMs: number, ask: number, slot: number = this.presentSlot(counter, nowMs)): Reading {
    const account = this.#accounts.get(counter.key)
    if (counter.kind !== 'rolling') {
      const { used = 0, held = 0 } = account?.get(slot) ?? {}
      const frees = counter.kind === 'calendar' && ask <= counter.limit
      return { used, held, freesAtMs: frees ? counter.endMs : undefined }
    }
    const slots = [...(account ?? [])]
      .filter(([at]) => this.isPresent(counter, at, nowMs))
      .toSorted(([a], [b]) => a - b)
    const used = slots.reduce((sum, [, each]) => sum + each.used, 0)
    const held = slots.reduce((sum, [, each]) => sum + each.held, 0)
    let left = used
    if (ask > counter.limit) return { used, held, freesAtMs: undefined }
    for (const [at, each] of slots) {
      left -= each.used
      if (ask <= counter.limit - left) return { used, held, freesAtMs: endOfSlot(counter, at) }
    }
    return { used, held, freesAtMs: nowMs }
  }

  readings(counters: readonly Counter[], nowMs: number): Reading[] {
    return counters.map((counter) => this.reading(counter, nowMs, 0))
  }

  add(counter: Counter, slot: number, used: number, held: number): void {
    const known = this.#accounts.get(counter.key)?.get(slot)
    if (!known) return
    known.used += used
    known.held += held
  }

  /** Adds to a slot that may be new. */
  create(counter: Counter, slot: number, used: number, held: number, nowMs: number): void {
    let account = this.#accounts.get(counter.key)
    if (!account) this.#accounts.set(counter.key, (account = new Map()))
    const known = account.get(slot)
    if (known) {
      known.used += used
      known.held += held
      return
    }
    dropEnded(account, nowMs)
    const untilMs = counter.kind === 'calendar' ? counter.endMs : endOfSlot(counter, slot)
    account.set(slot, { used, held, untilMs })
  }

  /** Drops some of what no window counts any more. */
  forget(nowMs: number): void {
    for (let count = 0; count < cleanedPerStep; count += 1) {
      this.#cleaning ??= this.#accounts.entries()
      const { done, value } = this.#cleaning.next()
      if (done) {
        this.#cleaning = undefined
        return
      }
      const [key, account] = value
      dropEnded(account, nowMs)
      if (account.size === 0) this.#accounts.delete(key)
    }
  }
}

function dropEnded(account: Map<number, Slot>, nowMs: number): void {
  for (const [slot, { untilMs }] of account) if (untilMs <= nowMs) account.delete(slot)
}

function endOfSlot(counter: Counter, slot: number): number {
  return counter.kind === 'rolling' ? (slot + 1 + counter.slots) * counter.slotMs : Infinity
}
