import { type Cues, cues } from '../context-words.ts'
import { isAlnumAt, isDigitAt, isEscapeAt, isLetterOrDigitAt, kindAt, letter } from '../pii/characters.ts'
import { isAmount } from '../pii/amount.ts'
import { type Findings, rank } from '../pii/findings.ts'
import type { Recogniser } from '../pii/recogniser.ts'
import { FormTree } from './forms.ts'
import type { IdRule, NationalId } from './national-id.ts'
import { idRules } from './rules.ts'

interface Form {
  readonly entity: NationalId
  readonly rule: IdRule
  readonly distinct: boolean
  readonly cues: Cues
}

/** Letters that may stand apart before the first digit: `AB 12 34 56 C`, `RSS MRA 85M01 H501Z`. */
const longestPrefix = 4
const mostPrefixes = 2

/**
 * National ids in their written forms and with the right checksum. In a form that many a number has, it also takes a word
 * that names the id, among the five before it or after it.
 */
export function nationalIds(entities: readonly NationalId[]): Recogniser {
  const forms = new FormTree<Form>()
  for (const entity of entities) {
    const rule = idRules[entity]
    const named = cues(rule.cues)
    for (const form of rule.distinct ?? []) forms.add(form, { entity, rule, distinct: true, cues: named })
    for (const form of rule.plain ?? []) forms.add(form, { entity, rule, distinct: false, cues: named })
  }
  return {
    reach: 128,
    word(start, _, into) {
      match(forms, start, into)
      let at = start
      for (let count = 0; count < mostPrefixes; count += 1) {
        const prefix = prefixBefore(into.text, at)
        if (prefix === at) return
        match(forms, prefix, into)
        at = prefix
      }
    },
    tail(into) {
      const { text } = into
      for (const start of [...prefixesBefore(text, text.length), ...prefixesBefore(text, wordBefore(text))]) {
        if (mayBecome(forms, text, start)) into.touch(start)
      }
    },
  }
}

/** Where short words of letters begin that end with one separator before `start`, the next one first. */
function prefixesBefore(text: string, start: number): number[] {
  const prefixes: number[] = []
  for (let at = start, next = prefixBefore(text, at); next < at && prefixes.length < mostPrefixes;) {
    prefixes.push(next)
    at = next
    next = prefixBefore(text, at)
  }
  return prefixes
}

/** Where the word begins that the text ends with. */
function wordBefore(text: string): number {
  let at = text.length
  while (at > 0 && text.length - at <= longestPrefix && isAlnumAt(text, at - 1)) at -= 1
  return at
}

/** Where a short word of letters begins that ends with one separator before `start`; `start` where there is none. */
function prefixBefore(text: string, start: number): number {
  if (start < 2 || isAlnumAt(text, start - 1)) return start
  let at = start - 1
  while (start - 1 - at <= longestPrefix && kindAt(text, at - 1) === letter) at -= 1
  if (at === start - 1) return start
  if (isEscapeAt(text, at)) at += 1
  const length = start - 1 - at
  return length > 0 && length <= longestPrefix && !isLetterOrDigitAt(text, at - 1) ? at : start
}

/** Whether all that is from `start` on is how a form begins. */
function mayBecome(forms: FormTree<Form>, text: string, start: number): boolean {
  let node = 0
  for (let index = start; index < text.length; index += 1) {
    node = forms.next(node, text, index)
    if (node === 0) return false
  }
  return forms.mayGrow(node)
}

function match(forms: FormTree<Form>, start: number, into: Findings): void {
  const { text } = into
  if (isLetterOrDigitAt(text, start - 1) || goesOnBefore(text, start)) return
  let node = 0
  for (let end = start; ; end += 1) {
    if (forms.isForm(node) && !goesOnAfter(start, end, into)) judge(forms.valuesOf(node), start, end, into)
    if (end >= text.length - 1 && forms.mayGrow(node)) into.touch(start)
    if (end >= text.length) return
    node = forms.next(node, text, end)
    if (node === 0) return
  }
}

function judge(values: readonly Form[], start: number, end: number, into: Findings): void {
  // What follows may make it part of something longer.
  if (end + 2 > into.text.length) into.touch(start)
  const written = into.text.slice(start, end).toUpperCase()
  // What a dash ties to a word is a part of some code, unless the word names it.
  const tied = into.text[start - 1] === '-' && kindAt(into.text, start - 2) === letter
  for (const { entity, rule, distinct, cues: named } of values) {
    const score = distinct && !tied ? 0.95 : into.hasCue(start, end, named) ? 0.85 : 0.3
    if (score < into.minScore || !rule.validate(written)) continue
    into.add(start, end, entity, score, distinct && !tied ? rank.checked : score > 0.5 ? rank.number : rank.context)
  }
}

/** Whether a number with separators began before `start`: `1.` before `123-45-6789`. */
function goesOnBefore(text: string, start: number): boolean {
  return isDigitAt(text, start - 2) && joins(text, start - 1)
}

/** Whether a word or a number with separators goes on at `end`. */
function goesOnAfter(start: number, end: number, into: Findings): boolean {
  const { text } = into
  if (isLetterOrDigitAt(text, end)) return true
  return isDigitAt(text, end + 1) && (joins(text, end) || isAmount(start, end, into))
}

function joins(text: string, index: number): boolean {
  const character = text.charAt(index)
  return character === '-' || character === '.' || character === '/'
}
