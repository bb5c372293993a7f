import type { AnswerOf, Api, ApiId, Clock, JsonObject, Pricer, RequestOf, Usage } from '@sluice/core'

/** What an answer is priced by. */
export interface Priceable {
  readonly usage: Usage
  readonly model: string
  readonly serviceTier: string | undefined
}

/** What answers would have cost that nobody had to ask for. */
export class Savings {
  readonly #price: Pricer | undefined
  readonly #clock: Clock
  #nanoUsd = 0

  constructor(price: Pricer | undefined, clock: Clock) {
    this.#price = price
    this.#clock = clock
  }

  /** Whether anything can be priced at all. */
  get hasPrices(): boolean {
    return this.#price !== undefined
  }

  /** The sum of what was counted, in nano-dollars. */
  get nanoUsd(): number {
    return this.#nanoUsd
  }

  /** Counts an answer that was served. Its price in nano-dollars; `undefined` where nobody can tell. */
  count<A extends ApiId>(api: Api<A>, request: RequestOf<A>, answer: AnswerOf<A>): number | undefined {
    if (!this.#price) return undefined
    try {
      const usage = api.usage(answer)
      const model = api.answer(answer).model ?? api.model(request)
      return usage && this.countUsage({ usage, model, serviceTier: serviceTierOf(answer) })
    } catch {
      // What cannot be read has no price, and must not fail the call.
      return undefined
    }
  }

  /** As {@link count}, by what is known of an answer. */
  countUsage({ usage, model, serviceTier }: Priceable): number | undefined {
    try {
      const cost = this.#price?.(usage, { model, serviceTier, atMs: this.#clock.now() })
      if (!cost || !('nanoUsd' in cost)) return undefined
      this.#nanoUsd += cost.nanoUsd
      return cost.nanoUsd
    } catch {
      // A pricer that throws must not fail the call it prices.
      return undefined
    }
  }
}

/** The tier that an answer says it was given in. */
function serviceTierOf({ service_tier: own, usage }: JsonObject): string | undefined {
  const tier = own ?? (usage as JsonObject | null | undefined)?.['service_tier']
  return typeof tier === 'string' ? tier : undefined
}
