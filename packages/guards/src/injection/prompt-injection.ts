import type { Detector, Span } from '../detector.ts'
import { fingerprinter } from '../fingerprint.ts'
import { checkFingerprints, checkNames, checkOneOf, checkTexts, refuse, shown } from '../option-checks.ts'
import { countsAlone, type Evidence, evidenceReader } from './evidence.ts'
import { injectionFamilies } from './rules/rules.ts'

export interface PromptInjectionOptions {
  /**
   * The evidence that it acts on: `block`, two kinds of attack that agree and a second opinion that is sure, or one and a second
   * opinion that is all but certain; `warn`, one family, or the second opinion alone. Weaker evidence than that is a warning.
   * @default 'block'
   */
  readonly tier?: 'block' | 'warn'
  /** What to do about evidence of that tier. @default 'block' */
  readonly mode?: 'block' | 'warn'
  /** Rules that do not count: `['prompt_extraction']` where users may ask for the prompt. @default none */
  readonly except?: readonly string[]
  /** Fingerprints of phrases that may pass, as the spans of a verdict tell them; they need a `salt`. @default none */
  readonly allow?: readonly string[]
  /** The key of the fingerprints. @default one drawn for this process */
  readonly salt?: string
}

const opinionRule = 'second_opinion'

/** Every rule of {@link promptInjection}, sorted. */
export const injectionRules: readonly string[] = [...injectionFamilies, opinionRule].sort()

/**
 * Detector of texts that try to override, extract or subvert what the model was told: jailbreaks included.
 *
 * Two kinds of evidence, both local. Rules in families (overrides, prompt extraction, masks without limits, forged turns and
 * so on, in eighteen languages) read the text with disguises taken off: compatibility forms, look-alike letters, invisible
 * characters, leetspeak, and one layer of base64, hexadecimal, escapes, rot13, reversal, spaced letters or strings that are
 * put together. A linear model on hashed n-grams gives a second opinion. Time is linear in the text.
 *
 * It sees the text only. An attack that reads like any other request (`Write a haiku` inside a mail) is not seen: that is
 * the question of {@link indirectInjection}. Measured recall and false positives by source are in docs/injection.md.
 *
 * It judges a whole text, so on streams it needs a mode. The score is honest for harmless texts too, which makes it fit
 * for the doubtful band of a detector that asks a model.
 *
 * @throws {SluiceError} `config.option`
 *
 * @example
 * guards({ input: [promptInjection()] }) // blocks what is sure, warns of the rest
 */
export function promptInjection(options: PromptInjectionOptions = {}): Detector {
  const { tier = 'block', mode = 'block', except = [], allow = [], salt } = checked(options)
  const fingerprint = fingerprinter(salt)
  const [skipped, allowedOnes] = [new Set(except), new Set(allow)]
  const read = evidenceReader({
    counts: (text, { family, start, end }) =>
      !skipped.has(family) && !(allowedOnes.size > 0 && allowedOnes.has(fingerprint(text.slice(start, end)))),
    ownOpinion: !skipped.has(opinionRule),
  })
  return {
    name: 'prompt_injection',
    actions: mode === 'warn' ? ['warn'] : tier === 'warn' ? ['block'] : ['warn', 'block'],
    check(text) {
      const evidence = read(text)
      const { score, families, places } = evidence
      if (evidence.tier === 'none')
        return { action: 'allow', score, tier: 'none', spans: [], rules: [], explanation: 'nothing found' }
      const spans = places.map((place): Span => {
        const span = { ...place, replacement: '[INJECTION]' }
        // What counts in company only needs no allow-list.
        if (place.score < countsAlone) return span
        return { ...span, fingerprint: fingerprint(text.slice(place.start, place.end)) }
      })
      return {
        action: evidence.tier === 'block' || tier === 'warn' ? mode : 'warn',
        score,
        tier: evidence.tier,
        spans,
        rules: families.length > 0 ? families : [opinionRule],
        explanation: explained(evidence),
      }
    },
  }
}

function explained({ families, opinion }: Evidence): string {
  const seen = families.length > 0 ? families.join(', ') : 'no rule'
  return `${seen}; second opinion ${opinion.toFixed(2)}`
}

function checked(options: PromptInjectionOptions): PromptInjectionOptions {
  const where = 'promptInjection()'
  checkNames(where, options, ['tier', 'mode', 'except', 'allow', 'salt'])
  const { tier = 'block', mode = 'block', except, allow, salt } = options
  checkOneOf(where, 'tier', tier, ['block', 'warn'])
  checkOneOf(where, 'mode', mode, ['block', 'warn'])
  if (except !== undefined) checkTexts(where, 'except', except)
  const unknown = except?.find((rule) => !injectionRules.includes(rule))
  if (unknown !== undefined)
    refuse(`except of ${where} names no rule: ${shown(unknown)}. The rules are ${injectionRules.join(', ')}.`)
  checkFingerprints(where, allow, salt)
  return options
}
