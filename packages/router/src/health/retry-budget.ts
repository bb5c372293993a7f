import { CallBudget } from './call-budget.ts'
import { checkNumbers, type OptionRanges } from './option-check.ts'

export interface RetryBudgetOptions {
  /** Retries per call, 0 to 1000. @default 0.1 (Finagle's own default is 0.2, its documentation's example 0.1) */
  readonly share?: number
  /** Retries a second that are always allowed, so that a process with few calls can retry at all. @default 1 */
  readonly minPerSecond?: number
  /** How long a call counts, in milliseconds. @default 10000, as Finagle's time to live of deposits */
  readonly windowMs?: number
}

const ranges: OptionRanges = {
  share: { min: 0, max: 1000 },
  minPerSecond: { min: 0, max: 1_000_000 },
  windowMs: { min: 10 },
}

/**
 * Limits how many retries and failovers a process makes, so that many callers in an outage make no storm of it: at most a
 * share of the calls of the last seconds, plus a few. Share one among all that send to the same providers.
 *
 * @see https://finagle.github.io/blog/2016/02/08/retry-budgets/ (2016-02-08), whose rules these are: calls deposit,
 * retries withdraw, deposits expire. gRPC's retry throttling refills on success and stops at half of a fixed number of
 * tokens instead, which knows no share of calls.
 */
export class RetryBudget extends CallBudget {
  /** @throws {SluiceError} `config.option` */
  constructor(options: RetryBudgetOptions = {}) {
    checkNumbers('retry budget', options, ranges)
    const { share = 0.1, minPerSecond = 1, windowMs = 10_000 } = options
    super({ share, minPerSecond, windowMs })
  }
}
