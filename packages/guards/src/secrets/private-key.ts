import { keyEnd, longestHeader, longestLoose } from './key-end.ts'
import type { SecretFindings } from './secret-findings.ts'

const header = /-----BEGIN (?:[A-Z0-9]{2,10} ){0,3}PRIVATE KEY(?: BLOCK)?-----/y
const footer = /-----END (?:[A-Z0-9]{2,10} ){0,3}PRIVATE KEY(?: BLOCK)?-----/y
/** Fewer characters between header and footer are no key: an example shows `...`. */
const fewest = 40
/** Fewer different characters in its beginning are none, either: `AAAA…`. */
const fewestKinds = 12
const mixedWithin = 200
const opening = '-----BEGIN '
/** What the first word of a header ends with. */
export const headerStart = '-----BEGIN'

/**
 * Finds the private key (PKCS#1, PKCS#8, SEC 1, OpenSSH, PGP) whose header begins at `start`; answers where it ends. One
 * without a footer, or longer than {@link longestPrivateKey}, ends with the last character of its base64.
 */
export function findPrivateKey(start: number, into: SecretFindings): number {
  const { text } = into
  if (start + 1 < text.length && text.charCodeAt(start + 1) !== 0x2d) return start
  const rest = text.length - start
  if (rest < longestHeader && couldBeHeader(text.slice(start))) into.touch(start)
  header.lastIndex = start
  const head = header.exec(text)?.[0]
  if (head === undefined) return start
  const from = start + head.length
  const { end, inBase64, isOpen } = keyEnd(text, start, from)
  if (isOpen) into.touch(start)
  const length = inBase64 - from
  footer.lastIndex = end
  const foot = footer.exec(text)?.[0]
  if (foot === undefined && end < start + longestLoose && text.length - end < longestHeader) into.touch(start)
  if (length < fewest || !isMixed(text, from, Math.min(inBase64, from + mixedWithin))) return start
  const close = foot === undefined ? inBase64 : end + foot.length
  into.add(start, close, 'private_key', 1)
  return close
}

/** Whether a piece of a text has characters enough that are different. */
function isMixed(text: string, from: number, to: number): boolean {
  const kinds = new Set<number>()
  for (let index = from; index < to && kinds.size < fewestKinds; index += 1) kinds.add(text.charCodeAt(index))
  return kinds.size >= fewestKinds
}

function couldBeHeader(text: string): boolean {
  if (text.length <= opening.length) return opening.startsWith(text)
  return /^-----BEGIN [A-Z0-9 ]{0,48}-{0,5}$/.test(text)
}
