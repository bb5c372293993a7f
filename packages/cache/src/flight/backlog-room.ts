/** What the backlogs of all streams together may take, in bytes. */
export class BacklogRoom {
  readonly #total: number
  #used = 0

  constructor(total: number) {
    this.#total = total
  }

  get used(): number {
    return this.#used
  }

  /** Takes `bytes`, or nothing and gives `false` when there is no room. */
  take(bytes: number): boolean {
    if (this.#used + bytes > this.#total) return false
    this.#used += bytes
    return true
  }

  release(bytes: number): void {
    this.#used -= bytes
  }
}
