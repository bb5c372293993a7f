import type { Amounts, Hold } from './store.ts'

/** What this process may spend while the store cannot be asked. */
export class Grace {
  readonly #limitNanoUsd: number
  #usedNanoUsd = 0
  readonly #holds = new Map<string, Hold>()

  constructor(limitNanoUsd: number) {
    this.#limitNanoUsd = limitNanoUsd
  }

  /** Holds an amount; `false` when there is no room for it. Nothing is held for free where there is no grace. */
  begin(id: string, hold: Hold): boolean {
    if (this.#limitNanoUsd === 0 || !this.#take(hold.nanoUsd)) return false
    this.#holds.set(id, hold)
    return true
  }

  get(id: string): Hold | undefined {
    return this.#holds.get(id)
  }

  extend(id: string, more: Amounts): boolean {
    const hold = this.#holds.get(id)
    if (!hold || !this.#take(more.nanoUsd)) return false
    this.#holds.set(id, { ...hold, nanoUsd: hold.nanoUsd + more.nanoUsd, tokens: hold.tokens + more.tokens })
    return true
  }

  /** Ends a hold with what was spent. */
  end(id: string, actual: Amounts, isExact: boolean): Amounts {
    const hold = this.#holds.get(id)
    if (!hold) return actual
    this.#holds.delete(id)
    const charged = isExact
      ? actual
      : { nanoUsd: Math.max(actual.nanoUsd, hold.nanoUsd), tokens: Math.max(actual.tokens, hold.tokens) }
    this.#usedNanoUsd += charged.nanoUsd - hold.nanoUsd
    return charged
  }

  /** The store has been told of a charge. */
  booked(nanoUsd: number): void {
    this.#usedNanoUsd -= nanoUsd
  }

  #take(nanoUsd: number): boolean {
    if (nanoUsd > this.#limitNanoUsd - this.#usedNanoUsd) return false
    this.#usedNanoUsd += nanoUsd
    return true
  }
}
