import { isNameAt } from './characters.ts'
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
}

/**
 * One pass over the text: it stops where a word begins and at `=`, `:` and `>`, and looks a bounded way from there. With
 * text still to come, {@link SecretFindings.openAt} tells where the part begins that it could change.
 */
export function scanSecrets(text: string, { labelled }: SecretScan): SecretFindings {
  const into = new SecretFindings(text)
  let index = 0
  while (index < text.length) {
    if (isNameAt(text, index)) {
      let end = findAt(index, into)
      if (end === index) {
        const escaped = afterEscape(text, index)
        if (escaped > index) end = findAt(escaped, into)
        if (end === escaped) end = index
      }
      if (end === index) {
        end = index + 1
        while (isNameAt(text, end)) end += 1
        // The header of a private key may follow other characters: `x-----BEGIN`.
        if (end - index > headerStart.length || end >= text.length) {
          const header = headerAt(text, index, end)
          if (header > index) end = Math.max(end, findPrivateKey(header, into))
        }
        if (labelled) atWord(text, index, end, into)
      }
      index = end
    } else {
      const code = text.charCodeAt(index)
      if (code === 0x3a) findConnectionPassword(index, into)
      if (labelled && (code === 0x3a || code === 0x3d || code === 0x3e))
        findLabelled({ start: index, end: index + 1, prose: false }, into)
      index += 1
    }
  }
  return into
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
  const before = text[index - 1]
  if (before === '\\' && 'ntr'.includes(text.charAt(index))) return index + 1
  if (before === '%' && /^[\dA-Fa-f]{2}$/.test(text.slice(index, index + 2))) return index + 2
  return index
}

const schemes = new Set(['bearer', 'basic', 'token'])

function atWord(text: string, start: number, end: number, into: SecretFindings): void {
  const length = end - start
  if (length === 2 && text.startsWith('is', start)) findLabelled({ start, end, prose: true }, into)
  else if ((length === 5 || length === 6) && text.charCodeAt(end) === 0x20) {
    // `b` and `t`, of either case, come first in all of them.
    const first = text.charCodeAt(start) | 0x20
    const scheme = first === 0x62 || first === 0x74 ? text.slice(start, end).toLowerCase() : ''
    if (schemes.has(scheme)) findCredentials(scheme, end, into)
  }
  // `--password hunter2`
  if (text.charCodeAt(start) === 0x2d && length > 4 && length < 40 && text.startsWith('--', start) && text[end] === ' ')
    findLabelled({ start: end, end, prose: false }, into)
}
