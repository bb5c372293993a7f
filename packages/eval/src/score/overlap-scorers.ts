import { badOption } from '../eval-error.ts'
import { asText, defineComparingScorer, pickText, type ScorerOptions } from './define-scorer.ts'
import { scoredAs, unscored } from './outcome.ts'
import type { Scorer } from './scorer.ts'

/** Scripts whose words are not set apart. */
const unspaced = String.raw`[\p{Script_Extensions=Han}\p{Script_Extensions=Hiragana}\p{Script_Extensions=Katakana}]`
const wordPattern = new RegExp(String.raw`(?=${unspaced})[\p{L}\p{M}\p{N}]|(?:(?!${unspaced})[\p{L}\p{M}\p{N}])+`, 'gu')

/** The longest common subsequence takes time in the product of the lengths. */
const mostPairs = 100_000_000

/** Words: runs of letters, marks and digits, in lower case; Chinese and Japanese by the letter. */
function words(text: string): readonly string[] {
  return text.normalize('NFKC').toLowerCase().match(wordPattern) ?? []
}

export interface RougeOptions extends ScorerOptions {
  /** `1` and `2`: words and pairs of words; `L`: the longest common subsequence. @default 'L' */
  readonly kind?: '1' | '2' | 'L'
}

/**
 * ROUGE, as the F measure with equal weights, 0 to 1: how much of the words is common to the output and the expected text
 * (of several expected texts, the best). Words are in lower case, without stemming. For `L`, texts whose numbers of words
 * multiply to over 10⁸ are left unscored (`too_long`).
 *
 * @throws {SluiceError} `config.option`
 * @see Lin: ROUGE: A Package for Automatic Evaluation of Summaries. ACL Workshop (2004).
 */
export function rouge(options: RougeOptions = {}): Scorer {
  const { kind = 'L' } = options
  if (!['1', '2', 'L'].includes(kind)) throw badOption('rouge()', 'kind', '"1", "2" or "L"', kind)
  return defineComparingScorer({
    name: `rouge${kind}`,
    options,
    settings: [`rouge${kind}`],
    known: ['kind'],
    score(scored, expected) {
      const text = words(pickText(scored, options))
      const others = references(expected).map(words)
      if (others.length === 0) return unscored('no_expected')
      const pairs = others.reduce((sum, other) => sum + text.length * other.length, 0)
      if (kind === 'L' && pairs > mostPairs) return unscored('too_long', { mostPairs })
      return scoredAs(Math.max(...others.map((other) => rougeF(text, other, kind))))
    },
  })
}

function rougeF(text: readonly string[], reference: readonly string[], kind: '1' | '2' | 'L'): number {
  if (kind === 'L') return fMeasure(commonLength(text, reference), text.length, reference.length)
  const [ours, theirs] = [ngrams(text, Number(kind)), ngrams(reference, Number(kind))]
  return fMeasure(clipped(ours, theirs), total(ours), total(theirs))
}

function fMeasure(common: number, ours: number, theirs: number): number {
  if (ours === 0 && theirs === 0) return 1
  return common === 0 ? 0 : (2 * common) / (ours + theirs)
}

export interface BleuOptions extends ScorerOptions {
  /** The longest runs of words. @default 4 */
  readonly n?: number
  /** What is done for a length that has no match: nothing (the score is then 0), or one is added to counts of pairs and longer (Lin and Och 2004). @default 'add-one' */
  readonly smoothing?: 'none' | 'add-one'
}

/**
 * BLEU of one sentence, 0 to 1: the geometric mean of the clipped shares of its runs of 1 to n words that the expected texts
 * have, less for an output that is shorter than the expected text nearest to it in length. Words keep their case here, and
 * are what white space separates.
 *
 * @throws {SluiceError} `config.option`
 * @see Papineni, Roukos, Ward, Zhu: BLEU: a Method for Automatic Evaluation of Machine Translation. ACL (2002).
 */
export function bleu(options: BleuOptions = {}): Scorer {
  const { n = 4, smoothing = 'add-one' } = options
  if (!(Number.isSafeInteger(n) && n >= 1 && n <= 8)) throw badOption('bleu()', 'n', 'a whole number from 1 to 8', n)
  if (smoothing !== 'none' && smoothing !== 'add-one')
    throw badOption('bleu()', 'smoothing', '"none" or "add-one"', smoothing)
  return defineComparingScorer({
    name: `bleu${n}`,
    options,
    settings: [`bleu${n}`, smoothing],
    known: ['n', 'smoothing'],
    score(scored, expected) {
      const text = spaced(pickText(scored, options))
      const others = references(expected).map(spaced)
      if (others.length === 0) return unscored('no_expected')
      let logs = 0
      for (let length = 1; length <= n; length += 1) {
        const ours = ngrams(text, length)
        const most = others.map((other) => ngrams(other, length)).reduce(largest)
        const extra = smoothing === 'add-one' && length > 1 ? 1 : 0
        logs += Math.log((clipped(ours, most) + extra) / (total(ours) + extra)) / n
      }
      const closest = others
        .map((other) => other.length)
        .toSorted((a, b) => Math.abs(a - text.length) - Math.abs(b - text.length) || a - b)[0] as number
      const brevity = text.length >= closest ? 1 : Math.exp(1 - closest / text.length)
      const score = brevity * Math.exp(logs)
      return scoredAs(Number.isFinite(score) ? Math.min(1, score) : 0)
    },
  })
}

function references(expected: unknown): readonly string[] {
  return (Array.isArray(expected) ? expected : [expected]).map(asText)
}

function spaced(text: string): readonly string[] {
  return text.split(/\s+/u).filter(Boolean)
}

type Counts = ReadonlyMap<string, number>

function ngrams(list: readonly string[], length: number): Counts {
  const counts = new Map<string, number>()
  for (let index = 0; index + length <= list.length; index += 1) {
    const key = list.slice(index, index + length).join(' ')
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return counts
}

function clipped(ours: Counts, theirs: Counts): number {
  let sum = 0
  for (const [key, count] of ours) sum += Math.min(count, theirs.get(key) ?? 0)
  return sum
}

function largest(first: Counts, second: Counts): Counts {
  const counts = new Map(first)
  for (const [key, count] of second) counts.set(key, Math.max(count, counts.get(key) ?? 0))
  return counts
}

function total(counts: Counts): number {
  let sum = 0
  for (const count of counts.values()) sum += count
  return sum
}

/** The length of the longest common subsequence. */
function commonLength(first: readonly string[], second: readonly string[]): number {
  let row = new Uint32Array(second.length + 1)
  for (const word of first) {
    const next = new Uint32Array(second.length + 1)
    for (let column = 1; column <= second.length; column += 1)
      next[column] =
        word === second[column - 1]
          ? (row[column - 1] as number) + 1
          : Math.max(row[column] as number, next[column - 1] as number)
    row = next
  }
  return row[second.length] as number
}
