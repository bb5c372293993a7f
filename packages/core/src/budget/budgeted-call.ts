import type { Call } from '../call.ts'
import { isSluiceError } from '../errors.ts'
import { outputTokens } from '../usage.ts'
import type { BudgetSettings } from './budget-options.ts'
import type { StreamBudget } from './budget-stream.ts'
import { unavailable } from './ledger-errors.ts'
import type { Reservation, Settlement } from './ledger.ts'
import type { Plan } from './plan.ts'
import { exceededError, type Refusal } from './refusal.ts'
import { spendingOf, type AnswerTold } from './spending.ts'

/** A stream that needs more asks for at least that many tokens, and for at least that share of what it held. */
const leastExtension = 128
const extensionShare = 0.25

/** A call whose money is reserved: extends and settles it. */
export class BudgetedCall {
  readonly #settings: BudgetSettings
  readonly #call: Call
  readonly #plan: Plan
  readonly #before: number
  #reservation: Reservation
  /** Why there was no more; asked once, unless the stream is cut by it. */
  #refusal: Refusal | undefined
  #isRefused = false
  /** When time has to be asked for, by our own clock. */
  #touchAtMs = 0

  constructor(
    settings: BudgetSettings,
    call: Call,
    { plan, reservation, before }: { plan: Plan; reservation: Reservation; before: number },
  ) {
    this.#settings = settings
    this.#call = call
    this.#plan = plan
    this.#reservation = reservation
    this.#before = before
  }

  /**
   * Settles with what is known now: `undefined` where no answer came. The store is told in the background: it takes steps in
   * their order, and what cannot be told is kept by the ledger.
   */
  settle(answer: AnswerTold | undefined): void {
    const { ledger, prices, quantiles } = this.#settings
    const { inputTokens, model, serviceTier, route } = this.#plan
    const { id, nanoUsd: held } = this.#reservation
    const asked = { inputTokens, model, serviceTier, before: this.#before }
    const note = (action: string, details: Record<string, unknown>): void =>
      this.#call.note({ by: 'budget', action, details })
    let settling: Promise<Settlement>
    try {
      const { nanoUsd, tokens, tries, isLowerBound, isEstimated } = spendingOf(this.#call, prices, asked, answer)
      if (tries === 0) {
        note('release', { nanoUsd: held })
        settling = ledger.release(id)
      } else {
        const charged = isLowerBound ? Math.max(nanoUsd, held) : nanoUsd
        note('settle', {
          nanoUsd: charged,
          how: isLowerBound ? 'lower_bound' : 'exact',
          ...(isEstimated && { isEstimated }),
        })
        settling = ledger.settle(id, { nanoUsd, tokens }, isLowerBound ? 'lower_bound' : 'exact')
        if (answer?.usage && answer.isWhole) quantiles.observe(route, outputTokens(answer.usage))
      }
    } catch {
      // What cannot be priced is not free: all that was held is charged.
      note('settle', { nanoUsd: held, how: 'lower_bound', isEstimated: true })
      settling = ledger.settle(id, {}, 'lower_bound')
    }
    settling.then(
      // Beside the rule: whoever reads the report later than that is told.
      ({ outcome }) => void (outcome === 'settled' || note(outcome, {})),
      (error: unknown) => note('unsettled', { error: isSluiceError(error) ? error.code : 'unknown' }),
    )
  }

  stream(): StreamBudget {
    const { onExceeded, clock, ttlMs } = this.#settings
    this.#touchAtMs = clock.now() + ttlMs / 2
    return {
      heldTokens: this.#heldTokens(),
      cuts: onExceeded.has('cut'),
      more: (tokens) => this.#more(tokens),
      touch: () => this.#touch(),
      cut: (seenTokens) => this.#cut(seenTokens),
      end: (answer) => this.settle(answer),
    }
  }

  #heldTokens(): number {
    const { nanoUsd, tokens, isUnlimited } = this.#reservation
    if (isUnlimited) return Infinity
    const { price, inputTokens, outputTokens: planned } = this.#plan
    const most = Math.max(planned, tokens - inputTokens)
    return Math.min(price.affordable(nanoUsd, most), tokens - inputTokens)
  }

  async #more(seenTokens: number): Promise<number> {
    if (this.#isRefused) return Infinity
    const { ledger, ttlMs, onExceeded, clock } = this.#settings
    const { price, inputTokens } = this.#plan
    const { id, nanoUsd, tokens } = this.#reservation
    const wanted = seenTokens + Math.max(leastExtension, Math.ceil(seenTokens * extensionShare))
    const lacks = (output: number): { nanoUsd: number; tokens: number } => ({
      nanoUsd: Math.max(0, price.at(output) - nanoUsd),
      tokens: Math.max(0, inputTokens + output - tokens),
    })
    const want = lacks(wanted)
    const least = lacks(seenTokens)
    try {
      const amounts = { ...want, leastNanoUsd: least.nanoUsd, leastTokens: least.tokens }
      const result = await ledger.extend(id, { ...amounts, ttlMs })
      if (result.admitted) {
        this.#reservation = result
        this.#touchAtMs = clock.now() + ttlMs / 2
        this.#call.note({ by: 'budget', action: 'extend', details: { nanoUsd: result.nanoUsd } })
        return this.#heldTokens()
      }
      this.#refusal = result
    } catch {
      // Without the store there is no more room than was reserved.
    }
    if (onExceeded.has('cut')) return this.#heldTokens()
    this.#isRefused = true
    this.#call.note({ by: 'budget', action: 'overdraw', ...(this.#refusal && { reason: this.#refusal.scope }) })
    return Infinity
  }

  #cut(seenTokens: number): unknown {
    const refusal = this.#refusal
    this.#call.note({
      by: 'budget',
      action: 'cut',
      reason: refusal?.scope ?? 'unavailable',
      details: { outputTokens: seenTokens },
    })
    if (this.#settings.cutWith === 'finish') return undefined
    return refusal ? exceededError(refusal) : unavailable('The store of the budget could not be asked for more.')
  }

  /** A stream that goes on keeps its reservation. */
  #touch(): void {
    const { ledger, ttlMs, clock } = this.#settings
    const nowMs = clock.now()
    if (nowMs < this.#touchAtMs) return
    this.#touchAtMs = nowMs + ttlMs / 2
    ledger.extend(this.#reservation.id, { ttlMs }).catch(() => undefined)
  }
}
