import { isHostName } from '../ids/libraries.ts'
import { isAlnumAt } from './characters.ts'
import { type Findings, rank } from './findings.ts'
import type { Recogniser } from './recogniser.ts'

const localLimit = 64
const domainLimit = 253
// Scripts that are written with spaces: in others the letters around an address belong to the sentence.
const letter = '\\p{Script=Latin}\\p{Script=Greek}\\p{Script=Cyrillic}\\p{M}'
const localChar = new RegExp(`[${letter}\\p{Nd}._%+'-]`, 'u')
const domainChar = new RegExp(`[${letter}\\p{Nd}.-]`, 'u')
const topLabel = /^(?:\p{L}[\p{L}\p{M}]{1,62}|xn--[a-z\d-]{1,59})$/iu
/** `icon@2x.png`, `pkg@v2.tar`: a scale or a version, not a host. */
const fileSuffix = /^(?:\d+x|v?\d+)\./iu

/**
 * E-mail addresses in Latin, Greek and Cyrillic script, of the characters that mail providers allow: letters, digits and
 * `._%+'-` before the `@`, a host name with at least one dot after it. Not quoted local parts, addresses at an IP or at
 * a bare host name.
 *
 * It works outwards from each `@`, at most 64 characters to the left and 253 to the right.
 */
export const email: Recogniser = {
  reach: localLimit + 1 + domainLimit + 1,
  at(index, into) {
    const { text } = into
    const start = localStart(text, index)
    if (start === index) return
    const { end, seenTo } = domainEnd(text, index + 1)
    if (seenTo >= text.length) into.touch(start)
    if (end > index) into.add(start, end, 'email', 1, rank.form)
    if (end > index && text[end] === '@') chained(start, index + 1, end, into)
  },
  tail(into) {
    const { text } = into
    // Half a character at the end may turn out to be a letter.
    const end = isHighSurrogate(text, text.length - 1) ? text.length - 1 : text.length
    let start = end
    while (start > 0 && end - start < localLimit && isLocalBefore(text, start)) start -= widthBefore(text, start)
    if (start < text.length) into.touch(start)
  },
}

/** An address with more hosts after it, `a@b.example@c.example`, is one: cut in two, half of one would stay. */
function chained(start: number, from: number, end: number, into: Findings): void {
  const { text } = into
  let last = end
  while (text[last] === '@') {
    const next = domainEnd(text, last + 1)
    if (next.seenTo >= text.length) into.touch(start)
    if (next.end <= last || next.end - from > domainLimit) break
    last = next.end
  }
  if (last > end) into.add(start, last, 'email', 1, rank.form)
}

/** Where the local part before `at` begins; `at` itself when there is none. */
function localStart(text: string, at: number): number {
  let start = at
  while (start > 0 && at - start < localLimit && isLocalBefore(text, start)) start -= widthBefore(text, start)
  // A quote or dash in front belongs to the sentence.
  while (start < at && ".'-".includes(text[start] as string)) start += 1
  const local = text.slice(start, at)
  return local.endsWith('.') || local.includes('..') ? at : start
}

/** Where the host name that begins at `from` ends, `from - 1` when there is none, and how far the text was read. */
function domainEnd(text: string, from: number): { end: number; seenTo: number } {
  let seenTo = from
  while (seenTo < text.length && seenTo - from < domainLimit && isDomainAt(text, seenTo))
    seenTo += charAt(text, seenTo).length
  if (isHighSurrogate(text, seenTo) && seenTo === text.length - 1) seenTo += 1
  const labels = text.slice(from, seenTo).split('.')
  // A full stop or dash after the address belongs to the sentence.
  while (labels.length > 0 && !topLabel.test(labels.at(-1) as string)) {
    const trimmed = withoutDashes(labels.at(-1) as string)
    if (trimmed !== labels.at(-1) && topLabel.test(trimmed)) labels[labels.length - 1] = trimmed
    else labels.pop()
  }
  const host = labels.join('.')
  const found = labels.length >= 2 && !fileSuffix.test(host) && isHostName(host)
  return { end: found ? from + host.length : from - 1, seenTo }
}

function withoutDashes(text: string): string {
  let end = text.length
  while (text[end - 1] === '-') end -= 1
  return text.slice(0, end)
}

function isLocalBefore(text: string, index: number): boolean {
  return isAlnumAt(text, index - 1) || localChar.test(charBefore(text, index))
}

function isDomainAt(text: string, index: number): boolean {
  return isAlnumAt(text, index) || domainChar.test(charAt(text, index))
}

function isHighSurrogate(text: string, index: number): boolean {
  const code = text.charCodeAt(index)
  return code >= 0xd800 && code < 0xdc00
}

function widthBefore(text: string, index: number): number {
  return isAlnumAt(text, index - 1) ? 1 : charBefore(text, index).length
}

function charAt(text: string, index: number): string {
  return String.fromCodePoint(text.codePointAt(index) as number)
}

function charBefore(text: string, index: number): string {
  const pair = text.codePointAt(index - 2)
  return pair !== undefined && pair > 0xffff ? String.fromCodePoint(pair) : (text[index - 1] as string)
}
