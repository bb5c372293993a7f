import { SluiceError } from '@sluice/core'
import { refuse } from '../../health/option-check.ts'
import type { Target } from '../../target/target.ts'
import { sameAnswer, type SameAnswerOptions } from '../equality/same-answer.ts'
import type { AskedAnswer, BeginInput, EstimateInput, Estimator } from '../estimator.ts'
import { askedTarget } from './asked-targets.ts'

/** An answer as {@link AgreementOptions.equal} gets it. */
export type ComparedAnswer = Pick<AskedAnswer, 'answer' | 'view' | 'text'>

/** Settings of {@link agreement}. */
export interface AgreementOptions extends SameAnswerOptions {
  /** The targets to compare with, one or more; a text is a model of the wrapped client. They should err in other ways. */
  readonly of: readonly (Target | string)[]
  /**
   * Whether two answers say the same, or how much, 0..1: an embedding's similarity, say.
   * @default {@link sameAnswer}
   */
  readonly equal?: (one: ComparedAnswer, other: ComparedAnswer) => boolean | number | Promise<boolean | number>
  /**
   * Whether the others are asked beside the step: no time is lost, and their price is paid also where the step fails or an
   * estimator before this one settles it. Otherwise they are asked when it comes to them. @default true
   */
  readonly early?: boolean
}

/**
 * An estimator that asks other cheap targets the same and compares: the score is the share of those that answered the
 * same, of those that answered. It has no opinion when none did. Best on answers with one right form (numbers, choices,
 * labels, JSON); long free text is never word for word the same, and needs an `equal` of its own.
 *
 * The others are asked whole, on the account of the call. What a step costs is thus the sum of all.
 *
 * @throws {SluiceError} `config.option`
 *
 * @example
 * const vllm = new OpenAI({ baseURL: 'http://localhost:8000/v1', apiKey: 'none' })
 * const accept = agreement({ of: [openaiTarget(vllm, 'mixtral-8x7b')] })
 */
export function agreement(options: AgreementOptions): Estimator {
  const { of, equal, early = true, ...same } = checked(options)
  const targets = of.map((each) => askedTarget('agreement()', each))
  const ask = (input: BeginInput): Promise<PromiseSettledResult<AskedAnswer>[]> =>
    Promise.allSettled(targets.map((target) => input.ask(target)))
  const compare = equal ?? ((one: ComparedAnswer, other: ComparedAnswer) => sameAnswer(one, other, same))
  return {
    name: 'agreement',
    judges: { tools: true },
    asks: targets,
    checkStep: ({ id, target }) => {
      if (targets.some((each) => each === target))
        refuse(`agreement() would compare the step "${id}" with itself. Name another target in \`of\`.`)
    },
    ...(early && { begin: ask }),
    async estimate(input: EstimateInput) {
      const settled = await ((input.begun as ReturnType<typeof ask> | undefined) ?? ask(input))
      const answered = settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
      if (answered.length === 0) throw nobody()
      const compared = await Promise.all(answered.map((other) => compare(input, other)))
      const score = compared.reduce<number>((sum, value) => sum + Number(value), 0) / answered.length
      return { score, reason: score === 1 ? 'agrees' : score === 0 ? 'disagrees' : 'agrees_in_part' }
    },
  }
}

function checked(options: AgreementOptions): AgreementOptions {
  const { of, equal, early, paths, tolerance, ...unknown } = options ?? {}
  for (const name of Object.keys(unknown))
    refuse(`agreement() has no option "${name}". The options are of, equal, early, paths, tolerance.`)
  if (!Array.isArray(of) || of.length === 0)
    refuse("agreement() needs targets to compare with: agreement({ of: ['gpt-5-nano'] }).")
  if (equal !== undefined && typeof equal !== 'function')
    refuse('equal of agreement() must be a function of two answers.')
  if (early !== undefined && typeof early !== 'boolean') refuse('early of agreement() must be true or false.')
  if (
    paths !== undefined &&
    !(Array.isArray(paths) && paths.length > 0 && paths.every((path) => typeof path === 'string'))
  )
    refuse("paths of agreement() must be a list of JSON paths such as 'total' or 'items.0.id'.")
  if (tolerance !== undefined && !(Number.isFinite(tolerance) && tolerance >= 0))
    refuse(`tolerance of agreement() must be 0 or more, got ${String(tolerance)}.`)
  return options
}

function nobody(): SluiceError {
  return new SluiceError({
    code: 'cascade.nobody_to_compare',
    message: 'None of the targets to compare with answered.',
    status: 502,
  })
}
