import { name, runEnd } from './characters.ts'
import { mostUnderscores } from './key-formats.ts'
import { entropy } from './randomness.ts'
import type { SecretFindings } from './secret-findings.ts'

/** The rules of the keys that are found here. */
export const endingRules: readonly string[] = ['mailchimp_key', 'newrelic_key', 'maxmind_key', 'terraform_token']

/** Keys of hex digits that only their last characters tell: `-us21`, `NRAL`. */
const endings = [
  {
    rule: 'mailchimp_key',
    whole: /^[a-f0-9]{32}-us\d{1,2}$/,
    begun: /^[a-f0-9]{0,32}$|^[a-f0-9]{32}-(?:u|us\d{0,2})?$/,
  },
  {
    rule: 'newrelic_key',
    whole: /^[a-f0-9]{32,36}[A-Fa-f0-9]{4}NRAL$/,
    begun: /^[a-f0-9]{0,36}$|^[a-f0-9]{32,36}[A-Fa-f0-9]{0,4}(?:N|NR|NRA|NRAL)?$/,
  },
]
const [shortestKey, longestKey] = [36, 44]
const minEntropy = 2.3

/** A token of Terraform Cloud: a name, this, and the secret. */
const atlas = '.atlasv1.'
const [atlasName, shortestAtlas, longestAtlas] = [14, 60, 70]
/** A key of MaxMind: a name, `_`, the secret and `_mmk`. */
const maxmindName = 6
const maxmind = /^[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk$/
const maxmindBegun = /^_(?:[A-Za-z0-9]{0,29}|[A-Za-z0-9]{29}_(?:m|mm|mmk_{0,8})?)$/
const underscore = 0x5f

/**
 * Looks for keys in the word from `start` to `end` that begin like any other word. Where they begin with letters, the name of
 * the key that they begin with stays: else a stream would have to be held back at every word.
 */
export function findByEnding(start: number, end: number, into: SecretFindings): void {
  const { text } = into
  const isLast = end >= text.length
  if (end - start < atlasName && !isLast) return
  let [first, last] = [start, end]
  while (first < start + mostUnderscores && text.charCodeAt(first) === underscore) first += 1
  while (last > first && last > end - mostUnderscores && text.charCodeAt(last - 1) === underscore) last -= 1
  const length = last - first
  if (length === atlasName && last === end) findAtlas(end, first - start, into)
  if (length > longestKey || (!isLast && (length < shortestKey || !mayEndKey(text, last)))) return
  const word = text.slice(first, last)
  const afterName = first + maxmindName
  if (text.charCodeAt(afterName) === underscore) {
    if (isLast && maxmindBegun.test(text.slice(afterName, end))) into.touch(afterName)
    if (maxmind.test(word)) into.add(afterName, last, 'maxmind_key', 0.95)
  }
  for (const { rule, whole, begun } of endings) {
    if (isLast && begun.test(word)) into.touch(first)
    if (whole.test(word) && entropy(word) >= minEntropy) into.add(first, last, rule, 0.95)
  }
}

/** Whether the characters before `end` are the last of one of these keys: `s2`, `s21`, `L`, `k`. */
function mayEndKey(text: string, end: number): boolean {
  const last = text.charCodeAt(end - 1)
  if (last === 0x4c || last === 0x6b) return true
  return text.charCodeAt(end - 2) === 0x73 || text.charCodeAt(end - 3) === 0x73
}

/** The secret of a token whose name ends at `index`, with so many underscores before it. */
function findAtlas(index: number, underscores: number, into: SecretFindings): void {
  const { text } = into
  if (!text.startsWith(atlas, index)) {
    if (text.length - index < atlas.length && atlas.startsWith(text.slice(index))) into.touch(index)
    return
  }
  const from = index + atlas.length
  let end = runEnd(text, from, name, longestAtlas + 1)
  if (end - from > longestAtlas) return
  if (end >= text.length) into.touch(index)
  const least = Math.max(from + shortestAtlas, end - underscores)
  while (end > least && text.charCodeAt(end - 1) === underscore) end -= 1
  if (end - from >= shortestAtlas) into.add(index, end, 'terraform_token', 0.95)
}
