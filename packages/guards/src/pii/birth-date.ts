import { cues, phrases } from '../context-words.ts'
import { isDigitAt, isWordAt } from './characters.ts'
import { rank } from './findings.ts'
import type { Recogniser } from './recogniser.ts'

const words = cues(
  phrases(`
    born, birth, dob, d o b, birthday, birthdate, dateofbirth, geboren, geb, geburtsdatum, né, née, naissance,
    nacido, nacida, nacimiento, nato, nata, nascita, nascimento, geboortedatum, född, født
  `),
)

const months =
  'jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?'
const day = '(?:3[01]|[12]\\d|0?[1-9])'
const month = '(?:1[0-2]|0?[1-9])'
const year = '(?:19|20)\\d\\d'
/** From its first digit on: `12/03/1980`, `1980-03-12`, `12 March 1980`, `12th of March, 1980`. */
const fromDigit = new RegExp(
  `(?:${year}[-/.]${month}[-/.]${day}|${day}[-/.]${month}[-/.](?:${year}|\\d\\d)|${month}/${day}/(?:${year}|\\d\\d)|` +
    `${day}(?:st|nd|rd|th)?[ -](?:of )?(?:${months})\\.?,?[ -]${year})`,
  'iy',
)
/** `March 12, 1980`, from its month on. */
const fromMonth = new RegExp(`(?:${months})\\.? ${day}(?:st|nd|rd|th)?,? ${year}`, 'iy')
const monthAtEnd = new RegExp(`(?:^|[^\\p{L}])((?:${months})\\.? )$`, 'iu')
const longestMonth = 11
const longest = 28
/** The first number of a date, with what a day may end in: `1980`, `12th`. */
const longestFirstWord = 4

/** Dates beside a word for birth, among the five on either side. */
export const birthDate: Recogniser = {
  reach: 128,
  wordLength: { min: 1, max: longestFirstWord },
  word(start, _, into) {
    const { text } = into
    if (!isDigitAt(text, start) || isWordAt(text, start - 1)) return
    const monthStart = monthBefore(text, start)
    const from = monthStart ?? start
    const shape = monthStart === undefined ? fromDigit : fromMonth
    shape.lastIndex = from
    const match = shape.exec(text)
    const end = from + (match?.[0].length ?? 0)
    if (text.length - from < longest && mayGoOn(text, from)) into.touch(from)
    if (!match || isWordAt(text, end) || ('/.-'.includes(text.charAt(end)) && isDigitAt(text, end + 1))) return
    if (end + 2 > text.length) into.touch(from)
    if (into.hasCue(from, end, words)) into.add(from, end, 'birth_date', 0.8, rank.context)
  },
  tail(into) {
    const start = monthBefore(into.text, into.text.length)
    if (start !== undefined) into.touch(start)
  },
}

/** Where the month begins that ends right before `at`. */
function monthBefore(text: string, at: number): number | undefined {
  if (text[at - 1] !== ' ') return undefined
  const from = Math.max(0, at - longestMonth - 1)
  const match = monthAtEnd.exec(text.slice(from, at))
  return match?.[1] === undefined ? undefined : at - match[1].length
}

const numericBeginning = /^(?:\d{1,4}|\d{1,4}[-/.]\d{0,2}|\d{1,4}[-/.]\d{1,2}[-/.]\d{0,4})$/
const dayBeginning = /^\d{1,2}(?:st?|nd?|rd?|th?)?(?:[ -](?:of )?(\p{L}{0,9})\.?,?(?:[ -]\d{0,4})?)?$/iu
const monthBeginning = /^\p{L}{3,9}\.? \d{1,2}(?:st?|nd?|rd?|th?)?,?(?: \d{0,4})?$/iu
const monthNames =
  'january february march april may june july august september sept october november december of'.split(' ')

/** Whether all there is from `start` on is how a date begins. */
function mayGoOn(text: string, start: number): boolean {
  const beginning = text.slice(start)
  if (numericBeginning.test(beginning) || monthBeginning.test(beginning)) return true
  const named = dayBeginning.exec(beginning)
  return named !== null && monthNames.some((name) => name.startsWith((named[1] ?? '').toLowerCase()))
}
