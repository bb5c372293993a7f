import { Buffer } from 'node:buffer'
import { findEscaped } from './escapes.ts'
import { codesOf, shortestRun, type Signs } from './words.ts'

/** A piece of a text that says something else once it is decoded. */
export interface HiddenText {
  readonly encoding: 'base64' | 'hex' | 'escapes' | 'rot13' | 'reversed' | 'spaced' | 'split' | 'tags'
  readonly text: string
  /** Where it stands in the text it was found in, in code units. */
  readonly start: number
  readonly end: number
}

/** Bytes in hexadecimal, each a word: `69`, `0x69`, `\\x69`. */
const fewestBytes = 8
const escapeSigns = codesOf('%\\&')
const quotes = codesOf('"\'')

/**
 * Decodes once whatever looks encoded in a plain text: hexadecimal bytes, escapes, letters set apart, strings that are
 * put together. What decodes to something other than text is left out. Linear in the text.
 */
export function findHidden(plain: string, signs: Signs, isKnown: (word: string) => boolean): HiddenText[] {
  return [
    ...(signs.digits && signs.short >= fewestBytes ? spacedHex(plain) : []),
    ...(signs.hasOneOf(escapeSigns) ? findEscaped(plain) : []),
    ...(signs.apart >= fewestApart ? spacedLetters(plain, isKnown) : []),
    ...(signs.hasOneOf(quotes) ? splitStrings(plain) : []),
  ]
}

/** Unbroken runs of base64 or hexadecimal digits, in a text as it came: base64 tells the cases apart. */
export function findRuns(original: string): HiddenText[] {
  const found: HiddenText[] = []
  let start = 0
  for (let at = 0; at <= original.length; at += 1) {
    if (at < original.length && isBase64(original.charCodeAt(at))) continue
    if (at - start >= shortestRun) found.push(...decodedRun(original, start, at))
    start = at + 1
  }
  return found
}

function decodedRun(original: string, start: number, digitsEnd: number): HiddenText[] {
  const run = original.slice(start, digitsEnd)
  let end = digitsEnd
  while (end - digitsEnd < 2 && original.charCodeAt(end) === 61) end += 1
  const isHex = /^[0-9a-fA-F]+$/.test(run)
  // A long word, a path or a number in one case is not base64.
  if (!isHex && !(/[a-z]/.test(run) && /[A-Z0-9]/.test(run))) return []
  const text = readable(Buffer.from(run, isHex ? 'hex' : 'base64'))
  return text === undefined ? [] : [{ encoding: isHex ? 'hex' : 'base64', text, start, end }]
}

function isBase64(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 47 && code <= 57) ||
    code === 43 ||
    code === 45 ||
    code === 95
  )
}

/** Bytes of ASCII begin with a digit below 8, which lets most words be passed over. */
export const hexPattern: RegExp =
  /(?<![0-9a-z])(?:0x|\\x)?[0-7][0-9a-f](?:[ :,]{1,2}(?:0x|\\x)?[0-9a-f]{2}(?![0-9a-z])){7,4000}/g

function spacedHex(plain: string): HiddenText[] {
  const found: HiddenText[] = []
  for (const { 0: run, index } of plain.matchAll(hexPattern)) {
    const text = readable(Buffer.from(run.replace(/0x|\\x|[ :,]/g, ''), 'hex'))
    if (text !== undefined) found.push({ encoding: 'hex', text, start: index, end: index + run.length })
  }
  return found
}

/** Characters, the blanks between words counted. */
const fewestLetters = 6
/** Letters of which that can be made. */
const fewestApart = 4

/**
 * Single letters with the same kind of sign between each: `i g n o r e`, `i.g.n.o.r.e`. Wider gaps divide words; without
 * any, known words do.
 */
function spacedLetters(plain: string, isKnown: (word: string) => boolean): HiddenText[] {
  const found: HiddenText[] = []
  let letters = ''
  let start = 0
  let end = 0
  const finish = (): void => {
    if (letters.length >= fewestLetters) {
      const words = letters.split(' ').map((word) => (word.length > 7 ? segmented(word, isKnown) : word))
      found.push({ encoding: 'spaced', text: words.join(' '), start, end })
    }
    letters = ''
  }
  for (let at = 0; at < plain.length; at += 1) {
    if (!isAlnum(plain.charCodeAt(at))) continue
    if (isAlnum(plain.charCodeAt(at + 1))) {
      while (isAlnum(plain.charCodeAt(at + 1))) at += 1
      finish()
      continue
    }
    if (letters !== '' && at - end > 4) finish()
    if (letters === '') start = at
    else if (at - end > 1) letters += ' '
    letters += plain.charAt(at)
    end = at + 1
  }
  finish()
  return found
}

/** Cuts letters into known words, each the longest that fits. */
function segmented(letters: string, isKnown: (word: string) => boolean): string {
  const words: string[] = []
  for (let at = 0; at < letters.length;) {
    let length = Math.min(16, letters.length - at)
    while (length > 1 && !isKnown(letters.slice(at, at + length))) length -= 1
    words.push(letters.slice(at, at + length))
    at += length
  }
  return words.join(' ')
}

export const assignmentPattern: RegExp = /(?:=| is) ?["'][^"'\n]{1,80}["']/g

/** Strings given to names one after the other, put together without a gap and with one. */
function splitStrings(plain: string): HiddenText[] {
  const parts: string[] = []
  let [start, end] = [0, 0]
  // Not matchAll, which compiles the pattern anew.
  assignmentPattern.lastIndex = 0
  for (let match = assignmentPattern.exec(plain); match; match = assignmentPattern.exec(plain)) {
    const [assignment] = match
    if (parts.length === 0) start = match.index
    end = match.index + assignment.length
    parts.push(assignment.slice(assignment.search(/["']/) + 1, -1))
  }
  if (parts.length < 2 || !joins.test(plain)) return []
  return [{ encoding: 'split', text: `${parts.join('')}\n\n${parts.join(' ')}`, start, end }]
}

const joins = /["'] ?\+|\+ ?["']|[a-z0-9] ?\+ ?[a-z]|combin|concat|join|together/

/** Frequent words of attacks that are words of nothing else when turned by 13 letters or read backwards. */
const telling =
  'ignore previous instructions instruction system prompt reveal password forget your tell secret rules print what repeat above disregard everything'.split(
    ' ',
  )
export const rot13Words: readonly string[] = telling.map(rot13)
export const reversedWords: readonly string[] = telling.map(reversed)

/** The whole of a plain text, turned by 13 letters. */
export function turned(plain: string): HiddenText {
  return { encoding: 'rot13', text: rot13(plain), start: 0, end: plain.length }
}

/** The whole of a plain text, backwards. */
export function backwards(plain: string): HiddenText {
  return { encoding: 'reversed', text: reversed(plain), start: 0, end: plain.length }
}

function rot13(text: string): string {
  return text.replace(/[a-z]/g, (letter) => String.fromCharCode(((letter.charCodeAt(0) - 97 + 13) % 26) + 97))
}

function reversed(text: string): string {
  return [...text].reverse().join('')
}

function isAlnum(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57)
}

/** The text that bytes spell in UTF-8, or undefined where they spell none. */
function readable(bytes: Buffer): string | undefined {
  const text = bytes.toString('utf8')
  if (text.length < 8) return undefined
  let good = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if ((code >= 32 && code < 127) || code === 10 || code === 9) good += 1
  }
  return good / text.length > 0.9 && text.includes(' ') ? text : undefined
}
