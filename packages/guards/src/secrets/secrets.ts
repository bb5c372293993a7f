import { allowed, type Detector, type Span, type StreamMemory, type Verdict } from '../detector.ts'
import { spansVerdict } from '../evidence.ts'
import { fingerprinter } from '../fingerprint.ts'
import { checkFingerprints, checkNames, checkOneOf, checkTexts, refuse, shown } from '../option-checks.ts'
import { endingRules } from './key-endings.ts'
import { formats } from './key-formats.ts'
import { longestSecret, lookBack, nameReach, scanSecrets } from './scan-secrets.ts'
import type { FoundSecret, ScanPoint, SecretFindings } from './secret-findings.ts'

export interface SecretsOptions {
  /** What to do about what is found. @default 'redact' */
  readonly mode?: 'block' | 'redact' | 'warn'
  /**
   * Whether to look for values that only the words around them give away: `password = …`, `the API key is …`,
   * `Authorization: Bearer …`, `curl -u name:…`. @default true
   */
  readonly labelled?: boolean
  /** Rules that are not looked for: `['jwt', 'password']`. @default none */
  readonly except?: readonly string[]
  /** Fingerprints of values that may pass, as verdicts tell them; they need a `salt`. @default none */
  readonly allow?: readonly string[]
  /** The key of the fingerprints. @default one drawn for this process */
  readonly salt?: string
}

/** Rules beside those of the formats of keys. */
const otherRules = [
  'private_key',
  'azure_sas',
  'connection_password',
  'password',
  'labelled_secret',
  'bearer_token',
  'basic_auth',
]
const labelledRules = new Set(['password', 'labelled_secret', 'bearer_token'])

/** Every rule of {@link secrets}, sorted. */
export const secretRules: readonly string[] = [
  ...new Set([...formats.map(({ rule }) => rule), ...endingRules, ...otherRules]),
].sort()
/** Rules of secrets that begin with no characters that are public. */
const bareRules = new Set([
  ...otherRules,
  ...endingRules,
  ...formats.filter(({ kept }) => kept !== undefined).map(({ rule }) => rule),
])

/**
 * Detector of secrets: keys of some 110 providers by their published formats, with checksum or structure where there is one
 * (GitHub, npm, Grafana, Discord, JWT), private keys (PEM, OpenSSH, PGP, PuTTY), passwords in connection strings, and values
 * that a name gives away (`client_secret: …`) or the place they stand in (`curl -u`, `.netrc`, cookies of sessions). Redacted
 * pieces become `[GITHUB_TOKEN]`, `[PASSWORD]`. A key may stand between underscores (`__key__`) and after escapes (`\nkey`).
 *
 * A value without a format of its own counts only beside such a name, and only if it looks drawn at random or chosen as a
 * password: hashes, UUIDs, images in base64 and placeholders (`YOUR_API_KEY`) are none. One pass, linear in the text. It
 * does not decode: a key inside base64 is not seen, nor one split by spaces or lines.
 *
 * On a stream, text is held back only from where a secret may have begun.
 *
 * @throws {SluiceError} `config.option`
 *
 * @example
 * const { text } = await checkText(prompt, [secrets()])
 */
export function secrets(options: SecretsOptions = {}): Detector {
  const { mode = 'redact', labelled = true, except = [], allow = [], salt } = checked(options)
  const fingerprint = fingerprinter(salt)
  const [skipped, allowedOnes] = [new Set(except), new Set(allow)]
  const toSpan = (text: string, { start, end, rule, score }: FoundSecret): Span => ({
    start,
    end,
    rule,
    score,
    replacement: `[${rule.toUpperCase()}]`,
    // What keys begin with is public; of anything else nothing is shown.
    preview: bareRules.has(rule) ? '•••' : `${text.slice(start, start + 3)}•••`,
    fingerprint: fingerprint(text.slice(start, end)),
  })
  return {
    name: 'secrets',
    actions: [mode],
    check: (text) => verdictOn(text, apart(scanSecrets(text, { labelled }).found)),
    stream: {
      maxMatch: longestSecret,
      lookBack,
      couldGrow: (tail) => judge(tail, scanSecrets(tail, { labelled })).openAt,
      judge(tail, _, judged, memory) {
        const scan = scanSecrets(tail, { labelled, judged, goOn: known(memory) })
        const { goOn } = scan
        if (memory && goOn) {
          memory.notes = moved(goOn, memory.from)
          memory.neededFrom = memory.from + Math.min(goOn.seen, judged - nameReach) - nameReach
        }
        return judge(tail, scan)
      },
      finish: (tail, _, judged, memory) =>
        verdictOn(tail, apart(scanSecrets(tail, { labelled, judged, goOn: known(memory) }).found)),
    },
  }

  function judge(
    tail: string,
    { found, openAt }: SecretFindings,
  ): { readonly verdict: Verdict; readonly openAt: number } {
    const secrets = apart(found)
    // What overlaps something open may become one with it.
    const crossing = secrets.find(({ start, end }) => start < openAt && openAt < end)
    let verdict: Verdict | undefined
    return {
      // Nobody asks for it while all is open.
      get verdict() {
        return (verdict ??= verdictOn(tail, secrets))
      },
      openAt: crossing?.start ?? openAt,
    }
  }

  function verdictOn(text: string, found: readonly FoundSecret[]): Verdict {
    if (found.length === 0) return allowed
    const spans = found
      .filter(({ rule }) => !skipped.has(rule))
      .map((each) => toSpan(text, each))
      .filter((span) => !allowedOnes.has(span.fingerprint as string))
    return spansVerdict(mode, spans, spans.every(({ rule }) => labelledRules.has(rule)) ? 'warn' : 'block')
  }
}

/** Where the last scan of a growing text said that the next may go on, as offsets in its tail; at first, at its beginning. */
function known(memory: StreamMemory | undefined): ScanPoint | undefined {
  if (!memory) return undefined
  const { from, notes = from === 0 ? { index: 0, seen: 0 } : undefined } = memory
  return moved(notes as ScanPoint | undefined, -from)
}

function moved(point: ScanPoint | undefined, by: number): ScanPoint | undefined {
  return point && { index: point.index + by, seen: point.seen + by }
}

/** Makes one of what overlaps, by the rule that is surer. */
function apart(found: readonly FoundSecret[]): readonly FoundSecret[] {
  if (found.length < 2) return found
  const merged: FoundSecret[] = []
  for (const each of found.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = merged.at(-1)
    if (last === undefined || each.start >= last.end) merged.push(each)
    else {
      const { rule, score } = each.score > last.score ? each : last
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, each.end), rule, score }
    }
  }
  return merged
}

function checked(options: SecretsOptions): SecretsOptions {
  const where = 'secrets()'
  checkNames(where, options, ['mode', 'labelled', 'except', 'allow', 'salt'])
  const { mode = 'redact', labelled = true, except, allow, salt } = options
  checkOneOf(where, 'mode', mode, ['block', 'redact', 'warn'])
  if (typeof labelled !== 'boolean') refuse('labelled of secrets() must be true or false.')
  if (except !== undefined) checkTexts(where, 'except', except)
  const unknown = except?.find((rule) => !secretRules.includes(rule))
  if (unknown !== undefined)
    refuse(`except of secrets() names no rule: ${shown(unknown)}. The rules are ${secretRules.join(', ')}.`)
  checkFingerprints(where, allow, salt)
  return options
}
