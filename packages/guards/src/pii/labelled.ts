import { cues, phrases } from '../context-words.ts'
import { isDigitAt, isWordAt } from './characters.ts'
import { rank } from './findings.ts'
import type { Recogniser } from './recogniser.ts'

/** Numbers without a form of their own, which only the words around them tell. */
export type LabelledEntity = 'bank_account' | 'cvv' | 'driver_licence' | 'medical_record' | 'passport'

interface Label {
  readonly cues: readonly string[]
  readonly shortest: number
  readonly longest: number
  readonly fewestDigits: number
  /** Whether letters may be among the digits. */
  readonly letters: boolean
  /** Whether only a cue before it counts, since every second number is of its kind. */
  readonly afterCue: boolean
}

/** @see ICAO Doc 9303-3 (passport number: nine characters at most); the lengths of the rest as issuers print them */
const labels: { readonly [entity in LabelledEntity]: Label } = {
  bank_account: {
    cues: phrases(`
        account, acct, account number, konto, kontonummer, cuenta, compte, conto, rekening, bban,
        accountnumber, sort code, счёт
      `),
    shortest: 6,
    longest: 18,
    fewestDigits: 6,
    letters: false,
    afterCue: false,
  },
  cvv: {
    cues: phrases('cvv, cvv2, cvc, cvc2, csc, security code, verification code, card code, prüfziffer'),
    shortest: 3,
    longest: 4,
    fewestDigits: 3,
    letters: false,
    afterCue: true,
  },
  driver_licence: {
    cues: phrases(`
        driver license, driver licence, driver s license, driver s licence, drivers license, drivers licence,
        driving license, driving licence, dl, dln, führerschein, führerscheinnummer, permis de conduire,
        carnet de conducir, patente di guida, rijbewijs
      `),
    shortest: 6,
    longest: 18,
    fewestDigits: 4,
    letters: true,
    afterCue: false,
  },
  medical_record: {
    cues: phrases('mrn, medical record, patient id, patient number, health record, chart number, hospital number'),
    shortest: 5,
    longest: 14,
    fewestDigits: 4,
    letters: true,
    afterCue: false,
  },
  passport: {
    cues: phrases('passport, passeport, pasaporte, reisepass, passaporto, passnummer, paspoort, паспорт'),
    shortest: 6,
    longest: 10,
    fewestDigits: 5,
    letters: true,
    afterCue: false,
  },
}

export const labelledNames = Object.keys(labels) as readonly LabelledEntity[]

const score = 0.6

/**
 * Numbers that a cue among the five words on either side names, a CVV one among the five before it. Where several are named,
 * the nearest cue has it.
 */
export function labelled(entities: readonly LabelledEntity[]): Recogniser {
  const wanted = entities.map((entity) => ({ ...labels[entity], entity, named: cues(labels[entity].cues) }))
  // Most numbers are named by nothing: one look for all cues tells.
  const anyCue = cues(entities.flatMap((entity) => labels[entity].cues))
  const fits = fitting(wanted)
  return {
    reach: 128,
    word(start, end, into) {
      const { text } = into
      const length = end - start
      if (end + 2 > text.length) into.touch(start)
      if (length > longestOfAll || isWordAt(text, start - 1) || isWordAt(text, end) || isPart(text, start, end)) return
      let digits = 0
      for (let index = start; index < end; index += 1) if (isDigitAt(text, index)) digits += 1
      const fit = fits[length * (longestOfAll + 1) + digits] as number
      if (fit === none) return
      const around = into.around(start, end)
      if (fit === waiting && !around.complete) into.touch(start)
      if (anyCue.distance(around) === 0) return
      let nearest = Infinity
      let named: LabelledEntity | undefined
      for (const label of wanted) {
        if (!isLike(label, length, digits)) continue
        const ahead = label.named.distance(around, 'before') || Infinity
        const behind = label.afterCue ? Infinity : label.named.distance(around, 'after') || Infinity
        // Of two that are as near, the one before: a label comes first.
        const distance = Math.min(ahead, behind + 0.5)
        if (distance < nearest) {
          nearest = distance
          named = label.entity
        }
      }
      if (named) into.add(start, end, named, score, rank.context)
    },
  }
}

const longestOfAll = Math.max(...Object.values(labels).map(({ longest }) => longest))
/** What a word may be: none of the entities, one that is told by the words before it, or by those after it as well. */
const [none, decided, waiting] = [0, 1, 2]

/** What words may be, by their length and how many digits are in them. */
function fitting(wanted: readonly Label[]): Uint8Array {
  const counts = longestOfAll + 1
  return Uint8Array.from({ length: counts * counts }, (_, place) => {
    const like = wanted.filter((label) => isLike(label, Math.floor(place / counts), place % counts))
    return like.length === 0 ? none : like.some(({ afterCue }) => !afterCue) ? waiting : decided
  })
}

/** Whether a word of so many characters, so many of them digits, may be one. */
function isLike({ shortest, longest, fewestDigits, letters }: Label, length: number, digits: number): boolean {
  return length >= shortest && length <= longest && digits >= fewestDigits && (letters || digits === length)
}

/** Whether the word is a part of an amount, a date, a version or a path. */
function isPart(text: string, start: number, end: number): boolean {
  const before = text.charAt(start - 1)
  const after = text.charAt(end)
  if (before !== '' && '$€£¥'.includes(before)) return true
  return (
    (before !== '' && '.,/:-'.includes(before) && isDigitAt(text, start - 2)) ||
    (after !== '' && '.,/:-%'.includes(after) && isDigitAt(text, end + 1))
  )
}
