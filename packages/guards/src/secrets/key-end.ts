/** The longest key with its header and footer: RSA of 16,384 bits takes less than half of it. */
export const longestPrivateKey = 32_768
/** So much of a key may be in lines of any length; an example of a header with prose after it is held for no more. */
export const longestLoose = 4_096
/** Beyond that it goes on in lines of at least so many characters of base64, but for the last one. */
const shortestLine = 32
export const longestHeader = 64

/** Where the body of a key ends, in a text that may go on. */
export interface KeyEnd {
  /** Where the body stops: a footer may begin there. */
  readonly end: number
  /** The end of the last base64 before that. */
  readonly inBase64: number
  /** Whether more text could take a key in lines further. */
  readonly isOpen: boolean
}

/** What a footer begins with. */
const dashes = '-----'

/** Where the body ends of the key whose header begins at `start`, and the body at `from`. */
export function keyEnd(text: string, start: number, from: number): KeyEnd {
  const limit = start + longestLoose
  let [end, inBase64] = [from, from]
  // Headers of encrypted keys have colons, commas and dashes; the key itself has none of them.
  while (end < limit && isKeyCharacter(text, end)) {
    if (isBase64At(text, end)) inBase64 = end + 1
    else if (text.charCodeAt(end) === 0x2d && text.startsWith(dashes, end)) break
    end += 1
  }
  if (end < limit) return { end, inBase64, isOpen: false }
  const lines = endInLines(text, start)
  return lines.inBase64 > inBase64 ? lines : { end, inBase64, isOpen: lines.isOpen }
}

/** Follows the lines of a long key, and to where its footer would begin. */
function endInLines(text: string, start: number): KeyEnd {
  const limit = start + longestPrivateKey - longestHeader
  const bound = Math.min(limit, text.length)
  const from = start + longestLoose
  let line = from
  // The first line begins somewhat before the end of the part with lines of any length.
  while (from - line < shortestLine && isBase64At(text, line - 1)) line -= 1
  let [inBase64, isOpen] = [from, false]
  for (let end = from; ;) {
    while (end < bound && isBase64At(text, end)) end += 1
    const close = end
    while (end - close < longestBreak && isBreakAt(text, end)) end += 1
    const isLast = text.startsWith(dashes, end)
    if (text.length - end < longestHeader && end < limit) isOpen = true
    if (close - line < shortestLine && !isLast) return { end: inBase64, inBase64, isOpen }
    // Of a line that has nothing in it yet, a footer may be all that comes.
    if (close > line) inBase64 = close
    if (isLast || close === end || end >= limit) return { end, inBase64, isOpen }
    line = end
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
  if (index >= text.length) return false
  const code = text.charCodeAt(index)
  return code < 0x80 && kinds[code] === base64Kind
}

function isKeyCharacter(text: string, index: number): boolean {
  if (index >= text.length) return false
  const code = text.charCodeAt(index)
  return code < 0x80 ? kinds[code] !== 0 : /\s/.test(text.charAt(index))
}
