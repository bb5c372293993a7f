import { allowed, type Detector, type DetectorContext, type Span, type StreamMode, type Verdict } from '../detector.ts'
import { spansVerdict } from '../evidence.ts'
import { type AskBudget, askMeter, type AskPrice, checkBudget } from '../model/ask-budget.ts'
import { askModel, checkClient, type GuardModelClient, noVerdict } from '../model/chat-client.ts'
import { judging, readVerdict, shortened } from '../model/judging.ts'
import {
  checkNames,
  checkOneOf,
  checkStreamMode,
  findModes,
  type FindMode,
  refuse,
  streamModeOf,
} from '../option-checks.ts'
import { type Claim, type ClaimKind, claimsIn, readSources } from './claims.ts'

/** A model that looks again at the sentences in doubt. */
export interface GroundedJudge {
  readonly client: GuardModelClient
  readonly model: string
  readonly budget?: AskBudget
  readonly price?: AskPrice
  /** The most that is shown of the sources; of longer ones their beginning and their end. @default 40000 */
  readonly maxCharacters?: number
}

export interface GroundedOptions {
  /** What answers may rest on. @default what the request brought: its system and user texts, documents and results of tools */
  readonly sources?: readonly string[] | ((context: DetectorContext) => readonly string[])
  /** What is looked up. @default ['number', 'date', 'name', 'quote'] */
  readonly claims?: readonly ClaimKind[]
  /** What to do about what no source has. Redacting replaces it by `[UNSUPPORTED]`. @default 'warn' */
  readonly mode?: FindMode
  /** Asked about sentences with something that no source has, and about those only. @default none */
  readonly judge?: GroundedJudge
  /** How to run on streams. @default that of the guard */
  readonly streamMode?: StreamMode
}

const kinds: readonly ClaimKind[] = ['number', 'date', 'name', 'quote']

/**
 * Detector of numbers, dates, names and quotes in an answer that no source has: without a model, in microseconds, and it says
 * which. Numbers may be rounded, written with other separators, in words up to twenty or as per cent; dates may have another
 * form; names must have all their words in the sources; quotes of three words or more (shorter ones are terms)
 * must stand there word for word. Rules: `number`, `date`,
 * `name`, `quote`.
 *
 * It does not see a wrong claim made of words that the sources have (a swapped name, a left-out "not"), and takes what is
 * computed from the sources (a sum, a share) for unsupported. A `judge` clears up the second, not the first. Where there are
 * no sources, it allows.
 *
 * @throws {SluiceError} `config.option` at construction; with a judge `guard.budget`, `guard.model`, `guard.no_verdict`
 *
 * @example
 * grounded({ sources: [article], judge: { client: new OpenAI(), model: 'gpt-5-nano' } })
 */
export function grounded(options: GroundedOptions = {}): Detector {
  const { sources, claims = kinds, mode = 'warn', judge, streamMode } = checked(options)
  const wanted = new Set(claims)
  const fixed = Array.isArray(sources) ? readSources(sources) : undefined
  const second = judge && judgeWith(judge)
  return {
    name: 'grounded',
    ...(judge && { effort: 'model' as const }),
    actions: [mode],
    ...streamModeOf(streamMode),
    check(text, context): Verdict | Promise<Verdict> {
      const texts = typeof sources === 'function' ? sources(context) : (sources ?? fromPrompt(context))
      if (texts.length === 0) return allowed
      const all = claimsIn(text, fixed ?? readSources(texts), wanted)
      const doubtful = all.filter(({ isSupported }) => !isSupported)
      if (!second || doubtful.length === 0) return verdictOn(doubtful, all.length)
      return second(text, doubtful, texts, context).then(({ unsupported, costNanoUsd }) => ({
        ...verdictOn(unsupported, all.length),
        costNanoUsd,
      }))
    },
  }

  function verdictOn(unsupported: readonly Claim[], all: number): Verdict {
    const score = all === 0 ? 0 : Math.min(1, 0.5 + unsupported.length / all / 2)
    return spansVerdict(
      mode,
      unsupported.map(({ start, end, kind }): Span => ({
        start,
        end,
        rule: kind,
        score,
        replacement: '[UNSUPPORTED]',
      })),
    )
  }
}

type Judged = Promise<{ readonly unsupported: readonly Claim[]; readonly costNanoUsd: number }>

const schema = {
  type: 'object',
  properties: { mark: { type: 'string' }, unsupported: { type: 'array', items: { type: 'integer' } } },
  required: ['mark', 'unsupported'],
  additionalProperties: false,
}

/** Asks once about all sentences that have something in doubt. */
function judgeWith(judge: GroundedJudge) {
  const { client, model, budget = {}, price, maxCharacters = 40_000 } = judge
  const meter = askMeter('grounded', budget, price)
  const segmenter = new Intl.Segmenter(undefined, { granularity: 'sentence' })
  return async (
    text: string,
    doubtful: readonly Claim[],
    sources: readonly string[],
    context: DetectorContext,
  ): Judged => {
    meter.begin(context.clock)
    const sentences = Array.from(segmenter.segment(text), ({ segment, index }) => ({
      segment,
      start: index,
      end: index + segment.length,
    }))
    const asked = sentences.filter(({ start, end }) => doubtful.some((claim) => claim.start < end && start < claim.end))
    const { system, user, mark } = judging(
      [
        'Each numbered sentence is part of an answer that must rest on the sources. A sentence is unsupported if the sources',
        'neither say what it says nor let it be worked out from what they say. Answer with the numbers of those sentences.',
      ],
      {
        sources: shortened(sources.join('\n\n'), maxCharacters),
        sentences: asked.map(({ segment }, index) => `${index + 1}. ${segment.trim()}`).join('\n'),
      },
    )
    const answer = await askModel(client, {
      model,
      system,
      user,
      maxOutputTokens: 1_024,
      schema,
      signal: context.signal,
    })
    const costNanoUsd = meter.book(answer.inputTokens, answer.outputTokens)
    const { unsupported } = readVerdict(answer.text, mark)
    if (!Array.isArray(unsupported)) throw noVerdict('no list of sentences')
    const bad = asked.filter((_, index) => unsupported.includes(index + 1))
    return {
      unsupported: doubtful.filter((claim) => bad.some(({ start, end }) => claim.start < end && start < claim.end)),
      costNanoUsd,
    }
  }
}

function fromPrompt({ prompt = [] }: DetectorContext): string[] {
  return prompt
    .filter(({ role, kind }) => role !== 'assistant' && (kind === 'text' || kind === 'tool_result'))
    .map(({ text }) => text)
}

function checked(options: GroundedOptions): GroundedOptions {
  const where = 'grounded()'
  checkNames(where, options, ['sources', 'claims', 'mode', 'judge', 'streamMode'])
  const { sources, claims, mode, judge, streamMode } = options
  const isList = Array.isArray(sources) && sources.every((source) => typeof source === 'string')
  if (sources !== undefined && typeof sources !== 'function' && !isList)
    refuse('sources of grounded() must be a list of texts or a function that gives one.')
  if (isList && sources.length === 0)
    refuse(
      'sources of grounded() is an empty list, with which it would allow everything. Leave it out to go by the request.',
    )
  if (claims !== undefined) {
    if (!Array.isArray(claims) || claims.length === 0)
      refuse(`claims of grounded() must be some of ${kinds.join(', ')}.`)
    for (const kind of claims) checkOneOf(where, 'claims', kind, kinds)
  }
  if (mode !== undefined) checkOneOf(where, 'mode', mode, findModes)
  if (judge !== undefined) {
    checkNames(`judge of ${where}`, judge, ['client', 'model', 'budget', 'price', 'maxCharacters'])
    checkClient(`judge of ${where}`, judge.client)
    if (typeof judge.model !== 'string' || judge.model === '') refuse('judge of grounded() needs a model.')
    checkBudget(`judge of ${where}`, judge.budget, judge.price)
  }
  checkStreamMode(where, streamMode)
  return options
}
