import { SluiceError } from '@sluice/core'
import { allowed, type Detector, type Span } from '../detector.ts'
import { findCards } from './card.ts'
import { findEmails, type Found } from './email.ts'
import { findIbans } from './iban.ts'

/** Kinds of personal data that {@link pii} finds. */
export type PiiEntity = 'email' | 'card' | 'iban'

export interface PiiOptions {
  /** What to do about what is found. @default 'redact' */
  readonly mode?: 'block' | 'redact' | 'warn'
  /** What to look for. @default all */
  readonly entities?: readonly PiiEntity[]
}

/** Each finder with its placeholder. The first to claim a piece of text keeps it: an IBAN may hold a card-like number. */
const finders: { readonly [entity in PiiEntity]: { find(text: string): Found[]; replacement: string } } = {
  iban: { find: findIbans, replacement: '[IBAN]' },
  card: { find: findCards, replacement: '[CARD]' },
  email: { find: findEmails, replacement: '[EMAIL]' },
}
const entityNames = Object.keys(finders) as readonly PiiEntity[]

/**
 * Detector of personal data with a form that can be checked: e-mail addresses, payment card numbers (known issuer and
 * Luhn), IBANs (length of the country and checksum). Redacted pieces become `[EMAIL]`, `[CARD]`, `[IBAN]`.
 *
 * Every finder runs in time linear in the text. It does not look for names, postal addresses, phone numbers or national
 * ids, nor inside encodings (base64, HTML entities).
 *
 * @throws {SluiceError} `config.option` for an unknown mode or entity.
 */
export function pii(options: PiiOptions = {}): Detector {
  const { mode = 'redact', entities = entityNames } = checked(options)
  const wanted = entityNames.filter((entity) => entities.includes(entity))
  return {
    name: 'pii',
    check(text) {
      const spans: Span[] = []
      for (const entity of wanted) {
        const { find, replacement } = finders[entity]
        const free = find(text).filter(({ start, end }) => !spans.some((span) => start < span.end && span.start < end))
        spans.push(...free.map(({ start, end }) => ({ start, end, rule: entity, replacement })))
      }
      if (spans.length === 0) return allowed
      const rules = wanted.filter((entity) => spans.some(({ rule }) => rule === entity))
      const explanation = rules
        .map((entity) => `${spans.filter(({ rule }) => rule === entity).length} ${entity}`)
        .join(', ')
      return { action: mode, score: 1, spans: spans.toSorted((a, b) => a.start - b.start), rules, explanation }
    },
  }
}

function checked(options: PiiOptions): PiiOptions {
  const { mode, entities } = options
  if (mode !== undefined && !['block', 'redact', 'warn'].includes(mode))
    throw new SluiceError({
      code: 'config.option',
      message: `The mode of pii() must be block, redact or warn, got ${JSON.stringify(mode)}.`,
    })
  const unknown = entities?.find((entity) => !entityNames.includes(entity))
  if (unknown !== undefined || entities?.length === 0)
    throw new SluiceError({
      code: 'config.option',
      message: `The entities of pii() must be some of ${entityNames.join(', ')}, got ${JSON.stringify(unknown ?? entities)}.`,
    })
  return options
}
