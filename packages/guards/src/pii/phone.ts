import { cues, isCounted, phrases, type Surroundings } from '../context-words.ts'
import { isAmount, isOfAmount } from './amount.ts'
import { isAlnumAt, isDigitAt, isLetterOrDigitAt, isWordAt } from './characters.ts'
import { type Findings, rank } from './findings.ts'
import { isIsbn } from './isbn.ts'
import { digitsOf, type NumberChain } from './number-chain.ts'
import { isOtherNumber } from './other-numbers.ts'
import type { PhoneParser } from './phone-parser.ts'
import type { Recogniser } from './recogniser.ts'

const fewestDigits = 7
/** @see ITU-T E.164: fifteen digits, country code included */
const mostDigits = 15
/** Without a country code. */
const mostNational = 12
const mostGroups = 7
const longestExtension = 24
/** What may stand between two groups beside a single separator. */
const wideGap = /^(?:\)[ ./-]| \(| - | \/ )$/

/** What is no telephone: `call stack`, `fax machine`. */
const heads = phrases('id, ids, stack, of, machine, case, app, apps, lens, lenses, function, sign, plan, plans')
/** Words for a telephone and what is done with one. */
const words = cues(
  phrases(`
    phone, telephone, tel, mobile, cell, cellphone, cellular, fax, landline, hotline, whatsapp, sms, call,
    called, calling, callback, dial, dialed, dialled, ring, ringing, phoned, text me, texted, reach, reached,
    answering, contact, contacted, voicemail, pager, switchboard, extension, helpline, my number, his number,
    her number, our number, your number, their number, new number, message, texts, phonenumber, telefon,
    telefonnummer, handy, mobil, rufnummer, téléphone, tél, portable, appeler, teléfono, telefono, móvil,
    celular, llamar, cellulare, numero di, telefone, telemóvel, telefoon, mobiel, telefonnr, puhelin, тел,
    телефон, τηλέφωνο, numer telefonu
  `),
  heads,
)
/** Words that are a label right before a number, and anything elsewhere. */
const labels = cues(phrases('desk, office, home, work, direct, emergency'))
const labelDistance = 1
/** The words that leave no doubt; an unbroken number needs one of them. */
const names = cues(
  phrases(`
    phone, telephone, tel, cellphone, fax, whatsapp, sms, phonenumber, hotline, dial, telefon, telefonnummer, handy,
    téléphone, tél, teléfono, telefono, móvil, celular, cellulare, telefone, telemóvel, telefoon, тел, телефон
  `),
  heads,
)
/** The words that leave none right beside the number, with nothing but {@link fillers} between. */
const besides = cues(phrases('call, mobile, cell, mobil, mobiel'), heads)
const fillers: ReadonlySet<string> = new Set(
  phrases(`
    number, no, nr, num, is, was, on, at, to, me, us, him, her, them, my, your, our, his, their, the, new, or, and, please,
    back, via, now, today, nummer, ist, auf, unter
  `),
)
/** Who has a number of the shop, and one to be called at. */
const people = /^(?:customer|client|member|employee|user|student|vendor|supplier|kunde|cliente|klant)s?$/
const longestCounted = 16
/** How long a telephone is answered, not how many of it there are. */
const times = /^(?:hours|days|weeks|months|years|minutes|seconds)$/

const longestAmerican = 19
/** Among other numbers spaces alone make a row of a table. */
const marked = /[().-]/
const american = /^(?:(?:00)?1[ .-]{1,2})?(?:\(\d{3}\)[ .-]?|\d{3}([ .-]))\d{3}[ .-]\d{4}$/
const areaInParentheses = /^\(0?\d{1,4}\)[ -]?\d{2,5}[ -]?\d{3,4}(?:[ -]?\d{2,4})?$/
/** Amounts in thousands: a telephone number only beside a word that leaves no doubt. */
const thousands = /^\d{1,3}(?:[ .]\d{3}){2,4}$/
/** Dates, times of day beside dates, ranges of years, ratios, versions, and amounts in thousands or with decimals. */
const otherNumber =
  /^(?:(?:1[89]|20)\d\d[-./ ]\d{1,2}[-./ ]\d{1,2}(?:[ -]\d{1,2})?|\d{1,2}[-./ ]\d{1,2}[-./ ](?:19|20)\d\d|(?:19|20)\d\d ?[-/ ] ?\(?(?:19|20)\d\d\)?|\d{1,3}(?:[ .]\d{3}){2,4}|\d{1,9}\.\d{1,9}|0\.[\d. ]{1,30}|[1-9]\d{0,8}\/\d{1,9}|\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})$/
const extension = /^[ ,;]{0,2}(?:x|ext\.?|extension)[ .:]{0,2}\d{1,6}(?![\p{L}\p{N}])/iu
const extensionBeginning = /^[ ,;]{0,2}(?:(?:e|ex|ext\.?|x|extension)(?:[ .:]{0,2}\d{0,6})?)?$/i

/**
 * Telephone numbers. One with a plus is judged by its country's rules. One without counts in the form that its country
 * writes numbers in (North America's is known by its groups), or as digits with separators beside a word for a telephone;
 * unbroken digits take a word that leaves no doubt, or a number that exists. Beside a word for another number
 * (`order`, `invoice no.`) it is none.
 *
 * @see https://github.com/google/libphonenumber, whose rules the parser knows
 */
export function phone(parser: PhoneParser): Recogniser {
  return {
    reach: 128,
    numbers(chain, into) {
      for (let first = 0; first < chain.starts.length; first += 1) {
        const plus = plusBefore(into.text, chain.starts[first] as number)
        if (plus >= 0) international(parser, chain, first, plus, into)
        else national(parser, chain, first, into)
      }
    },
    tail(into) {
      const { text } = into
      const last = text.charAt(text.length - 1)
      if (last === '+' || last === '(') into.touch(text.length - (text.endsWith('+(') ? 2 : 1))
    },
  }
}

/** Where the plus is that a number at `start` has; -1 for none. */
function plusBefore(text: string, start: number): number {
  if (text[start - 1] === '+') return start - 1
  return text[start - 1] === '(' && text[start - 2] === '+' ? start - 2 : -1
}

/** The longest number from a plus on that its country knows; else the longest that could be one. */
function international(parser: PhoneParser, chain: NumberChain, first: number, plus: number, into: Findings): void {
  const { text } = into
  if (isWordAt(text, plus - 1)) return
  const last = reachOf(chain, first, mostDigits)
  if (chain.open && last === chain.starts.length - 1) into.touch(plus)
  let possible = -1
  for (let group = last; group >= first; group -= 1) {
    const digits = digitsOf(text, chain, first, group)
    if (digits.length < fewestDigits) break
    const end = chain.ends[group] as number
    if (isPartAfter(plus, end, true, into)) continue
    const verdict = parser(`+${digits}`)
    if (verdict === 'valid') return add(plus, end, 1, rank.checked, into)
    if (verdict === 'possible' && possible < 0 && !isAmount(plus, end, into)) possible = end
  }
  if (possible >= 0) add(plus, possible, 0.6, rank.context, into)
}

/** The last group that a number from group `first` on can have. */
function reachOf({ starts, ends }: NumberChain, first: number, most: number): number {
  let digits = 0
  let last = first - 1
  while (last + 1 < starts.length && last + 1 - first < mostGroups) {
    digits += (ends[last + 1] as number) - (starts[last + 1] as number)
    if (digits > most) break
    last += 1
  }
  return last
}

/** A number without a plus: as a whole row of groups, or in North America's form among other numbers. */
function national(parser: PhoneParser, chain: NumberChain, first: number, into: Findings): void {
  const { text } = into
  const start = chain.starts[first] as number
  if (isPartBefore(text, start)) return
  const last = reachOf(chain, first, mostDigits)
  if (last < first) return
  if (chain.open && last === chain.starts.length - 1) into.touch(openingBefore(text, start))
  const begins = !isJoined(text, chain, first)
  for (let group = last; group >= first; group -= 1) {
    const end = chain.ends[group] as number
    if (end - start < fewestDigits) return
    const from = isParenthesized(text, start, end) ? start - 1 : start
    const whole = begins && !isJoined(text, chain, group + 1)
    const written = text.slice(from, end)
    const among =
      written.length <= longestAmerican && !goesOn(text, end) && american.test(written) && marked.test(written)
    if ((!whole && !among) || isPartAfter(from, end, false, into)) continue
    const score = scoreOf(parser, from, end, into)
    if (score > 0) return add(from, end, score, rank.context, into)
  }
}

/** How sure it is that a row of groups is a telephone number; 0 for not enough. */
function scoreOf(parser: PhoneParser, start: number, end: number, into: Findings): number {
  const written = into.text.slice(start, end)
  const digits = written.replaceAll(/\D/g, '')
  if (digits.length < fewestDigits) return 0
  if (american.test(written)) {
    if (parser(digits.replace(/^001/, '1'), 'US') === 'valid') return 0.9
    // Numbers that are made up have the form and no area.
    if (/[)-]|^[\d.]+$/.test(written)) return 0.6
  }
  const broken = digits.length < written.length
  if (!broken || otherNumber.test(written)) {
    if ((broken && !thousands.test(written)) || digits.length > mostNational) return 0
    const told = into.hasCue(start, end, names) || isBeside(start, end, into)
    if (told || (!broken && into.hasCue(start, end, words) && isNational(parser, digits)))
      return isAnother(start, end, into) ? 0 : 0.6
    return 0
  }
  if (isIsbn(into.text, start, end, () => isOtherNumber(into.around(start, end)))) return 0
  if (digits.startsWith('00') && parser(`+${digits.slice(2)}`) === 'valid') return 0.8
  if ((digits.startsWith('0') || areaInParentheses.test(written)) && parser(digits, 'any') === 'valid') return 0.6
  if (digits.length > mostNational) return 0
  const told = into.hasCue(start, end, words) || into.hasCue(start, end, labels, labelDistance)
  return told && !isAnother(start, end, into) ? 0.75 : 0
}

/** Whether a word for a telephone is right beside the number. */
function isBeside(start: number, end: number, into: Findings): boolean {
  const around = into.around(start, end)
  const { before, after } = around
  const ahead = besides.distance(around, 'before')
  if (ahead > 0 && before.slice(before.length - ahead + 1).every((word) => fillers.has(word))) return true
  if (!around.complete) into.touch(start)
  const behind = besides.distance(around, 'after')
  return behind > 0 && after.slice(0, behind - 1).every((word) => fillers.has(word))
}

/** Whether the number is of somebody who is called at it: `call customer 555-0198`, not `call about customer 5550198`. */
function isCalled(around: Surroundings): boolean {
  return people.test(around.before.at(-1) ?? '') && words.distance(around, 'before') === 2
}

/** Whether a number beside a word for a telephone is one of another kind, or counts something: `call about order 5551234`. */
function isAnother(start: number, end: number, into: Findings): boolean {
  const { text } = into
  const around = into.around(start, end)
  if (isOtherNumber(around) && !isCalled(around)) return true
  let word = end + 1
  while (word - end < longestCounted && isAlnumAt(text, word)) word += 1
  if (word >= text.length) into.touch(start)
  return isCounted(around) && !times.test(around.after[0] ?? '')
}

/** Whether unbroken digits are a number of North America or, from a 0 on, of one of the countries. */
function isNational(parser: PhoneParser, digits: string): boolean {
  return digits.startsWith('0') ? parser(digits, 'any') === 'valid' : parser(digits, 'US') === 'valid'
}

function add(start: number, end: number, score: number, ranked: number, into: Findings): void {
  into.add(start, end + extensionAfter(start, end, into), 'phone', score, ranked)
}

/** How long the extension is that follows a number. */
function extensionAfter(start: number, end: number, into: Findings): number {
  const rest = into.text.slice(end, end + longestExtension)
  if (end + rest.length === into.text.length && extensionBeginning.test(rest)) into.touch(start)
  return extension.exec(rest)?.[0].length ?? 0
}

/** Where the parenthesis is that may belong to a number at `start`. */
function openingBefore(text: string, start: number): number {
  return text[start - 1] === '(' ? start - 1 : start
}

/** Whether a parenthesis before the number is closed within it. */
function isParenthesized(text: string, start: number, end: number): boolean {
  return text[start - 1] === '(' && text.slice(start, end).includes(')')
}

/** Whether group `at` belongs to the number of the one before, by what is between them. */
function isJoined(text: string, { starts, ends }: NumberChain, at: number): boolean {
  const from = ends[at - 1]
  const to = starts[at]
  return from !== undefined && to !== undefined && (to - from === 1 || wideGap.test(text.slice(from, to)))
}

/** Whether a dash ties the next group to what ends at `end`. */
function goesOn(text: string, end: number): boolean {
  return text[end] === '-' && isDigitAt(text, end + 1)
}

/** Whether what is before `start` makes the number a part of a word, an amount, a time or something longer. */
function isPartBefore(text: string, start: number): boolean {
  const opening = openingBefore(text, start)
  const before = text.charAt(opening - 1)
  if (before === '') return false
  if (isWordAt(text, opening - 1) || '$€£¥'.includes(before)) return true
  if (before === ',') return opening === start && isOfAmount(text, start)
  if (before === ':') return isDigitAt(text, opening - 2)
  return './-'.includes(before) && isAlnumAt(text, opening - 2)
}

/**
 * Whether what follows `end` makes the number that begins at `start` a part of a word or of something longer; with a plus
 * it is `sure` to be one of its own.
 */
function isPartAfter(start: number, end: number, sure: boolean, into: Findings): boolean {
  const { text } = into
  if (end + 2 > text.length) into.touch(start)
  if (sure ? isLetterOrDigitAt(text, end) : isWordAt(text, end)) return extensionAfter(start, end, into) === 0
  const after = text.charAt(end)
  if (after === ',') return !sure && isAmount(start, end, into)
  return after === '%' || (after !== '' && '.:/'.includes(after) && isDigitAt(text, end + 1))
}
