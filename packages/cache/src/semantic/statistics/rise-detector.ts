/**
 * Notices when a share rises above what is allowed, by looking at every single trial as it comes in.
 *
 * It bets against "the share is at most `allowed`" with likelihood ratios towards several higher shares, each of which
 * begins anew whenever it has lost its stake (CUSUM). As long as the share is at most `allowed`, `patience` trials or more
 * pass on average before a false alarm, however often one looks.
 *
 * @see J. Shin, A. Ramdas, A. Rinaldo, "E-detectors: a nonparametric framework for sequential change detection", 2023
 */
export class RiseDetector {
  readonly #bets: readonly { readonly right: number; readonly wrong: number }[]
  readonly #patience: number
  #wealth: number[]

  /** @param allowed above 0 and below 1. @param patience the average number of trials to a false alarm, at the least. */
  constructor(allowed: number, patience: number) {
    const worse = [2, 5, 20].map((times) => allowed + (1 - allowed) * Math.min(0.6, (times - 1) * allowed))
    this.#bets = worse.map((share) => ({ right: (1 - share) / (1 - allowed), wrong: share / allowed }))
    this.#patience = patience
    this.#wealth = this.#bets.map(() => 1)
  }

  /** `true` when that was one too many. It has begun anew then. */
  saw(isWrong: boolean): boolean {
    this.#wealth = this.#bets.map(
      ({ right, wrong }, at) => Math.max(1, this.#wealth[at] ?? 1) * (isWrong ? wrong : right),
    )
    const mean = this.#wealth.reduce((sum, wealth) => sum + wealth, 0) / this.#wealth.length
    if (mean < this.#patience) return false
    this.#wealth = this.#bets.map(() => 1)
    return true
  }
}
