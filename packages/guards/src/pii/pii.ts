import { type Detector, type GuardAction, type Span, type StreamTrait, type Verdict, allowed } from '../detector.ts'
import { fingerprinter } from '../fingerprint.ts'
import { type Canonical, canonicalOf } from './canonical.ts'
import { placeholder } from './entities.ts'
import type { Candidate, Findings } from './findings.ts'
import { openFrom, withoutOverlaps } from './overlaps.ts'
import { checked, type PiiOptions } from './pii-options.ts'
import { previewOf } from './preview.ts'
import { recognisersOf, type Wanted } from './recognisers.ts'
import { scanner } from './scan.ts'

export type { PiiEntity } from './entities.ts'
export type { CustomEntity } from './custom.ts'
export type { PiiOptions } from './pii-options.ts'

/** What decides about a match lies no further before it: the words that name it, and the run that it must not be a part of. */
const longestLookBack = 256

/** From this score on the evidence is as good as certain: a checksum in a form of its own, a whole e-mail address. */
const certain = 0.9

/**
 * Detector of personal data: what has a form that can be checked (e-mail addresses, cards, IBANs, IP and MAC addresses,
 * telephone numbers, credentials in URLs, national ids of 57 countries, crypto addresses), and numbers and dates that the
 * words around them tell (bank accounts, CVVs, passports, driving licences, medical records, dates of birth).
 *
 * A number scores by its form, its checksum and the whole words around it, up to five on each side. Redacted pieces become
 * `[EMAIL]`, `[CARD]`, `[US_SSN]` and so on. A verdict never quotes the text; each span has a masked preview and a salted
 * fingerprint.
 *
 * It is linear in the text, and on streams finds what it finds in the whole, holding back only what could still grow. It
 * does not find postal addresses, nor anything inside encodings (base64, HTML entities), spelled out or split over lines.
 * Names are found only when asked for, by `compromise` and for English; such a detector can only judge whole texts.
 *
 * @throws {SluiceError} `config.option` for unknown options and bad values, `config.peer` for names without `compromise`.
 *
 * @example
 * const { text } = await checkText('Call me on +44 20 7946 0958', [pii()])
 * // text: 'Call me on [PHONE]'
 */
export function pii(options: PiiOptions = {}): Detector {
  const { mode, restore, minScore, allow, salt, ...wanted } = checked(options)
  const recognisers = recognisersOf(wanted)
  const scan = scanner(recognisers, minScore)
  const fingerprint = fingerprinter(salt)
  const maxMatch = Math.max(...recognisers.map(({ reach }) => reach))
  const kinds = kindsOf(wanted)

  const spanOf = (text: string, { start, end, entity, score }: Candidate): Span => {
    const value = text.slice(start, end)
    const kind = kinds.get(entity) as Kind
    const preview = previewOf(entity, value)
    const named = fingerprint(kind.canonical(value))
    return { start, end, rule: entity, score, replacement: kind.placeholder, preview, fingerprint: named }
  }
  const verdictOn = ({ text, candidates }: Findings): Verdict => {
    if (candidates.length === 0) return allowed
    const spans = withoutOverlaps(candidates).map((candidate) => spanOf(text, candidate))
    const counted = allow.size > 0 ? spans.filter((span) => !allow.has(span.fingerprint as string)) : spans
    return counted.length === 0 ? allowed : verdictOf(counted, mode, kinds)
  }
  const check = (text: string): Verdict => verdictOn(scan(text, false))
  const openAt = (found: Findings): number => Math.max(openFrom(found), found.text.length - maxMatch)
  const stream: StreamTrait = {
    maxMatch,
    lookBack: Math.min(longestLookBack, 2 * maxMatch),
    couldGrow: (tail) => openAt(scan(tail, true)),
    judge(tail) {
      const found = scan(tail, true)
      let verdict: Verdict | undefined
      return {
        // Nobody asks for it while all is open.
        get verdict() {
          return (verdict ??= verdictOn(found))
        },
        openAt: openAt(found),
      }
    },
  }
  const streams = recognisers.every((each) => each.wholeOnly !== true)
  return { name: 'pii', actions: [mode], check, ...(streams && { stream }), ...(restore && { restore }) }
}

/** What is known of an entity. */
interface Kind {
  readonly placeholder: string
  /** Its place among the rules of a verdict. */
  readonly order: number
  readonly canonical: Canonical
}

function kindsOf({ entities, custom }: Wanted): ReadonlyMap<string, Kind> {
  const kindOf = (entity: string, order: number): [string, Kind] => [
    entity,
    { placeholder: placeholder(entity), order, canonical: canonicalOf(entity) },
  ]
  return new Map([...entities.map(kindOf), ...custom.map(({ entity }) => kindOf(entity, 0))])
}

function verdictOf(spans: readonly Span[], mode: GuardAction, kinds: ReadonlyMap<string, Kind>): Verdict {
  const rules: string[] = []
  let score = 0
  for (const span of spans) {
    if (!rules.includes(span.rule)) rules.push(span.rule)
    score = Math.max(score, span.score ?? 0)
  }
  if (rules.length > 1) rules.sort((a, b) => (kinds.get(a)?.order ?? 0) - (kinds.get(b)?.order ?? 0))
  const tier = score >= certain ? 'block' : 'warn'
  return { action: mode, score, tier, spans, rules, explanation: explanationOf(spans, rules) }
}

/** `2 email, 1 card` */
function explanationOf(spans: readonly Span[], rules: readonly string[]): string {
  let explanation = ''
  for (const each of rules) {
    let count = 0
    for (const { rule } of spans) if (rule === each) count += 1
    explanation += `${explanation === '' ? '' : ', '}${count} ${each}`
  }
  return explanation
}
