import { kindAt, name, runEnd, token, value } from './characters.ts'
import { bodyPattern, type Format, longestOf, shortestOf } from './format.ts'
import { cloudFormats } from './formats-clouds.ts'
import { modelFormats } from './formats-models.ts'
import { serviceFormats } from './formats-services.ts'
import { entropy, isPlaceholder } from './randomness.ts'
import type { SecretFindings } from './secret-findings.ts'

export const formats: readonly Format[] = [...modelFormats, ...cloudFormats, ...serviceFormats]

interface Prefix {
  readonly text: string
  readonly format: Format
  readonly pattern: RegExp
  readonly longest: number
  readonly shortest: number
  /** What all of its characters are. */
  readonly kind: number
  readonly first: First | undefined
}

/** The first part of a body: fewer characters, or digits without a colon after them, begin no key. */
interface First {
  readonly pattern: RegExp
  readonly min: number
  readonly max: number
  /** The sign that has to follow; empty where there is none, or where one could be of the part as well. */
  readonly next: string
}

/** So many underscores before and after a key may be those of Markdown: `__key__`. */
export const mostUnderscores = 8

/** The least entropy of a key, in bits a character: `sk-aaaa…` is none. */
const minEntropy = 2.3
const longestExample = 32
const underscore = 0x5f
const scores = { valid: 1, form: 0.95, doubt: 0.8 }

/** Prefixes by their first two characters, the longest first: the most special format is tried first. */
const byHead = new Map<number, Prefix[]>()
for (const format of formats) {
  const [pattern, longest, shortest] = [bodyPattern(format), longestOf(format), shortestOf(format)]
  const kind = format.body.some((part) => /[%@]/.test(typeof part === 'string' ? part : part.of)) ? value : token
  const first = firstOf(format)
  for (const text of format.prefixes) {
    const head = headAt(text, 0)
    byHead.set(head, [...(byHead.get(head) ?? []), { text, format, pattern, longest, shortest, kind, first }])
  }
}
for (const prefixes of byHead.values()) prefixes.sort((a, b) => b.text.length - a.text.length)
/** Which pairs of ASCII characters a prefix begins with: four words of 32 bits for each first character. */
const pairs = new Uint32Array(128 * 4)
/** Which characters one begins with. */
const firsts = new Uint8Array(128)
for (const head of byHead.keys()) {
  const word = head >> 5
  pairs[word] = (pairs[word] as number) | (1 << (head & 31))
  firsts[head >> 7] = 1
}

/** The most characters from the first underscore before a key to the one that decides about it. */
export const longestKey: number = Math.max(...formats.map(longestOf)) + 2 * mostUnderscores + 1

/** The fewest characters of a key. */
export const shortestKey: number = Math.min(...formats.map(shortestOf))

function firstOf({ body: [part, sign] }: Format): First | undefined {
  if (typeof part !== 'object') return undefined
  const next = typeof sign === 'string' ? sign.charAt(0) : ''
  const { of, min, max } = part
  return { pattern: new RegExp(`[${of}]{0,${max}}`, 'y'), min, max, next: new RegExp(`[${of}]`).test(next) ? '' : next }
}

function headAt(text: string, index: number): number {
  return (text.charCodeAt(index) << 7) | text.charCodeAt(index + 1)
}

/** Whether a prefix begins with these two code units. */
export function mayBeginKey(first: number, second: number): boolean {
  if (first > 127 || second > 127) return false
  return (((pairs[(first << 2) | (second >> 5)] as number) >>> (second & 31)) & 1) === 1
}

/**
 * Finds a key of a known format that begins with the word at `start`, after so many underscores; answers where it ends,
 * `start` when there is none.
 */
export function findKey(start: number, underscores: number, into: SecretFindings): number {
  const { text } = into
  if (start + 1 >= text.length) {
    if (firsts[text.charCodeAt(start)] === 1) into.touch(start)
    return start
  }
  if (!mayBeginKey(text.charCodeAt(start), text.charCodeAt(start + 1))) return start
  const prefixes = byHead.get(headAt(text, start)) ?? []
  for (const prefix of prefixes) {
    const end = endOf(prefix, start, underscores, into)
    if (end > start) return end
  }
  return start
}

function endOf(prefix: Prefix, start: number, underscores: number, into: SecretFindings): number {
  const { text } = into
  const { text: opening, format, pattern, longest, first } = prefix
  if (!text.startsWith(opening, start)) {
    if (start + opening.length > text.length && opening.startsWith(text.slice(start))) into.touch(start)
    return start
  }
  if (mayGoOn(prefix, start, text)) into.touch(start)
  if (
    first &&
    first.next !== '' &&
    first.max - first.min < fewCharacters &&
    !isNext(first, start + opening.length, text)
  )
    return start
  pattern.lastIndex = start + opening.length
  if (!pattern.test(text) || pattern.lastIndex - start > longest || isBeforeWord(text, pattern.lastIndex)) return start
  const body = withoutEmphasis(prefix, text.slice(start + opening.length, pattern.lastIndex), underscores)
  const key = opening + body
  const valid = format.check?.(key)
  if (valid === false && format.failed === 'drop') return start
  // In a long key a word of examples is but a matter of time.
  if (entropy(body) < minEntropy || isPlaceholder(body.slice(0, longestExample))) return start
  const score = valid === undefined ? scores.form : valid ? scores.valid : scores.doubt
  into.add(start + (format.kept ?? 0), start + key.length, format.rule, score)
  return start + key.length
}

const fewCharacters = 8

/** Whether the sign after the first part is where it may be. */
function isNext({ min, max, next }: First, from: number, text: string): boolean {
  for (let index = from + min; index <= from + max; index += 1) if (text[index] === next) return true
  return false
}

/** Whether more text could make a key of what begins like one, or a longer one: until a character follows that none has. */
function mayGoOn({ text: opening, longest, kind, first }: Prefix, start: number, text: string): boolean {
  const most = longest + mostUnderscores
  if (start + most < text.length || runEnd(text, start, kind, most + 1) < text.length) return false
  if (first === undefined) return true
  first.pattern.lastIndex = start + opening.length
  const run = first.pattern.exec(text)?.[0].length ?? 0
  const end = start + opening.length + run
  return end >= text.length || (run >= first.min && (first.next === '' || text[end] === first.next))
}

/** Whether a letter or digit follows, be it after underscores: what looks like a key is part of a longer name. */
function isBeforeWord(text: string, index: number): boolean {
  const end = index + mostUnderscores
  let at = index
  while (at < end && text.charCodeAt(at) === underscore) at += 1
  return at > index && text.charCodeAt(at) !== underscore && (kindAt(text, at) & name) !== 0
}

/** Without the underscores at the end that close what those before the key opened, where the format can do without them. */
function withoutEmphasis({ text: opening, shortest }: Prefix, body: string, underscores: number): string {
  let end = body.length
  const least = Math.max(end - underscores, shortest - opening.length)
  while (end > least && body.charCodeAt(end - 1) === underscore) end -= 1
  return body.slice(0, end)
}
