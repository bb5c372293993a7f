import { badOption, checkBetween, checkNames } from '../eval-error.ts'
import type { Score, Scored, Scorer } from './scorer.ts'

interface Named {
  /** @default made from the parts' names */
  readonly name?: string
}

/** A scorer with its weight. */
export interface Weighted {
  readonly scorer: Scorer
  /** Above 0. @default 1 */
  readonly weight?: number
  /** Without full marks here the whole is 0. @default false */
  readonly mustPass?: boolean
}

/**
 * The weighted mean of several scorers. Where one gives no score, the whole has none: a mean of the rest would be of
 * something else.
 *
 * @throws {SluiceError} `config.option`
 */
export function weighted(parts: readonly (Scorer | Weighted)[], options: Named = {}): Scorer {
  if (!Array.isArray(parts) || parts.length === 0)
    throw badOption('weighted()', 'parts', 'a list of at least one', parts)
  const all = (parts as readonly (Scorer | Weighted)[]).map((part) => ('scorer' in part ? part : { scorer: part }))
  for (const { weight = 1 } of all) checkBetween('weighted()', 'weight', weight, Number.MIN_VALUE, Number.MAX_VALUE)
  const total = all.reduce((sum, { weight = 1 }) => sum + weight, 0)
  return combined('weighted', all, options, (scores) => {
    if (all.some(({ mustPass }, index) => mustPass && (scores[index] as number) < 1)) return 0
    return all.reduce((sum, { weight = 1 }, index) => sum + weight * (scores[index] as number), 0) / total
  })
}

/** The least of several scores: all must pass. Where one gives no score, the whole has none. */
export function allOf(scorers: readonly Scorer[], options: Named = {}): Scorer {
  return combined('allOf', asParts('allOf()', scorers), options, (scores) => Math.min(...scores))
}

/** The best of several scores: one must pass. Where one gives no score, the whole has none. */
export function anyOf(scorers: readonly Scorer[], options: Named = {}): Scorer {
  return combined('anyOf', asParts('anyOf()', scorers), options, (scores) => Math.max(...scores))
}

/** One less the score. */
export function not(scorer: Scorer, options: Named = {}): Scorer {
  return combined('not', [{ scorer }], options, ([score]) => 1 - (score as number))
}

/** 1 for a score of at least `least`, else 0. */
export function threshold(scorer: Scorer, least: number, options: Named = {}): Scorer {
  checkBetween('threshold()', 'least', least, 0, 1)
  const decide = ([score]: readonly number[]): number => ((score as number) >= least ? 1 : 0)
  return combined('threshold', [{ scorer }], options, decide, `threshold(${least})`)
}

function asParts(of: string, scorers: readonly Scorer[]): readonly Weighted[] {
  if (!Array.isArray(scorers) || scorers.length === 0) throw badOption(of, 'scorers', 'a list of at least one', scorers)
  return scorers.map((scorer: Scorer) => ({ scorer }))
}

function combined(
  /** The name of the function. */
  kind: string,
  parts: readonly Weighted[],
  options: Named,
  combine: (scores: readonly number[]) => number,
  label: string = kind,
): Scorer {
  const scorers = parts.map(({ scorer }) => scorer)
  checkNames(`${kind}()`, options, ['name'])
  for (const scorer of scorers)
    if (typeof scorer?.score !== 'function') throw badOption(`${kind}()`, 'scorer', 'a scorer', scorer)
  const models = scorers.flatMap((scorer) => scorer.models ?? [])
  const weights = parts.map(({ weight = 1, mustPass = false }) => `${weight}${mustPass ? '!' : ''}`)
  return {
    name: options.name ?? `${label}(${scorers.map((scorer) => scorer.name).join(', ')})`,
    version: `${label} ${scorers.map((scorer, index) => `${scorer.name}@${scorer.version}×${weights[index]}`).join(' ')}`,
    ...(scorers.some(({ isJudge }) => isJudge) && { isJudge: true, models }),
    async score(scored: Scored): Promise<Score> {
      const scores = await Promise.all(scorers.map(async (scorer) => await scorer.score(scored)))
      const costs = scores.flatMap(({ costNanoUsd }) => (costNanoUsd === undefined ? [] : [costNanoUsd]))
      const cost = costs.length > 0 ? { costNanoUsd: costs.reduce((sum, each) => sum + each, 0) } : {}
      const missing = scores.find(({ status }) => status !== 'scored')
      if (missing) return { ...missing, ...cost }
      const values = scores.flatMap((score) => (score.status === 'scored' ? [score.score] : []))
      const evidence = { parts: scorers.map(({ name }, index) => ({ name, ...scores[index] })) }
      return { status: 'scored', score: combine(values), evidence, ...cost }
    },
  }
}
