import { allowed, type Detector, type StreamMode, type Verdict } from './detector.ts'
import { ruleVerdict } from './evidence.ts'
import {
  checkNames,
  checkNumber,
  checkOneOf,
  checkStreamMode,
  judgeModes,
  type JudgeMode,
  refuse,
  streamModeOf,
} from './option-checks.ts'

export interface LengthLimitOptions {
  /** UTF-16 code units, as `length` counts them. */
  readonly maxCharacters?: number
  readonly minCharacters?: number
  /** Tokens as `estimateTokens` of `@sluice/core/tokens` puts them, which is a few per cent off. */
  readonly maxTokens?: number
  /** What to do about a text that is out of bounds. @default 'block' */
  readonly mode?: JudgeMode
  /** How to run on streams. @default that of the guard */
  readonly streamMode?: StreamMode
}

const limits = ['maxCharacters', 'minCharacters', 'maxTokens'] as const

/**
 * Detector of texts that are too long or too short, each text part by itself. Rules: `too_long`, `too_short`.
 *
 * @throws {SluiceError} `config.option`
 */
export function lengthLimit(options: LengthLimitOptions): Detector {
  const {
    maxCharacters = Infinity,
    minCharacters = 0,
    maxTokens = Infinity,
    mode = 'block',
    streamMode,
  } = checked(options)
  return {
    name: 'length',
    actions: [mode],
    ...streamModeOf(streamMode),
    check(text) {
      const { length } = text
      if (length > maxCharacters)
        return ruleVerdict(mode, ['too_long'], `${length} characters, at most ${maxCharacters}`)
      if (length < minCharacters)
        return ruleVerdict(mode, ['too_short'], `${length} characters, at least ${minCharacters}`)
      // No text has more tokens than bytes.
      return length * 3 <= maxTokens ? allowed : tokenVerdict(text)
    },
  }

  /** The estimator is loaded where it is first needed: it takes a good part of the time that importing this package does. */
  async function tokenVerdict(text: string): Promise<Verdict> {
    const { estimateTokens } = await import('@sluice/core/tokens')
    const tokens = estimateTokens(text)
    if (tokens <= maxTokens) return allowed
    return ruleVerdict(mode, ['too_long'], `about ${tokens} tokens, at most ${maxTokens}`)
  }
}

function checked(options: LengthLimitOptions): LengthLimitOptions {
  const where = 'lengthLimit()'
  checkNames(where, options, [...limits, 'mode', 'streamMode'])
  if (limits.every((name) => options[name] === undefined)) refuse(`lengthLimit() needs one of ${limits.join(', ')}.`)
  for (const name of limits) if (options[name] !== undefined) checkNumber(where, name, options[name], { min: 1 })
  const { maxCharacters = Infinity, minCharacters = 0, mode, streamMode } = options
  if (minCharacters > maxCharacters)
    refuse(`minCharacters of lengthLimit() (${minCharacters}) is more than maxCharacters (${maxCharacters}).`)
  if (mode !== undefined) checkOneOf(where, 'mode', mode, judgeModes)
  checkStreamMode(where, streamMode)
  return options
}
