import { badOption } from '../eval-error.ts'
import { canonicalJson, digestOf } from '../suite/digest.ts'
import {
  asText,
  defineComparingScorer,
  defineScorer,
  pickText,
  pickValue,
  type PlainScorerOptions,
  type ScorerOptions,
} from './define-scorer.ts'
import { isTooLong, longestCompared, textSimilarity } from './levenshtein.ts'
import { passedIf, scoredAs, unscored } from './outcome.ts'
import { timedTest } from './timed-regex.ts'
import type { Scorer } from './scorer.ts'

/** How texts are made comparable. */
export interface TextOptions extends ScorerOptions {
  /** Whether `A` equals `a`. @default false */
  readonly ignoreCase?: boolean
}

/**
 * Whether the output equals the expected value: text by its characters (Unicode NFC, white space around it left out), other
 * values as JSON, whatever the order of their fields.
 */
export function exact(options: TextOptions = {}): Scorer {
  const { ignoreCase = false } = options
  return defineComparingScorer({
    name: 'exact',
    options,
    settings: [ignoreCase && 'ignoreCase'],
    known: ['ignoreCase'],
    score(scored, expected) {
      const value = pickValue(scored, options)
      if (typeof value === 'string' && typeof expected === 'string')
        return passedIf(plainText(value, ignoreCase) === plainText(expected, ignoreCase))
      const [ours, theirs] = [value, expected].map((of) => canonicalJson(typeof of === 'string' ? parsedOr(of) : of))
      return passedIf(ours === theirs)
    },
  })
}

export interface IncludesOptions extends ScorerOptions {
  /** Whether `A` is the same as `a`. @default true */
  readonly ignoreCase?: boolean
  /** What the output has to include. @default the case's `expected`: a text or a list of texts */
  readonly texts?: readonly string[]
  /** Whether all of them, or one. @default 'all' */
  readonly mode?: 'all' | 'any'
}

/**
 * Whether the output includes the expected text or texts, letter for letter (Unicode NFC).
 *
 * @throws {SluiceError} `config.option`
 */
export function includes(options: IncludesOptions = {}): Scorer {
  const { ignoreCase = true, mode = 'all', texts } = options
  if (mode !== 'all' && mode !== 'any') throw badOption('includes()', 'mode', '"all" or "any"', mode)
  if (texts !== undefined && !(Array.isArray(texts) && texts.length > 0))
    throw badOption('includes()', 'texts', 'a list of at least one', texts)
  return defineComparingScorer({
    name: 'includes',
    options: { ...options, ...(texts && { expected: () => texts }) },
    known: ['ignoreCase', 'texts', 'mode'],
    settings: [!ignoreCase && 'matchCase', mode === 'any' && mode, texts && digestOf(texts)],
    score(scored, expected) {
      const wanted = (Array.isArray(expected) ? expected : [expected]).map(asText)
      if (wanted.length === 0) return unscored('no_expected')
      const text = plainText(pickText(scored, options), ignoreCase)
      const missing = wanted.filter((part) => !text.includes(plainText(part, ignoreCase)))
      const isPassed = mode === 'all' ? missing.length === 0 : missing.length < wanted.length
      return passedIf(isPassed, missing.length > 0 ? { evidence: { missing } } : {})
    },
  })
}

export interface RegexOptions extends PlainScorerOptions {
  readonly pattern: RegExp
  /** Whether the output must not match. @default false */
  readonly not?: boolean
}

/**
 * Whether the output matches a pattern. A pattern that takes longer than a second leaves the output unscored
 * (`pattern_timeout`).
 *
 * @throws {SluiceError} `config.option`
 */
export function regex(options: RegexOptions): Scorer {
  const { pattern, not = false } = options
  if (!(pattern instanceof RegExp)) throw badOption('regex()', 'pattern', 'a RegExp', pattern)
  return defineScorer({
    name: 'regex',
    options,
    settings: [String(pattern), not && 'not'],
    known: ['pattern', 'not'],
    score(scored) {
      const matches = timedTest(pattern, pickText(scored, options))
      return matches === undefined ? unscored('pattern_timeout') : passedIf(matches !== not)
    },
  })
}

/**
 * How alike the output and the expected text are, letter by letter: 1 − edit distance / length of the longer, 0 to 1. Texts
 * of over 10,000 code points are left unscored (`too_long`).
 */
export function levenshtein(options: TextOptions = {}): Scorer {
  const { ignoreCase = false } = options
  return defineComparingScorer({
    name: 'levenshtein',
    options,
    settings: [ignoreCase && 'ignoreCase'],
    known: ['ignoreCase'],
    score(scored, expected) {
      const [text, wanted] = [pickText(scored, options), asText(expected)].map((of) => plainText(of, ignoreCase)) as [
        string,
        string,
      ]
      return isTooLong(text, wanted)
        ? unscored('too_long', { longestCompared })
        : scoredAs(textSimilarity(text, wanted))
    },
  })
}

function plainText(text: string, ignoreCase: boolean): string {
  const plain = text.normalize('NFC').trim()
  return ignoreCase ? plain.toLowerCase() : plain
}

function parsedOr(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}
