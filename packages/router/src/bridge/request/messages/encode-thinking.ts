import type { JsonObject } from '@sluice/core'
import type { Losses } from '../../lossy.ts'
import { nearestEffort, type ModelTraits } from '../model-traits.ts'
import type { Effort, Placed, Settings } from '../neutral.ts'
import { budgetOfEffort, leastBudget } from '../thinking-budget.ts'

/** What the rest of the request says that bears on thinking. */
export interface ThinkingContext {
  readonly traits: ModelTraits
  /** The limit of the answer, tokens, which thinking counts against; not `given` where the bridge chose it. */
  readonly maxTokens: number
  readonly given: boolean
  /** The model must call a tool: Claude cannot think then. */
  readonly forced: boolean
  /** The answer continues a turn of calls without its thinking, which a budget does not allow. */
  readonly continues: boolean
}

/** How a Claude model is to think: its `thinking`, its effort, and the limit of the answer that this takes. */
export interface Thinking {
  readonly thinking?: JsonObject
  readonly effort?: Effort
  readonly maxTokens: number
}

/** What every Claude model that thinks by a budget may answer at most, tokens. */
const leastMostOutput = 32_000

/**
 * Turns a reasoning effort into what Claude takes. Since Claude 4.6 that is an effort of its own, with `minimal` sent as
 * `low`, and adaptive thinking; before, a number of tokens for each effort, which a given limit of the answer bounds at
 * three quarters of it, and which comes on top of a limit that the bridge chose. `none` switches thinking off.
 */
export function thinkingOf(settings: Settings, context: ThinkingContext, losses: Losses): Thinking {
  const wanted = settings.take('effort')
  const summary = settings.take('reasoningSummary')
  const display = summary && { display: 'summarized' }
  const found = wanted ? byEffort(wanted, display, context, losses) : byDisplay(display, context)
  if (summary && found.thinking?.['display'] === undefined)
    losses.drop(summary.path, 'Left out: the model does not think in this request.')
  else if (summary && summary.value !== 'auto')
    losses.change(summary.path, 'Sent as summarized thinking, whose length Claude chooses.')
  return found
}

function byEffort(
  wanted: Placed<Effort>,
  display: JsonObject | undefined,
  context: ThinkingContext,
  losses: Losses,
): Thinking {
  const { traits, maxTokens } = context
  const level = effortFor(wanted.value, traits)
  if (level === undefined) {
    if (wanted.value !== 'none') losses.drop(wanted.path, 'Left out: the model does not think.')
    return { maxTokens }
  }
  if (level !== wanted.value) losses.change(wanted.path, `Sent as the effort ${level}.`)
  if (level === 'none') return { thinking: { type: 'disabled' }, maxTokens }
  if (traits.thinking === 'budget') return byBudget({ ...wanted, value: level }, display, context, losses)
  // The effort holds for the whole answer; thinking is not asked for when a tool must be called or none was wanted.
  const thinks = !context.forced && wanted.value !== 'none'
  return { ...(thinks && { thinking: { type: 'adaptive', ...display } }), effort: level, maxTokens }
}

/** The effort that the model takes; with a budget every effort but `none` is a number of tokens. */
function effortFor(effort: Effort, traits: ModelTraits): Effort | undefined {
  const known = traits.thinking === 'budget' ? traits.efforts : traits.efforts.filter((one) => one !== 'minimal')
  return nearestEffort(effort, known)
}

/** Only that thinking is to be shown, not how much of it there is to be. */
function byDisplay(display: JsonObject | undefined, { traits, forced, maxTokens }: ThinkingContext): Thinking {
  const can = traits.thinking === 'adaptive' && traits.efforts.length > 0 && !forced
  return { ...(display && can && { thinking: { type: 'adaptive', ...display } }), maxTokens }
}

function byBudget(
  { value, path }: Placed<Exclude<Effort, 'none'>>,
  display: JsonObject | undefined,
  { maxTokens, given, forced, continues }: ThinkingContext,
  losses: Losses,
): Thinking {
  const wanted = budgetOfEffort(value)
  const room = given ? Math.floor(maxTokens * 0.75) : leastMostOutput - maxTokens
  const budget = Math.min(wanted, room)
  const because = forced
    ? 'Claude does not think when it must call a tool'
    : continues
      ? 'Claude cannot begin to think in the middle of a turn of calls'
      : budget < leastBudget && `its limit of ${maxTokens} tokens leaves no room to think`
  if (because) {
    losses.drop(path, `Left out: ${because}.`)
    return { maxTokens }
  }
  if (budget < wanted) losses.change(path, `Sent as ${budget} tokens of thinking, which is all that the limit allows.`)
  return {
    thinking: { type: 'enabled', budget_tokens: budget, ...display },
    maxTokens: given ? maxTokens : maxTokens + budget,
  }
}
