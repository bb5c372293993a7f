/**
 * A growing text as detectors read it, and the raw text that it is read from. All offsets are absolute: they count from the
 * beginning of what is read, however much of it was dropped since.
 */
export interface View {
  /** What is read, from {@link from} on. */
  readonly text: string
  readonly from: number
  /** The end of what is read. */
  readonly end: number
  push(raw: string): void
  /** No more will come. */
  finish(): void
  /** The last place at or before `limit` where the text can be cut. */
  cut(limit: number): number
  /** The range that is replaced where this one is found. */
  widen(start: number, end: number): readonly [start: number, end: number]
  /** The raw text of a range that stays. */
  keep(start: number, end: number): string
  /** The raw text in place of a range. */
  replace(start: number, end: number, replacement: string): string
  /** Forgets what is before. */
  drop(before: number): void
}

/** Text that is read as it is. */
export class PlainView implements View {
  text = ''
  from = 0
  #isFinished = false

  get end(): number {
    return this.from + this.text.length
  }

  push(raw: string): void {
    this.text += raw
  }

  finish(): void {
    this.#isFinished = true
  }

  cut(limit: number): number {
    if (limit >= this.end && this.#isFinished) return limit
    // Half a character is nothing to show.
    const last = this.text.charCodeAt(limit - 1 - this.from)
    return last >= 0xd800 && last <= 0xdbff ? limit - 1 : limit
  }

  widen(start: number, end: number): readonly [number, number] {
    return [start, end]
  }

  keep(start: number, end: number): string {
    return this.text.slice(start - this.from, end - this.from)
  }

  replace(_start: number, _end: number, replacement: string): string {
    return replacement
  }

  drop(before: number): void {
    if (before <= this.from) return
    this.text = this.text.slice(before - this.from)
    this.from = before
  }
}
