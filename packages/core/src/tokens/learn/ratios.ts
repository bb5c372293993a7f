/** What a request's tokens are spent on, as the estimate has it; each kind has a ratio of its own to the real count. */
export const kinds = ['latin', 'symbols', 'cjk', 'other', 'overhead', 'media'] as const

export type TokenKind = (typeof kinds)[number]

const size = kinds.length
/** How far a ratio is expected from 1 before anything is known, as a standard deviation. */
const priorDeviation = [0.35, 0.35, 0.5, 0.5, 1, 0.5]
/** Every call makes what is known so much older: after 23 calls it counts half. */
const forgetting = 0.97
/** The error that is left when all ratios are right, as a share of the count. */
const residual = 0.03
const rememberedErrors = 64
/** Within so many standard deviations a call is believed; beyond, it pulls no harder. */
const believed = 4

/**
 * How a model's real counts compare with the estimates, by kind of text, learnt from what calls turned out to have.
 *
 * With traffic of one kind this is the exponentially weighted mean of real / estimate; with mixed traffic it is the weighted
 * least-squares solution, so that a Chinese prompt with English instructions teaches both. Constant size.
 *
 * @see Kalman, A New Approach to Linear Filtering and Prediction Problems, 1960 (the update)
 */
export class TokenRatios {
  /** Calls learnt from. */
  calls = 0
  readonly ratios: Float64Array = new Float64Array(size).fill(1)
  readonly #spread = new Float64Array(size * size)
  /** real / predicted of the last calls, each predicted before it was learnt from. */
  readonly #errors: number[] = []

  constructor() {
    for (let at = 0; at < size; at += 1) this.#spread[at * size + at] = (priorDeviation[at] ?? 1) ** 2
  }

  predict(amounts: Float64Array): number {
    let sum = 0
    for (let at = 0; at < size; at += 1) sum += (this.ratios[at] ?? 1) * (amounts[at] ?? 0)
    return sum
  }

  learn(amounts: Float64Array, real: number): void {
    const predicted = this.predict(amounts)
    if (!(predicted > 0)) return
    this.#errors.push(real / predicted)
    if (this.#errors.length > rememberedErrors) this.#errors.shift()

    const spread = this.#spread
    const gain = new Float64Array(size)
    // A token or two of every count is chance.
    let variance = (residual * predicted) ** 2 + 2
    for (let row = 0; row < size; row += 1) {
      let sum = 0
      for (let column = 0; column < size; column += 1)
        sum += ((spread[row * size + column] ?? 0) / forgetting) * (amounts[column] ?? 0)
      gain[row] = sum
      variance += sum * (amounts[row] ?? 0)
    }
    const limit = believed * Math.sqrt(variance)
    const surprise = Math.max(-limit, Math.min(limit, real - predicted))
    for (let row = 0; row < size; row += 1) {
      const moved = (this.ratios[row] ?? 1) + ((gain[row] ?? 0) * surprise) / variance
      this.ratios[row] = Math.max(0.05, Math.min(20, moved))
      const most = (priorDeviation[row] ?? 1) ** 2
      for (let column = 0; column < size; column += 1) {
        const at = row * size + column
        spread[at] = (spread[at] ?? 0) / forgetting - ((gain[row] ?? 0) * (gain[column] ?? 0)) / variance
      }
      // What is never seen does not become less known than at first.
      const own = row * size + row
      if ((spread[own] ?? 0) > most) this.#forget(row, Math.sqrt(most / (spread[own] ?? most)))
    }
    this.calls += 1
  }

  /** The `share` quantile of real / predicted over the last 64 calls; `undefined` before eight of them. */
  errorQuantile(share: number): number | undefined {
    if (this.#errors.length < 8) return undefined
    const sorted = this.#errors.toSorted((a, b) => a - b)
    return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]
  }

  #forget(row: number, factor: number): void {
    for (let at = 0; at < size; at += 1) {
      this.#spread[row * size + at] = (this.#spread[row * size + at] ?? 0) * factor
      this.#spread[at * size + row] = (this.#spread[at * size + row] ?? 0) * factor
    }
  }
}
