import type { Losses } from '../lossy.ts'
import type { ModelTraits } from './model-traits.ts'
import type { Settings } from './neutral.ts'

/**
 * Writes `temperature` and `top_p`, as far as the model takes them. `maxTemperature`: where the dialect's scale ends.
 * Claude takes neither, but for values next to 1, while it thinks.
 */
export function writeSampling(
  out: Record<string, unknown>,
  settings: Settings,
  losses: Losses,
  how: { readonly traits: ModelTraits; readonly maxTemperature: number; readonly thinking?: boolean },
): void {
  const { sampling } = how.traits
  const temperature = settings.take('temperature')
  const topP = settings.take('topP')
  const closed = sampling === 'none' ? 'the model takes no temperature and no top_p' : undefined
  const because = closed ?? (how.thinking ? 'the model takes none while it thinks' : undefined)
  // 1 is what the model does anyway.
  if (temperature && because && temperature.value !== 1) losses.drop(temperature.path, `Left out: ${because}.`)
  else if (temperature && !because) {
    out['temperature'] = Math.min(temperature.value, how.maxTemperature)
    if (temperature.value > how.maxTemperature)
      losses.change(temperature.path, `Lowered to ${how.maxTemperature}, where the scale of the other dialect ends.`)
  }
  if (!topP || (because && topP.value >= 0.99)) return
  if (closed || (how.thinking && topP.value < 0.95)) losses.drop(topP.path, `Left out: ${because}.`)
  else if (sampling === 'one' && 'temperature' in out)
    losses.drop(topP.path, 'Left out: the model takes temperature or top_p, not both.')
  else out['top_p'] = topP.value
}
