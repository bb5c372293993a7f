import { SluiceError } from '@sluice/core'
import { checkNumbers } from '../../health/option-check.ts'
import type { Estimator } from '../estimator.ts'
import { logprobsIn } from '../wire-logprobs.ts'

/** Settings of {@link logprobs}. */
export interface LogprobsOptions {
  /** Which quantile of the tokens' log-probabilities counts, 0..1: 0 is the least sure token. @default 0.1 */
  readonly quantile?: number
  /** Makes a yes or no of it: 1 where the quantile is at least this log-probability (0 or less), else 0. @default none */
  readonly minLogprob?: number
}

/**
 * An estimator by how sure the model was of its words: the probability (0..1) of the token that stands at a low quantile.
 * Not the mean, which long answers bring near to 1, and not the sum, which punishes them.
 *
 * It needs a step that is asked in its own dialect, Chat Completions or Responses, and a model that tells; it has no
 * opinion of others, which escalates. The step is asked for log-probabilities, and callers that did not ask see none. The
 * score is no probability that the answer is right: choose the threshold with `calibrate`, or make it one with
 * `calibrated`.
 *
 * @throws {SluiceError} `config.option`
 * @see Gupta et al., Language Model Cascades: Token-Level Uncertainty and Beyond, https://arxiv.org/abs/2404.10136
 */
export function logprobs(options: LogprobsOptions = {}): Estimator {
  checkNumbers('logprobs()', options, { quantile: { min: 0, max: 1 }, minLogprob: { min: -1000, max: 0 } })
  const { quantile = 0.1, minLogprob } = options
  return {
    name: 'logprobs',
    needs: { logprobs: true },
    async estimate({ call, answer }) {
      const found = logprobsIn(call.api.id, answer)
      if (!found) throw untold()
      const sorted = found.toSorted((a, b) => a - b)
      const at = sorted[Math.min(sorted.length - 1, Math.floor(quantile * sorted.length))] as number
      if (minLogprob === undefined) return Math.min(1, Math.exp(at))
      return at >= minLogprob ? { score: 1, reason: 'sure' } : { score: 0, reason: 'unsure' }
    },
  }
}

function untold(): SluiceError {
  return new SluiceError({
    code: 'cascade.no_logprobs',
    message: 'The answer has no log-probabilities: the model or its dialect does not tell them. Use another estimator.',
    status: 500,
  })
}
