import { kindAt, token } from './characters.ts'

/**
 * The runs of the characters of keys in a text that are as long as a key, and the one that the text ends with. Only every
 * so many characters is one looked at: where that is none of a key, no such run has it.
 */
export class TokenRuns {
  /** Where the run begins; the length of the text where there is no more. */
  start = 0
  #end = 0
  readonly #text: string
  readonly #length: number

  constructor(text: string, length: number) {
    this.#text = text
    this.#length = length
  }

  /** Goes on to the first run that has `index` or begins after it. */
  seek(index: number): void {
    if (index < this.#end) return
    const { length } = this.#text
    // All from `start` up to `seen` is known to be of the run.
    let start = index
    let seen = index
    for (let probe = start + this.#length - 1; probe < length; probe = start + this.#length - 1) {
      let at = probe
      while (at >= seen && this.#isToken(at)) at -= 1
      if (at < seen) return this.#take(start, probe + 1)
      start = at + 1
      seen = probe + 1
    }
    let at = length
    while (at > seen && this.#isToken(at - 1)) at -= 1
    this.start = at > seen ? at : start
    this.#end = length
  }

  #take(start: number, from: number): void {
    let end = from
    while (end < this.#text.length && this.#isToken(end)) end += 1
    this.start = start
    this.#end = end
  }

  #isToken(index: number): boolean {
    return (kindAt(this.#text, index) & token) !== 0
  }
}
