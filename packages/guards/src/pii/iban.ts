import { gapAt, isAlnumAt, isDigitAt, isLetterOrDigitAt, kindAt, letter } from './characters.ts'
import { rank } from './findings.ts'
import { widestGap } from './number-chain.ts'
import type { Recogniser } from './recogniser.ts'
import { longestWord } from './scan.ts'

const longestWritten = 70

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

/**
 * IBANs of every country in the registry, in any case, with or without single spaces, dots or dashes, or two
 * spaces or a dash between spaces, of the country's length and with the right checksum.
 *
 * @see ISO 13616-1:2020 and ISO/IEC 7064 (MOD 97-10)
 */
export const iban: Recogniser = {
  reach: 72,
  wordLength: { min: 3, max: longestWord },
  word(start, _, into) {
    const { text } = into
    if (kindAt(text, start) !== letter || kindAt(text, start + 1) !== letter || isLetterOrDigitAt(text, start - 1))
      return
    if (!isDigitAt(text, start + 2) || (!isDigitAt(text, start + 3) && start + 3 < text.length)) return
    if (isTied(text, start)) return
    const length = lengths[text.slice(start, start + 2).toUpperCase()]
    if (length === undefined) return
    const { characters, end } = take(text, start, length)
    if (end + 2 > text.length) into.touch(start)
    const goesOn = isLetterOrDigitAt(text, end) || (text[end] === '-' && isAlnumAt(text, end + 1))
    if (characters.length === length && !goesOn && isValid(characters)) into.add(start, end, 'iban', 1, rank.form)
  },
}

/** Whether a dash ties it to what is before it, as in a UUID; `IBAN-` is a label. */
function isTied(text: string, start: number): boolean {
  return (
    text[start - 1] === '-' && isAlnumAt(text, start - 2) && text.slice(start - 5, start - 1).toLowerCase() !== 'iban'
  )
}

/** Up to `count` letters and digits from `start` on with at most one gap between two. */
function take(text: string, start: number, count: number): { characters: string; end: number } {
  let characters = ''
  let at = start
  while (characters.length < count) {
    const next = characters === '' ? at : at + gapAt(text, at)
    // The dash or space of a wider gap may be still to come.
    if (!isAlnumAt(text, next)) return { characters, end: next > at ? at + widestGap : at }
    if (next - start >= longestWritten) return { characters, end: next }
    characters += text.charAt(next)
    at = next + 1
  }
  return { characters, end: at }
}

/** `validator` has this with a list of 80 countries, thirteen of the registry not among them. */
function isValid(iban: string): boolean {
  let rest = 0
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    // A letter counts as two digits: A is 10, Z is 35.
    const value = Number.parseInt(character, 36)
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97
  }
  return rest === 1
}
