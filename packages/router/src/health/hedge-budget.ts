import { CallBudget } from './call-budget.ts'
import { checkNumbers, type OptionRanges } from './option-check.ts'

export interface HedgeBudgetOptions {
  /**
   * Hedges per call, 0 to 1. @default 0.05: at a delay of the 95th percentile no more would be wanted
   * @see Dean, Barroso: The Tail at Scale, CACM 56(2), 2013
   */
  readonly share?: number
  /** How long a call counts, in milliseconds. @default 60000 */
  readonly windowMs?: number
}

const ranges: OptionRanges = { share: { min: 0, max: 1 }, windowMs: { min: 10 } }

/** Limits how many calls are sent a second time because they are slow: never more than a share of the calls. */
export class HedgeBudget extends CallBudget {
  /** @throws {SluiceError} `config.option` */
  constructor(options: HedgeBudgetOptions = {}) {
    checkNumbers('hedge budget', options, ranges)
    const { share = 0.05, windowMs = 60_000 } = options
    super({ share, minPerSecond: 0, windowMs })
  }
}
