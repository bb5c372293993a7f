/** Buckets grow by this factor: a quantile is at most that much too high, and never too low. */
const growth = 1.15
const perLog = 1 / Math.log(growth)
const buckets = 128

/** Answers that must be known before they tell anything. */
const minAnswers = 20
/** Beyond so many all count half: routes change. */
const maxAnswers = 2_000
const maxRoutes = 1_000

/** How long the answers of each route were lately. */
export class OutputQuantiles {
  readonly #routes = new Map<string, Route>()

  observe(route: string, outputTokens: number): void {
    let known = this.#routes.get(route)
    if (!known) {
      // The route that came first goes first: a model that is still in use is soon known again.
      const [first] = this.#routes.size >= maxRoutes ? this.#routes.keys() : []
      if (first !== undefined) this.#routes.delete(first)
      this.#routes.set(route, (known = { counts: new Float64Array(buckets), total: 0 }))
    }
    const bucket = outputTokens <= 1 ? 0 : Math.ceil(Math.log(outputTokens) * perLog - 1e-9)
    known.counts[Math.min(bucket, buckets - 1)]! += 1
    known.total += 1
    if (known.total <= maxAnswers) return
    for (let bucket = 0; bucket < buckets; bucket += 1) known.counts[bucket]! /= 2
    known.total /= 2
  }

  /** Tokens that a share `q` of 0..1 of the answers stays within; `undefined` while too few are known. */
  quantile(route: string, q: number): number | undefined {
    const known = this.#routes.get(route)
    if (!known || known.total < minAnswers) return undefined
    let sum = 0
    for (let bucket = 0; bucket < buckets; bucket += 1) {
      sum += known.counts[bucket]!
      if (sum >= q * known.total - 1e-6) return Math.ceil(growth ** bucket)
    }
    return Math.ceil(growth ** (buckets - 1))
  }
}

interface Route {
  readonly counts: Float64Array
  total: number
}
