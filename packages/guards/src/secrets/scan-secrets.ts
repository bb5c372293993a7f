import { kindAt, name, nameEnd } from './characters.ts'
import { findConnectionPassword, longestConnection } from './connection-string.ts'
import { findKey, longestKey } from './key-formats.ts'
import { findCredentials, findLabelled, longestLabelled } from './labelled-secret.ts'
import { findPrivateKey, headerStart, longestPrivateKey } from './private-key.ts'
import { SecretFindings } from './secret-findings.ts'

/** The longest secret with what decides about it, in code units. */
export const longestSecret: number = Math.max(longestKey, longestPrivateKey, longestLabelled, longestConnection) + 8

/**
 * How far before a secret what decides about it may lie: its name, or the word that it would have to be in the midst of.
 * Where a text is cut in such a word, what looks like a key there ends within this.
 */
export const lookBack: number = Math.max(longestKey, longestLabelled, longestConnection) + 8

/** Which of the finders run: those by form alone, or those by the words around as well. */
export interface SecretScan {
  readonly labelled: boolean
  /** How far the text was judged before: what begins earlier need not be found again. @default 0 */
  readonly judged?: number
}

/**
 * One pass over the text: it stops where a word begins and at `=`, `:` and `>`, and looks a bounded way from there. With
 * text still to come, {@link SecretFindings.openAt} tells where the part begins that it could change.
 */
export function scanSecrets(text: string, { labelled, judged = 0 }: SecretScan): SecretFindings {
  const into = new SecretFindings(text)
  let index = beginning(text, judged)
  while (index < text.length) {
    if ((kindAt(text, index) & name) !== 0) {
      const found = findAt(index, into)
      index = found > index ? found : passWord(index, labelled, into)
      continue
    }
    const code = text.charCodeAt(index)
    if (code === 0x3a) findConnectionPassword(index, into)
    if (labelled && (code === 0x3a || code === 0x3d || code === 0x3e))
      findLabelled({ start: index, end: index + 1, prose: false }, into)
    index += 1
  }
  return into
}

/** How far before a value its name, and what stands between the two, may begin. */
const nameReach = 96

/**
 * Where to begin, so that all is found that begins at `judged` or later: after white space, since no secret but a private key
 * has any in it.
 */
function beginning(text: string, judged: number): number {
  if (judged <= nameReach) return 0
  const header = text.lastIndexOf(headerStart, judged)
  let index = Math.min(judged - nameReach, header < 0 ? judged : header)
  while (index > 0 && text.charCodeAt(index - 1) > 0x20) index -= 1
  return index
}

/** Goes past a word that no key begins; answers where it ends, or what was found in it. */
function passWord(start: number, labelled: boolean, into: SecretFindings): number {
  const { text } = into
  const escaped = afterEscape(text, start)
  if (escaped > start) {
    const found = findAt(escaped, into)
    if (found > escaped) return found
  }
  let end = nameEnd(text, start + 1)
  // The header of a private key may follow other characters: `x-----BEGIN`.
  if (end - start > headerStart.length || end >= text.length) {
    const header = headerAt(text, start, end)
    if (header > start) end = Math.max(end, findPrivateKey(header, into))
  }
  if (labelled) atWord(start, end, into)
  return end
}

/** Where the header of a private key begins with which the word ends, or could go on to end; `end` when there is none. */
function headerAt(text: string, start: number, end: number): number {
  if (end < text.length) return text.startsWith(headerStart, end - headerStart.length) ? end - headerStart.length : end
  for (let length = Math.min(headerStart.length, end - start); length > 0; length -= 1)
    if (headerStart.startsWith(text.slice(end - length, end))) return end - length
  return end
}

/** Finds a key whose first character is at `start`; answers where it ends, `start` when there is none. */
function findAt(start: number, into: SecretFindings): number {
  return into.text.charCodeAt(start) === 0x2d ? findPrivateKey(start, into) : findKey(start, into)
}

/** Where the text goes on after an escape that the word at `index` begins with (`\nghp_…`, `%3Dghp_…`), else `index`. */
function afterEscape(text: string, index: number): number {
  const before = text.charCodeAt(index - 1)
  if (before === 0x5c && 'ntr'.includes(text.charAt(index))) return index + 1
  if (before === 0x25 && /^[\dA-Fa-f]{2}$/.test(text.slice(index, index + 2))) return index + 2
  return index
}

const schemes = new Set(['bearer', 'basic', 'token'])

/** Looks for a value after a word that may introduce one: `is`, `Bearer`, `--password`. */
function atWord(start: number, end: number, into: SecretFindings): void {
  const { text } = into
  const length = end - start
  const first = text.charCodeAt(start)
  if (length === 2 && text.startsWith('is', start)) findLabelled({ start, end, prose: true }, into)
  else if ((length === 5 || length === 6) && text.charCodeAt(end) === 0x20) {
    // `b` and `t`, of either case, come first in all of them.
    const scheme = (first | 0x20) === 0x62 || (first | 0x20) === 0x74 ? text.slice(start, end).toLowerCase() : ''
    if (schemes.has(scheme)) findCredentials(scheme, end, into)
  }
  if (first === 0x2d && length > 4 && length < 40 && text.startsWith('--', start) && text.charCodeAt(end) === 0x20)
    findLabelled({ start: end, end, prose: false }, into)
}
