import { badOption, checkNames } from '../eval-error.ts'
import { unscored } from '../score/outcome.ts'
import type { Score, Scored } from '../score/scorer.ts'
import { asText, pickText } from '../score/define-scorer.ts'
import { digestOf } from '../suite/digest.ts'
import { askInForm, costOf } from './ask-in-form.ts'
import { askThrough, type JudgeClient } from './judge-client.ts'
import { checkJudge, type Judge } from './judge.ts'
import { addressesJudge, asData, fenced } from './material.ts'

export interface PairwiseOptions {
  readonly client: JudgeClient
  readonly model: string
  /** What makes an output the better one. @default the case's `criteria` */
  readonly criteria?: readonly string[]
  /** What the output is held against. @default the case's `expected` */
  readonly against?: (scored: Scored) => string | undefined
  /** What is compared. @default the output's text */
  readonly of?: (scored: Scored) => unknown
  /**
   * `both`: asked in both orders, and a winner must win in both. `given`: the output first, once; half the price, and judges
   * favour the first shown. @default 'both'
   */
  readonly order?: 'both' | 'given'
  /** More for it to know, in trusted words: what the product is, what words mean. */
  readonly instructions?: string
  /** More fields of the request's body, as the provider names them: `temperature`, `reasoning_effort`, `seed`. */
  readonly request?: Readonly<Record<string, unknown>>
  /** @default 'pairwise' */
  readonly name?: string
  /** @default 4096 */
  readonly maxTokens?: number
}

const task = `You compare two outputs, first and second, for the same input, by the criteria given. First write the evidence: what in each output bears on the criteria, briefly. Then say which is better by the criteria: "first", "second", or "tie". Which one comes first is chance. Length, style and confidence count for nothing unless a criterion asks for them.

${asData('compared')}`

const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['evidence', 'better'],
  properties: { evidence: { type: 'string' }, better: { type: 'string', enum: ['first', 'second', 'tie'] } },
}

const known = [
  'client',
  'model',
  'criteria',
  'against',
  'of',
  'order',
  'instructions',
  'request',
  'name',
  'maxTokens',
] as const satisfies readonly (keyof PairwiseOptions)[]

/**
 * A scorer that asks which of two outputs is better: 1 for the suite's, 0 for the other, 0.5 for a tie. Asked in both orders;
 * a judge that changes its mind with the order has seen no difference (`label: 'order_flip'`, a tie), and a winner in one
 * order that ties in the other is a tie. Replies out of form are asked for once more, then `unparseable`.
 *
 * @throws {SluiceError} `config.option`
 */
export function pairwise(options: PairwiseOptions): Judge {
  checkNames('pairwise()', options, known)
  const { client, criteria: fixed, order = 'both', name = 'pairwise', maxTokens = 4_096, request = {} } = options
  const { model } = checkJudge('pairwise()', options)
  if (order !== 'both' && order !== 'given') throw badOption('pairwise()', 'order', '"both" or "given"', order)
  if (fixed !== undefined && !(Array.isArray(fixed) && fixed.length > 0))
    throw badOption('pairwise()', 'criteria', 'a list of at least one', fixed)
  const ask = askThrough(client, 'pairwise()', request)
  const system = options.instructions === undefined ? task : `${task}\n\n${options.instructions}`

  return {
    name,
    version: `pairwise-1 ${digestOf([model, fixed ?? null, order, system, request])}`,
    isJudge: true,
    models: [model],
    async score(scored): Promise<Score> {
      const criteria = fixed ?? scored.case.criteria ?? []
      if (criteria.length === 0) return unscored('no_criteria')
      const { expected, input } = scored.case
      const other = options.against ? options.against(scored) : expected === undefined ? undefined : asText(expected)
      if (other === undefined) return unscored('no_expected')
      const output = pickText(scored, options.of ? { of: options.of } : {})
      const list = criteria.map((criterion) => `- ${criterion.replaceAll(/\s+/gu, ' ')}`).join('\n')
      const form = { model, system, schema, maxTokens, signal: scored.signal }

      const round = async (isSwapped: boolean): Promise<Round> => {
        const [first, second] = isSwapped ? [other, output] : [output, other]
        const blocks = fenced({ input: asText(input), first, second }, [name, model, list, `trial ${scored.trial}`])
        const content = `Criteria:\n${list}\n\n${blocks}\n\nNow say which is better by the criteria above.`
        const { costNanoUsd, ...answered } = await askInForm(ask, form, content, readComparison)
        if ('failure' in answered) return { failure: answered.failure, costNanoUsd }
        const { better, evidence } = answered.value
        const winner = better === 'tie' ? 0.5 : (better === 'first') === isSwapped ? 0 : 1
        return { winner, evidence, costNanoUsd }
      }

      const rounds = await Promise.all(order === 'both' ? [round(false), round(true)] : [round(false)])
      const costs = costOf(rounds)
      const failed = rounds.find((each) => 'failure' in each)
      if (failed) return { ...unscored(failed.failure), ...costs }
      const decided = rounds.flatMap((each) => ('winner' in each ? [each] : []))
      const evidence = {
        rounds: decided.map(({ winner, evidence: why }) => ({ winner, evidence: why })),
        ...(addressesJudge(output) && { addressesJudge: true }),
        ...(addressesJudge(other) && { otherAddressesJudge: true }),
      }
      const [first, second = first] = decided.map(({ winner }) => winner) as [number, number?]
      const label = first === second ? labels[first] : Math.abs(first - second) === 1 ? 'order_flip' : 'tie'
      const score = first === second ? first : 0.5
      return { status: 'scored', score, ...(label && { label }), evidence, ...costs }
    },
  }
}

const labels: Readonly<Record<number, string>> = { 1: 'better', 0: 'worse', 0.5: 'tie' }

/** One order: 1 where the suite's output won. */
type Round = (
  | { readonly winner: number; readonly evidence: string }
  | { readonly failure: 'judge_refused' | 'judge_cut_off' | 'unparseable' }
) & { readonly costNanoUsd: number | undefined }

interface CompareReply {
  readonly evidence: string
  readonly better: 'first' | 'second' | 'tie'
}

function readComparison(value: unknown): CompareReply | undefined {
  const { better, evidence } = (value ?? {}) as Readonly<Record<string, unknown>>
  if (typeof evidence !== 'string') return undefined
  return better === 'first' || better === 'second' || better === 'tie' ? { better, evidence } : undefined
}
