import { systemClock, type Clock } from '../../clock.ts'
import type { LimitAnswer, LimitAsk, LimitChange, LimitStore, RuleState } from '../limit-store.ts'
import { mostAtOnce, type LimitRule } from '../rule.ts'
import { dayOf } from './calendar.ts'
import { added, rateOf, returned, shown, slack, type Meter } from './meter.ts'
import { counting, slotEndUs, slotOf, waitForUs, type Slots } from './slots.ts'

export interface MemoryLimitStoreOptions {
  /** @default the system's clock */
  readonly clock?: Pick<Clock, 'now'>
}

/** What one subject has used, by the name of the rule. */
interface Account {
  readonly meters: Map<string, Meter>
  readonly days: Map<string, { startUs: number; count: number }>
  readonly slots: Map<string, Slots>
  /** When the lease of each holder ends. */
  readonly leases: Map<string, number>
  /** From then on it is as good as new. */
  fullAtUs: number
}

/** Takes between two searches for accounts that can be forgotten. */
const sweepEvery = 1_000

/** Counts in this process's memory: exact for one process, and nothing is shared. Forgets subjects that are idle. */
export function memoryLimitStore(options: MemoryLimitStoreOptions = {}): LimitStore {
  return new MemoryLimitStore(options.clock ?? systemClock)
}

class MemoryLimitStore implements LimitStore {
  readonly #clock: Pick<Clock, 'now'>
  readonly #accounts = new Map<string, Account>()
  #untilSweep = sweepEvery

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock
  }

  async take(ask: LimitAsk): Promise<LimitAnswer> {
    const answer = this.#weigh(ask)
    return answer.taken ? { ...answer, states: this.#write(ask, answer) } : answer
  }

  async check(ask: LimitAsk): Promise<LimitAnswer> {
    return { ...this.#weigh(ask), taken: false }
  }

  async settle(change: LimitChange): Promise<void> {
    const { subject, id, rules, deltas, takenAtUs } = change
    const account = this.#accounts.get(subject)
    const isCharge = deltas.some((delta) => delta > 0)
    if (!account && !isCharge) return
    const nowUs = this.#nowUs()
    const own = account ?? this.#open(subject)
    own.leases.delete(id)
    for (const [index, rule] of rules.entries()) {
      const delta = deltas[index] ?? 0
      if (delta > 0) charge(own, rule, nowUs, delta)
      else if (delta < 0) giveBack(own, rule, nowUs, -delta, takenAtUs)
    }
  }

  async renew({ subject, id, rules }: Pick<LimitAsk, 'subject' | 'id' | 'rules'>): Promise<void> {
    const account = this.#accounts.get(subject)
    const nowUs = this.#nowUs()
    if (!account || (account.leases.get(id) ?? 0) <= nowUs) return
    for (const rule of rules) if (rule.kind === 'concurrency') lease(account, id, nowUs + rule.leaseMs * 1_000)
  }

  /** Subjects that are remembered. */
  get size(): number {
    return this.#accounts.size
  }

  /** For logs and tests: what is counted. */
  toJSON(): unknown {
    return Object.fromEntries(this.#accounts)
  }

  #nowUs(): number {
    return Math.round(this.#clock.now() * 1_000)
  }

  #weigh({ subject, rules, costs }: LimitAsk): LimitAnswer {
    const atUs = this.#nowUs()
    const account = this.#accounts.get(subject)
    let taken = true
    const states: RuleState[] = []
    for (const [index, rule] of rules.entries()) {
      const state = stateOf(account, rule, atUs, costs[index] ?? 0)
      if (state.waitMs > 0) taken = false
      states.push(state)
    }
    return { taken, atUs, states }
  }

  #write({ subject, id, rules, costs }: LimitAsk, { atUs, states }: LimitAnswer): RuleState[] {
    const account = this.#accounts.get(subject) ?? this.#open(subject)
    return rules.map((rule, index) => {
      const cost = costs[index] ?? 0
      const state = states[index] as RuleState
      if (cost === 0) return state
      if (rule.kind === 'concurrency') {
        for (const [holder, endUs] of account.leases) if (endUs <= atUs) account.leases.delete(holder)
        lease(account, id, atUs + rule.leaseMs * 1_000)
      } else charge(account, rule, atUs, cost)
      return { ...state, left: state.left - cost }
    })
  }

  #open(subject: string): Account {
    this.#untilSweep -= 1
    if (this.#untilSweep <= 0) this.#sweep()
    const account: Account = { meters: new Map(), days: new Map(), slots: new Map(), leases: new Map(), fullAtUs: 0 }
    this.#accounts.set(subject, account)
    return account
  }

  #sweep(): void {
    const nowUs = this.#nowUs()
    for (const [subject, { fullAtUs }] of this.#accounts) if (fullAtUs <= nowUs) this.#accounts.delete(subject)
    this.#untilSweep = Math.max(sweepEvery, this.#accounts.size)
  }
}

function stateOf(account: Account | undefined, rule: LimitRule, nowUs: number, cost: number): RuleState {
  const most = mostAtOnce(rule)
  const never = cost > most ? Infinity : undefined
  switch (rule.kind) {
    case 'rate': {
      const rate = rateOf(rule)
      const used = shown(account?.meters.get(rule.name), rate, nowUs)
      const over = cost === 0 ? 0 : used + cost - most
      const left = Math.max(0, Math.floor(most - used + slack))
      return { left, waitMs: never ?? (over > slack ? inMs(over / rate) : 0), fullInMs: inMs(used / rate) }
    }
    case 'calendar': {
      const { startUs, endUs } = dayOf(rule.zone, nowUs)
      const day = account?.days.get(rule.name)
      const used = day && day.startUs >= startUs ? day.count : 0
      const untilMs = inMs(endUs - nowUs)
      const waitMs = never ?? (cost > 0 && used + cost > most ? untilMs : 0)
      return { left: Math.max(0, most - used), waitMs, fullInMs: used > 0 ? untilMs : 0 }
    }
    case 'sliding': {
      const counted = counting(account?.slots.get(rule.name), rule, nowUs)
      const used = counted.reduce((sum, [, count]) => sum + count, 0)
      const over = cost === 0 ? 0 : used + cost - most
      const last = counted.at(-1)
      const waitMs = never ?? (over > 0 ? inMs(waitForUs(counted, rule, nowUs, over)) : 0)
      return {
        left: Math.max(0, most - used),
        waitMs,
        fullInMs: last ? inMs(slotEndUs(rule, last[0]) - nowUs) : 0,
      }
    }
    case 'concurrency': {
      let holders = 0
      let [firstUs, lastUs] = [Infinity, nowUs]
      for (const endUs of account?.leases.values() ?? []) {
        if (endUs <= nowUs) continue
        holders += 1
        firstUs = Math.min(firstUs, endUs)
        lastUs = Math.max(lastUs, endUs)
      }
      const isFull = cost > 0 && holders + cost > most
      const waitMs = never ?? (isFull ? inMs(firstUs - nowUs) : 0)
      return { left: Math.max(0, most - holders), waitMs, fullInMs: inMs(lastUs - nowUs) }
    }
  }
}

function charge(account: Account, rule: LimitRule, nowUs: number, amount: number): void {
  let fullAtUs = 0
  if (rule.kind === 'rate') {
    const rate = rateOf(rule)
    const meter = added(account.meters.get(rule.name), rate, nowUs, amount)
    account.meters.set(rule.name, meter)
    fullAtUs = nowUs + meter.used / rate
  } else if (rule.kind === 'calendar') {
    const { startUs, endUs } = dayOf(rule.zone, nowUs)
    const day = account.days.get(rule.name)
    // A clock that went back over midnight stays in the day it had reached.
    if (day && day.startUs >= startUs) day.count += amount
    else account.days.set(rule.name, { startUs, count: amount })
    fullAtUs = endUs
  } else if (rule.kind === 'sliding') {
    const slot = slotOf(rule, nowUs)
    const slots = new Map(counting(account.slots.get(rule.name), rule, nowUs))
    slots.set(slot, (slots.get(slot) ?? 0) + amount)
    account.slots.set(rule.name, slots)
    fullAtUs = slotEndUs(rule, slot)
  }
  account.fullAtUs = Math.max(account.fullAtUs, fullAtUs)
}

function giveBack(account: Account, rule: LimitRule, nowUs: number, amount: number, takenAtUs: number): void {
  if (rule.kind === 'rate') {
    const meter = returned(account.meters.get(rule.name), rateOf(rule), nowUs, amount, takenAtUs)
    if (meter) account.meters.set(rule.name, meter)
  } else if (rule.kind === 'calendar') {
    const day = account.days.get(rule.name)
    if (day && day.startUs <= takenAtUs) day.count = Math.max(0, day.count - amount)
  } else if (rule.kind === 'sliding') {
    const slots = account.slots.get(rule.name)
    const slot = slotOf(rule, takenAtUs)
    const count = slots?.get(slot)
    if (count !== undefined) slots?.set(slot, Math.max(0, count - amount))
  }
}

function lease(account: Account, id: string, endUs: number): void {
  account.leases.set(id, endUs)
  account.fullAtUs = Math.max(account.fullAtUs, endUs)
}

/** Whole milliseconds, rounded up: whoever waits so long finds room. */
function inMs(us: number): number {
  return Math.max(0, Math.ceil(us / 1_000))
}
