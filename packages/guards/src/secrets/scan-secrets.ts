import { isName, kindAt, token } from './characters.ts'
import { findSignature } from './address-signature.ts'
import { findConnectionPassword, longestConnection } from './connection-string.ts'
import { findByEnding } from './key-endings.ts'
import { findKey, longestKey, mayBeginKey, mostUnderscores, shortestKey } from './key-formats.ts'
import { findAfterName, findCredentials, findNetrc, findSshpass } from './credentials.ts'
import { findInCell, findLabelled, longestLabelled } from './labelled-secret.ts'
import { longestPrivateKey } from './key-end.ts'
import { findPrivateKey, headerStart } from './private-key.ts'
import { findPuttyKey } from './putty-key.ts'
import { SecretFindings, type ScanPoint } from './secret-findings.ts'
import { TokenRuns } from './token-runs.ts'

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
  /** Where an earlier scan of it, when it was shorter, says that this one may go on. */
  readonly goOn?: ScanPoint | undefined
}

/**
 * One pass over the text: it stops at words in which a key may begin or that introduce a value, and at `=`, `:` and `>`, and
 * looks a bounded way from there. With text still to come, {@link SecretFindings.openAt} tells where the part begins that it
 * could change.
 */
export function scanSecrets(text: string, { labelled, judged = 0, goOn }: SecretScan): SecretFindings {
  const settled = judged - nameReach
  const into = new SecretFindings(text, settled)
  const runs = new TokenRuns(text, shortestKey)
  let anchor = -1
  let word = 0
  // Not past what may have to be found again, and not where the text has been cut off since.
  const told = goOn && goOn.seen >= 0 ? goOn : undefined
  const known = told && told.index <= settled ? told : undefined
  into.goOn = told
  let index = known?.index ?? beginning(text, judged)
  if (labelled) for (let at = text.indexOf('|', index); at >= 0; at = text.indexOf('|', at + 1)) findInCell(at, into)
  if (known && known.seen > index) index = passWord(index, labelled, into, known.seen)
  while (index < text.length) {
    if (anchor < index) {
      anchor = anchorFrom(text, index)
      word = wordStart(text, anchor, index)
    }
    runs.seek(index)
    const skipped = index
    index = Math.max(index, Math.min(runs.start, word))
    if (index > settled && settled > skipped) into.goOn = pointIn(text, skipped, settled)
    if (index >= text.length) break
    if (index <= settled) into.goOn = { index, seen: index }
    const code = text.charCodeAt(index)
    if (isName(code)) index = passWord(index, labelled, into)
    else {
      if (code === 0x3a) afterColon(index, labelled, into)
      else if (code === 0x3d && text.charCodeAt(index - 1) === 0x67) findSignature(index, into)
      if (labelled && (code === 0x3a || code === 0x3d || code === 0x3e))
        findLabelled({ start: index, end: index + 1, prose: false }, into)
      index += 1
    }
  }
  return into
}

/** Looks for what a colon may be part of, beside the sign between a name and a value. */
function afterColon(index: number, labelled: boolean, into: SecretFindings): void {
  findConnectionPassword(index, into)
  if (into.text.charCodeAt(index - 1) === 0x73) findPuttyKey(index, into)
  if (labelled) findAfterName(index, into)
}

/** The last place at or before `settled` where no run of the characters of keys goes on, in a part with nothing to find. */
function pointIn(text: string, from: number, settled: number): ScanPoint {
  let index = settled
  while (index > from && (kindAt(text, index - 1) & token) !== 0) index -= 1
  return { index, seen: index }
}

/** All that is looked at beside keys: signs after a name, `is`, options and headers of private keys, schemes and commands. */
const anchors =
  /[:=>]|--|\bis\b|\b(?:[Bb](?:[Ee][Aa][Rr][Ee][Rr]|[Aa][Ss][Ii][Cc])|[Tt][Oo][Kk][Ee][Nn]|sshpass|login) /g

/** Where the next of them is from `index` on; the length of the text where there is none. */
function anchorFrom(text: string, index: number): number {
  anchors.lastIndex = index
  const found = anchors.exec(text)
  return found === null ? text.length : found.index
}

/** Where the word begins that has the character at `index`, not before `from`; `index` where that is in no word. */
function wordStart(text: string, index: number, from: number): number {
  let start = index
  if (index < text.length && isName(text.charCodeAt(index)))
    while (start > from && isName(text.charCodeAt(start - 1))) start -= 1
  return start
}

/** How far before a value its name, and what stands between the two, may begin. */
export const nameReach = 96

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

/**
 * Goes past a word, or past what was found from its beginning on; answers where that ends. With `seen`, it is known to be of
 * the word up to there, and no key begins with it.
 */
function passWord(start: number, labelled: boolean, into: SecretFindings, seen: number = start): number {
  const { text } = into
  const escaped = seen === start ? afterEscape(text, start) : start
  if (seen === start) {
    const found = findAt(start, into)
    if (found > start) return found
    if (escaped > start) {
      const found = findAt(escaped, into)
      if (found > escaped) return found
    }
  }
  let end = Math.max(start + 1, seen)
  while (end < text.length && isName(text.charCodeAt(end))) end += 1
  findByEnding(escaped, end, into)
  if (end >= text.length && start <= into.settled) into.goOn = { index: start, seen: end }
  // The header of a private key may follow other characters: `x-----BEGIN`.
  if (end >= text.length || (end - start > headerStart.length && text.charCodeAt(end - 1) === headerEnd)) {
    const header = headerAt(text, start, end)
    if (header > start) end = Math.max(end, findPrivateKey(header, into))
  }
  if (labelled) atWord(start, end, into)
  return end
}

/** Whether a key may begin here, or a private key. */
function mayBegin(text: string, start: number): boolean {
  const first = text.charCodeAt(start)
  return first === 0x2d || start + 1 >= text.length || mayBeginKey(first, text.charCodeAt(start + 1))
}

const headerEnd = headerStart.charCodeAt(headerStart.length - 1)

/** Where the header of a private key begins with which the word ends, or could go on to end; `end` when there is none. */
function headerAt(text: string, start: number, end: number): number {
  if (end < text.length) return text.startsWith(headerStart, end - headerStart.length) ? end - headerStart.length : end
  for (let length = Math.min(headerStart.length, end - start); length > 0; length -= 1)
    if (headerStart.startsWith(text.slice(end - length, end))) return end - length
  return end
}

/** Finds a key that begins at `start`, or after the underscores there; answers where it ends, `start` when there is none. */
function findAt(start: number, into: SecretFindings): number {
  const { text } = into
  let first = start
  while (first < start + mostUnderscores && text.charCodeAt(first) === 0x5f) first += 1
  if (first >= text.length || !mayBegin(text, first)) return start
  const end = text.charCodeAt(first) === 0x2d ? findPrivateKey(first, into) : findKey(first, first - start, into)
  return end > first ? end : start
}

/** Where the text goes on after an escape that the word at `index` begins with (`\nghp_…`, `%3Dghp_…`), else `index`. */
function afterEscape(text: string, index: number): number {
  if (index === 0) return index
  const before = text.charCodeAt(index - 1)
  if (before !== 0x5c && before !== 0x25) return index
  if (before === 0x5c && 'ntrbf'.includes(text.charAt(index))) return index + 1
  escapedCode.lastIndex = index
  const code = escapedCode.exec(text)?.[0]
  return index + (code?.length ?? 0)
}

/** A character by its code, after a percent sign or a backslash. */
const escapedCode = /u[\dA-Fa-f]{4}|x?[\dA-Fa-f]{2}/y

const schemes = new Set(['bearer', 'basic', 'token'])
const [shortestScheme, longestScheme] = [5, 6]
/** The name of an option of a command: `--password`. */
const longestOption = 40

/** Looks for a value after a word that may introduce one: `is`, `Bearer`, `--password`, `sshpass`. */
function atWord(start: number, end: number, into: SecretFindings): void {
  const { text } = into
  const length = end - start
  if (length === 2 && text.startsWith('is', start)) findLabelled({ start, end, prose: true }, into)
  if (length < shortestScheme || length >= longestOption || end >= text.length || text.charCodeAt(end) !== 0x20) return
  const first = text.charCodeAt(start)
  // `b` and `t`, of either case, come first in all schemes.
  if (length <= longestScheme && ((first | 0x20) === 0x62 || (first | 0x20) === 0x74)) {
    const scheme = text.slice(start, end).toLowerCase()
    if (schemes.has(scheme)) findCredentials(scheme, end, into)
  }
  if (first === 0x2d && text.charCodeAt(start + 1) === 0x2d) findLabelled({ start: end, end, prose: false }, into)
  else if (first === 0x6c && length === 5 && text.startsWith('login', start)) findNetrc(start, end, into)
  else if (first === 0x73 && length === 7 && text.startsWith('sshpass', start)) findSshpass(end, into)
}
