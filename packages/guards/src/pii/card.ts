import type { Found } from './email.ts'

/** Issuer prefixes and the lengths that cards of them have. */
const issuers: readonly (readonly [prefix: RegExp, shortest: number, longest: number])[] = [
  [/^4/, 13, 19], // Visa
  [/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, 16, 16], // Mastercard
  [/^3[47]/, 15, 15], // American Express
  [/^(?:30[0-5]|3095|36|3[89])/, 14, 19], // Diners Club
  [/^(?:6011|64[4-9]|65)/, 16, 19], // Discover
  [/^35(?:2[89]|[3-8])/, 16, 19], // JCB
  [/^(?:2131|1800)/, 15, 15], // JCB, older
  [/^(?:62|81)/, 16, 19], // UnionPay
  [/^(?:50|5[6-9]|6)/, 13, 19], // Maestro, RuPay
  [/^220[0-4]/, 16, 19], // Mir
  [/^9792/, 16, 16], // Troy
]

const shortest = 13
const longest = 19
/** Digits with at most one separator between two of them. */
const run = /\d(?:[ \u00a0\u2009\u202f.\-\u2010\u2011]?\d){12,}/gu
const wordChar = /[\p{L}\p{N}_]/u

/**
 * Payment card numbers: 13 to 19 digits, with or without separators, that begin like a known issuer's and whose check
 * digit is right.
 *
 * A number in groups counts where its groups look like a card's: two or more digits each. In a longer row of groups every
 * stretch of whole groups is tried, so a number next to other numbers is found, but not the tail of a longer number in
 * groups of one size; digits inside a longer unbroken number or word are none. Linear: each group begins at most one
 * stretch of at most 19 digits.
 *
 * @see ISO/IEC 7812-1:2017, issuer ranges and annex B (Luhn), and the networks' published ranges (2026-11).
 */
export function findCards(text: string): Found[] {
  const found: Found[] = []
  for (const { 0: match, index } of text.matchAll(run)) {
    const groups = [...match.matchAll(/\d+/g)].map((group) => ({ digits: group[0], at: index + group.index }))
    let free = 0
    for (let first = 0; first < groups.length; first += 1) {
      const last = first > free && continues(groups, first) ? -1 : cardAt(text, groups, first)
      if (last < 0) continue
      const { at: start } = groups[first] as Group
      const { at, digits } = groups[last] as Group
      found.push({ start, end: at + digits.length })
      first = last
      free = last + 1
    }
  }
  return found
}

interface Group {
  readonly digits: string
  readonly at: number
}

/** Whether group `at` goes on in the rhythm of the one before: the tail of a longer number (a parcel's, a bank reference). */
function continues(groups: readonly Group[], at: number): boolean {
  return groups[at]?.digits.length === groups[at - 1]?.digits.length
}

/** The group with which a card that begins with group `first` ends; -1 when none begins there. The longest card wins. */
function cardAt(text: string, groups: readonly Group[], first: number): number {
  if (wordChar.test(text[(groups[first] as Group).at - 1] ?? ' ')) return -1
  let digits = ''
  let best = -1
  for (let last = first; last < groups.length; last += 1) {
    const group = groups[last] as Group
    // Single digits in a row are a table or a list far more often than a card.
    if (group.digits.length < 2) break
    digits += group.digits
    if (digits.length > longest) break
    const ends = !wordChar.test(text[group.at + group.digits.length] ?? ' ')
    if (digits.length >= shortest && ends && isCard(digits)) best = last
  }
  return best
}

function isCard(digits: string): boolean {
  const { length } = digits
  return (
    issuers.some(([prefix, least, most]) => length >= least && length <= most && prefix.test(digits)) && luhn(digits)
  )
}

function luhn(digits: string): boolean {
  let sum = 0
  for (let index = digits.length - 1, double = false; index >= 0; index -= 1, double = !double) {
    const digit = digits.charCodeAt(index) - 48
    sum += double ? digit * 2 - (digit > 4 ? 9 : 0) : digit
  }
  return sum % 10 === 0
}
