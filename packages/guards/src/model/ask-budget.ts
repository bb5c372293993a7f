import { type Clock, systemClock } from '@sluice/core'
import { detectorError } from '../errors.ts'
import { checkNames, checkNumber, refuse } from '../option-checks.ts'

/** What a guard's model may cost. */
export interface AskBudget {
  /** Questions in a period. @default no limit */
  readonly maxCalls?: number
  /** Money in a period, in nano-dollars; it needs `price`. The call that goes beyond is made, the next one is not. @default no limit */
  readonly maxNanoUsd?: number
  /** The length of a period in milliseconds. @default 60000 */
  readonly perMs?: number
}

/** What a model costs, in US dollars a million tokens. */
export interface AskPrice {
  readonly inputUsdPerMillion: number
  readonly outputUsdPerMillion: number
}

/** Counts what was asked in the present period. */
export interface AskMeter {
  /** @throws {SluiceError} `guard.budget` when the period's budget is spent. */
  begin(clock?: Clock): void
  /** Books what a question cost and tells it, in nano-dollars. */
  book(inputTokens: number, outputTokens: number): number
}

/** A meter in this process; every guard has its own. */
export function askMeter(guard: string, budget: AskBudget, price: AskPrice | undefined): AskMeter {
  const { maxCalls = Infinity, maxNanoUsd = Infinity, perMs = 60_000 } = budget
  let [beganAtMs, calls, nanoUsd] = [-Infinity, 0, 0]
  return {
    begin(clock = systemClock) {
      const nowMs = clock.now()
      if (nowMs - beganAtMs >= perMs) [beganAtMs, calls, nanoUsd] = [nowMs, 0, 0]
      if (calls >= maxCalls || nanoUsd >= maxNanoUsd)
        throw detectorError({
          code: 'guard.budget',
          message: `The guard "${guard}" has spent its budget of this period (${calls} calls, ${nanoUsd} nano-dollars). Raise it, or let the guard fail open.`,
          details: { guard, calls, nanoUsd },
          status: 503,
          retryAfterMs: Math.max(0, beganAtMs + perMs - nowMs),
        })
      calls += 1
    },
    book(inputTokens, outputTokens) {
      // A dollar a million tokens is a thousand nano-dollars a token.
      const cost = price
        ? Math.ceil((inputTokens * price.inputUsdPerMillion + outputTokens * price.outputUsdPerMillion) * 1_000)
        : 0
      nanoUsd += cost
      return cost
    },
  }
}

export function checkBudget(where: string, budget: AskBudget | undefined, price: AskPrice | undefined): void {
  if (price !== undefined) {
    checkNames(`price of ${where}`, price, ['inputUsdPerMillion', 'outputUsdPerMillion'])
    for (const name of ['inputUsdPerMillion', 'outputUsdPerMillion'] as const)
      checkNumber(`price of ${where}`, name, price[name], { min: 0, fraction: true })
  }
  if (budget === undefined) return
  checkNames(`budget of ${where}`, budget, ['maxCalls', 'maxNanoUsd', 'perMs'])
  for (const name of ['maxCalls', 'maxNanoUsd', 'perMs'] as const)
    if (budget[name] !== undefined) checkNumber(`budget of ${where}`, name, budget[name], { min: 1 })
  if (budget.maxNanoUsd !== undefined && price === undefined) refuse(`maxNanoUsd of ${where} needs a price.`)
}
