import { badOption } from '../eval-error.ts'

/** A question about an output that is answered yes, no or unclear. */
export interface Criterion {
  /** Unique among the criteria; of Latin letters, digits, `.`, `_` and `-`, at most 64. @default c1, c2, … */
  readonly id?: string
  /** Such that yes is good: `Does the answer name the deadline?` */
  readonly question: string
  /** Above 0. @default 1 */
  readonly weight?: number
  /** Without a yes here the score is 0. @default false */
  readonly mustPass?: boolean
}

export type Met = 'yes' | 'no' | 'unclear'

/** What a judge said of one criterion. */
export interface CriterionVerdict {
  readonly id: string
  readonly evidence: string
  readonly met: Met
}

export interface NamedCriterion extends Criterion {
  readonly id: string
}

/** Criteria with ids. @throws {SluiceError} `config.option` */
export function namedCriteria(of: string, criteria: readonly (string | Criterion)[]): readonly NamedCriterion[] {
  if (!Array.isArray(criteria)) throw badOption(of, 'criteria', 'a list of questions', criteria)
  const seen = new Set<string>()
  return criteria.map((given: string | Criterion, index) => {
    const criterion = typeof given === 'string' ? { question: given } : given
    const { question, weight = 1, id = `c${index + 1}` } = criterion
    if (typeof question !== 'string' || question.trim() === '')
      throw badOption(of, 'criteria', 'questions that are not empty', question)
    if (typeof id !== 'string' || !/^[\w.-]{1,64}$/.test(id))
      throw badOption(of, 'criteria', 'with ids of letters, digits, ".", "_" and "-"', id)
    if (!(weight > 0 && Number.isFinite(weight))) throw badOption(of, 'criteria', 'of weights above 0', weight)
    if (seen.has(id)) throw badOption(of, 'criteria', 'of different ids', id)
    seen.add(id)
    return { ...criterion, id }
  })
}

/** The JSON Schema of a verdict: the evidence comes before what is concluded from it. */
export function verdictSchema(criteria: readonly NamedCriterion[]): Readonly<Record<string, unknown>> {
  return {
    type: 'object',
    additionalProperties: false,
    required: ['criteria'],
    properties: {
      criteria: {
        type: 'array',
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['id', 'evidence', 'met'],
          properties: {
            id: { type: 'string', enum: criteria.map(({ id }) => id) },
            evidence: { type: 'string' },
            met: { type: 'string', enum: ['yes', 'no', 'unclear'] },
          },
        },
      },
    },
  }
}

/** The verdicts in a judge's JSON, in the order of the criteria; `undefined` unless there is exactly one of each. */
export function readVerdicts(
  value: unknown,
  criteria: readonly NamedCriterion[],
): readonly CriterionVerdict[] | undefined {
  const list = (value as { criteria?: unknown } | null)?.criteria
  if (!Array.isArray(list) || list.length !== criteria.length) return undefined
  const verdicts = criteria.map(({ id }) => list.find((entry: { id?: unknown } | null) => entry?.id === id) as unknown)
  return verdicts.every(isVerdict) ? verdicts.map(({ id, evidence, met }) => ({ id, evidence, met })) : undefined
}

function isVerdict(entry: unknown): entry is CriterionVerdict {
  const { evidence, met } = (entry ?? {}) as Record<string, unknown>
  return typeof evidence === 'string' && (met === 'yes' || met === 'no' || met === 'unclear')
}

/** What most votes say of each criterion; unclear where no answer has more than half of them. */
export function majority(
  votes: readonly (readonly CriterionVerdict[])[],
  criteria: readonly NamedCriterion[],
): readonly { readonly id: string; readonly met: Met; readonly split: Readonly<Record<Met, number>> }[] {
  return criteria.map(({ id }, index) => {
    const split = { yes: 0, no: 0, unclear: 0 }
    for (const vote of votes) split[(vote[index] as CriterionVerdict).met] += 1
    const most = (['yes', 'no'] as const).find((met) => split[met] * 2 > votes.length)
    return { id, met: most ?? 'unclear', split }
  })
}

/**
 * The weighted share of the criteria that are met, of those that could be told; `undefined` when none could. 0 when one
 * that must pass is not met, `undefined` when that could not be told.
 */
export function weightedShare(
  results: readonly { readonly met: Met }[],
  criteria: readonly NamedCriterion[],
): number | undefined {
  const musts = criteria.flatMap(({ mustPass }, index) => (mustPass ? [results[index]?.met] : []))
  if (musts.includes('no')) return 0
  if (musts.includes('unclear')) return undefined
  let [met, told] = [0, 0]
  for (const [index, { weight = 1 }] of criteria.entries()) {
    const result = results[index]?.met
    if (result === 'unclear') continue
    told += weight
    if (result === 'yes') met += weight
  }
  return told === 0 ? undefined : met / told
}
