import type { Detector, StreamMode } from '../detector.ts'
import { detectorError } from '../errors.ts'
import {
  checkNames,
  checkNumber,
  checkOneOf,
  checkStreamMode,
  isPlain,
  judgeModes,
  type JudgeMode,
  refuse,
  streamModeOf,
} from '../option-checks.ts'
import { asked, noVerdict } from './chat-client.ts'
import { highest, type LabelScores, scoredVerdict } from './scored-verdict.ts'
import { checkCache, verdictCache, type VerdictCacheOptions } from './verdict-cache.ts'
import { windowsOf } from './windows.ts'

/** An OpenAI client of any version that has `moderations`. */
export interface ModerationsClient {
  readonly moderations: { create(body: never, options?: never): PromiseLike<unknown> }
}

export interface ModerationOptions {
  /** @default 'omni-moderation-latest' */
  readonly model?: string
  /**
   * Scores from which a text is found, by category: `{ violence: 0.6, 'self-harm/intent': 0.2 }`; categories without one
   * are left out of account; one that the endpoint does not have fails. @default what the endpoint itself flags
   */
  readonly thresholds?: Readonly<Record<string, number>>
  /** @default 'block' */
  readonly mode?: JudgeMode
  readonly cache?: VerdictCacheOptions
  /** @default that of the guard */
  readonly onError?: 'closed' | 'open'
  /** How to run on streams. @default that of the guard */
  readonly streamMode?: StreamMode
}

interface ModerationAnswer {
  readonly results?: readonly {
    readonly flagged: boolean
    readonly categories: Readonly<Record<string, boolean | null>>
    readonly category_scores: LabelScores
  }[]
}

interface Judged {
  readonly scores: LabelScores
  readonly flagged: readonly string[]
}

/** Longer texts are judged in pieces, all in one request. */
const pieceCharacters = 8_000
const overlap = 200

/**
 * Detector that asks OpenAI's moderation endpoint. Its rules are the categories of that endpoint (`hate`,
 * `self-harm/intent`, …). The endpoint is free and takes some 100 to 300 ms; the text goes to OpenAI.
 *
 * There is no local detector of harmful content here: word lists catch some 14 % of it at 12 % false alarms.
 *
 * @throws {SluiceError} `config.option` at construction; `guard.model`, `guard.no_verdict` in a check, `guard.classifier` for a category
 * that the endpoint does not have
 *
 * @example
 * guards({ input: [moderation(new OpenAI())] })
 */
export function moderation(client: ModerationsClient, options: ModerationOptions = {}): Detector {
  const {
    model = 'omni-moderation-latest',
    thresholds,
    mode = 'block',
    cache,
    onError,
    streamMode,
  } = checked(client, options)
  const verdicts = verdictCache<Judged>(cache)

  async function ask(text: string, signal: AbortSignal | undefined): Promise<Judged> {
    const body = { model, input: windowsOf(text, pieceCharacters, overlap) }
    const options = signal ? { signal } : {}
    const { results } = await asked<ModerationAnswer>(
      () => client.moderations.create(body as never, options as never),
      signal,
    )
    if (!Array.isArray(results) || results.length !== body.input.length) throw noVerdict('no results')
    const flagged = results.flatMap(({ categories }) =>
      Object.keys(categories).filter((name) => categories[name] === true),
    )
    const scores = highest(results.map((each) => each.category_scores))
    const strange = Object.keys(thresholds ?? {}).find((category) => !Object.hasOwn(scores, category))
    if (strange !== undefined)
      throw detectorError({
        code: 'guard.classifier',
        message: `moderation() has a threshold for "${strange}", and ${model} no such category. Its categories are ${Object.keys(scores).join(', ')}.`,
        status: 502,
      })
    return { scores, flagged: [...new Set(flagged)] }
  }

  return {
    name: 'moderation',
    effort: 'model',
    actions: [mode],
    ...(onError && { onError }),
    ...streamModeOf(streamMode),
    async check(text, { signal, clock }) {
      const { value } = await verdicts.get([text], () => ask(text, signal), { signal, clock })
      const { scores, flagged } = value
      return thresholds ? scoredVerdict(mode, scores, thresholds) : scoredVerdict(mode, scores, 0, flagged)
    },
  }
}

function checked(client: unknown, options: ModerationOptions): ModerationOptions {
  const where = 'moderation()'
  if (typeof (client as ModerationsClient | null)?.moderations?.create !== 'function')
    refuse('moderation() needs a client with moderations: moderation(new OpenAI()).')
  checkNames(where, options, ['model', 'thresholds', 'mode', 'cache', 'onError', 'streamMode'])
  const { model, thresholds, mode, onError } = options
  if (model !== undefined && (typeof model !== 'string' || model === ''))
    refuse('model of moderation() must be a text.')
  if (thresholds !== undefined) {
    if (!isPlain(thresholds) || Object.keys(thresholds).length === 0)
      refuse('thresholds of moderation() must name categories: { violence: 0.6 }.')
    for (const [category, threshold] of Object.entries(thresholds))
      checkNumber(`thresholds of ${where}`, category, threshold, { min: 0, max: 1, fraction: true })
  }
  if (mode !== undefined) checkOneOf(where, 'mode', mode, judgeModes)
  if (onError !== undefined) checkOneOf(where, 'onError', onError, ['closed', 'open'])
  checkCache(where, options.cache)
  checkStreamMode(where, options.streamMode)
  return options
}
