import { DateReader } from './date-reader.ts'
import { nationalDigits } from './phone-parser.ts'

/** What all spellings of a value have in common. */
export type Canonical = (value: string) => string

/** Entities whose value is more than its letters and digits: `a.b@example.com` is not `ab@example.com`. */
const special: ReadonlyMap<string, Canonical> = new Map([
  ['email', email],
  ['phone', phone],
  ['ip', ip],
  ['crypto_address', cryptoAddress],
  ['birth_date', birthDate],
  // Passwords tell upper from lower case.
  ['url_credentials', (value: string) => value],
  ['url', lower],
  ['name', lower],
])

/** How values of an entity are made equal: to letters and digits in lower case, unless more is known of it. */
export function canonicalOf(entity: string): Canonical {
  return special.get(entity) ?? bare
}

function lower(value: string): string {
  if (isSmall(value)) return value
  return (/^[\0-\x7f]*$/.test(value) ? value : value.normalize('NFKC')).toLowerCase()
}

function bare(value: string): string {
  return lower(value).replaceAll(/[^\p{L}\p{N}]/gu, '')
}

/** Whether all of it is ASCII without capitals. */
function isSmall(value: string): boolean {
  for (let index = 0; index < value.length; index += 1) {
    const code = value.charCodeAt(index)
    if (code > 0x7f || (code > 0x40 && code < 0x5b)) return false
  }
  return true
}

/** In a query string an address is escaped, in one within another twice. */
function email(value: string): string {
  return lower(value.includes('@') ? value : unescaped(unescaped(value)))
}

function unescaped(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

/**
 * The number within its country, so that `+49 30 901820`, `0049 30 901820` and `030 901820` are one: nothing in the last
 * tells its country.
 */
function phone(value: string): string {
  const [, number = '', extension = ''] = /^([^a-z,;]*)(.*)$/su.exec(lower(value)) ?? []
  const extended = extension.replaceAll(/\D/g, '')
  const within = withinCountry(number).replace(/^0+/, '')
  return extended === '' ? within : `${within}x${extended}`
}

function withinCountry(number: string): string {
  const digits = number.replaceAll(/\D/g, '')
  if (/^\(?\+/.test(number)) return nationalDigits(`+${digits}`) ?? digits
  if (digits.startsWith('00')) return nationalDigits(`+${digits.slice(2)}`) ?? digits
  const american = digits.length === 11 && digits.startsWith('1') && (/^1[ .(-]/.test(number) || /^\d+$/.test(number))
  return (american && nationalDigits(digits, 'US')) || digits
}

/** Version 6 as its standard writes it (RFC 5952); version 4 within version 6 is that of version 4. */
function ip(value: string): string {
  if (!value.includes(':')) return value
  const host = hostOf(`http://[${value}]`)
  const [, high, low] = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(host) ?? []
  if (high === undefined || low === undefined) return host
  return [high, low].flatMap((each) => [Number.parseInt(each, 16) >> 8, Number.parseInt(each, 16) & 0xff]).join('.')
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : url.toLowerCase()
}

/** Base58 tells upper from lower case; bech32 and hexadecimal do not. */
function cryptoAddress(value: string): string {
  return /^(?:0x|bc1|ltc1)/i.test(value) ? value.toLowerCase() : value
}

function birthDate(value: string): string {
  const written = lower(value)
  const reader = new DateReader(written)
  const day = written.search(/\d/)
  const date = day === 0 ? reader.fromNumber(0) : reader.fromMonth(0, day)
  return date?.iso ?? written
}
