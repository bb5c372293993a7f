import { checkFingerprints, checkNames, refuse, shown } from '../option-checks.ts'
import { checkedCustom, type CustomEntity } from './custom.ts'
import { defaultEntities, entityNames, nationalIdNames, type PiiEntity } from './entities.ts'
import { checkedCountries, defaultCountries } from './phone-parser.ts'

export interface PiiOptions {
  /** What to do about what is found. @default 'redact' */
  readonly mode?: 'block' | 'redact' | 'warn'
  /** What to look for; `national_id` stands for all national ids. @default all but `url` and `name` */
  readonly entities?: readonly PiiEntity[]
  /**
   * Whether values come back: the pipeline sends placeholders to the model and puts the values in place of them in its
   * answer. Only with `mode: 'redact'`. @default false
   */
  readonly restore?: boolean
  /** How sure a finding must be to count, 0..1. @default 0.5 */
  readonly minScore?: number
  /**
   * The countries (ISO 3166, upper case) whose telephone numbers are known when they begin with 0 or a parenthesis, without
   * a plus and without a word for a telephone. More of them cost time. @default those of most numbers without a plus
   */
  readonly countries?: readonly string[]
  /** Fingerprints of values that are nobody's secret, such as the company's own numbers. Needs `salt`. @default none */
  readonly allow?: readonly string[]
  /**
   * The key of the fingerprints, at least 16 characters; keep it like a password. @default drawn anew in each process
   */
  readonly salt?: string
  /** Entities of your own. @default none */
  readonly custom?: readonly CustomEntity[]
}

/** Options with their defaults. */
export interface CheckedOptions {
  readonly mode: 'block' | 'redact' | 'warn'
  readonly entities: readonly PiiEntity[]
  readonly restore: boolean
  readonly minScore: number
  readonly countries: readonly string[]
  readonly allow: ReadonlySet<string>
  readonly salt?: string
  readonly custom: readonly CustomEntity[]
}

const modes: readonly unknown[] = ['block', 'redact', 'warn']
const optionNames = ['mode', 'entities', 'restore', 'minScore', 'countries', 'allow', 'salt', 'custom']
const leastScore = 0.5

/** @throws {SluiceError} `config.option` naming the value and what it may be. */
export function checked(options: PiiOptions): CheckedOptions {
  checkNames('pii()', options, optionNames)
  const { mode = 'redact', restore = false, minScore = leastScore, allow = [], salt, countries } = options
  const { entities, custom = [] } = options
  if (!modes.includes(mode)) refuse(`The mode of pii() must be block, redact or warn, got ${shown(mode)}.`)
  if (typeof restore !== 'boolean') refuse(`restore of pii() must be true or false, got ${shown(restore)}.`)
  if (restore && mode !== 'redact')
    refuse(`pii() restores only what it redacts: leave mode at "redact", or restore at false (mode is "${mode}").`)
  if (!(typeof minScore === 'number' && minScore >= 0 && minScore <= 1))
    refuse(`minScore of pii() must be a number from 0 to 1, got ${shown(minScore)}.`)
  checkFingerprints('pii()', allow, salt)
  return {
    mode,
    restore,
    minScore,
    ...(salt !== undefined && { salt }),
    allow: new Set(allow),
    countries: countries === undefined ? defaultCountries : checkedCountries(countries),
    entities: checkedEntities(entities),
    custom: checkedCustom(custom),
  }
}

/** In the order in which verdicts count them, `national_id` spelled out. */
function checkedEntities(entities: readonly PiiEntity[] = defaultEntities): PiiEntity[] {
  const some = Array.isArray(entities) && entities.length > 0
  const unknown = some ? entities.find((entity) => !entityNames.includes(entity)) : entities
  if (unknown !== undefined)
    refuse(`The entities of pii() must be some of ${entityNames.join(', ')}, got ${shown(unknown)}.`)
  const all = new Set(entities.includes('national_id') ? [...entities, ...nationalIdNames] : entities)
  return entityNames.filter((entity) => entity !== 'national_id' && all.has(entity))
}
