import { allowed, type Detector, type DetectorContext, type StreamMode } from './detector.ts'
import { detectorError } from './errors.ts'
import { ruleVerdict } from './evidence.ts'
import {
  checkNames,
  checkNumber,
  checkOneOf,
  checkStreamMode,
  judgeModes,
  type JudgeMode,
  refuse,
  shown,
  streamModeOf,
} from './option-checks.ts'

export interface ConfidenceOptions {
  /** The least log-probability (natural, 0 at most) that passes: -0.5 is about 61 % a token. */
  readonly minLogprob: number
  /** What is held against it: the `mean` of all tokens, or the lowest mean of `windowTokens` in a row. @default 'mean' */
  readonly over?: 'mean' | 'window'
  /** @default 8 */
  readonly windowTokens?: number
  /** @default 'warn' */
  readonly mode?: JudgeMode
  /** What an answer without log-probabilities means: it passes, or the guard has failed (`guard.no_logprobs`). @default 'fail' */
  readonly missing?: 'allow' | 'fail'
  /** How to run on streams. @default that of the guard */
  readonly streamMode?: StreamMode
}

/**
 * Detector of answers that the model itself gave little probability. The request has to ask for it (`logprobs: true` in chat,
 * `include: ['message.output_text.logprobs']` in Responses); Anthropic's Messages have none. Its rule is `low_confidence`.
 *
 * Log-probabilities tell how sure the model was of its words, not of what they say: choose `minLogprob` by measuring it on
 * answers of yours.
 *
 * @throws {SluiceError} `config.option` at construction; `guard.no_logprobs` in a check of an answer that has none
 */
export function confidence(options: ConfidenceOptions): Detector {
  const { minLogprob, over = 'mean', windowTokens = 8, mode = 'warn', missing = 'fail', streamMode } = checked(options)
  return {
    name: 'confidence',
    actions: [mode],
    ...streamModeOf(streamMode),
    check(text, context) {
      const logprobs = logprobsOf(text, context)
      if (logprobs === undefined || logprobs.length === 0) {
        if (missing === 'allow') return allowed
        throw detectorError({
          code: 'guard.no_logprobs',
          message:
            'confidence() got an answer without log-probabilities. Ask for them (logprobs: true), check whole answers, or pass { missing: "allow" }.',
          status: 500,
        })
      }
      const lowest = over === 'mean' ? mean(logprobs) : lowestMean(logprobs, windowTokens)
      const score = 1 - Math.exp(Math.min(0, lowest))
      if (lowest >= minLogprob) return { ...allowed, score }
      return ruleVerdict(
        mode,
        ['low_confidence'],
        `${over} of ${lowest.toFixed(2)} a token, at least ${minLogprob}`,
        score,
      )
    },
  }
}

interface TokenLogprob {
  readonly token: string
  readonly logprob: number
}

interface ChatLike {
  readonly choices?: readonly {
    readonly logprobs?: {
      readonly content?: readonly TokenLogprob[] | null
      readonly token_logprobs?: readonly (number | null)[] | null
    } | null
  }[]
}

interface ResponsesLike {
  readonly output?: readonly {
    readonly content?: readonly { readonly text?: string; readonly logprobs?: readonly TokenLogprob[] }[]
  }[]
}

/** Those of the answer's text, in whichever dialect it came. */
function logprobsOf(text: string, { answer, choice = 0 }: DetectorContext): number[] | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined
  const { logprobs } = (answer as ChatLike).choices?.[choice] ?? {}
  const known = logprobs?.content?.map(({ logprob }) => logprob) ?? logprobs?.token_logprobs
  if (known) return known.filter((each) => each !== null)
  const parts = ((answer as ResponsesLike).output ?? []).flatMap(({ content = [] }) => content)
  const part = parts.find((each) => each.text === text) ?? (parts.length === 1 ? parts[0] : undefined)
  return part?.logprobs?.map(({ logprob }) => logprob)
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0) / numbers.length
}

function lowestMean(numbers: readonly number[], width: number): number {
  if (numbers.length <= width) return mean(numbers)
  let sum = numbers.slice(0, width).reduce((total, each) => total + each, 0)
  let lowest = sum
  for (let at = width; at < numbers.length; at += 1) {
    sum += (numbers[at] as number) - (numbers[at - width] as number)
    lowest = Math.min(lowest, sum)
  }
  return lowest / width
}

function checked(options: ConfidenceOptions): ConfidenceOptions {
  const where = 'confidence()'
  checkNames(where, options, ['minLogprob', 'over', 'windowTokens', 'mode', 'missing', 'streamMode'])
  const { minLogprob, over, windowTokens, mode, missing, streamMode } = options
  if (!(typeof minLogprob === 'number' && minLogprob <= 0))
    refuse(`minLogprob of confidence() must be a number of 0 or less, such as -0.5, got ${shown(minLogprob)}.`)
  if (over !== undefined) checkOneOf(where, 'over', over, ['mean', 'window'])
  if (windowTokens !== undefined) checkNumber(where, 'windowTokens', windowTokens, { min: 1 })
  if (mode !== undefined) checkOneOf(where, 'mode', mode, judgeModes)
  if (missing !== undefined) checkOneOf(where, 'missing', missing, ['allow', 'fail'])
  checkStreamMode(where, streamMode)
  return options
}
