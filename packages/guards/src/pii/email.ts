import { isHostName } from '../ids/libraries.ts'
import { digit, isWordAt, kindAt, letter as letterKind } from './characters.ts'
import { type Findings, rank } from './findings.ts'
import type { Recogniser } from './recogniser.ts'

const localLimit = 64
const domainLimit = 253
// Scripts that are written with spaces: in others the letters around an address belong to the sentence.
const letter = '\\p{Script=Latin}\\p{Script=Greek}\\p{Script=Cyrillic}\\p{M}'
const localChar = new RegExp(`[${letter}\\p{Nd}._%+'-]`, 'u')
const domainChar = new RegExp(`[${letter}\\p{Nd}.-]`, 'u')
/** What an ASCII character may be in: a local part, a host name. */
const [ofLocal, ofDomain] = [1, 2]
const kinds = Uint8Array.from({ length: 0x80 }, (_, code) => {
  const character = String.fromCharCode(code)
  return (localChar.test(character) ? ofLocal : 0) | (domainChar.test(character) ? ofDomain : 0)
})
const [percent, dot, quote, hyphen, colon, slash] = [0x25, 0x2e, 0x27, 0x2d, 0x3a, 0x2f]
const longestLabel = 63
const topLabel = /^(?:\p{L}[\p{L}\p{M}]{1,62}|xn--[a-z\d-]{1,59})$/iu
/** `icon@2x.png`, `pkg@v2.tar`: a scale or a version, not a host. */
const fileSuffix = /^(?:\d+x|v?\d+)\./iu

/** An `@` in a query string, and in one within another, after the `%`. */
const escapes = ['40', '2540'] as const
const longestEscape = 5
/** What of an escape a text may end with. */
const escapeBeginning = /%(?:40?|2(?:5(?:40?)?)?)?$/
const hex = /^[\da-f]{2}$/i
/** Users that nobody writes to, who come before a path: `git@github.com:org/repo.git`. */
const repositories: ReadonlySet<string> = new Set(['git', 'hg', 'svn'])
/** An address of files is no longer. */
const longestOfFiles = 128

/**
 * E-mail addresses in Latin, Greek and Cyrillic script, of the characters that mail providers allow: letters, digits and
 * `._%+'-` before the `@`, a host name with at least one dot after it. Not quoted local parts, addresses at an IP or at
 * a bare host name, nor where files are: `git@host:path`, `user@host:/path`.
 *
 * It works outwards from each `@` and from each `%40`, at most 64 characters to the left and 253 to the right.
 */
export const email: Recogniser = {
  reach: localLimit + 1 + domainLimit + 1,
  at(index, into) {
    const { text } = into
    const start = localStart(text, index)
    if (start === index) return
    const { end, seenTo } = domainEnd(text, index + 1)
    if (seenTo >= text.length) into.touch(start)
    if (end <= index || isOfFiles(start, index, end, into)) return
    into.add(start, end, 'email', 1, rank.form)
    if (text[end] === '@') chained(start, index + 1, end, into)
  },
  // `40a` to `2540` before the longest label.
  wordLength: { min: 3, max: longestLabel + 4 },
  word(start, _, into) {
    const { text } = into
    if (text.charCodeAt(start - 1) === percent) escaped(start, into)
  },
  tail(into) {
    const { text } = into
    // Half a character at the end may turn out to be a letter.
    const whole = isHighSurrogate(text, text.length - 1) ? text.length - 1 : text.length
    const end = whole - (escapeBeginning.exec(text.slice(-longestEscape))?.[0].length ?? 0)
    let start = end
    for (let width = 0; start > 0 && end - start < localLimit; start -= width) {
      width = localWidth(text, start)
      if (width === 0) break
    }
    if (start < text.length) into.touch(start)
  },
}

/** An address whose `@` is the escape of which the digits begin at `start`. */
function escaped(start: number, into: Findings): void {
  const { text } = into
  const escape = escapes.find((each) => text.startsWith(each, start))
  if (escape === undefined) return
  const at = start - 1
  const from = afterEscapes(text, Math.max(localStart(text, at), at - localLimit + longestEscape - 1), at)
  if (from === at) return
  const { end, seenTo } = domainEnd(text, start + escape.length)
  if (seenTo >= text.length) into.touch(from)
  if (end > start + escape.length) into.add(from, end, 'email', 1, rank.form)
}

/** Where the local part begins after an escape of what cannot be in one: `email%3Dada%40example.com`. */
function afterEscapes(text: string, start: number, at: number): number {
  let from = start
  for (let index = start; index < at; index += 1) {
    if (text.charCodeAt(index) !== percent) continue
    const digits = text.startsWith('25', index + 1) ? index + 3 : index + 1
    if (digits + 2 > at || !hex.test(text.slice(digits, digits + 2))) continue
    const code = Number.parseInt(text.slice(digits, digits + 2), 16)
    if (code < 0x80 && ((kinds[code] as number) & ofLocal) === 0) from = digits + 2
  }
  return from
}

/** Whether a path follows the address at `start`, so that it is one of files: `git@host:path`, `user@host:/path`. */
function isOfFiles(start: number, at: number, end: number, into: Findings): boolean {
  const { text } = into
  const code = text.charCodeAt(end)
  if ((code !== colon && code !== slash) || end - start > longestOfFiles) return false
  if (end + 4 > text.length) into.touch(start)
  if (repositories.has(text.slice(start, at))) return isPathAt(text, end + 1)
  if (code === slash || (text[end + 1] !== '/' && !text.startsWith('~/', end + 1))) return false
  return isPathAt(text, end + (text[end + 1] === '/' ? 2 : 3))
}

function isPathAt(text: string, index: number): boolean {
  return isWordAt(text, index) || (index < text.length && '/~.'.includes(text.charAt(index)))
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
  let lastPairOfDots = -1
  for (let width = 0; start > 0 && at - start < localLimit; start -= width) {
    width = localWidth(text, start)
    if (width === 0) break
    if (lastPairOfDots < 0 && text.charCodeAt(start - 1) === dot && text.charCodeAt(start) === dot)
      lastPairOfDots = start - 1
  }
  // A quote or dash in front belongs to the sentence.
  for (; start < at; start += 1) {
    const code = text.charCodeAt(start)
    if (code !== dot && code !== quote && code !== hyphen) break
  }
  return text.charCodeAt(at - 1) === dot || lastPairOfDots >= start ? at : start
}

/** Where the host name that begins at `from` ends, `from - 1` when there is none, and how far the text was read. */
function domainEnd(text: string, from: number): { end: number; seenTo: number } {
  let seenTo = from
  for (let width = 0; seenTo < text.length && seenTo - from < domainLimit; seenTo += width) {
    width = domainWidth(text, seenTo)
    if (width === 0) break
  }
  const end = plainHostEnd(text, from, seenTo)
  if (isHighSurrogate(text, seenTo) && seenTo === text.length - 1) seenTo += 1
  return { end: end > from ? end : hostEnd(text, from, seenTo), seenTo }
}

/**
 * Where a host name ends in which there is nothing to judge: labels of ASCII letters and digits, the first with a letter in
 * front, the last without digits. `from` for any other, and for none.
 */
function plainHostEnd(text: string, from: number, to: number): number {
  let end = to
  while (end > from && text.charCodeAt(end - 1) === dot) end -= 1
  if (from === end) return from
  const first = text.charCodeAt(from) | 0x20
  // What begins like a version is looked at more closely.
  if (first < 0x61 || first > 0x7a || first === 0x76) return from
  let labels = 1
  let length = 0
  let digits = 0
  for (let index = from; index < end; index += 1) {
    const kind = kindAt(text, index)
    if (kind === 0) {
      if (length === 0 || text.charCodeAt(index) !== dot) return from
      labels += 1
      length = 0
      digits = 0
    } else {
      length += 1
      if (length > longestLabel || kind > letterKind) return from
      if (kind === digit) digits += 1
    }
  }
  return labels > 1 && length > 1 && digits === 0 ? end : from
}

/** Where a host name of any kind ends; `from - 1` for none. */
function hostEnd(text: string, from: number, to: number): number {
  const labels = text.slice(from, to).split('.')
  // A full stop or dash after the address belongs to the sentence.
  while (labels.length > 0 && !topLabel.test(labels.at(-1) as string)) {
    const trimmed = withoutDashes(labels.at(-1) as string)
    if (trimmed !== labels.at(-1) && topLabel.test(trimmed)) labels[labels.length - 1] = trimmed
    else labels.pop()
  }
  const host = labels.join('.')
  const found = labels.length >= 2 && !fileSuffix.test(host) && isHostName(host)
  return found ? from + host.length : from - 1
}

function withoutDashes(text: string): string {
  let end = text.length
  while (text[end - 1] === '-') end -= 1
  return text.slice(0, end)
}

/** How wide the character of a local part is that ends at `index`; 0 for any other. */
function localWidth(text: string, index: number): number {
  const code = text.charCodeAt(index - 1)
  if (code < 0x80) return (kinds[code] as number) & ofLocal
  const character = charBefore(text, index)
  return localChar.test(character) ? character.length : 0
}

/** How wide the character of a host name is that begins at `index`; 0 for any other. */
function domainWidth(text: string, index: number): number {
  const code = text.charCodeAt(index)
  if (code < 0x80) return (kinds[code] as number) >> 1
  const character = charAt(text, index)
  return domainChar.test(character) ? character.length : 0
}

function isHighSurrogate(text: string, index: number): boolean {
  const code = text.charCodeAt(index)
  return code >= 0xd800 && code < 0xdc00
}

function charAt(text: string, index: number): string {
  return String.fromCodePoint(text.codePointAt(index) as number)
}

function charBefore(text: string, index: number): string {
  const pair = text.codePointAt(index - 2)
  return pair !== undefined && pair > 0xffff ? String.fromCodePoint(pair) : (text[index - 1] as string)
}
