/** The longest key with its header and footer: RSA of 16,384 bits takes less than half of it. */
export const longestPrivateKey = 32_768
/** So much of a key may be in lines of any length; an example of a header with prose after it is held for no more. */
export const longestLoose = 4_096
/** Beyond that it goes on in lines of at least so many characters of base64, but for the last one. */
const shortestLine = 32
export const longestHeader = 64

/** Where the body of a key ends, in a text that may go on. */
export interface KeyEnd {
  /** Where the walk stopped: a footer may begin there. */
  readonly end: number
  /** The end of the last base64 before that. */
  readonly inBase64: number
  /** Whether more text could take a key in lines further. */
  readonly isOpen: boolean
  /** How many characters were looked at for it. */
  readonly looked: number
}

/** What a footer begins with. */
const dashes = '-----'

/**
 * Where the body ends of the key whose header begins at `start`, and the body at `from`.
 *
 * On a stream the same key is met again with every delta until it is over: the walk of the one that was met last goes on where
 * it stopped.
 */
export function keyEnd(text: string, start: number, from: number): KeyEnd {
  const known = last?.deref()
  // Compared as a whole, which is far quicker than `startsWith`.
  const isKnown = known !== undefined && text.slice(start, start + known.text.length) === known.text
  const walk = isKnown ? known : new KeyWalk(from - start)
  if (!isKnown) last = new WeakRef(walk)
  const { end, inBase64, ...others } = walk.goOn(text.slice(start))
  return { end: start + end, inBase64: start + inBase64, ...others }
}

/** Held weakly, so that no key is kept. */
let last: WeakRef<KeyWalk> | undefined

/**
 * Goes through the body of a key, which may be growing: what was walked before is not walked again. Offsets count from the
 * beginning of the header.
 */
class KeyWalk {
  /** The key as it was when it was walked, with all that followed. */
  text = ''
  readonly #from: number
  /** How far the part in lines of any length was walked, and the end of the last base64 in it. */
  #loose: number
  #inLoose: number
  /** The line that was walked last: where it begins, how far it was walked, and the end of the last base64 before it. */
  #line = 0
  #inLine = 0
  #beforeLine = 0
  #looked = 0

  /** @param from where the body begins */
  constructor(from: number) {
    this.#from = from
    this.#loose = from
    this.#inLoose = from
  }

  /** @param text that of before, with more at its end */
  goOn(text: string): KeyEnd {
    this.text = text
    this.#looked = 0
    const limit = Math.min(text.length, longestLoose)
    // The last dashes may have been taken for a part of the body.
    let end = Math.max(this.#from, this.#loose - (dashes.length - 1))
    // Headers of encrypted keys have colons, commas and dashes; the key itself has none of them.
    while (end < limit && isKeyCharacter(text, end)) {
      if (isBase64At(text, end)) this.#inLoose = end + 1
      else if (text.charCodeAt(end) === 0x2d && text.startsWith(dashes, end)) break
      end += 1
      this.#looked += 1
    }
    this.#loose = end
    const lines = end === longestLoose ? this.#goOnInLines(text) : undefined
    const [isOpen, looked, inBase64] = [lines?.isOpen === true, this.#looked, this.#inLoose]
    return lines !== undefined && lines.inBase64 > inBase64 ? lines : { end, inBase64, isOpen, looked }
  }

  /** Follows the lines of a long key, and to where its footer would begin. */
  #goOnInLines(text: string): KeyEnd {
    const limit = longestPrivateKey - longestHeader
    const bound = Math.min(limit, text.length)
    if (this.#inLine === 0) this.#beginLines(text)
    let isOpen = false
    let line = this.#line
    let inBase64 = this.#beforeLine
    for (let end = this.#inLine; ;) {
      const from = end
      while (end < bound && isBase64At(text, end)) end += 1
      const close = end
      while (end - close < longestBreak && isBreakAt(text, end)) end += 1
      this.#looked += end - from
      if (line === this.#line) this.#inLine = close
      const isLast = text.startsWith(dashes, end)
      if (text.length - end < longestHeader && end < limit) isOpen = true
      const looked = this.#looked
      if (close - line < shortestLine && !isLast) return { end: inBase64, inBase64, isOpen, looked }
      // Of a line that has nothing in it yet, a footer may be all that comes.
      if (close > line) inBase64 = close
      if (isLast || close === end || end >= limit) return { end, inBase64, isOpen, looked }
      line = end
      // Half a line end, or half an escape of one, may go on.
      if (end + 1 < text.length) {
        this.#line = line
        this.#inLine = end
        this.#beforeLine = inBase64
      }
    }
  }

  /** The first line begins somewhat before the end of the part with lines of any length. */
  #beginLines(text: string): void {
    this.#inLine = longestLoose
    this.#beforeLine = longestLoose
    this.#line = longestLoose
    while (longestLoose - this.#line < shortestLine && isBase64At(text, this.#line - 1)) this.#line -= 1
  }
}

/** A line end, escaped or not, with an indentation. */
const longestBreak = 16

function isBreakAt(text: string, index: number): boolean {
  const character = text.charAt(index)
  if (character === '\\') return 'nr'.includes(text.charAt(index + 1))
  return character === 'n' || character === 'r' ? text.charAt(index - 1) === '\\' : /\s/.test(character)
}

const [base64Kind, looseKind] = [1, 2]
/** What an ASCII character may be in a key: of its base64, or of the headers before it and the breaks in it. */
const kinds = Uint8Array.from({ length: 0x80 }, (_, code) => {
  const character = String.fromCharCode(code)
  return /[A-Za-z0-9+/=]/.test(character) ? base64Kind : /[\s\\:,.()@<>-]/.test(character) ? looseKind : 0
})

function isBase64At(text: string, index: number): boolean {
  const code = text.charCodeAt(index)
  return code < 0x80 && kinds[code] === base64Kind
}

function isKeyCharacter(text: string, index: number): boolean {
  const code = text.charCodeAt(index)
  return code < 0x80 ? kinds[code] !== 0 : /\s/.test(text.charAt(index))
}
