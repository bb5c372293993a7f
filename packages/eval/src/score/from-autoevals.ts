import { badOption } from '../eval-error.ts'
import { defineScorer, pickExpected, pickValue, type ScorerOptions } from './define-scorer.ts'
import { scoredAs, unscored } from './outcome.ts'
import { withCost } from './with-cost.ts'
import type { Scorer } from './scorer.ts'

/** What scorers in the form of autoevals give. */
export interface AutoevalsScore {
  readonly name: string
  readonly score?: number | null | undefined
  readonly metadata?: unknown
  readonly error?: unknown
}

/** A scorer in the form of autoevals: `({ output, expected, input }) => ({ name, score, metadata })`. */
export type AutoevalsScorer = (args: never) => AutoevalsScore | Promise<AutoevalsScore>

export interface FromAutoevalsOptions extends ScorerOptions {
  /** Changes when the wrapped scorer does: its package's version. */
  readonly version: string
  /** The models that it asks, where it is a judge: shown in the header of a run. @default it asks none */
  readonly models?: readonly string[]
  /** More arguments: `{ client, model }`. */
  readonly args?: Readonly<Record<string, unknown>>
}

/**
 * A scorer of ours from one in the form of autoevals. A score of `null` is unscored, as is one that is not from 0 to 1.
 *
 * One that asks a model takes its client by `args` and names its models: `fromAutoevals(Factuality, { version: '0.3.0',
 * models: ['gpt-5-mini'], args: { client: openai, model: 'gpt-5-mini' } })`.
 *
 * @example
 * const brief = ({ output }: { output: string }) => ({ name: 'brief', score: output.length < 100 ? 1 : 0 })
 * fromAutoevals(brief, { version: '1' })
 *
 * @throws {SluiceError} `config.option`
 */
export function fromAutoevals(scorer: AutoevalsScorer, options: FromAutoevalsOptions): Scorer {
  if (typeof scorer !== 'function') throw badOption('fromAutoevals()', 'scorer', 'a function', scorer)
  if (typeof options?.version !== 'string')
    throw badOption('fromAutoevals()', 'version', 'a text that changes when the scorer does', options?.version)
  const { models } = options
  if (models !== undefined && !Array.isArray(models))
    throw badOption('fromAutoevals()', 'models', 'a list of names', models)
  const defined = defineScorer({
    name: scorer.name || 'autoevals',
    options,
    known: ['expected', 'version', 'models', 'args'],
    settings: ['autoevals', options.version],
    async score(scored) {
      const { input } = scored.case
      const expected = pickExpected(scored, options)
      const args = { ...options.args, input, output: pickValue(scored, options), expected }
      const { value, ...cost } = await withCost(() => scorer(args as never))
      const { score, metadata, error } = value
      const facts = { ...(metadata !== undefined && { evidence: metadata }), ...cost }
      if (typeof score !== 'number') return { ...unscored(error ? 'scorer_error' : 'no_score'), ...facts }
      return score >= 0 && score <= 1 ? scoredAs(score, facts) : { ...unscored('out_of_range', { score }), ...cost }
    },
  })
  return models ? { ...defined, isJudge: true, models } : defined
}
