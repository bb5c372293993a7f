import { runEnd, value } from './characters.ts'

/** A piece of text that looks like a secret. */
export interface FoundSecret {
  readonly start: number
  /** The first code unit after it. */
  readonly end: number
  readonly rule: string
  /** 0..1 */
  readonly score: number
}

/** A place that every pass over the text comes to, however it goes on. */
export interface ScanPoint {
  readonly index: number
  /** The word that begins there was gone through up to here, and no key begins with it. */
  readonly seen: number
}

/** What one pass has found, and where text that is still to come could change it. */
export class SecretFindings {
  readonly text: string
  readonly found: FoundSecret[] = []
  /** Where the earliest match begins that more text could complete, lengthen or decide. */
  openAt: number
  /** What begins up to here is decided, and so is all that what begins later may be decided by. */
  readonly settled: number
  /** Where a pass over the text, when there is more of it, may begin: no further than that. */
  goOn: ScanPoint | undefined
  #run: { readonly start: number; readonly end: number } = { start: 0, end: 0 }

  constructor(text: string, settled: number) {
    this.text = text
    this.settled = settled
    this.openAt = text.length
  }

  add(start: number, end: number, rule: string, score: number): void {
    this.found.push({ start, end, rule, score })
  }

  /** Says that what begins at `start` came to the end of the text before it was decided. */
  touch(start: number): void {
    if (start < this.openAt) this.openAt = start
  }

  /** The end of the run of characters of values at `start`. Each run is walked once, however many labels stand in it. */
  valueEnd(start: number): number {
    if (start < this.#run.start || start >= this.#run.end)
      this.#run = { start, end: runEnd(this.text, start, value, Infinity) }
    return this.#run.end
  }
}
