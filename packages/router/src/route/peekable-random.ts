/**
 * A source of random numbers that can be looked into: what a look draws is drawn again by whoever comes next, so that
 * looking changes nothing and foretells what will be.
 */
export class PeekableRandom {
  readonly #source: () => number
  readonly #drawn: number[] = []
  #at: number | undefined

  constructor(source: () => number) {
    this.#source = source
  }

  /** 0 ≤ x < 1. */
  readonly next = (): number => {
    if (this.#at === undefined) return this.#drawn.shift() ?? this.#source()
    if (this.#at === this.#drawn.length) this.#drawn.push(this.#source())
    return this.#drawn[this.#at++] as number
  }

  /** Runs `look`, whose draws stay to be drawn. */
  peek<T>(look: () => T): T {
    this.#at = 0
    try {
      return look()
    } finally {
      this.#at = undefined
    }
  }

  get isPeeking(): boolean {
    return this.#at !== undefined
  }
}
