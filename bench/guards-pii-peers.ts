import { pii } from '@sluice/guards'
import { finderOf, measuredEntities } from '../packages/guards/data-checks/pii/finder.ts'
import type { FoundSpan } from '../packages/guards/data-checks/pii/score.ts'

/** A finder of personal data that is measured, with its types as the data label them. */
export interface Peer {
  readonly name: string
  readonly load: () => Promise<(text: string) => readonly FoundSpan[] | Promise<readonly FoundSpan[]>>
}

export const ours = '@sluice/guards pii()'

/** The four patterns that everybody copies. */
const naive: readonly (readonly [type: string, pattern: RegExp])[] = [
  ['EMAIL_ADDRESS', /[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}/g],
  ['PHONE_NUMBER', /\b\d{3}[-.]?\d{3}[-.]?\d{4}\b/g],
  ['CREDIT_CARD', /\b(?:\d[ -]*?){13,16}\b/g],
  ['US_SSN', /\b\d{3}-\d{2}-\d{4}\b/g],
]

export const peers: readonly Peer[] = [
  { name: ours, load: async () => finderOf(pii({ entities: measuredEntities })) },
  {
    name: 'four usual patterns',
    load: async () => (text) =>
      naive.flatMap(([type, pattern]) =>
        Array.from(text.matchAll(pattern), ({ 0: match, index }) => ({
          start: index,
          end: index + match.length,
          type,
        })),
      ),
  },
  {
    name: '@openai/guardrails',
    load: async () => {
      const { pii: check, PIIEntity } = await import('@openai/guardrails')
      // Without the two that it leaves out of its defaults itself: any two words.
      const entities = Object.values(PIIEntity).filter((each) => each !== PIIEntity.NRP && each !== PIIEntity.PERSON)
      return async (text) => {
        const { info } = await check({}, text, { entities, block: false, detect_encoded_pii: false })
        return Object.entries((info?.['detected_entities'] ?? {}) as Record<string, readonly string[]>).flatMap(
          ([type, values]) => located(text, values, openaiTypes[type] ?? type),
        )
      }
    },
  },
  {
    name: 'openredaction',
    load: async () => {
      const { OpenRedaction } = await import('openredaction')
      const redactor = new OpenRedaction({})
      return async (text) => {
        const { detections } = await redactor.detect(text)
        return detections.map(({ type, position: [start, end] }) => ({ start, end, type: openredactionType(type) }))
      }
    },
  },
  {
    name: 'redact-pii',
    load: async () => {
      const { SyncRedactor } = await import('redact-pii')
      const redactor = new SyncRedactor()
      return (text) => replaced(text, redactor.redact(text))
    },
  },
]

const openaiTypes: Readonly<Record<string, string>> = { URL: 'DOMAIN_NAME' }

/** Their types have one for each country and form: `PHONE_UK_MOBILE`. */
function openredactionType(type: string): string {
  if (type.startsWith('EMAIL')) return 'EMAIL_ADDRESS'
  if (type.startsWith('PHONE')) return 'PHONE_NUMBER'
  if (type.startsWith('CREDIT_CARD')) return 'CREDIT_CARD'
  if (type.startsWith('IBAN')) return 'IBAN_CODE'
  if (type.startsWith('IP')) return 'IP_ADDRESS'
  if (type === 'SSN') return 'US_SSN'
  if (type.startsWith('URL')) return 'DOMAIN_NAME'
  if (type.startsWith('DRIVING') || type.startsWith('DRIVER')) return 'US_DRIVER_LICENSE'
  if (type.startsWith('NAME') || type.startsWith('PERSON')) return 'PERSON'
  return type
}

/** What redact-pii writes in place of what it finds. */
const redactTypes: Readonly<Record<string, string>> = {
  CREDIT_CARD_NUMBER: 'CREDIT_CARD',
  STREET_ADDRESS: 'ADDRESS',
  ZIPCODE: 'ZIP_CODE',
  PHONE_NUMBER: 'PHONE_NUMBER',
  IP_ADDRESS: 'IP_ADDRESS',
  US_SOCIAL_SECURITY_NUMBER: 'US_SSN',
  EMAIL_ADDRESS: 'EMAIL_ADDRESS',
  USERNAME: 'USERNAME',
  PASSWORD: 'PASSWORD',
  CREDENTIALS: 'CREDENTIALS',
  DIGITS: 'DIGITS',
  URL: 'DOMAIN_NAME',
  PERSON_NAME: 'PERSON',
}
const marks = new RegExp(`(${Object.keys(redactTypes).join('|')})`)

/** Where values stand in a text, which a finder only names. */
function located(text: string, values: readonly string[], type: string): FoundSpan[] {
  const spans: FoundSpan[] = []
  let from = 0
  for (const value of values) {
    const at = text.indexOf(value, from)
    const start = at >= 0 ? at : text.indexOf(value)
    if (start < 0) continue
    spans.push({ start, end: start + value.length, type })
    from = start + value.length
  }
  return spans
}

/** What was replaced, told from what is left: pieces of the text between marks. */
function replaced(text: string, redacted: string): FoundSpan[] {
  const spans: FoundSpan[] = []
  let at = 0
  let open: { start: number; type: string } | undefined
  for (const [index, piece] of redacted.split(marks).entries()) {
    if (index % 2 === 1) {
      open ??= { start: at, type: redactTypes[piece] ?? piece }
      continue
    }
    if (piece === '') continue
    const next = text.indexOf(piece, at)
    if (next < 0) break
    if (open) spans.push({ ...open, end: next })
    open = undefined
    at = next + piece.length
  }
  if (open) spans.push({ ...open, end: text.length })
  return spans
}
