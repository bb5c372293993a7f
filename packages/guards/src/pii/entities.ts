import type { NationalId } from '../ids/national-id.ts'
import { idRules } from '../ids/rules.ts'
import { type LabelledEntity, labelledNames } from './labelled.ts'

/** Kinds of personal data that `pii()` finds. `national_id` stands for all of {@link NationalId}. */
export type PiiEntity =
  | 'email'
  | 'phone'
  | 'card'
  | 'iban'
  | 'ip'
  | 'mac'
  | 'url_credentials'
  | 'url'
  | 'crypto_address'
  | 'birth_date'
  | LabelledEntity
  | 'name'
  | 'national_id'
  | NationalId

export const nationalIdNames = Object.keys(idRules) as readonly NationalId[]

/** All entities but the national ids and names, in the order in which verdicts count them. */
const others: readonly PiiEntity[] = [
  'email',
  'phone',
  'card',
  'iban',
  'ip',
  'mac',
  'url_credentials',
  'crypto_address',
  'birth_date',
  ...labelledNames,
]

/** What is looked for unless something else is chosen: all but web addresses and names. */
export const defaultEntities: readonly PiiEntity[] = [...others, 'national_id']

export const entityNames: readonly PiiEntity[] = [...others, 'url', 'name', 'national_id', ...nationalIdNames]

/** The placeholder of an entity: `[EMAIL]`. */
export function placeholder(entity: string): string {
  return `[${entity.toUpperCase()}]`
}
