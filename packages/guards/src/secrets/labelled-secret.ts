import { findCookie, findEncoded, longestValue } from './credentials.ts'
import { labelOf, lastWords, longestName } from './label.ts'
import { isPassword, isPlaceholder, isRandom, isStrongPassword } from './randomness.ts'
import type { SecretFindings } from './secret-findings.ts'

const longestGap = 8
const shortestKey = 16
const shortestPassword = 6
/** So many blanks may fill a cell of a table on either side. */
const longestPadding = 16
/** From the name to the character after the value. */
export const longestLabelled: number = longestName + longestGap + 2 * longestPadding + longestValue + 16

const scores = { key: 0.85, password: 0.75, prose: 0.65 }

/** What stands between a name and its value: a sign (`=`, `:`, `>`), the word "is", or the space after an option's name. */
export interface Joint {
  readonly start: number
  readonly end: number
  /** Whether it is a word of a sentence, which most anything may follow. */
  readonly prose: boolean
}

/** Looks for a value after a joint, where a name of secrets stands before it. */
export function findLabelled({ start: before, end: index, prose }: Joint, into: SecretFindings): void {
  const { text } = into
  const label = labelOf(text, before)
  if (label === undefined) return
  if (label === 'cookie') return findCookie(index, into)
  const { start, end, quoted } = valueAfter(index, into)
  if (end - start > longestValue) return
  if (end >= text.length && end > start) into.touch(start)
  if (end - start < shortestPassword) return
  const value = text.slice(start, end)
  if (label === 'credentials') return findEncoded(start, value, into)
  const trimmed = quoted ? value : value.replace(/[.:?]{1,2}$/, '')
  const key = label === 'key' ? bare(trimmed) : trimmed
  if (isPlaceholder(key) || isReference(key, text.charAt(end), quoted)) return
  if (isUuid(key) && !givesUuids(text, before)) return
  if (label === 'password') {
    if (!isPassword(key) || (prose && /^[a-z0-9]{1,12}-[a-z-]{1,40}$/.test(key))) return
    into.add(start, start + key.length, 'password', prose ? scores.prose : scores.password)
  } else if (key.length >= shortestKey && isKey(key))
    into.add(start, start + key.length, 'labelled_secret', prose ? scores.prose : scores.key)
}

/**
 * Looks for a value in a cell of a table, whose `|` is at `index`, after a cell with a name. Other cells may follow such a
 * name, so a password has to look more like one.
 */
export function findInCell(index: number, into: SecretFindings): void {
  const { text } = into
  let before = index
  while (index - before < longestPadding && text.charCodeAt(before - 1) === 0x20) before -= 1
  const last = text.charCodeAt(before - 1)
  // A letter, or what may close an emphasis.
  if (((last | 0x20) - 0x61) >>> 0 > 25 && last !== 0x2a && last !== 0x60) return
  const label = labelOf(text, before, lastWords)
  if (label !== 'key' && label !== 'password') return
  let start = index + 1
  while (start - index <= longestPadding && /[ `*]/.test(text.charAt(start))) start += 1
  const end = into.valueEnd(start)
  let close = end
  while (close - end < longestPadding && /[ `*]/.test(text.charAt(close))) close += 1
  if (end === start || end - start > longestValue) return
  if (close >= text.length) into.touch(start)
  const value = text.slice(start, end).replace(/\*{1,2}$/, '')
  if (text[close] !== '|' || isPlaceholder(value) || isReference(value, '', false) || isUuid(value)) return
  if (label === 'password' ? isStrongPassword(value) : value.length >= shortestKey && isKey(value))
    into.add(start, start + value.length, label === 'key' ? 'labelled_secret' : 'password', scores.prose)
}

/** The value after a sign: past spaces, quotes, a second sign, and the end of an emphasis (`**API key:** …`). */
function valueAfter(index: number, into: SecretFindings): { start: number; end: number; quoted: boolean } {
  const { text } = into
  let start = index
  while (start - index < 3 && /[*_]/.test(text.charAt(start))) start += 1
  if (start > index && !/\s/.test(text.charAt(start))) start = index
  while (start - index < longestGap && /[\s"'`=>\\]/.test(text.charAt(start))) start += 1
  return { start, end: into.valueEnd(start), quoted: /["'`]/.test(text.charAt(start - 1)) }
}

/** A key up to the next parameter of an address, or to the end of an emphasis. */
function bare(value: string): string {
  const next = value.indexOf('&')
  return (next < 0 ? value : value.slice(0, next)).replace(/\*{1,3}$/, '')
}

function isKey(value: string): boolean {
  return isRandom(value) && /^[\w\-+/=.~:]{1,512}$/.test(value) && !/^(?:[A-Z][a-z]{1,9}\+){1,5}\w{1,9}$/.test(value)
}

function isUuid(value: string): boolean {
  return /^[\dA-F]{8}(?:-[\dA-F]{4}){3}-[\dA-F]{12}$/i.test(value)
}

/** Whether the name before `end` is of one whose keys are UUIDs, which otherwise are no secrets. */
function givesUuids(text: string, end: number): boolean {
  return /_authToken|heroku|postmark|railway|snyk/i.test(text.slice(Math.max(0, end - longestName), end))
}

/** Whether what looks like a value is code or a place where the value is: a call, a variable, a path, an address. */
function isReference(value: string, next: string, quoted: boolean): boolean {
  return (
    next === '(' ||
    (!quoted &&
      (next === '[' || /^[$%&@]/.test(value) || /^[A-Za-z_]\w{0,60}(?:\.[A-Za-z_]\w{0,60}){1,8}$/.test(value))) ||
    value.includes('://') ||
    /^(?:\.{0,2}|~)\//.test(value) ||
    /^[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}$/.test(value)
  )
}
