import type * as Obscenity from 'obscenity'
import type { Detector, StreamMode } from './detector.ts'
import { spansVerdict } from './evidence.ts'
import { optionalPeer } from './optional-peer.ts'
import {
  checkNames,
  checkOneOf,
  checkStreamMode,
  checkTexts,
  findModes,
  type FindMode,
  refuse,
  shown,
  streamModeOf,
} from './option-checks.ts'

export interface ProfanityOptions {
  /** @default 'redact' */
  readonly mode?: FindMode
  /** Words and phrases that may be said. @default none */
  readonly allow?: readonly string[]
  /** Words to find beside those of the list, in the syntax of `obscenity`: `|` for the border of a word, `?` for any character, `[s]` for what may be left out. */
  readonly deny?: readonly string[]
  /** How to run on streams: repeated letters make a word as long as one likes. @default that of the guard */
  readonly streamMode?: StreamMode
}

/**
 * Detector of English swear words, also where letters are repeated or written with look-alikes (`fuuuck`, `sh1t`). Needs the
 * package `obscenity`. Redacted words become `[PROFANITY]`. It knows words, no intent: insults without one pass.
 *
 * @throws {SluiceError} `config.peer` without the package; `config.option`
 */
export function profanity(options: ProfanityOptions = {}): Detector {
  const where = 'profanity()'
  checkNames(where, options, ['mode', 'allow', 'deny', 'streamMode'])
  const { mode = 'redact', allow = [], deny = [], streamMode } = options
  checkOneOf(where, 'mode', mode, findModes)
  checkTexts(where, 'allow', allow, { mayBeEmpty: true })
  checkTexts(where, 'deny', deny, { mayBeEmpty: true })
  checkStreamMode(where, streamMode)
  const peer = optionalPeer<typeof Obscenity>(where, 'obscenity')
  const list = peer.englishDataset.build()
  const firstOwn = Math.max(...list.blacklistedTerms.map(({ id }) => id)) + 1
  let matcher: InstanceType<typeof peer.RegExpMatcher>
  try {
    const own = deny.map((term, index) => ({ id: firstOwn + index, pattern: peer.parseRawPattern(term) }))
    matcher = new peer.RegExpMatcher({
      ...list,
      ...peer.englishRecommendedTransformers,
      blacklistedTerms: [...list.blacklistedTerms, ...own],
      whitelistedTerms: [...(list.whitelistedTerms ?? []), ...allow],
    })
  } catch (error) {
    refuse(
      `deny of profanity() has a word that obscenity cannot read: ${error instanceof Error ? error.message : shown(error)}`,
    )
  }
  return {
    name: 'profanity',
    actions: [mode],
    ...streamModeOf(streamMode),
    check: (text) =>
      spansVerdict(
        mode,
        matcher.getAllMatches(text, true).map(({ startIndex, endIndex }) => ({
          start: startIndex,
          end: endIndex + 1,
          rule: 'profanity',
          replacement: '[PROFANITY]',
        })),
      ),
  }
}
