import type { Neighbour } from './vector-index.ts'

/**
 * The k best of the rows offered so far. Equal similarities stand in the order of their ids, so that an answer does not
 * depend on where rows happen to lie.
 */
export class Nearest {
  readonly #k: number
  readonly #idOf: (row: number) => string
  readonly #rows: number[] = []
  readonly #similarities: number[] = []

  constructor(k: number, idOf: (row: number) => string) {
    this.#k = k
    this.#idOf = idOf
  }

  /** What a row must reach to be among the k: the least similarity of them, −Infinity while there is room. */
  get threshold(): number {
    return this.#rows.length < this.#k ? Number.NEGATIVE_INFINITY : (this.#similarities[this.#k - 1] as number)
  }

  offer(row: number, similarity: number): void {
    if (similarity < this.threshold) return
    let low = 0
    for (let high = this.#rows.length; low < high;) {
      const middle = (low + high) >> 1
      if (this.#isBefore(middle, row, similarity)) low = middle + 1
      else high = middle
    }
    if (low === this.#k) return
    this.#rows.splice(low, 0, row)
    this.#similarities.splice(low, 0, similarity)
    if (this.#rows.length > this.#k) {
      this.#rows.pop()
      this.#similarities.pop()
    }
  }

  neighbours(): Neighbour[] {
    return this.#rows.map((row, at) => ({
      id: this.#idOf(row),
      // Rounding may take the cosine of a vector with itself past 1.
      similarity: Math.max(-1, Math.min(1, this.#similarities[at] as number)),
    }))
  }

  #isBefore(at: number, row: number, similarity: number): boolean {
    const other = this.#similarities[at] as number
    return other === similarity ? this.#idOf(this.#rows[at] as number) < this.#idOf(row) : other > similarity
  }
}
