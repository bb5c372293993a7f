import { dash, isAlnumAt, isDigitAt, kindAt } from './characters.ts'
import type { Findings } from './findings.ts'

/** What an amount looks like before its decimals; one with another separator, or a zero before all, is none. */
const amount = /^\+?[1-9]\d{0,2}(?:\d{0,17}|(?:[ .]\d{3}){1,5})$/
const mostDecimals = 2
const thousand = 3

/**
 * Whether a comma after a number is followed by its decimals: `4155552671,50`. Before anything else, as in a row of values,
 * the number ends with it.
 */
export function isAmount(start: number, end: number, into: Findings): boolean {
  const { text } = into
  if (text[end] !== ',' || !isDigitAt(text, end + 1)) return false
  let after = end + 2
  while (after - end <= mostDecimals + 1 && isDigitAt(text, after)) after += 1
  if (after - end > mostDecimals + 1) return false
  if (after + 2 > text.length) into.touch(start)
  if (kindAt(text, after) === dash || isAlnumAt(text, after)) return false
  if ((text[after] === ',' || text[after] === '/') && isDigitAt(text, after + 1)) return false
  return amount.test(text.slice(start, end))
}

/** Whether the digits at `start` are the decimals or a thousand of the number before a comma: `4,123` before ` 456 7890`. */
export function isOfAmount(text: string, start: number): boolean {
  if (text[start - 1] !== ',' || !isDigitAt(text, start - 2)) return false
  if (isZero(text, start - 2)) return true
  let end = start
  while (end - start <= thousand && isDigitAt(text, end)) end += 1
  if (end - start > thousand || kindAt(text, end) === dash || text[end] === '/') return false
  return end - start < thousand || !isDigitAt(text, start - 2 - thousand)
}

/** Whether the digit at `index` is a zero by itself, as before decimals. */
export function isZero(text: string, index: number): boolean {
  return text[index] === '0' && !isAlnumAt(text, index - 1)
}
