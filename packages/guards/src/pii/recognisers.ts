import type { NationalId } from '../ids/national-id.ts'
import { nationalIds } from '../ids/national-ids.ts'
import { birthDate } from './birth-date.ts'
import { card } from './card.ts'
import { cryptoAddress } from './crypto-address.ts'
import { type CustomEntity, customEntity } from './custom.ts'
import { email } from './email.ts'
import { type PiiEntity, nationalIdNames } from './entities.ts'
import { iban } from './iban.ts'
import { ip } from './ip.ts'
import { type LabelledEntity, labelled, labelledNames } from './labelled.ts'
import { lastWord } from './live-tail.ts'
import { mac } from './mac.ts'
import { names } from './name.ts'
import { phone } from './phone.ts'
import { phoneParser } from './phone-parser.ts'
import type { Recogniser } from './recogniser.ts'
import { url, urlCredentials } from './url.ts'

/** What a detector looks for. */
export interface Wanted {
  readonly entities: readonly PiiEntity[]
  readonly custom: readonly CustomEntity[]
  readonly countries: readonly string[]
}

const simple: { readonly [entity in PiiEntity]?: Recogniser } = {
  email,
  card,
  iban,
  ip,
  mac,
  url_credentials: urlCredentials,
  url,
  crypto_address: cryptoAddress,
  birth_date: birthDate,
}

/** The recognisers of the entities, loading what they need. */
export function recognisersOf({ entities, custom, countries }: Wanted): Recogniser[] {
  const recognisers = entities.flatMap((entity) => simple[entity] ?? [])
  if (entities.includes('phone')) recognisers.push(phone(phoneParser(countries)))
  const labels = entities.filter((entity): entity is LabelledEntity => labelledNames.includes(entity as LabelledEntity))
  if (labels.length > 0) recognisers.push(labelled(labels))
  const ids = entities.filter((entity): entity is NationalId => nationalIdNames.includes(entity as NationalId))
  if (ids.length > 0) recognisers.push(nationalIds(ids))
  if (entities.includes('name')) recognisers.push(names())
  return [...recognisers, ...custom.map(customEntity), lastWord]
}
