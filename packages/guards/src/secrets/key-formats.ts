import { runEnd, token } from './characters.ts'
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
}

/** The least entropy of a key, in bits a character: `sk-aaaa…` is none. */
const minEntropy = 2.3
const scores = { valid: 1, form: 0.95, doubt: 0.8 }

/** Prefixes by their first two characters, the longest first: the most special format is tried first. */
const byHead = new Map<number, Prefix[]>()
for (const format of formats) {
  const [pattern, longest] = [bodyPattern(format), longestOf(format)]
  for (const text of format.prefixes) {
    const head = headAt(text, 0)
    byHead.set(head, [...(byHead.get(head) ?? []), { text, format, pattern, longest }])
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

/** The most characters from the first of a key to the one that decides about it. */
export const longestKey: number = Math.max(...formats.map(longestOf)) + 1

/** The fewest characters of a key. */
export const shortestKey: number = Math.min(...formats.map(shortestOf))

function headAt(text: string, index: number): number {
  return (text.charCodeAt(index) << 7) | text.charCodeAt(index + 1)
}

/** Whether a prefix begins with these two code units. */
export function mayBeginKey(first: number, second: number): boolean {
  if (first > 127 || second > 127) return false
  return (((pairs[(first << 2) | (second >> 5)] as number) >>> (second & 31)) & 1) === 1
}

/** Finds a key of a known format that begins with the word at `start`; answers where it ends, `start` when there is none. */
export function findKey(start: number, into: SecretFindings): number {
  const { text } = into
  if (start + 1 >= text.length) {
    if (firsts[text.charCodeAt(start)] === 1) into.touch(start)
    return start
  }
  if (!mayBeginKey(text.charCodeAt(start), text.charCodeAt(start + 1))) return start
  const prefixes = byHead.get(headAt(text, start)) ?? []
  for (const prefix of prefixes) {
    const end = endOf(prefix, start, into)
    if (end > start) return end
  }
  return start
}

function endOf({ text: prefix, format, pattern, longest }: Prefix, start: number, into: SecretFindings): number {
  const { text } = into
  if (!text.startsWith(prefix, start)) {
    if (start + prefix.length > text.length && prefix.startsWith(text.slice(start))) into.touch(start)
    return start
  }
  // Until a character follows that no key has, it may go on.
  if (start + longest >= text.length && runEnd(text, start, token, longest + 1) >= text.length) into.touch(start)
  pattern.lastIndex = start + prefix.length
  const body = pattern.exec(text)?.[0]
  if (body === undefined || prefix.length + body.length > longest) return start
  const key = prefix + body
  const valid = format.check?.(key)
  if (valid === false && format.failed === 'drop') return start
  if (entropy(body) < minEntropy || isPlaceholder(body)) return start
  const score = valid === undefined ? scores.form : valid ? scores.valid : scores.doubt
  into.add(start, start + key.length, format.rule, score)
  return start + key.length
}
