import type { SecretFindings } from './secret-findings.ts'

/** The longest key with its header and footer: RSA of 16,384 bits takes less than half of it. */
export const longestPrivateKey = 32_768
/** So much of a key may be in lines of any length; an example of a header with prose after it is held for no more. */
const longestLoose = 4_096
/** Beyond that it goes on in lines of at least so many characters of base64, but for the last one. */
const shortestLine = 32
const header = /-----BEGIN (?:[A-Z0-9]{2,10} ){0,3}PRIVATE KEY(?: BLOCK)?-----/y
const longestHeader = 64
const footer = /-----END (?:[A-Z0-9]{2,10} ){0,3}PRIVATE KEY(?: BLOCK)?-----/y
/** Fewer characters between header and footer are no key: an example shows `...`. */
const fewest = 40
const opening = '-----BEGIN '
/** What the first word of a header ends with. */
export const headerStart = '-----BEGIN'

/**
 * Finds the private key (PKCS#1, PKCS#8, SEC 1, OpenSSH, PGP) whose header begins at `start`; answers where it ends. One
 * without a footer, or longer than {@link longestPrivateKey}, ends with the last character of its base64.
 */
export function findPrivateKey(start: number, into: SecretFindings): number {
  const { text } = into
  const rest = text.length - start
  if (rest < longestHeader && couldBeHeader(text.slice(start))) into.touch(start)
  header.lastIndex = start
  const head = header.exec(text)?.[0]
  if (head === undefined) return start
  const from = start + head.length
  const limit = Math.min(text.length, start + longestLoose)
  let end = from
  let inBase64 = from
  // Headers of encrypted keys have colons, commas and dashes; the key itself has none of them.
  while (end < limit && isKeyCharacter(text, end)) {
    if (isBase64At(text, end)) inBase64 = end + 1
    else if (text.charCodeAt(end) === 0x2d && text.startsWith('-----', end)) break
    end += 1
  }
  if (end === start + longestLoose) {
    const lines = linesEnd(start, end, into)
    if (lines.inBase64 > inBase64) ({ end, inBase64 } = lines)
  }
  const length = inBase64 - from
  footer.lastIndex = end
  const foot = footer.exec(text)?.[0]
  if (foot === undefined && end < start + longestLoose && text.length - end < longestHeader) into.touch(start)
  if (length < fewest || new Set(text.slice(from, Math.min(inBase64, from + 200))).size < 12) return start
  const close = foot === undefined ? inBase64 : end + foot.length
  into.add(start, close, 'private_key', 1)
  return close
}

/** Follows the lines of a long key whose header begins at `start` on from `from`, and to where its footer would begin. */
function linesEnd(
  start: number,
  from: number,
  into: SecretFindings,
): { readonly end: number; readonly inBase64: number } {
  const { text } = into
  const limit = start + longestPrivateKey - longestHeader
  let inBase64 = from
  let line = from
  while (from - line < shortestLine && isBase64At(text, line - 1)) line -= 1
  for (let end = from; ;) {
    while (end < limit && isBase64At(text, end)) end += 1
    const close = end
    while (end - close < longestBreak && isBreakAt(text, end)) end += 1
    const isLast = text.startsWith('-----', end)
    if (text.length - end < longestHeader && end < limit) into.touch(start)
    if (close - line < shortestLine && !isLast) return { end: inBase64, inBase64 }
    inBase64 = close
    if (isLast || close === end || end >= limit) return { end, inBase64 }
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
  const code = text.charCodeAt(index)
  return code < 0x80 && kinds[code] === base64Kind
}

function couldBeHeader(text: string): boolean {
  if (text.length <= opening.length) return opening.startsWith(text)
  return /^-----BEGIN [A-Z0-9 ]{0,48}-{0,5}$/.test(text)
}

function isKeyCharacter(text: string, index: number): boolean {
  const code = text.charCodeAt(index)
  return code < 0x80 ? kinds[code] !== 0 : /\s/.test(text.charAt(index))
}
