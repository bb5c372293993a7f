import { refuse } from '../../health/option-check.ts'
import type { Target } from '../../target/target.ts'
import {
  beginEstimate,
  estimateOf,
  isEstimator,
  type Estimate,
  type EstimateInput,
  type Estimator,
} from '../estimator.ts'

/**
 * An estimator that is as sure as the least sure of several. They are asked in their order; what comes after a 0 is not
 * asked, so put the cheap ones first.
 *
 * @throws {SluiceError} `config.option`
 */
export function all(...estimators: readonly Estimator[]): Estimator {
  return combined('all', estimators, async (ask) => {
    let least: Required<Estimate> = { score: 1, reason: 'all' }
    for (const place of estimators.keys()) {
      const estimate = await ask(place)
      if (estimate.score < least.score || place === 0) least = estimate
      if (least.score === 0) break
    }
    return least
  })
}

/**
 * An estimator that is as sure as the surest of several. They are asked in their order; what comes after a 1 is not
 * asked. One that has no opinion counts only when all have none.
 *
 * @throws {SluiceError} `config.option`
 */
export function any(...estimators: readonly Estimator[]): Estimator {
  return combined('any', estimators, async (ask) => {
    let surest: Required<Estimate> | undefined
    let failure: unknown
    for (const place of estimators.keys()) {
      try {
        const estimate = await ask(place)
        if (!surest || estimate.score > surest.score) surest = estimate
      } catch (error) {
        failure = error
      }
      if (surest?.score === 1) break
    }
    if (surest) return surest
    throw failure
  })
}

/** One part of {@link weighted}. */
export interface WeightedPart {
  readonly estimator: Estimator
  /** > 0. */
  readonly weight: number
}

/**
 * An estimator that is the weighted mean of several, all of them asked at the same time.
 *
 * @throws {SluiceError} `config.option`
 */
export function weighted(...parts: readonly WeightedPart[]): Estimator {
  for (const part of parts)
    if (!(Number.isFinite(part?.weight) && part.weight > 0))
      refuse(`The weights of weighted() must be numbers above 0, got ${String(part?.weight)}.`)
  const estimators = parts.map(({ estimator }) => estimator)
  const total = parts.reduce((sum, { weight }) => sum + weight, 0)
  return combined('weighted', estimators, async (ask) => {
    const estimates = await Promise.all(estimators.map((_, place) => ask(place)))
    const sum = estimates.reduce((so, { score }, place) => so + score * (parts[place]?.weight ?? 0), 0)
    return { score: Math.min(1, sum / total), reason: 'weighted' }
  })
}

function combined(
  name: string,
  estimators: readonly Estimator[],
  combine: (ask: (place: number) => Promise<Required<Estimate>>) => Promise<Estimate>,
): Estimator {
  if (estimators.length === 0 || !estimators.every(isEstimator))
    refuse(`${name}() takes one or more estimators: ${name}(format('json'), agreement({ of: ['gpt-5-nano'] })).`)
  const asks = [...new Set(estimators.flatMap((each): readonly Target[] => each.asks ?? []))]
  const askWith =
    (input: EstimateInput) =>
    (place: number): Promise<Required<Estimate>> =>
      estimateOf(estimators[place] as Estimator, { ...input, begun: (input.begun as readonly unknown[])[place] })
  return {
    name,
    needs: { logprobs: estimators.some(({ needs }) => needs?.logprobs) },
    judges: {
      tools: estimators.every(({ judges }) => judges?.tools),
      choices: estimators.every(({ judges }) => judges?.choices),
    },
    asks,
    checkStep: (step) => {
      for (const each of estimators) each.checkStep?.(step)
    },
    begin: (input) => estimators.map((each) => beginEstimate(each, input)),
    estimate: (input) => combine(askWith(input)),
  }
}
