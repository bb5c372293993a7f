import { checkBetween } from '../eval-error.ts'
import { defineComparingScorer, pickText, pickValue, type ScorerOptions } from './define-scorer.ts'
import { passedIf, scoredAs, unscored } from './outcome.ts'
import type { Scorer } from './scorer.ts'

export interface NumericOptions extends ScorerOptions {
  /** Right when the output is at most so far off. @default 0 */
  readonly absolute?: number
  /** Right when it is at most so far off as a share of the expected number. @default 0 */
  readonly relative?: number
  /** Gives the closeness 1 − |a − b| / (|a| + |b|) in place of right or wrong. @default false */
  readonly graded?: boolean
}

/**
 * Whether the output is the expected number. Of a text the last number counts, as answers end with their result; thousands
 * separators (`1,204`) and the minus sign (`−5`) are understood, a hyphen within a word or a range (`10-12`) is none. An output without a number is wrong; an expected value without one is unscored.
 *
 * @throws {SluiceError} `config.option`
 */
export function numeric(options: NumericOptions = {}): Scorer {
  const { absolute = 0, relative = 0, graded = false } = options
  checkBetween('numeric()', 'absolute', absolute, 0, Number.MAX_VALUE)
  checkBetween('numeric()', 'relative', relative, 0, Number.MAX_VALUE)
  return defineComparingScorer({
    name: 'numeric',
    options,
    settings: [absolute > 0 && `±${absolute}`, relative > 0 && `±${relative}×`, graded && 'graded'],
    known: ['absolute', 'relative', 'graded'],
    score(scored, expected) {
      const wanted = numberIn(expected)
      if (wanted === undefined) return unscored('expected_no_number')
      const picked = pickValue(scored, options)
      const value = numberIn(typeof picked === 'number' ? picked : pickText(scored, options))
      if (value === undefined) return scoredAs(0, { reason: 'The output has no number.' })
      const off = Math.abs(value - wanted)
      const evidence = { value, wanted }
      if (graded) return scoredAs(closeness(value, wanted), { evidence })
      return passedIf(off <= Math.max(absolute, relative * Math.abs(wanted)), { evidence })
    },
  })
}

/** 1 for equal numbers, 0 for numbers of different signs. */
export function closeness(a: number, b: number): number {
  if (Object.is(a, b) || a === b) return 1
  if (!Number.isFinite(a) || !Number.isFinite(b) || Math.sign(a) !== Math.sign(b)) return 0
  // The same as 1 − |a − b| / (|a| + |b|), without its overflow.
  const [x, y] = [Math.abs(a), Math.abs(b)]
  const ratio = Math.min(x, y) / Math.max(x, y)
  return (2 * ratio) / (1 + ratio)
}

/** The number that a value is, or the last one in a text. */
function numberIn(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  const found = String(value)
    .replaceAll('−', '-')
    .match(/(?:(?<![\p{L}\d])[-+])?(?:(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+)(?:e[-+]?\d+)?/giu)
    ?.at(-1)
  const number = found === undefined ? undefined : Number(found.replaceAll(',', ''))
  return number !== undefined && Number.isFinite(number) ? number : undefined
}
