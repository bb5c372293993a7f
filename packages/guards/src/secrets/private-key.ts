import type { SecretFindings } from './secret-findings.ts'

/** The longest key with its header and footer: RSA of 4,096 bits in any form, with its line ends escaped. */
export const longestPrivateKey = 4_096
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
  const limit = Math.min(text.length, start + longestPrivateKey)
  let end = from
  let inBase64 = from
  // Headers of encrypted keys have colons, commas and dashes; the key itself has none of them.
  while (end < limit && !text.startsWith('-----', end) && isKeyCharacter(text, end)) {
    end += 1
    if (/[A-Za-z0-9+/=]/.test(text.charAt(end - 1))) inBase64 = end
  }
  const lines = inBase64 - from
  footer.lastIndex = end
  const foot = footer.exec(text)?.[0]
  if (foot === undefined && end < start + longestPrivateKey && text.length - end < longestHeader) into.touch(start)
  if (lines < fewest || new Set(text.slice(from, Math.min(inBase64, from + 200))).size < 12) return start
  const close = foot === undefined ? inBase64 : Math.min(end + foot.length, start + longestPrivateKey)
  into.add(start, close, 'private_key', 1)
  return close
}

function couldBeHeader(text: string): boolean {
  if (text.length <= opening.length) return opening.startsWith(text)
  return /^-----BEGIN [A-Z0-9 ]{0,48}-{0,5}$/.test(text)
}

function isKeyCharacter(text: string, index: number): boolean {
  return /[A-Za-z0-9+/=\s\\:,.()@<>-]/.test(text.charAt(index))
}
