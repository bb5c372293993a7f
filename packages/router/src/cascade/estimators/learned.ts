import type { Call } from '@sluice/core'
import { refuse } from '../../health/option-check.ts'
import type { RoutingModel } from '../../learn/model.ts'
import { scoreRouting } from '../../learn/score-routing.ts'
import { RouteQuery } from '../../route/query.ts'
import type { Estimator } from '../estimator.ts'

/** Settings of {@link learnedEstimator}. */
export interface LearnedEstimatorOptions {
  /**
   * The model's name for the target that answers otherwise: the score is then 1 − what asking it is expected to gain,
   * which ranks requests better than the step's own expected score.
   * @default none: the expected score of the step's answer
   */
  readonly against?: string
  /** The model's name for the step that is judged. @default the step's id */
  readonly target?: string
  /** The task label of a call, as in the outcomes that the model was learned from. @default the first of `context.tags` */
  readonly label?: (call: Call) => string | undefined
}

/**
 * An estimator learned from outcomes with `learnRouting`: what to expect of the step on this prompt, and on this answer
 * where the model was learned with the step's answers (`answerOf`). Tens of microseconds, no request. Scores beyond 0..1
 * are cut to it: learn from scores on that scale.
 *
 * @throws {SluiceError} `config.option` for a model that does not know the step, when the cascade is made.
 */
export function learnedEstimator(model: RoutingModel, options: LearnedEstimatorOptions = {}): Estimator {
  const { against, target, label, ...unknown } = options
  for (const option of Object.keys(unknown))
    refuse(`learned() has no option "${option}". The options are against, target, label, worthUsd.`)
  if (model?.kind !== 'sluice.routing-model') refuse('learned() takes a routing model as learnRouting() returns it.')
  if (label !== undefined && typeof label !== 'function') refuse('label of learned() must be a function of the call.')
  const ids = model.targets.map(({ id }) => id)
  const known = (id: string, what: string): void => {
    if (!ids.includes(id)) refuse(`${what} "${id}" is not one of the routing model's targets: ${ids.join(', ')}.`)
  }
  if (against !== undefined) known(against, 'against')
  if (target !== undefined) known(target, 'target')
  return {
    name: 'learned',
    checkStep: ({ id }) => known(target ?? id, 'The step'),
    async estimate({ call, text, step }) {
      const id = target ?? step.id
      const task = label ? label(call) : call.context.tags?.[0]
      const { prompt } = new RouteQuery(call, { group: undefined, bond: undefined, nowMs: 0, isPeek: true })
      const scores = scoreRouting(model, prompt, {
        ...(task !== undefined && { label: task }),
        ...(model.answerOf === id && { answer: text }),
      })
      const own = scores[id] ?? 0
      const score = against === undefined ? own : 1 - ((scores[against] ?? 0) - own)
      return Math.min(1, Math.max(0, score))
    },
  }
}
