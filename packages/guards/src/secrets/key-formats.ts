import { runEnd, token } from './characters.ts'
import { bodyPattern, type Format, longestOf } from './format.ts'
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
/** The same for each pair of ASCII characters, and which characters begin one. */
const heads: (readonly Prefix[] | undefined)[] = Array.from({ length: 128 * 128 })
const firsts = new Uint8Array(128)
for (const [head, prefixes] of byHead) {
  heads[head] = prefixes.sort((a, b) => b.text.length - a.text.length)
  firsts[head >> 7] = 1
}

/** The most characters from the first of a key to the one that decides about it. */
export const longestKey: number = Math.max(...formats.map(longestOf)) + 1

function headAt(text: string, index: number): number {
  return (text.charCodeAt(index) << 7) | text.charCodeAt(index + 1)
}

/** Finds a key of a known format that begins with the word at `start`; answers where it ends, `start` when there is none. */
export function findKey(start: number, into: SecretFindings): number {
  const { text } = into
  if (firsts[text.charCodeAt(start)] !== 1) return start
  if (start + 1 >= text.length) {
    into.touch(start)
    return start
  }
  const prefixes = text.charCodeAt(start + 1) < 128 ? heads[headAt(text, start)] : undefined
  if (!prefixes) return start
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
