import { type Cues, cues, isCounted, phrases, type Surroundings } from '../context-words.ts'
import { isAmount, isOfAmount } from './amount.ts'
import { isDigitAt, isWordAt } from './characters.ts'
import { type Findings, rank } from './findings.ts'
import { isOtherNumber, isRightBeside } from './other-numbers.ts'
import type { Recogniser } from './recogniser.ts'

/** Numbers without a form of their own, which only the words around them tell. */
export type LabelledEntity = 'bank_account' | 'cvv' | 'driver_licence' | 'medical_record' | 'passport'

interface Label {
  readonly cues: readonly string[]
  /** Words that are also said of much else: one counts only with nothing but `number`, `no.` or `is` before the number. */
  readonly bare: readonly string[]
  /** What a cue does not count before: `account manager`. */
  readonly heads: readonly string[]
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
        account number, account no, account nr, account num, accountnumber, accountno, acct number, acct no, acc number,
        acc no, bank account, checking account, savings account, current account, sort code, bban, kontonummer, kontonr, bankkonto,
        numéro de compte, compte bancaire, número de cuenta, cuenta bancaria, cuenta corriente, numero di conto,
        conto corrente, conto bancario, conta bancária, conta corrente, rekeningnummer, bankrekening
      `),
    bare: phrases('account, acct, konto, cuenta, compte, conto, conta, rekening, счёт, счет'),
    heads: phrases(`
        manager, managers, management, executive, executives, director, directors, team, teams, balance, balances, growth,
        revenue, target, targets, tenu
      `),
    shortest: 6,
    longest: 18,
    fewestDigits: 6,
    letters: false,
    afterCue: false,
  },
  cvv: {
    cues: phrases(`
        cvv, cvv2, cvc, cvc2, csc, security code, card verification, verification value, card code, prüfziffer,
        sicherheitscode, kartenprüfnummer, cryptogramme, code de sécurité, código de seguridad, código de segurança,
        codice di sicurezza, beveiligingscode
      `),
    bare: [],
    heads: phrases(
      'review, reviews, reviewing, audit, audits, scan, scans, scanner, scanning, analysis, changes, coverage',
    ),
    shortest: 3,
    longest: 4,
    fewestDigits: 3,
    letters: false,
    afterCue: true,
  },
  driver_licence: {
    cues: phrases(`
        driver license, driver licence, driver s license, driver s licence, drivers license, drivers licence,
        driving license, driving licence, dln, führerschein, führerscheinnummer, permis de conduire,
        carnet de conducir, patente di guida, rijbewijs
      `),
    bare: ['dl'],
    heads: [],
    shortest: 6,
    longest: 18,
    fewestDigits: 4,
    letters: true,
    afterCue: false,
  },
  medical_record: {
    cues: phrases('mrn, medical record, patient id, patient number, health record, chart number, hospital number'),
    bare: [],
    heads: phrases('gene, genes, complex, protein, proteins'),
    shortest: 5,
    longest: 14,
    fewestDigits: 4,
    letters: true,
    afterCue: false,
  },
  passport: {
    cues: phrases('passport, passeport, pasaporte, reisepass, passaporto, passnummer, paspoort, паспорт'),
    bare: [],
    heads: phrases('js, middleware, strategy'),
    shortest: 6,
    longest: 10,
    fewestDigits: 5,
    letters: true,
    afterCue: false,
  },
}

export const labelledNames = Object.keys(labels) as readonly LabelledEntity[]

const score = 0.6

/** A label with its cues at hand. */
interface Named extends Label {
  readonly entity: LabelledEntity
  readonly sure: Cues
  readonly near: Cues
}

/**
 * Numbers that a cue among the five words on either side names, a CVV one among the five before it. Where several are named,
 * the nearest cue has it. What has the name of another number (`order 10293847`) or counts something (`1234 lines`) is none.
 */
export function labelled(entities: readonly LabelledEntity[]): Recogniser {
  // Most numbers are named by nothing: one look for all cues tells.
  const all = entities.flatMap((entity) => [...labels[entity].cues, ...labels[entity].bare])
  const anyCue = cues(all)
  const wanted = entities.map((entity): Named => {
    const label = labels[entity]
    const named = (some: readonly string[]): Cues => cues(some, label.heads, all.join())
    return { ...label, entity, sure: named(label.cues), near: named(label.bare) }
  })
  const fits = fitting(wanted)
  return {
    reach: 128,
    word(start, end, into) {
      const { text } = into
      const length = end - start
      if (end + 2 > text.length) into.touch(start)
      if (length > longestOfAll) return
      let digits = 0
      for (let index = start; index < end; index += 1) if (isDigitAt(text, index)) digits += 1
      const fit = fits[length * (longestOfAll + 1) + digits] as number
      if (fit === none || isWordAt(text, start - 1) || isWordAt(text, end) || isPart(start, end, into)) return
      const around = into.around(start, end)
      if (fit === waiting && !around.complete) into.touch(start)
      if (anyCue.distance(around) === 0) return
      const named = nearest(wanted, around, length, digits)
      if (named === undefined || isOtherNumber(around)) return
      if (!around.complete) into.touch(start)
      if (!isCounted(around)) into.add(start, end, named, score, rank.context)
    },
  }
}

/** The entity whose cue is nearest; of two that are as near, the one before: a label comes first. */
function nearest(
  wanted: readonly Named[],
  around: Surroundings,
  length: number,
  digits: number,
): LabelledEntity | undefined {
  let least = Infinity
  let named: LabelledEntity | undefined
  for (const label of wanted) {
    if (!isLike(label, length, digits)) continue
    const behind = label.afterCue ? Infinity : distanceOf(label, around, 'after') + 0.5
    const distance = Math.min(distanceOf(label, around, 'before'), behind)
    if (distance < least) {
      least = distance
      named = label.entity
    }
  }
  return named
}

/** How many words away a label's cue is on one side; infinitely many where there is none. */
function distanceOf({ sure, near }: Named, around: Surroundings, side: 'before' | 'after'): number {
  const distance = sure.distance(around, side) || Infinity
  const bare = near.distance(around, side)
  return bare > 0 && bare < distance && isRightBeside(around, bare, side) ? bare : distance
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
function isPart(start: number, end: number, into: Findings): boolean {
  const { text } = into
  const before = text.charAt(start - 1)
  const after = text.charAt(end)
  if (before !== '' && '$€£¥'.includes(before)) return true
  if (before === ',' && isOfAmount(text, start)) return true
  if (before !== '' && './:-'.includes(before) && isDigitAt(text, start - 2)) return true
  return after === ','
    ? isAmount(start, end, into)
    : after !== '' && './:-%'.includes(after) && isDigitAt(text, end + 1)
}
