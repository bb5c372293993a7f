import type { Losses } from '../lossy.ts'
import { nearestEffort, type ModelTraits } from './model-traits.ts'
import type { Effort, Settings } from './neutral.ts'
import { effortOfBudget } from './thinking-budget.ts'

/**
 * The reasoning effort to ask an OpenAI model for. A number of thinking tokens becomes the effort whose own number is
 * the largest below it, unless the request states an effort as well.
 */
export function takeEffort(settings: Settings, traits: ModelTraits, losses: Losses): Effort | undefined {
  const stated = settings.take('effort')
  const placed = stated ?? settings.take('thinkingTokens')
  if (!placed) return undefined
  const { path } = placed
  const { effort, exact } = stated ? { effort: stated.value, exact: true } : effortOfBudget(placed.value as number)
  const nearest = nearestEffort(effort, traits.efforts)
  if (nearest === undefined) {
    if (effort !== 'none') losses.drop(path, 'Left out: the model does not reason.')
  } else if (nearest !== effort || !exact) losses.change(path, `Sent as the reasoning effort ${nearest}.`)
  return nearest
}
