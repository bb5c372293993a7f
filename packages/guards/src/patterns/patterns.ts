import type { Detector, Span, StreamMode } from '../detector.ts'
import { spansVerdict } from '../evidence.ts'
import { fingerprinter } from '../fingerprint.ts'
import {
  checkFingerprints,
  checkNames,
  checkNumber,
  checkOneOf,
  checkStreamMode,
  findModes,
  type FindMode,
  isPlain,
  refuse,
  shown,
  streamModeOf,
} from '../option-checks.ts'
import { previewOf } from '../pii/preview.ts'
import { linearPattern, nativePattern } from './linear-pattern.ts'

export interface PatternsOptions {
  /** Patterns by the name of their rule. A text is read as RE2 reads it; of a `RegExp`, its flags `i`, `m` and `s` count, and `y` is refused. */
  readonly patterns: Readonly<Record<string, RegExp | string>>
  /** What to do about what matches. @default 'redact' */
  readonly mode?: FindMode
  /**
   * `re2` runs in linear time whatever the pattern and the text, some ten times slower than `native`. `native` is the engine
   * of JavaScript: there a pattern with nested or neighbouring repeats lets one text of some kilobytes stop the process for
   * minutes. @default 're2'
   */
  readonly engine?: 're2' | 'native'
  /**
   * The longest match in UTF-16 code units, which lets the guard run on streams as they come: as much is held back all the
   * time. What is longer is not matched. @default none: only whole texts
   */
  readonly maxMatch?: number
  /** How to run on streams without `maxMatch`. @default that of the guard */
  readonly streamMode?: StreamMode
  /** Fingerprints of matches that may pass, as the spans of a verdict have them. Needs `salt`. @default none */
  readonly allow?: readonly string[]
  /** The key of the fingerprints, at least 16 characters; keep it like a password. @default drawn anew in each process */
  readonly salt?: string
}

/** More of a match says no more about its form. */
const longestPreview = 64

const wayOut = ', or pass { engine: "native" } for a pattern that you have proven safe'

/**
 * Detector of patterns of your own. Redacted matches become the name of the rule: `[TICKET]`. Spans have a preview without letters
 * and digits (`•••-••••`) and a salted fingerprint of the match as it is written.
 *
 * On a stream, matches that follow each other without anything between them for longer than twice `maxMatch` may be cut in
 * other places than in the whole text.
 *
 * @throws {SluiceError} `config.option`; `config.pattern` for a pattern that the engine cannot run.
 *
 * @example
 * patterns({ patterns: { ticket: /\bOPS-\d{3,6}\b/ }, maxMatch: 12 })
 */
export function patterns(options: PatternsOptions): Detector {
  const where = 'patterns()'
  checkNames(where, options, ['patterns', 'mode', 'engine', 'maxMatch', 'streamMode', 'allow', 'salt'])
  const { mode = 'redact', engine = 're2', maxMatch, streamMode, allow, salt } = options
  checkOneOf(where, 'mode', mode, findModes)
  checkOneOf(where, 'engine', engine, ['re2', 'native'])
  if (maxMatch !== undefined) checkNumber(where, 'maxMatch', maxMatch, { min: 1, max: 65_536 })
  checkStreamMode(where, streamMode)
  checkFingerprints(where, allow, salt)
  const fingerprint = fingerprinter(salt)
  const allowed = new Set(allow)
  const rules = checkedPatterns(options.patterns).map(([rule, pattern]) => ({
    rule,
    replacement: `[${rule.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}]`,
    pattern: engine === 're2' ? linearPattern(where, pattern, wayOut) : nativePattern(where, pattern),
  }))
  return {
    name: 'patterns',
    actions: [mode],
    check(text) {
      const spans = rules.flatMap(({ rule, replacement, pattern }) =>
        Array.from(pattern.matches(text), ({ start, end }): Span[] => {
          if (end - start > (maxMatch ?? Infinity)) return []
          const value = text.slice(start, end)
          const named = fingerprint(value)
          if (allowed.has(named)) return []
          return [
            {
              start,
              end,
              rule,
              replacement,
              preview: previewOf('pattern', value.slice(0, longestPreview)),
              fingerprint: named,
            },
          ]
        }).flat(),
      )
      return spansVerdict(mode, spans)
    },
    ...(maxMatch === undefined
      ? streamModeOf(streamMode)
      : // One more for what a pattern asks of the character after it.
        { stream: { maxMatch: maxMatch + 1, couldGrow: (tail) => Math.max(0, tail.length - maxMatch - 1) } }),
  }
}

function checkedPatterns(given: unknown): [rule: string, pattern: RegExp | string][] {
  const isPattern = (each: unknown): boolean => each instanceof RegExp || (typeof each === 'string' && each !== '')
  if (!isPlain(given) || Object.keys(given).length === 0 || !Object.values(given).every(isPattern))
    refuse('patterns of patterns() must name patterns: { ticket: /OPS-\\d+/ }.')
  const unnamed = Object.keys(given).find((rule) => !/^[a-z]\w{0,40}$/i.test(rule))
  if (unnamed !== undefined) refuse(`${shown(unnamed)} cannot name a rule of patterns(): take letters, digits and _.`)
  return Object.entries(given as Record<string, RegExp | string>)
}
