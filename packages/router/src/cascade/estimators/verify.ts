import { refuse } from '../../health/option-check.ts'
import type { Estimate, EstimateInput, Estimator } from '../estimator.ts'

/** What a check says: good or not, how likely it is good (0..1), or that with a reason. */
export type Verdict = boolean | number | Estimate

/**
 * An estimator that is a check of your own: run the tests, look the part number up, ask a classifier. It may take its
 * time; `call.signal` tells when nobody waits any more. It sees tool calls and all choices, in `view`.
 *
 * What it throws is no verdict: the answer is not accepted.
 *
 * @throws {SluiceError} `config.option`
 *
 * @example
 * const accept = verify(({ text, view }) => text.length > 0 && view.choices[0]?.finish === 'stop')
 */
export function verify(
  check: (input: EstimateInput) => Verdict | Promise<Verdict>,
  options: VerifyOptions = {},
): Estimator {
  const { name = 'verify', ...unknown } = options
  for (const option of Object.keys(unknown)) refuse(`verify() has no option "${option}". The option is name.`)
  if (typeof check !== 'function') refuse(`verify() takes a function that checks an answer, got ${typeof check}.`)
  if (typeof name !== 'string' || name === '') refuse('name of verify() must be a non-empty text.')
  return {
    name,
    judges: { tools: true, choices: true },
    async estimate(input) {
      const verdict = await check(input)
      return typeof verdict === 'boolean'
        ? { score: verdict ? 1 : 0, reason: verdict ? 'passed' : 'not_passed' }
        : verdict
    },
  }
}

/** Settings of {@link verify}. */
export interface VerifyOptions {
  /** The name in reports. @default 'verify' */
  readonly name?: string
}
