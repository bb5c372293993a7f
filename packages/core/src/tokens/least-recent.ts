/** A map that forgets what was used longest ago when it holds more than `maxWeight`. */
export class LeastRecent<K, V> {
  readonly #entries = new Map<K, V>()
  readonly #maxWeight: number
  readonly #weigh: (key: K) => number
  #weight = 0

  /** @param weigh What one entry counts for. @default 1 each */
  constructor(maxWeight: number, weigh: (key: K) => number = () => 1) {
    this.#maxWeight = maxWeight
    this.#weigh = weigh
  }

  get size(): number {
    return this.#entries.size
  }

  get(key: K): V | undefined {
    const value = this.#entries.get(key)
    if (value === undefined) return undefined
    // The order of a Map is that of insertion: what is put in again is the youngest.
    this.#entries.delete(key)
    this.#entries.set(key, value)
    return value
  }

  set(key: K, value: V): void {
    this.delete(key)
    const weight = this.#weigh(key)
    if (weight > this.#maxWeight) return
    this.#entries.set(key, value)
    this.#weight += weight
    for (const oldest of this.#entries.keys()) {
      if (this.#weight <= this.#maxWeight) break
      this.delete(oldest)
    }
  }

  delete(key: K): void {
    if (this.#entries.delete(key)) this.#weight -= this.#weigh(key)
  }
}
