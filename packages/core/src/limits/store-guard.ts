import type { Clock } from '../clock.ts'
import { unavailableError } from './limit-error.ts'
import type { LimitAnswer, LimitAsk, LimitStore } from './limit-store.ts'
import type { CheckedLimits } from './options.ts'
import { mostAtOnce, type LimitRule } from './rule.ts'
import { memoryLimitStore } from './store/memory-store.ts'

/** An answer, and whether the store gave it or this process did in its place. */
export interface GuardedAnswer {
  readonly answer: LimitAnswer
  readonly isLocal: boolean
}

/**
 * Asks the store, and decides without it while it does not answer. A store that failed is left alone for a while, so that
 * calls do not each wait for it, and then tried by one call; as soon as it answers it decides again.
 */
export class StoreGuard {
  readonly #store: LimitStore
  readonly #local: LimitStore
  readonly #clock: Clock
  readonly #options: CheckedLimits
  readonly #shares: readonly LimitRule[]
  #downUntilMs = -Infinity
  #cause: unknown

  constructor(store: LimitStore, clock: Clock, options: CheckedLimits) {
    this.#store = store
    this.#clock = clock
    this.#options = options
    this.#local = memoryLimitStore({ clock })
    this.#shares = options.rules.map((rule) => shareOf(rule, options.processes))
  }

  async ask(mode: 'take' | 'check', ask: LimitAsk): Promise<GuardedAnswer> {
    const nowMs = this.#clock.now()
    if (nowMs < this.#downUntilMs) return this.#alone(mode, ask)
    // While this call tries the store, others do without it if it was down before.
    if (this.#cause !== undefined) this.#downUntilMs = nowMs + this.#options.storeRetryMs
    try {
      const answer = await this.#store[mode](ask)
      this.#downUntilMs = -Infinity
      this.#cause = undefined
      return { answer, isLocal: false }
    } catch (error) {
      this.#cause = error ?? new Error('The store failed.')
      this.#downUntilMs = this.#clock.now() + this.#options.storeRetryMs
      return this.#alone(mode, ask)
    }
  }

  /** The store that a permit was taken from, and the rules it was taken under. */
  origin(isLocal: boolean): { readonly store: LimitStore; readonly rules: readonly LimitRule[] } {
    return isLocal ? { store: this.#local, rules: this.#shares } : { store: this.#store, rules: this.#options.rules }
  }

  async #alone(mode: 'take' | 'check', ask: LimitAsk): Promise<GuardedAnswer> {
    const { onStoreDown } = this.#options
    if (onStoreDown === 'refuse') throw unavailableError(this.#cause)
    if (onStoreDown === 'allow') {
      const states = this.#options.rules.map((rule) => ({ left: mostAtOnce(rule), waitMs: 0, fullInMs: 0 }))
      return { answer: { taken: mode === 'take', atUs: this.#clock.now() * 1_000, states }, isLocal: true }
    }
    // A call that fits the limit, but not the share of it, must not wait for ever: it takes the whole share.
    const costs = ask.costs.map((cost, index) => {
      const [rule, share] = [ask.rules[index], this.#shares[index]]
      return rule && share && cost <= mostAtOnce(rule) ? Math.min(cost, mostAtOnce(share)) : cost
    })
    return { answer: await this.#local[mode]({ ...ask, rules: this.#shares, costs }), isLocal: true }
  }
}

/** The part of a limit that one of several processes may use on its own. */
function shareOf(rule: LimitRule, processes: number): LimitRule {
  if (rule.kind === 'rate')
    return { ...rule, limit: rule.limit / processes, burst: Math.max(1, Math.floor(rule.burst / processes)) }
  return { ...rule, limit: Math.max(1, Math.floor(rule.limit / processes)) }
}
