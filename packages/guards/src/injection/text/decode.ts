import { Buffer } from 'node:buffer'
import { findEscaped } from './escapes.ts'

/** A piece of a text that says something else once it is decoded. */
export interface HiddenText {
  readonly encoding: 'base64' | 'hex' | 'escapes' | 'rot13' | 'reversed' | 'spaced' | 'split' | 'tags'
  readonly text: string
  /** Where it stands in the text it was found in, in code units. */
  readonly start: number
  readonly end: number
}

/**
 * Decodes once whatever looks encoded in a plain text: hexadecimal bytes, escapes, letters set apart, strings that are
 * put together, and the whole text as rot13 or backwards where that makes words of it that attacks use. What decodes to
 * something other than text is left out. Linear in the text.
 */
export function findHidden(plain: string, isKnown: (word: string) => boolean): HiddenText[] {
  return [
    ...spacedHex(plain),
    ...findEscaped(plain),
    ...spacedLetters(plain, isKnown),
    ...splitStrings(plain),
    ...turned(plain),
  ]
}

const shortestRun = 16

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

const fewestLetters = 6

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
  if (!/["'] ?\+|\+ ?["']|[a-z0-9] ?\+ ?[a-z]|combin|concat|join|together/.test(plain)) return []
  const matches = [...plain.matchAll(assignmentPattern)]
  const [first] = matches
  const last = matches.at(-1)
  if (!first || !last || matches.length < 2) return []
  const parts = matches.map(([assignment]) => assignment.slice(assignment.search(/["']/) + 1, -1))
  const place = { start: first.index, end: last.index + last[0].length }
  return [{ encoding: 'split', text: `${parts.join('')}\n\n${parts.join(' ')}`, ...place }]
}

/** Frequent words of attacks that are words of nothing else when turned by 13 letters or read backwards. */
const telling =
  'ignore previous instructions instruction system prompt reveal password forget your tell secret rules print what repeat above disregard everything'
const turnedWords = new Set(telling.split(' ').map(rot13))
export const turnedPattern: RegExp = new RegExp(
  `\\b(?:${telling
    .split(' ')
    .flatMap((word) => [rot13(word), reversed(word)])
    .join('|')})\\b`,
  'g',
)

function turned(plain: string): HiddenText[] {
  let turns = 0
  let reversals = 0
  for (const [word] of plain.matchAll(turnedPattern)) {
    if (turnedWords.has(word)) turns += 1
    else reversals += 1
    if (turns + reversals > 8) break
  }
  const whole = { start: 0, end: plain.length }
  return [
    ...(turns >= 2 ? [{ encoding: 'rot13' as const, text: rot13(plain), ...whole }] : []),
    ...(reversals >= 2 ? [{ encoding: 'reversed' as const, text: reversed(plain), ...whole }] : []),
  ]
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
