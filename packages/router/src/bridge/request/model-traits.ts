import type { Effort } from './neutral.ts'

/** What a model takes of the settings that the models of one dialect do not all take. */
export interface ModelTraits {
  /** Which of `temperature` and `top_p` it takes: both, only one of the two in a request, or none. */
  readonly sampling: 'both' | 'one' | 'none'
  /** The reasoning efforts that it takes; none at all for a model that does not reason. */
  readonly efforts: readonly Effort[]
  /** How a Claude model is told to think: by effort, or by a number of tokens as before Claude 4.6. */
  readonly thinking: 'adaptive' | 'budget'
  /** Whether a Claude model takes a system message in the middle of a conversation. */
  readonly systemTurns: boolean
}

const everyEffort: readonly Effort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']

/** The traits of a model of which nothing is known: it is taken to take everything but system turns. */
export const unknownModel: ModelTraits = {
  sampling: 'both',
  efforts: everyEffort,
  thinking: 'adaptive',
  systemTurns: false,
}

/**
 * The traits of a model of OpenAI or Anthropic by its name, as the providers documented them in November 2026. A name
 * that is none of this vendor's is that of an unknown model.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/effort
 * @see https://platform.claude.com/docs/en/build-with-claude/mid-conversation-system-messages
 */
export function traitsOf(vendor: 'openai' | 'anthropic', model: string | undefined): ModelTraits {
  if (model === undefined) return unknownModel
  if (vendor === 'anthropic') return model.includes('claude') ? claudeTraits(model) : unknownModel
  const name = model.slice(model.lastIndexOf('/') + 1)
  if (/^o\d/.test(name)) return { ...unknownModel, sampling: 'none', efforts: ['low', 'medium', 'high'] }
  const [, major, minor = '0'] = /^(?:chat)?gpt-(\d+)(?:\.(\d+))?/.exec(name) ?? []
  return major === undefined ? unknownModel : gptTraits(Number(major) * 100 + Number(minor))
}

function gptTraits(version: number): ModelTraits {
  if (version < 500) return { ...unknownModel, efforts: [] }
  if (version === 500) return { ...unknownModel, sampling: 'none', efforts: ['minimal', 'low', 'medium', 'high'] }
  const most: readonly Effort[] = version < 502 ? [] : version < 506 ? ['xhigh'] : ['xhigh', 'max']
  return { ...unknownModel, sampling: 'none', efforts: ['none', 'low', 'medium', 'high', ...most] }
}

function claudeTraits(model: string): ModelTraits {
  const [, family = '', major, minor = '0'] = /claude-(?:([a-z]+)-)?(\d{1,2})(?:[-.](\d{1,2}))?(?!\d)/.exec(model) ?? []
  // A name without a number is a preview of what comes next.
  const version = major === undefined ? 9900 : Number(major) * 100 + Number(minor)
  const hosted = model.includes('anthropic.') || model.includes('@')
  return {
    sampling: version > 406 ? 'none' : version > 400 ? 'one' : 'both',
    efforts: claudeEfforts(family, version),
    thinking: version < 406 ? 'budget' : 'adaptive',
    systemTurns: !hosted && (version >= 500 || (family === 'opus' && version >= 408)),
  }
}

function claudeEfforts(family: string, version: number): readonly Effort[] {
  if (version < 307) return []
  if (version < 406) return everyEffort
  const efforts: readonly Effort[] =
    version < 407 ? ['low', 'medium', 'high', 'max'] : ['low', 'medium', 'high', 'xhigh', 'max']
  const always = family === 'fable' || family === 'mythos' || (version >= 505 && family !== 'haiku') || version === 9900
  return always ? efforts : ['none', ...efforts]
}

/** The effort to ask a model for: the same, else the next lower that reasons at all, else the next higher. */
export function nearestEffort(effort: Effort, efforts: readonly Effort[]): Effort | undefined {
  if (efforts.includes(effort)) return effort
  const wanted = everyEffort.indexOf(effort)
  const reasoning = efforts.filter((known) => known !== 'none')
  return reasoning.findLast((known) => everyEffort.indexOf(known) < wanted) ?? reasoning[0]
}
