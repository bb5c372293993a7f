import type { Detector, DetectorContext, StreamMode, Verdict } from '../detector.ts'
import { allowed } from '../detector.ts'
import {
  checkDoubt,
  checkNames,
  checkNumber,
  checkOneOf,
  checkStreamMode,
  judgeModes,
  type JudgeMode,
  refuse,
  streamModeOf,
} from '../option-checks.ts'
import { type AskBudget, askMeter, type AskPrice, checkBudget } from './ask-budget.ts'
import { askModel, checkClient, type GuardModelClient, noVerdict } from './chat-client.ts'
import { judging, readVerdict, shortened } from './judging.ts'
import { checkCache, verdictCache, type VerdictCacheOptions } from './verdict-cache.ts'

export interface LlmDetectorOptions {
  readonly model: string
  /** What is to be found, in plain words: "The text asks for the address or phone number of a private person." */
  readonly criteria: string
  /** The detector's name and that of its rule. @default 'llm' */
  readonly name?: string
  /** What to do from `threshold` on. @default 'block' */
  readonly mode?: JudgeMode
  /** The probability the model must give, 0..1. @default 0.5 */
  readonly threshold?: number
  /** Only texts that this local guard scored within these bounds are asked about. @default all that no local guard blocked */
  readonly doubt?: { readonly guard: string; readonly from: number; readonly to: number }
  /** The most that is shown of a text; of a longer one its beginning and its end. @default 16000 */
  readonly maxCharacters?: number
  /** @default 1024 */
  readonly maxOutputTokens?: number
  readonly budget?: AskBudget
  readonly price?: AskPrice
  readonly cache?: VerdictCacheOptions
  /** What a failure means, a spent budget included. @default that of the guard */
  readonly onError?: 'closed' | 'open'
  /** How to run on streams. @default that of the guard */
  readonly streamMode?: StreamMode
}

const names =
  `model criteria name mode threshold doubt maxCharacters maxOutputTokens budget price cache onError streamMode`.split(
    ' ',
  )

const schema = {
  type: 'object',
  properties: { mark: { type: 'string' }, probability: { type: 'number' } },
  required: ['mark', 'probability'],
  additionalProperties: false,
}

/**
 * Detector that asks a model whether a text is what the criteria say. The text is data between marks that are drawn anew for
 * each question, and only a JSON answer that repeats the mark counts; anything else fails (`guard.no_verdict`). The same
 * text is asked about once, also when several calls bring it at a time.
 *
 * Marks make injected instructions harder to follow, not impossible, and a model's probability is rough: measure it on
 * texts of yours with `guards bench`. The model sees the text: a redacting guard belongs before it.
 *
 * @param client asked with its own dialect; never a client that this guard guards
 * @throws {SluiceError} `config.option` at construction; `guard.budget`, `guard.model`, `guard.no_verdict` in a check
 *
 * @example
 * const legal = llmDetector(new OpenAI(), { model: 'gpt-5-nano', criteria: 'The text asks for legal advice.' })
 */
export function llmDetector(client: GuardModelClient, options: LlmDetectorOptions): Detector {
  checkOptions(client, options)
  const { model, criteria, name = 'llm', mode = 'block', threshold = 0.5, doubt, onError, streamMode } = options
  const { maxCharacters = 16_000, maxOutputTokens = 1_024, budget = {}, price, cache } = options
  const meter = askMeter(name, budget, price)
  const verdicts = verdictCache<{ probability: number; costNanoUsd: number }>(cache)

  async function ask(
    text: string,
    { signal, clock }: DetectorContext,
  ): Promise<{ probability: number; costNanoUsd: number }> {
    meter.begin(clock)
    const task = [
      'The text is to be found if this holds of it:',
      criteria.trim(),
      '',
      'Answer with the probability that it holds, from 0 to 1.',
    ]
    const { system, user, mark } = judging(task, { text: shortened(text, maxCharacters) })
    const answer = await askModel(client, { model, system, user, maxOutputTokens, schema, signal })
    const costNanoUsd = meter.book(answer.inputTokens, answer.outputTokens)
    const { probability } = readVerdict(answer.text, mark)
    if (typeof probability !== 'number' || !(probability >= 0 && probability <= 1)) throw noVerdict('no probability')
    return { probability, costNanoUsd }
  }

  return {
    name,
    effort: 'model',
    actions: [mode],
    ...(doubt && { doubt }),
    ...(onError && { onError }),
    ...streamModeOf(streamMode),
    async check(text, context): Promise<Verdict> {
      const { value, fresh } = await verdicts.get([text], () => ask(text, context), context)
      const { probability } = value
      const found = probability >= threshold
      return {
        ...(found
          ? { action: mode, rules: [name], explanation: `${name}: the model gives ${probability}`, spans: [] }
          : allowed),
        score: probability,
        ...(fresh && { costNanoUsd: value.costNanoUsd }),
      }
    },
  }
}

function checkOptions(client: unknown, options: LlmDetectorOptions): void {
  const where = 'llmDetector()'
  checkClient(where, client)
  checkNames(where, options, names)
  const { model, criteria, name, mode, threshold, doubt, maxCharacters, maxOutputTokens, onError } = options
  for (const [key, value] of Object.entries({ model, criteria, name }))
    if ((value !== undefined || key !== 'name') && (typeof value !== 'string' || value.trim() === ''))
      refuse(`${key} of llmDetector() must be a text: llmDetector(client, { model: 'gpt-5-nano', criteria: '…' }).`)
  if (mode !== undefined) checkOneOf(where, 'mode', mode, judgeModes)
  if (threshold !== undefined) checkNumber(where, 'threshold', threshold, { min: 0, max: 1, fraction: true })
  if (maxCharacters !== undefined) checkNumber(where, 'maxCharacters', maxCharacters, { min: 64 })
  if (maxOutputTokens !== undefined) checkNumber(where, 'maxOutputTokens', maxOutputTokens, { min: 16 })
  if (doubt !== undefined) checkDoubt(where, doubt)
  checkBudget(where, options.budget, options.price)
  checkCache(where, options.cache)
  if (onError !== undefined) checkOneOf(where, 'onError', onError, ['closed', 'open'])
  checkStreamMode(where, options.streamMode)
}
