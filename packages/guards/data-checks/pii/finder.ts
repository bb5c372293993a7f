import type { Detector, PiiEntity, Verdict } from '@sluice/guards'
import type { FoundSpan } from './score.ts'

/** What the data call our entities. */
const labels: Readonly<Record<string, string>> = {
  email: 'EMAIL_ADDRESS',
  phone: 'PHONE_NUMBER',
  card: 'CREDIT_CARD',
  us_ssn: 'US_SSN',
  iban: 'IBAN_CODE',
  ip: 'IP_ADDRESS',
  url: 'DOMAIN_NAME',
  driver_licence: 'US_DRIVER_LICENSE',
  birth_date: 'DATE_TIME',
  name: 'PERSON',
}

/** The default entities and web addresses: what the data label. */
export const measuredEntities: readonly PiiEntity[] = [
  'email',
  'phone',
  'card',
  'iban',
  'ip',
  'mac',
  'url',
  'crypto_address',
  'birth_date',
  'bank_account',
  'cvv',
  'driver_licence',
  'medical_record',
  'passport',
  'national_id',
]

/** A detector as a finder of labelled spans. */
export function finderOf(detector: Detector): (text: string) => FoundSpan[] {
  return (text) => {
    const { spans } = detector.check(text, { stage: 'input', signal: undefined }) as Verdict
    return spans.map(({ start, end, rule }) => ({ start, end, type: labels[rule] ?? rule }))
  }
}
