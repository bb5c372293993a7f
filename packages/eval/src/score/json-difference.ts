import { bestPairing } from './assignment.ts'
import { isTooLong, longestCompared, textSimilarity } from './levenshtein.ts'
import { closeness } from './numeric.ts'

/** Where two values differ. */
export interface Difference {
  /** As in JavaScript: `orders[0].total`; empty for the value itself. */
  readonly path: string
  readonly kind: 'missing' | 'extra' | 'changed'
}

/** How alike two JSON values are. */
export interface JsonSimilarity {
  /** 0 to 1. */
  readonly score: number
  readonly differences: readonly Difference[]
}

export interface JsonSimilarityOptions {
  /** Whether lists are compared item by item, or in whatever order fits best. @default 'ordered' */
  readonly lists?: 'ordered' | 'set'
}

/**
 * How alike two JSON values are: numbers by their closeness, texts by their edit distance, objects as the mean over the
 * fields of either, lists as the mean over the longer; 0 where the kinds differ. Texts beyond what is compared letter by
 * letter, and lists beyond what is paired, count by whether they are equal, and item by item.
 */
export function jsonSimilarity(value: unknown, expected: unknown, options: JsonSimilarityOptions = {}): JsonSimilarity {
  const differences: Difference[] = []
  const score = compare(value, expected, '', { ...options, differences, lettersLeft: mostLetters })
  return { score, differences }
}

/** One comparison: what it was told, what it found, and how much of the work of comparing letters it may still do. */
interface Comparing extends JsonSimilarityOptions {
  readonly differences: Difference[]
  lettersLeft: number
}

/** Pairs of letters: two to three times what the two longest texts take. */
const mostLetters = 2.5 * longestCompared ** 2
const longestPaired = 200

function compare(value: unknown, expected: unknown, path: string, of: Comparing): number {
  if (Array.isArray(value) && Array.isArray(expected)) {
    const keys = Array.from({ length: Math.max(value.length, expected.length) }, (_, index) => index)
    if (of.lists === 'set' && keys.length <= longestPaired) return anyOrder(value, expected, path, of)
    return mean(keys.map((key) => field(value, expected, key, `${path}[${key}]`, of)))
  }
  if (isRecord(value) && isRecord(expected)) {
    const keys = [...new Set([...Object.keys(expected), ...Object.keys(value)])]
    return mean(keys.map((key) => field(value, expected, key, path === '' ? key : `${path}.${key}`, of)))
  }
  const score = leaf(value, expected, of)
  if (score < 1) of.differences.push({ path, kind: 'changed' })
  return score
}

function field(value: object, expected: object, key: string | number, path: string, of: Comparing): number {
  const [isThere, isWanted] = [Object.hasOwn(value, key), Object.hasOwn(expected, key)]
  if (!isThere || !isWanted) {
    of.differences.push({ path, kind: isThere ? 'extra' : 'missing' })
    return 0
  }
  return compare(value[key as keyof object], expected[key as keyof object], path, of)
}

/** Items paired so that they fit best. Those that fit not at all are extra and missing, not changed into each other. */
function anyOrder(value: readonly unknown[], expected: readonly unknown[], path: string, of: Comparing): number {
  const notes = value.map(() => expected.map((): Difference[] => []))
  const gains = value.map((item, row) =>
    expected.map((other, column) => {
      const found = { ...of, differences: notes[row]?.[column] ?? [] }
      const score = compare(item, other, `${path}[${row}]`, found)
      of.lettersLeft = found.lettersLeft
      return score
    }),
  )
  const wanted = new Set(expected.keys())
  let total = 0
  for (const [row, column] of bestPairing(gains).entries()) {
    const gain = gains[row]?.[column] ?? 0
    total += gain
    if (gain > 0) {
      wanted.delete(column)
      of.differences.push(...(notes[row]?.[column] ?? []))
    } else of.differences.push({ path: `${path}[${row}]`, kind: 'extra' })
  }
  for (const column of wanted) of.differences.push({ path: `${path}[${column}]`, kind: 'missing' })
  const size = Math.max(value.length, expected.length)
  return size === 0 ? 1 : total / size
}

function leaf(value: unknown, expected: unknown, of: Comparing): number {
  if (typeof value === 'string' && typeof expected === 'string') {
    if (value === expected) return 1
    const letters = value.length * expected.length
    if (isTooLong(value, expected) || letters > of.lettersLeft) return 0
    of.lettersLeft -= letters
    return textSimilarity(value, expected)
  }
  if (typeof value === 'number' && typeof expected === 'number') return closeness(value, expected)
  return Object.is(value, expected) ? 1 : 0
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function mean(scores: readonly number[]): number {
  return scores.length === 0 ? 1 : scores.reduce((total, score) => total + score, 0) / scores.length
}
