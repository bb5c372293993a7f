import { allowed, type Detector, type StreamMode } from './detector.ts'
import { ruleVerdict } from './evidence.ts'
import { optionalPeer } from './optional-peer.ts'
import {
  checkNames,
  checkNumber,
  checkOneOf,
  checkStreamMode,
  checkTexts,
  judgeModes,
  type JudgeMode,
  refuse,
  shown,
  streamModeOf,
} from './option-checks.ts'

export interface LanguageOptions {
  /** Languages that may be used, in ISO 639-1: `['en', 'de']`. */
  readonly allow: readonly string[]
  /** Letters below which nothing is said: of a few words, no language can be told. @default 24 */
  readonly minLetters?: number
  /** @default 'block' */
  readonly mode?: JudgeMode
  /** How to run on streams. @default that of the guard */
  readonly streamMode?: StreamMode
}

interface Eld {
  detect(text: string): { readonly language: string; isReliable(): boolean }
  info(): { readonly Languages?: Readonly<Record<string, string>> }
}

/** More of a text says no more about its language. */
const enough = 2_000

/**
 * Detector of texts in another language than those allowed, among the 60 that the package `eld` knows. Its rule is
 * `language`; which language it was is in the explanation. It judges the beginning of a text as one, so a sentence in
 * another language within a text passes, and code and lists of names may be taken for anything: `warn` first.
 *
 * @throws {SluiceError} `config.peer` without the package; `config.option`
 */
export function language(options: LanguageOptions): Detector {
  const where = 'language()'
  checkNames(where, options, ['allow', 'minLetters', 'mode', 'streamMode'])
  const { allow, minLetters = 24, mode = 'block', streamMode } = options
  checkTexts(where, 'allow', allow)
  const unknown = allow.find((code) => !/^[a-z]{2}$/.test(code))
  if (unknown !== undefined) refuse(`allow of language() takes codes of ISO 639-1 such as "en", got ${shown(unknown)}.`)
  checkNumber(where, 'minLetters', minLetters, { min: 1 })
  checkOneOf(where, 'mode', mode, judgeModes)
  checkStreamMode(where, streamMode)
  const { eld } = optionalPeer<{ readonly eld: Eld }>(where, 'eld', '/small')
  const known = Object.values(eld.info().Languages ?? {})
  const strange = known.length > 0 ? allow.find((code) => !known.includes(code)) : undefined
  // A language that is never told would leave every text in it blocked.
  if (strange !== undefined)
    refuse(`allow of language() names ${shown(strange)}, which eld does not tell. It tells ${known.join(', ')}.`)
  const allowedOnes = new Set(allow)
  return {
    name: 'language',
    actions: [mode],
    ...streamModeOf(streamMode),
    check(text) {
      const beginning = text.slice(0, enough)
      const letters = beginning.replaceAll(/\P{L}/gu, '').length
      if (letters < minLetters) return allowed
      const result = eld.detect(beginning)
      if (result.language === '' || allowedOnes.has(result.language) || !result.isReliable()) return allowed
      return ruleVerdict(mode, ['language'], `in ${result.language}, allowed are ${allow.join(', ')}`, 0.8)
    },
  }
}
