import { badOption } from '../eval-error.ts'
import { bestPairing } from './assignment.ts'
import { asText, defineComparingScorer, pickValue, type ScorerOptions } from './define-scorer.ts'
import { parseJson } from './json-text.ts'
import { longestCompared, textSimilarity } from './levenshtein.ts'
import { scoredAs, unscored } from './outcome.ts'
import type { Scorer } from './scorer.ts'

export interface ListOverlapOptions extends ScorerOptions {
  /** How alike two items are, 0 to 1; what is beyond is cut, a pair that it gives no number for is not alike. @default by edit distance */
  readonly similarity?: (item: string, expected: string) => number
  /** Whether items beyond the expected ones cost nothing. @default false */
  readonly allowExtra?: boolean
}

const longestList = 500

/**
 * How much of a list is the expected one, whatever the order: items are paired so that the total of their similarities is
 * greatest, which is divided by the length of the longer list (with `allowExtra`: of the expected one). Lists of over 500
 * items, or with too much text to be compared letter by letter, are left unscored (`too_long`), outputs that are no list
 * get 0.
 *
 * @throws {SluiceError} `config.option`
 */
export function listOverlap(options: ListOverlapOptions = {}): Scorer {
  const { similarity = textSimilarity, allowExtra = false } = options
  if (typeof similarity !== 'function')
    throw badOption('listOverlap()', 'similarity', 'a function of two texts', similarity)
  return defineComparingScorer({
    name: 'listOverlap',
    options,
    settings: [options.similarity && 'similarity', allowExtra && 'allowExtra'],
    known: ['similarity', 'allowExtra'],
    score(scored, expected) {
      const [items, wanted] = [listOf(pickValue(scored, options)), listOf(expected)]
      if (!wanted) return unscored('expected_no_list')
      if (!items) return scoredAs(0, { label: 'no_list' })
      if (Math.max(items.length, wanted.length) > longestList) return unscored('too_long', { longestList })
      if (!options.similarity && lettersOf(items) * lettersOf(wanted) > 2 * longestCompared ** 2)
        return unscored('too_long', { longestCompared })
      const gains = items.map((item) => wanted.map((other) => within(similarity(item, other))))
      const pairs = bestPairing(gains)
      const total = pairs.reduce((sum, column, row) => sum + (gains[row]?.[column] ?? 0), 0)
      const size = allowExtra ? wanted.length : Math.max(items.length, wanted.length)
      return scoredAs(size === 0 ? 1 : Math.min(1, total / size))
    },
  })
}

function within(similarity: number): number {
  return similarity > 0 ? Math.min(1, similarity) : 0
}

function lettersOf(items: readonly string[]): number {
  return items.reduce((sum, item) => sum + item.length, 0)
}

function listOf(value: unknown): readonly string[] | undefined {
  const list = parseJson(value)?.value
  return Array.isArray(list) ? list.map(asText) : undefined
}
