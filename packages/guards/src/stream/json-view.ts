import type { View } from './view.ts'

/** What a character of JSON text is: between values, inside of a string, or part of a number or a bare word. */
type Kind = 0 | 1 | 2
const between = 0
const inString = 1
const bare = 2

const escapes: { readonly [letter: string]: string } = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

/**
 * JSON text read with the escapes inside of its strings undone, so that `a\u0040b.com` is seen for what it is. What is put in
 * place of something is escaped, and a number or a bare word is replaced as a whole by a string: JSON stays JSON. Text that is
 * no JSON is read the same way, and its unchanged parts are not touched.
 */
export class JsonView implements View {
  text = ''
  from = 0
  #raw = ''
  #rawFrom = 0
  /** Where the raw text of each character begins, absolute. */
  #rawAt: number[] = []
  #kinds: Kind[] = []
  #isInString = false
  /** An escape that is not whole yet, and where it begins. */
  #escape = ''
  #escapeAt = 0
  #isFinished = false

  get end(): number {
    return this.from + this.text.length
  }

  push(raw: string): void {
    let at = this.#rawFrom + this.#raw.length
    this.#raw += raw
    let read = ''
    const add = (character: string, from: number, kind: Kind): void => {
      read += character
      this.#rawAt.push(from)
      this.#kinds.push(kind)
    }
    for (let index = 0; index < raw.length; index += 1, at += 1) {
      const character = raw.charAt(index)
      if (this.#escape) this.#escaped(character, add)
      else if (this.#isInString) {
        if (character === '\\') {
          this.#escape = character
          this.#escapeAt = at
        } else {
          this.#isInString = character !== '"'
          add(character, at, this.#isInString ? inString : between)
        }
      } else {
        this.#isInString = character === '"'
        add(character, at, isBetween(character) ? between : bare)
      }
    }
    this.text += read
  }

  #escaped(character: string, add: (character: string, from: number, kind: Kind) => void): void {
    this.#escape += character
    const [, letter = '', ...hex] = this.#escape
    if (letter === 'u' && hex.length < 4 && (hex.length === 0 || isHex(character))) return
    if (letter !== 'u') add(escapes[letter] ?? letter, this.#escapeAt, inString)
    else if (isHex(character)) add(String.fromCharCode(parseInt(hex.join(''), 16)), this.#escapeAt, inString)
    // No escape after all: read as it stands.
    else for (const [offset, each] of [...this.#escape].entries()) add(each, this.#escapeAt + offset, inString)
    this.#escape = ''
  }

  finish(): void {
    this.#isFinished = true
    if (!this.#escape) return
    for (const [offset, each] of [...this.#escape].entries()) {
      this.text += each
      this.#rawAt.push(this.#escapeAt + offset)
      this.#kinds.push(inString)
    }
    this.#escape = ''
  }

  cut(limit: number): number {
    if (limit >= this.end && this.#isFinished) return limit
    // A number is replaced as a whole, so it is shown as a whole; one at the end may go on.
    let at = limit
    if (at >= this.end || this.#kindAt(at) === bare) while (this.#kindAt(at - 1) === bare) at -= 1
    const last = this.text.charCodeAt(at - 1 - this.from)
    return last >= 0xd800 && last <= 0xdbff ? at - 1 : at
  }

  widen(start: number, end: number): readonly [number, number] {
    let from = start
    let to = end
    if (this.#kindAt(from) === bare) while (this.#kindAt(from - 1) === bare) from -= 1
    if (this.#kindAt(to - 1) === bare) while (this.#kindAt(to) === bare) to += 1
    return [from, to]
  }

  keep(start: number, end: number): string {
    return this.#raw.slice(this.#rawOf(start) - this.#rawFrom, this.#rawOf(end) - this.#rawFrom)
  }

  replace(start: number, end: number, replacement: string): string {
    let written = ''
    let isPlaced = false
    for (let at = start; at < end;) {
      const kind = this.#kindAt(at)
      let next = at + 1
      while (next < end && this.#kindAt(next) === kind) next += 1
      if (kind === between) written += this.keep(at, next)
      else {
        // What is found across several values leaves the others empty.
        const value = isPlaced ? '' : replacement
        written += kind === inString ? JSON.stringify(value).slice(1, -1) : JSON.stringify(value)
        isPlaced = true
      }
      at = next
    }
    return written
  }

  drop(before: number): void {
    if (before <= this.from) return
    const rawBefore = this.#rawOf(before)
    const count = before - this.from
    this.text = this.text.slice(count)
    this.#rawAt = this.#rawAt.slice(count)
    this.#kinds = this.#kinds.slice(count)
    this.#raw = this.#raw.slice(rawBefore - this.#rawFrom)
    this.#rawFrom = rawBefore
    this.from = before
  }

  #kindAt(index: number): Kind | undefined {
    return this.#kinds[index - this.from]
  }

  #rawOf(index: number): number {
    return this.#rawAt[index - this.from] ?? (this.#escape ? this.#escapeAt : this.#rawFrom + this.#raw.length)
  }
}

function isBetween(character: string): boolean {
  return '{}[]:,"'.includes(character) || character <= ' '
}

function isHex(character: string): boolean {
  return /^[\da-f]$/i.test(character)
}
