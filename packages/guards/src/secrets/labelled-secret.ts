import { Buffer } from 'node:buffer'
import { kindAt, value as valueKind } from './characters.ts'
import { labelOf, longestName } from './label.ts'
import { isPassword, isPlaceholder, isRandom } from './randomness.ts'
import type { SecretFindings } from './secret-findings.ts'

const longestValue = 512
const longestGap = 8
const shortestKey = 16
const shortestPassword = 6
/** From the name to the character after the value. */
export const longestLabelled: number = longestName + longestGap + longestValue + 16

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
  const { start, end, quoted } = valueAfter(index, into)
  if (end - start > longestValue) return
  if (end >= text.length && end > start) into.touch(start)
  if (end - start < shortestPassword) return
  const trimmed = quoted ? text.slice(start, end) : text.slice(start, end).replace(/[.:?]{1,2}$/, '')
  if (isReference(trimmed, text.charAt(end), quoted) || isPlaceholder(trimmed)) return
  if (label === 'password') {
    if (!isPassword(trimmed) || (prose && /^[a-z0-9]{1,12}-[a-z-]{1,40}$/.test(trimmed))) return
    into.add(start, start + trimmed.length, 'password', prose ? scores.prose : scores.password)
  } else if (trimmed.length >= shortestKey && isRandom(trimmed) && /^[\w\-+/=.~:]{1,512}$/.test(trimmed))
    into.add(start, start + trimmed.length, 'labelled_secret', prose ? scores.prose : scores.key)
}

/** The value after a sign: past spaces, quotes and a second sign. */
function valueAfter(index: number, into: SecretFindings): { start: number; end: number; quoted: boolean } {
  const { text } = into
  let start = index
  while (start - index < longestGap && /[\s"'`=>\\]/.test(text.charAt(start))) start += 1
  return { start, end: into.valueEnd(start), quoted: /["'`]/.test(text.charAt(start - 1)) }
}

/** Whether what looks like a value is code or a place where the value is: a call, a variable, a path, an address, a UUID. */
function isReference(value: string, next: string, quoted: boolean): boolean {
  return (
    next === '(' ||
    (!quoted &&
      (next === '[' || /^[$%&@]/.test(value) || /^[A-Za-z_]\w{0,60}(?:\.[A-Za-z_]\w{0,60}){1,8}$/.test(value))) ||
    value.includes('://') ||
    /^(?:\.{0,2}|~)\//.test(value) ||
    /^[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}$/.test(value) ||
    /^[\dA-F]{8}(?:-[\dA-F]{4}){3}-[\dA-F]{12}$/i.test(value)
  )
}

/** Looks for credentials after `Bearer`, `Basic` or `token`, whose word ends at `index`. */
export function findCredentials(scheme: string, index: number, into: SecretFindings): void {
  const { text } = into
  if (text[index] !== ' ' || (kindAt(text, index + 1) & valueKind) === 0) return
  const start = index + 1
  const end = into.valueEnd(start)
  if (end - start > longestValue) return
  if (end >= text.length) into.touch(start)
  const value = text.slice(start, end).replace(/[.:!?]{1,3}$/, '')
  if (value.length < shortestKey || isPlaceholder(value) || !/^[\w\-+/=.~]{1,512}$/.test(value)) return
  const basic = scheme === 'basic' && isCredentials(Buffer.from(value, 'base64').toString('latin1'))
  if (basic) into.add(start, start + value.length, 'basic_auth', 0.95)
  else if (scheme !== 'basic' && isRandom(value)) into.add(start, start + value.length, 'bearer_token', 0.8)
}

/** `name:password` in printable characters. */
function isCredentials(decoded: string): boolean {
  return /^[\x20-\x7e]{3,384}$/.test(decoded) && decoded.includes(':')
}
