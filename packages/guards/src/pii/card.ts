import { cues, phrases } from '../context-words.ts'
import { isLuhnNumber } from '../ids/libraries.ts'
import { gapAt, isDigitAt, isLetterOrDigitAt, kindAt, space } from './characters.ts'
import { isZero } from './amount.ts'
import { rank } from './findings.ts'
import type { NumberChain } from './number-chain.ts'
import type { Recogniser } from './recogniser.ts'

/** Issuer prefixes and the lengths that cards of them have. */
const issuers: readonly (readonly [prefix: RegExp, shortest: number, longest: number])[] = [
  [/^4/, 13, 19], // Visa
  [/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, 16, 16], // Mastercard
  [/^3[47]/, 15, 15], // American Express
  [/^(?:30[0-5]|3095|36|3[89])/, 14, 19], // Diners Club
  [/^(?:6011|64[4-9]|65)/, 16, 19], // Discover
  [/^35/, 16, 16], // JCB, its range wider than the published 3528 to 3589
  [/^35(?:2[89]|[3-8])/, 17, 19], // JCB
  [/^(?:2131|1800)/, 15, 15], // JCB, older
  [/^(?:62|81)/, 16, 19], // UnionPay
  [/^(?:50|5[6-9]|6)/, 16, 16], // Maestro, RuPay
  [/^(?:50|5[6-9]|63|67|0604)/, 12, 19], // Maestro
  [/^220[0-4]/, 16, 19], // Mir
  [/^9792/, 16, 16], // Troy
]

const shortest = 12
const longest = 19
/** Numbers up to this long are article numbers and times in milliseconds as well: they need a word. */
const commonLength = 13
/** Most cards have these lengths; of others, most unbroken numbers are keys of databases: they need a word, but for a few. */
const commonLengths: ReadonlySet<number> = new Set([14, 16])
/** American Express, older numbers of JCB, UnionPay. */
const distinctPrefix = /^(?:3[47]\d{13}|(?:2131|1800)\d{11}|62\d{15,17})$/
/** How networks print them: four digits first, and three groups or more. */
const firstGroup = 4
const fewestGroups = 3
const words = cues(
  phrases(`
    card, cc, visa, mastercard, amex, maestro, discover, jcb, diners, unionpay, pan, debit, credit, creditcard,
    cardnumber, karte, kreditkarte, carte, tarjeta, cartão, carta, карта
  `),
)

/**
 * Payment card numbers: 12 to 19 digits, with or without separators (one, two spaces, or a dash between spaces), that begin like a known issuer's and whose
 * check digit is right.
 *
 * It counts by itself with 14 digits or more, in groups as they are printed: four digits first, three groups or more, one
 * separator throughout, no pairs of spaces; and unbroken with 14 or 16 digits, or as an American Express or UnionPay number.
 * With fewer digits, other lengths or groups, or of no known issuer it takes a word for a card beside it. In a longer row of groups every stretch of whole groups is tried, so a number next to other numbers is found, but not
 * the tail of a longer number in groups of one size; digits inside a longer unbroken number or word are none.
 *
 * @see ISO/IEC 7812-1:2017, issuer ranges and annex B (Luhn), and the networks' published ranges (2026-11).
 */
export const card: Recogniser = {
  reach: 128,
  numbers(chain, into) {
    for (let first = 0; first < chain.starts.length; first += 1) {
      const start = chain.starts[first] as number
      const { last, open, known } = cardFrom(into.text, chain, first)
      if (open) into.touch(start)
      if (last < 0 || (continues(chain, first) && !endsCard(into.text, chain, first - 1))) continue
      const end = chain.ends[last] as number
      if (known && isPrinted(into.text, chain, first, last)) into.add(start, end, 'card', 0.95, rank.number)
      else if (into.hasCue(start, end, words))
        into.add(start, end, 'card', known ? 0.9 : 0.7, known ? rank.number : rank.context)
      else if (known) into.add(start, end, 'card', 0.4, rank.context)
    }
  },
}

/** Whether groups `first` to `last` are long enough and look like a card's. */
function isPrinted(text: string, chain: NumberChain, first: number, last: number): boolean {
  const { starts, ends } = chain
  const groups = last - first + 1
  if (groups === 1) return isOfCardsOnly(text, starts[first] as number, ends[first] as number)
  const separator = gapAfter(text, chain, first)
  // Spaces in pairs are between the columns of a table.
  if (kindAt(separator, 1) === space) return false
  let length = (ends[first] as number) - (starts[first] as number)
  if (groups < fewestGroups || length !== firstGroup) return false
  for (let group = first; group < last; group += 1) {
    if (gapAfter(text, chain, group) !== separator) return false
    length += (ends[group + 1] as number) - (starts[group + 1] as number)
  }
  return length > commonLength
}

function gapAfter(text: string, { starts, ends }: NumberChain, group: number): string {
  return text.slice(ends[group], starts[group + 1])
}

/** Whether an unbroken number is more often a card than anything else, by its length and how it begins. */
function isOfCardsOnly(text: string, start: number, end: number): boolean {
  const length = end - start
  return length > commonLength && (commonLengths.has(length) || distinctPrefix.test(text.slice(start, end)))
}

/** Whether group `at` goes on in the rhythm of the one before: the tail of a longer number (a parcel's, a bank reference). */
function continues({ starts, ends }: NumberChain, at: number): boolean {
  if (at === 0) return false
  const length = (ends[at] as number) - (starts[at] as number)
  return length === (ends[at - 1] as number) - (starts[at - 1] as number)
}

/** Whether a card ends with group `last`. */
function endsCard(text: string, chain: NumberChain, last: number): boolean {
  let digits = ''
  for (let first = last; first >= 0; first -= 1) {
    digits = text.slice(chain.starts[first], chain.ends[first]) + digits
    if (digits.length > longest) return false
    if (digits.length >= shortest && isOfIssuer(digits) && isLuhnNumber(digits)) return true
    if (!joined(text, chain, first)) return false
  }
  return false
}

interface Card {
  /** The group with which it ends; -1 when there is none. */
  readonly last: number
  /** Whether more text could make one, or a longer one. */
  readonly open: boolean
  /** Whether it is of a known issuer. */
  readonly known: boolean
}

/** The card that begins with group `first`. The longest of a known issuer wins, then the longest. */
function cardFrom(text: string, chain: NumberChain, first: number): Card {
  if (isLetterOrDigitAt(text, (chain.starts[first] as number) - 1) || isFraction(text, chain, first))
    return { last: -1, open: false, known: false }
  let digits = ''
  let gap = 0
  let last = -1
  let known = false
  let lengths: ReturnType<typeof lengthsOf> | undefined
  for (let group = first; group < chain.starts.length; group += 1) {
    const [start, end] = [chain.starts[group] as number, chain.ends[group] as number]
    if (group > first && !joined(text, chain, group)) return { last, open: false, known }
    // What is set apart by more than the groups are is no more of it.
    if (group > first + 1 && start - (chain.ends[group - 1] as number) !== gap) return { last, open: false, known }
    if (group === first + 1) gap = start - (chain.ends[first] as number)
    // Single digits in a row are a table or a list far more often than a card.
    const lastOfOpen = chain.open && group === chain.starts.length - 1
    if (end - start < 2) return { last, open: lastOfOpen && end === text.length, known }
    if (digits.length + end - start > longest) return { last, open: false, known }
    digits += text.slice(start, end)
    if (digits.length < shortest || isLetterOrDigitAt(text, end)) continue
    lengths ??= lengthsOf(digits)
    const { length } = digits
    const ofIssuer = lengths.some(([, least, most]) => length >= least && length <= most)
    if ((!ofIssuer && (known || length === shortest)) || !isLuhnNumber(digits)) continue
    known ||= ofIssuer
    last = group
  }
  return { last, open: chain.open && digits.length < longest, known }
}

/** Whether no more than a gap stands before group `at`. */
function joined(text: string, { starts, ends }: NumberChain, at: number): boolean {
  const gap = ends[at - 1]
  return gap !== undefined && gapAt(text, gap) === (starts[at] as number) - gap
}

/** Whether group `at` is what follows the point of `0.5038`. */
function isFraction(text: string, { starts, ends }: NumberChain, at: number): boolean {
  const length = (ends[at] as number) - (starts[at] as number)
  const point = (starts[at] as number) - 1
  if (length < shortest || !isDigitAt(text, point - 1)) return false
  return text[point] === '.' || (text[point] === ',' && isZero(text, point - 1))
}

/** The issuers of numbers that begin like this. */
function lengthsOf(digits: string): typeof issuers {
  return issuers.filter(([prefix]) => prefix.test(digits))
}

function isOfIssuer(digits: string): boolean {
  const { length } = digits
  return lengthsOf(digits).some(([, least, most]) => length >= least && length <= most)
}
