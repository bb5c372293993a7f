/** Values in the order they were added last, with every operation in constant time. */
export class AgeQueue<T> {
  readonly #values = new Set<T>()
  // One iterator throughout: a new one would step over the places of all that were taken out before.
  #oldest: IterableIterator<T> = this.#values.values()

  /** Adds a value, or makes it the youngest. */
  add(value: T): void {
    this.#values.delete(value)
    this.#values.add(value)
  }

  delete(value: T): void {
    this.#values.delete(value)
  }

  /** Takes the oldest out. */
  shift(): T | undefined {
    let { value } = this.#oldest.next()
    if (value === undefined) {
      // An iterator that has come to the end stays there.
      this.#oldest = this.#values.values()
      value = this.#oldest.next().value
    }
    if (value !== undefined) this.#values.delete(value)
    return value
  }
}
