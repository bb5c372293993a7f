import { cues, phrases } from '../context-words.ts'
import { isDigitAt, isWordAt, kindAt, letter } from './characters.ts'
import { DateReader, type WrittenDate } from './date-reader.ts'
import { type Findings, rank } from './findings.ts'
import { mayBeMonthAt, monthNumber } from './months.ts'
import type { Recogniser } from './recogniser.ts'

const words = cues(
  phrases(`
    born, birth, dob, d o b, birthday, bday, birthdate, dateofbirth, geboren, geb, geburtsdatum, geburtstag, né, née,
    naissance, nacido, nacida, nació, nacimiento, cumpleaños, nato il, nato a, nato nel, nata il, nata a, nata nel,
    nascita, compleanno, nascido, nascida, nascimento, geboortedatum, født, fødselsdato, fødselsdag, född, födelsedatum,
    syntynyt, urodzony, urodzona, urodzenia, narozen, narozena, narození, născut, născută, doğum, родился, родилась,
    рождения, γεννήθηκε, γέννησης, 生年月日, 誕生日, 出生日期, 생년월일
  `),
)
/** Scripts without spaces have no whole words: these stand right before a date or right after it. */
const eastAsianWords = /生年月日|出生|誕生|诞生|生日|生まれ|생년월일|출생|생일|태어/
const [eastAsianBefore, eastAsianAfter] = [12, 6]
/** How near a word must be to digits that could be any number. */
const nearUnbroken = 3

const longestNumber = 8
const longestMonthBefore = 9

/** Dates beside a word for birth, among the five on either side; of unbroken digits, among the three before them. */
export const birthDate: Recogniser = {
  reach: 128,
  wordLength: { min: 1, max: longestNumber },
  word(start, end, into) {
    const { text } = into
    if (!isDigitAt(text, start)) return
    let digits = 1
    while (start + digits < end && isDigitAt(text, start + digits)) digits += 1
    const month = digits > 2 ? undefined : monthBefore(text, start)
    if ((month === undefined && !mayBegin(text, start, digits, end)) || isWordAt(text, start - 1)) return
    const from = month ?? start
    const reader = new DateReader(text)
    const date = month === undefined ? reader.fromNumber(start) : reader.fromMonth(month, start)
    if (reader.open) into.touch(from)
    if (!date || isWordAt(text, date.end)) return
    if (date.end + 2 > text.length) into.touch(from)
    if ('/.-'.includes(text.charAt(date.end)) && isDigitAt(text, date.end + 1)) return
    if (isOfBirth(date, from, into)) into.add(from, date.end, 'birth_date', 0.8, rank.context)
  },
  tail(into) {
    const { text } = into
    const end = monthEndBefore(text, text.length)
    const start = end < text.length ? monthStart(text, end) : undefined
    if (start !== undefined) into.touch(start)
  },
}

/** Whether a date may begin with so many digits at `start`, by what comes next: most numbers do not. */
function mayBegin(text: string, start: number, digits: number, end: number): boolean {
  const next = start + digits
  if (digits === longestNumber) return next === end
  if (digits > 2 && digits !== 4) return false
  if (next === text.length) return true
  const code = text.charCodeAt(next)
  // A full stop, a slash, a dash of any kind; the sign for a year; `º`.
  if (code === 0x2e || code === 0x2f || code === 0x2d || code > 0x7f) return true
  if (digits > 2) return false
  return code === 0x20 ? mayBeMonthAt(text, next + 1) : kindAt(text, next) === letter
}

function isOfBirth({ form, end }: WrittenDate, start: number, into: Findings): boolean {
  if (form === 'unbroken') return isNear(words.distance(into.around(start, end), 'before'))
  return (form === 'eastAsian' && isBesideEastAsian(start, end, into)) || into.hasCue(start, end, words)
}

function isBesideEastAsian(start: number, end: number, into: Findings): boolean {
  const { text } = into
  if (eastAsianWords.test(text.slice(Math.max(0, start - eastAsianBefore), start))) return true
  if (end + eastAsianAfter > text.length) into.touch(start)
  return eastAsianWords.test(text.slice(end, end + eastAsianAfter))
}

function isNear(distance: number): boolean {
  return distance > 0 && distance <= nearUnbroken
}

/** Where the month begins that ends right before `at`, but for a space. */
function monthBefore(text: string, at: number): number | undefined {
  return text.charCodeAt(at - 1) === 0x20 ? monthStart(text, monthEndBefore(text, at)) : undefined
}

/** Where a month would end that `at` comes after: before a space, and a full stop before that. */
function monthEndBefore(text: string, at: number): number {
  const end = text.charCodeAt(at - 1) === 0x20 ? at - 1 : at
  return text.charCodeAt(end - 1) === 0x2e ? end - 1 : end
}

/** Where the month of ASCII letters begins that ends at `end`. */
function monthStart(text: string, end: number): number | undefined {
  let start = end
  while (end - start <= longestMonthBefore && kindAt(text, start - 1) === letter) start -= 1
  const isOne = end - start >= 3 && end - start <= longestMonthBefore && mayBeMonthAt(text, start)
  if (!isOne || isWordAt(text, start - 1)) return undefined
  return monthNumber(text.slice(start, end)) ? start : undefined
}
