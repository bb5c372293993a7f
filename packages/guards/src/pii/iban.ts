import type { Found } from './email.ts'

/** Length of an IBAN by country. @see https://www.swift.com/standards/data-standards/iban, IBAN Registry (release 99, 2024-12) */
const lengths: { readonly [country: string]: number } = Object.fromEntries(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ' +
    'ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 ' +
    'LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 ' +
    'PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
)

const opening = /[A-Za-z]{2}\d\d/g
const separator = /[ \u00a0\u2009\u202f.\-\u2010\u2011]/
const wordChar = /[\p{L}\p{N}_]/u

/**
 * IBANs of every country in the registry, in any case, with or without single spaces or dashes, of the country's length
 * and with the right checksum. Linear: each possible beginning is followed for at most twice an IBAN's length.
 *
 * @see ISO 13616-1:2020 and ISO/IEC 7064 (MOD 97-10)
 */
export function findIbans(text: string): Found[] {
  const found: Found[] = []
  for (const { 0: match, index } of text.matchAll(opening)) {
    if (wordChar.test(text[index - 1] ?? ' ')) continue
    const length = lengths[match.slice(0, 2).toUpperCase()]
    const iban = length === undefined ? undefined : take(text, index, length)
    if (iban && isValid(iban.characters)) found.push({ start: index, end: iban.end })
  }
  return found
}

/** The `count` letters and digits from `start` on with at most one separator between two, if they end a word. */
function take(text: string, start: number, count: number): { characters: string; end: number } | undefined {
  let characters = ''
  let at = start
  while (characters.length < count) {
    if (characters !== '' && separator.test(text[at] ?? '')) at += 1
    const character = text[at] ?? ''
    if (!/^[A-Za-z\d]$/.test(character)) return undefined
    characters += character
    at += 1
  }
  return wordChar.test(text[at] ?? ' ') ? undefined : { characters, end: at }
}

function isValid(iban: string): boolean {
  let rest = 0
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    // A letter counts as two digits: A is 10, Z is 35.
    const value = Number.parseInt(character, 36)
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97
  }
  return rest === 1
}
