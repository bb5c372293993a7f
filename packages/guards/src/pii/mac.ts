import { cues, phrases } from '../context-words.ts'
import { isMacAddress } from '../ids/libraries.ts'
import { isAlnumAt, isLetterOrDigitAt } from './characters.ts'
import { type Findings, rank } from './findings.ts'
import { endsLabel } from './label.ts'
import type { Recogniser } from './recogniser.ts'

/** The forms: six pairs, eight pairs (EUI-64), three groups of four. */
const lengths = [23, 17, 14]
/** Without separators it is told by a word before it that is as near as this. */
const bareLength = 12
const mostWordsAway = 2
const words = cues(phrases('mac, macaddress, mac address, bssid, ether, hwaddr, hardware address, ethernet address'))

/**
 * MAC addresses with their separators: `00:1b:44:11:3a:b7`, with dashes, or `001b.4411.3ab7`; without any after a word for
 * one.
 */
export const mac: Recogniser = {
  reach: 32,
  wordLength: { min: 2, max: bareLength },
  word(start, end, into) {
    if (end - start === bareLength) return bare(start, end, into)
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
  if (isLetterOrDigitAt(text, start - 1) || goesOnBefore(text, start)) return
  for (const length of lengths) {
    const end = start + length
    if (end > text.length || isLetterOrDigitAt(text, end) || (isSeparator(text, end) && isAlnumAt(text, end + 1)))
      continue
    const address = text.slice(start, end)
    // Pairs of digits with dashes are more often a number, and with spaces a list.
    if (!isMacAddress(address) || !/[a-f:]/i.test(address) || /\s|^[0:.-]{1,23}$/.test(address)) continue
    if (end + 2 > text.length) into.touch(start)
    into.add(start, end, 'mac', 1, rank.form)
    return
  }
}

/** Twelve hexadecimal digits, among them letters and numbers. */
function bare(start: number, end: number, into: Findings): void {
  const { text } = into
  if (isLetterOrDigitAt(text, start - 1) || isLetterOrDigitAt(text, end)) return
  if (!/^(?=\d{0,11}[a-f])[\da-f]{12}$/i.test(text.slice(start, end))) return
  const away = words.distance(into.around(start, end), 'before')
  if (away > 0 && away <= mostWordsAway) into.add(start, end, 'mac', 0.8, rank.context)
}

/** Whether a longer run of pairs began before `start`; a dash by itself is of a list, and a colon may end a label. */
function goesOnBefore(text: string, start: number): boolean {
  if (!isSeparator(text, start - 1)) return false
  return text[start - 1] === '-' ? isAlnumAt(text, start - 2) : !endsLabel(text, start - 1)
}

function isSeparator(text: string, index: number): boolean {
  const character = text[index]
  return character === ':' || character === '-'
}

/** Whether what is between `start` and the end of the text is how a MAC address begins. */
function mayBeMac(text: string, start: number): boolean {
  if (isLetterOrDigitAt(text, start - 1)) return false
  const beginning = text.slice(start)
  return (
    /^(?:[\da-f]{2}[:-]){1,8}[\da-f]{0,2}$/i.test(beginning) || /^(?:[\da-f]{4}\.){1,3}[\da-f]{0,4}$/i.test(beginning)
  )
}
