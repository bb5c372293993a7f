import { CallWindow } from './call-window.ts'

const millionths = 1_000_000

/** What a {@link CallBudget} allows; checked by those who make one. */
export interface CallBudgetSettings {
  /** Extra calls per call, 0 or more, to six decimals. */
  readonly share: number
  /** Extra calls that need no calls to be allowed, per second of the window. */
  readonly minPerSecond: number
  readonly windowMs: number
}

/** What a budget holds, in calls of its window. */
export interface BudgetSnapshot {
  readonly calls: number
  readonly spent: number
  /** Whole extra calls that may be made now. */
  readonly left: number
}

/**
 * A budget for calls made on top of those asked for. Every call deposits a share of an extra call; deposits and
 * withdrawals leave the account together when they are as old as the window. Counted in whole millionths, so nothing is
 * ever lost or gained by rounding.
 *
 * At every withdrawal the extra calls of the window, this one included, are at most `share × calls + minPerSecond × window`
 * of the same window. Windows back from the last withdrawal do not overlap, so the same holds of any longer time.
 */
export class CallBudget {
  readonly #share: number
  readonly #reserve: number
  readonly #window: CallWindow

  constructor(settings: CallBudgetSettings) {
    this.#share = Math.round(settings.share * millionths)
    this.#reserve = Math.floor((settings.minPerSecond * settings.windowMs) / 1000)
    this.#window = new CallWindow(settings.windowMs)
  }

  /** Counts a call that the application asked for. Not to be called for the extra ones. */
  call(nowMs: number): void {
    this.#window.call(nowMs)
  }

  /** Takes one extra call out if there is one, and says whether. */
  trySpend(nowMs: number): boolean {
    if (this.left(nowMs) < 1) return false
    this.#window.mark(nowMs)
    return true
  }

  /** Whole extra calls that may be made now. */
  left(nowMs: number): number {
    const deposited = Math.floor((this.#share * this.#window.calls(nowMs)) / millionths)
    return Math.max(0, deposited + this.#reserve - this.#window.marks(nowMs))
  }

  snapshot(nowMs: number): BudgetSnapshot {
    return { calls: this.#window.calls(nowMs), spent: this.#window.marks(nowMs), left: this.left(nowMs) }
  }
}
