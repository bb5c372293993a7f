import { isMacAddress } from '../ids/libraries.ts'
import { isAlnumAt, isWordAt } from './characters.ts'
import { type Findings, rank } from './findings.ts'
import type { Recogniser } from './recogniser.ts'

/** The forms: six pairs, eight pairs (EUI-64), three groups of four. */
const lengths = [23, 17, 14]

/** MAC addresses with their separators: `00:1b:44:11:3a:b7`, with dashes, or `001b.4411.3ab7`. */
export const mac: Recogniser = {
  reach: 32,
  wordLength: { min: 2, max: 4 },
  word(start, end, into) {
    if (end - start !== 2 && end - start !== 4) return
    match(start, into)
    // The first pair may have letters only.
    for (let first = start - 3; first >= start - 15 && into.text[first + 2] === '-'; first -= 3) match(first, into)
  },
  colon(index, into) {
    if (index >= 2) match(index - 2, into)
  },
  tail(into) {
    const { text } = into
    for (let start = Math.max(0, text.length - 23); start < text.length; start += 1)
      if (mayBeMac(text, start) && text.length - start > 2) return into.touch(start)
  },
}

function match(start: number, into: Findings): void {
  const { text } = into
  if (!isSeparator(text, start + 2) && text[start + 4] !== '.') return
  if (isWordAt(text, start - 1) || isSeparator(text, start - 1)) return
  for (const length of lengths) {
    const end = start + length
    if (end > text.length || isWordAt(text, end) || (isSeparator(text, end) && isAlnumAt(text, end + 1))) continue
    const address = text.slice(start, end)
    // Pairs of digits with dashes are more often a number, and with spaces a list.
    if (!isMacAddress(address) || !/[a-f:]/i.test(address) || /\s|^[0:.-]{1,23}$/.test(address)) continue
    if (end + 2 > text.length) into.touch(start)
    into.add(start, end, 'mac', 1, rank.form)
    return
  }
}

function isSeparator(text: string, index: number): boolean {
  const character = text[index]
  return character === ':' || character === '-'
}

/** Whether what is between `start` and the end of the text is how a MAC address begins. */
function mayBeMac(text: string, start: number): boolean {
  if (isWordAt(text, start - 1)) return false
  const beginning = text.slice(start)
  return (
    /^(?:[\da-f]{2}[:-]){1,8}[\da-f]{0,2}$/i.test(beginning) || /^(?:[\da-f]{4}\.){1,3}[\da-f]{0,4}$/i.test(beginning)
  )
}
