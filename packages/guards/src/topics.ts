import { allowed, type Detector, type StreamMode } from './detector.ts'
import { ruleVerdict, spansVerdict } from './evidence.ts'
import {
  checkNames,
  checkNumber,
  checkOneOf,
  checkStreamMode,
  checkTexts,
  findModes,
  type FindMode,
  isPlain,
  refuse,
  shown,
  streamModeOf,
} from './option-checks.ts'
import { phraseMatcher } from './phrases/phrase-matcher.ts'
import { wordsOf } from './phrases/words.ts'

/** Topics by name, each with the words and phrases that tell of it; `vaccin*` stands for all words that begin like it. */
export type TopicList = Readonly<Record<string, readonly string[]>>

export interface TopicsOptions {
  /** Topics that a text must not be about: one phrase is enough. */
  readonly deny?: TopicList
  /** Topics of which a text must be about one; it is judged whole, and only from `minWords` on. */
  readonly allow?: TopicList
  /** Words below which `allow` lets a text pass: "yes, the second one" is about nothing. @default 4 */
  readonly minWords?: number
  /** What to do. Redacting replaces the phrases of denied topics and can do nothing about `allow`. @default 'block' */
  readonly mode?: FindMode
  /** How to run on streams where `allow` is given. @default that of the guard */
  readonly streamMode?: StreamMode
}

/**
 * Detector of topics by the words and phrases that tell of them, whole words in any case. It knows no meaning: what is said
 * in other words passes, and what is quoted does not. Where that matters, ask a model: `llmDetector`.
 *
 * A denied phrase fires the rule of its topic's name; a text about none of the topics in `allow`, the rule `off_topic`.
 * With `deny` alone it runs on streams as they come.
 *
 * @throws {SluiceError} `config.option`
 *
 * @example
 * topics({ deny: { medical: ['diagnos*', 'side effects'], legal: ['sue', 'lawsuit'] } })
 */
export function topics(options: TopicsOptions): Detector {
  const { deny, allow, minWords = 4, mode = 'block', streamMode } = checked(options)
  const denied = phraseMatcher(phrasesOf(deny ?? {}))
  const wanted = allow && phraseMatcher(phrasesOf(allow))
  return {
    name: 'topics',
    actions: [mode],
    check(text) {
      const spans = denied.find(text).map(({ start, end, label }) => ({
        start,
        end,
        rule: label,
        replacement: '[TOPIC]',
      }))
      if (spans.length > 0) return spansVerdict(mode, spans)
      if (!wanted || wanted.find(text).length > 0 || wordsOf(text).count < minWords) return allowed
      return ruleVerdict(mode, ['off_topic'], 'about none of the allowed topics', 0.6)
    },
    ...(wanted
      ? streamModeOf(streamMode)
      : { stream: { maxMatch: denied.maxMatch, lookBack: denied.maxMatch, couldGrow: (tail) => denied.openAt(tail) } }),
  }
}

function* phrasesOf(topics: TopicList): Generator<readonly [phrase: string, label: string]> {
  for (const [topic, phrases] of Object.entries(topics)) for (const phrase of phrases) yield [phrase, topic]
}

function checked(options: TopicsOptions): TopicsOptions {
  const where = 'topics()'
  checkNames(where, options, ['deny', 'allow', 'minWords', 'mode', 'streamMode'])
  const { deny, allow, minWords, mode, streamMode } = options
  if (deny === undefined && allow === undefined)
    refuse('topics() needs deny or allow: topics({ deny: { legal: ["lawsuit"] } }).')
  for (const [name, list] of Object.entries({ deny, allow })) {
    if (list === undefined) continue
    if (!isPlain(list) || Object.keys(list).length === 0)
      refuse(`${name} of topics() must name topics with their phrases: { legal: ['lawsuit'] }.`)
    for (const [topic, phrases] of Object.entries(list)) {
      checkTexts(where, `${name}.${topic}`, phrases)
      const empty = phrases.find((phrase) => wordsOf(phrase).count === 0)
      if (empty !== undefined) refuse(`${name}.${topic} of topics() has a phrase without a word: ${shown(empty)}.`)
    }
  }
  if (minWords !== undefined) checkNumber(where, 'minWords', minWords, { min: 0 })
  if (mode !== undefined) checkOneOf(where, 'mode', mode, findModes)
  if (mode === 'redact' && allow !== undefined)
    refuse('topics() cannot redact what is off topic: leave out allow, or block or warn.')
  checkStreamMode(where, streamMode)
  return options
}
