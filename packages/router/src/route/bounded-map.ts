/** A map that forgets what was not used for longest when it is full, and entries that are older than their lifetime. */
export class BoundedMap<T> {
  readonly #entries = new Map<string, { value: T; untilMs: number }>()
  readonly #max: number
  readonly #ttlMs: number

  constructor(max: number, ttlMs: number) {
    this.#max = max
    this.#ttlMs = ttlMs
  }

  get(key: string, nowMs: number): T | undefined {
    const entry = this.#entries.get(key)
    if (!entry) return undefined
    if (entry.untilMs > nowMs) return entry.value
    this.#entries.delete(key)
    return undefined
  }

  set(key: string, value: T, nowMs: number): void {
    // A map keeps the order of insertion: what is put in anew goes to the end.
    this.#entries.delete(key)
    this.#entries.set(key, { value, untilMs: nowMs + this.#ttlMs })
    if (this.#entries.size <= this.#max) return
    const [oldest] = this.#entries.keys()
    if (oldest !== undefined) this.#entries.delete(oldest)
  }

  delete(key: string): void {
    this.#entries.delete(key)
  }

  get size(): number {
    return this.#entries.size
  }
}
