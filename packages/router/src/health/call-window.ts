const buckets = 10

/**
 * Calls of the last `windowMs` milliseconds, and how many of them are marked (as failed, as retried). It slides in tenths
 * of its length: what is older than nine to ten tenths of it is forgotten. Constant memory, constant time.
 */
export class CallWindow {
  readonly #bucketMs: number
  readonly #calls = new Int32Array(buckets)
  readonly #marks = new Int32Array(buckets)
  #newest = Number.NEGATIVE_INFINITY
  #totalCalls = 0
  #totalMarks = 0

  constructor(windowMs: number) {
    this.#bucketMs = windowMs / buckets
  }

  /** Counts a call. */
  call(nowMs: number): void {
    this.#calls[this.#slotAt(nowMs)]! += 1
    this.#totalCalls += 1
  }

  /** Counts a mark, on top of the call that it belongs to. */
  mark(nowMs: number): void {
    this.#marks[this.#slotAt(nowMs)]! += 1
    this.#totalMarks += 1
  }

  /** Calls in the window. */
  calls(nowMs: number): number {
    this.#slotAt(nowMs)
    return this.#totalCalls
  }

  /** Marks in the window. */
  marks(nowMs: number): number {
    this.#slotAt(nowMs)
    return this.#totalMarks
  }

  /** Forgets everything. */
  clear(): void {
    this.#calls.fill(0)
    this.#marks.fill(0)
    this.#totalCalls = 0
    this.#totalMarks = 0
  }

  /** The slot of this instant, with everything that is too old for it forgotten. A clock set back stays where it was. */
  #slotAt(nowMs: number): number {
    const index = Math.floor(nowMs / this.#bucketMs)
    if (index > this.#newest) this.#advance(index)
    return modulo(this.#newest)
  }

  #advance(index: number): void {
    if (index - this.#newest >= buckets) this.clear()
    else
      for (let old = this.#newest + 1; old <= index; old += 1) {
        const slot = modulo(old)
        this.#totalCalls -= this.#calls[slot]!
        this.#totalMarks -= this.#marks[slot]!
        this.#calls[slot] = 0
        this.#marks[slot] = 0
      }
    this.#newest = index
  }
}

function modulo(index: number): number {
  return ((index % buckets) + buckets) % buckets
}
