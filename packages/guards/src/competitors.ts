import type { Detector, Verdict } from './detector.ts'
import { spansVerdict } from './evidence.ts'
import { checkNames, checkOneOf, checkTexts, findModes, type FindMode, refuse, shown } from './option-checks.ts'
import { phraseMatcher, type PhraseMatch } from './phrases/phrase-matcher.ts'
import { foldedWords, wordsOf } from './phrases/words.ts'

export interface CompetitorsOptions {
  /** Names of companies and products, each with the spellings that differ by more than case and separators. */
  readonly names: readonly string[]
  /** What to do. @default 'redact' */
  readonly mode?: FindMode
}

/**
 * Detector of names that are not to be spoken of: whole words in any case, also where the parts of a name are written
 * together or with a hyphen (`Acme Cloud`, `acme-cloud`, `AcmeCloud`). Redacted ones become `[COMPETITOR]`.
 *
 * A name that is an ordinary word (`Apple`, `Oracle`) is found wherever that word stands. Runs on streams as they come.
 *
 * @throws {SluiceError} `config.option`
 */
export function competitors(options: CompetitorsOptions): Detector {
  const { names, mode = 'redact' } = checked(options)
  const spellings = names.flatMap((name) => {
    const parts = foldedWords(name)
    return [name, ...(parts.length > 1 ? [parts.join('')] : [])]
  })
  const matcher = phraseMatcher(spellings.map((name) => [name, 'competitor']))
  const verdictOn = (found: readonly PhraseMatch[]): Verdict =>
    spansVerdict(
      mode,
      found.map(({ start, end, label }) => ({ start, end, rule: label, replacement: '[COMPETITOR]' })),
    )
  return {
    name: 'competitors',
    actions: [mode],
    check: (text) => verdictOn(matcher.find(text)),
    stream: {
      maxMatch: matcher.maxMatch,
      lookBack: matcher.maxMatch,
      couldGrow: (tail) => matcher.openAt(tail),
      judge(tail) {
        const { found, openAt } = matcher.judge(tail)
        return { verdict: verdictOn(found), openAt }
      },
    },
  }
}

function checked(options: CompetitorsOptions): CompetitorsOptions {
  const where = 'competitors()'
  checkNames(where, options, ['names', 'mode'])
  checkTexts(where, 'names', options.names)
  const empty = options.names.find((name) => wordsOf(name).count === 0)
  if (empty !== undefined) refuse(`names of competitors() has a name without a word: ${shown(empty)}.`)
  if (options.mode !== undefined) checkOneOf(where, 'mode', options.mode, findModes)
  return options
}
