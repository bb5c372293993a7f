import { SluiceError } from '@sluice/core'
import type { RoutingModel } from '../learn/model.ts'
import type { Estimator } from '../cascade/estimator.ts'
import { learnedEstimator, type LearnedEstimatorOptions } from '../cascade/estimators/learned.ts'
import { scoreRouting } from '../learn/score-routing.ts'
import { expectedNanoUsd, lacksData } from './strategies.ts'
import type { Strategy } from './strategy.ts'

/** How a learned model is used. */
export interface LearnedOptions extends LearnedEstimatorOptions {
  /**
   * As a strategy: what a whole point of score is worth to you, in USD. The target is asked whose expected score × worth −
   * expected cost is highest. Needs prices. @default Infinity: the best score, whatever it costs
   */
  readonly worthUsd?: number
}

/**
 * A model learned from your own outcomes, as the strategy of a router: the target it expects most of, by the user's text
 * of the call; and as an estimator of a cascade: how good the step's answer should be, by prompt and answer. Decides in
 * some tens of microseconds, in process.
 *
 * @param model from `learnRouting`, by the ids of the router's targets or the cascade's steps.
 * @throws {SluiceError} `config.strategy` when the model lacks a target, or a price is missing; `config.option`.
 *
 * @example
 * import { readFileSync } from 'node:fs'
 * import { createPriceBook } from '@sluice/core/prices'
 *
 * const model = learnRouting(JSON.parse(readFileSync('outcomes.json', 'utf8')))
 * const routed = router({
 *   targets: ['gpt-5-mini', 'gpt-5'],
 *   strategy: learned(model, { worthUsd: 0.02 }),
 *   price: createPriceBook().price,
 * })
 * const cascaded = cascade({ steps: ['gpt-5-mini', 'gpt-5'], accept: learned(model), floor: 0.8 })
 */
export function learned(model: RoutingModel, options: LearnedOptions = {}): Strategy & Estimator {
  const { worthUsd = Infinity, ...judging } = options
  if (!(typeof worthUsd === 'number' && worthUsd > 0))
    throw new SluiceError({
      code: 'config.option',
      message: `worthUsd of learned() must be US dollars above 0, got ${String(worthUsd)}.`,
    })
  const estimator = learnedEstimator(model, judging)
  const known = new Set(model.targets.map(({ id }) => id))
  return {
    ...estimator,
    check({ targets, price }) {
      for (const { id, price: own } of targets) {
        if (!known.has(id)) throw lacksData('learned', id, `outcomes: the model knows ${[...known].join(', ')}`)
        if (worthUsd !== Infinity && !own && !price) throw lacksData('learned', id, 'a price, or leave worthUsd out')
      }
    },
    score(candidates, query) {
      const { call } = query
      const task = judging.label ? judging.label(call) : call.context.tags?.[0]
      const scores = scoreRouting(model, query.prompt, task === undefined ? {} : { label: task })
      return candidates.map((candidate) => {
        const score = scores[candidate.target.id] ?? 0
        if (worthUsd === Infinity) return score
        return score * worthUsd - (expectedNanoUsd(candidate, query) ?? Infinity) / 1e9
      })
    },
  }
}
