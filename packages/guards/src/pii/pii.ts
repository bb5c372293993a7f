import { type Detector, type GuardAction, type Span, type StreamTrait, type Verdict, allowed } from '../detector.ts'
import { fingerprinter } from '../fingerprint.ts'
import { placeholder } from './entities.ts'
import type { Candidate, Findings } from './findings.ts'
import { openFrom, withoutOverlaps } from './overlaps.ts'
import { checked, type PiiOptions } from './pii-options.ts'
import { previewOf } from './preview.ts'
import { recognisersOf } from './recognisers.ts'
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
  const order = new Map(wanted.entities.map((entity, index) => [entity as string, index]))

  const spanOf = (text: string, { start, end, entity, score }: Candidate): Span => {
    const value = text.slice(start, end)
    const preview = previewOf(entity, value)
    const named = fingerprint(canonical(entity, value))
    return { start, end, rule: entity, score, replacement: placeholder(entity), preview, fingerprint: named }
  }
  const verdictOn = ({ text, candidates }: Findings): Verdict => {
    if (candidates.length === 0) return allowed
    const spans = withoutOverlaps(candidates)
      .map((candidate) => spanOf(text, candidate))
      .filter((span) => !allow.has(span.fingerprint as string))
    return spans.length === 0 ? allowed : verdictOf(spans, mode, order)
  }
  const check = (text: string): Verdict => verdictOn(scan(text, false))
  const openAt = (found: Findings): number => Math.max(openFrom(found), found.text.length - maxMatch)
  const stream: StreamTrait = {
    maxMatch,
    lookBack: Math.min(longestLookBack, 2 * maxMatch),
    couldGrow: (tail) => openAt(scan(tail, true)),
    judge(tail) {
      const found = scan(tail, true)
      return { verdict: verdictOn(found), openAt: openAt(found) }
    },
  }
  const streams = recognisers.every((each) => each.wholeOnly !== true)
  return { name: 'pii', actions: [mode], check, ...(streams && { stream }), ...(restore && { restore }) }
}

function verdictOf(spans: readonly Span[], mode: GuardAction, order: ReadonlyMap<string, number>): Verdict {
  const counts = new Map<string, number>()
  for (const { rule } of spans) counts.set(rule, (counts.get(rule) ?? 0) + 1)
  const rules = [...counts.keys()].toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0))
  const score = spans.reduce((most, span) => Math.max(most, span.score ?? 0), 0)
  return {
    action: mode,
    score,
    tier: score >= certain ? 'block' : 'warn',
    spans,
    rules,
    explanation: rules.map((rule) => `${counts.get(rule)} ${rule}`).join(', '),
  }
}

/** Entities whose value is more than its letters and digits: `10.1.23.4` is not `10.12.3.4`. */
const punctuated: ReadonlySet<string> = new Set(['email', 'ip', 'url', 'url_credentials', 'birth_date', 'name'])

/** What two spellings of a value have in common. Base58 and credentials tell upper from lower case. */
function canonical(entity: string, value: string): string {
  if (entity === 'crypto_address' || entity === 'url_credentials') return value
  const lower = (/^[\0-\x7f]*$/.test(value) ? value : value.normalize('NFKC')).toLowerCase()
  return punctuated.has(entity) ? lower : lower.replaceAll(/[^\p{L}\p{N}]/gu, '')
}
