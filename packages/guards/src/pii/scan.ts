import { asciiOf, inAscii } from './ascii.ts'
import { digit, isAlnumAt, isEscapeAt, kindAt, letter } from './characters.ts'
import { Findings } from './findings.ts'
import { loneNumberEnd, numberChain } from './number-chain.ts'
import type { Recogniser } from './recogniser.ts'

/** No entity is a longer unbroken word. */
export const longestWord = 96
const anyLength = { min: 1, max: longestWord }
/** None is a shorter number by itself. */
const shortestNumber = 7

/** What there is no finding without, and what may stand for it: a fullwidth form, or a digit of another script. */
const anchor = /[\d@:\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u09e6-\u09ef\u0e50-\u0e59\u3000\uff01-\uff5e]/g
/** Characters without an anchor after which the next one is searched for. */
const mostQuiet = 12

/** A pass over a text. With `growing`, {@link Findings.openAt} is where the part begins that more text could change. */
export type Scanner = (text: string, growing: boolean) => Findings

/**
 * One pass over the text for all recognisers: it stops at digits, `@` and `:` only, since without one of these there is
 * nothing to find.
 */
export function scanner(recognisers: readonly Recogniser[], minScore: number): Scanner {
  const words = wordsByLength(recognisers)
  const numbers = recognisers.flatMap((each) => each.numbers ?? [])
  const ats = recognisers.flatMap(({ at }) => at ?? [])
  const colons = recognisers.flatMap(({ colon }) => colon ?? [])
  const texts = recognisers.flatMap(({ text }) => text ?? [])
  const tails = recognisers.flatMap(({ tail }) => tail ?? [])

  const scan = (text: string, growing: boolean, original: string): Findings => {
    const into = new Findings(text, minScore, original)
    let wordEnd = 0
    let chainEnd = 0
    let quiet = mostQuiet - 1
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index)
      if (code > 0x40 || code < 0x30) {
        if (code > 0xff && asciiOf(code) !== code) return scan(inAscii(text), growing, text)
        quiet += 1
        if (quiet < mostQuiet) continue
        // A search is quicker over a distance, but dear for a step.
        anchor.lastIndex = index + 1
        if (!anchor.test(text)) break
        index = anchor.lastIndex - 2
        quiet = 0
        continue
      }
      if (code === 0x40) for (const at of ats) at(index, into)
      else if (code === 0x3a) for (const colon of colons) colon(index, into)
      else if (code < 0x3a) {
        if (index >= wordEnd) {
          const start = wordStart(text, index, wordEnd)
          wordEnd = index + 1
          while (isAlnumAt(text, wordEnd)) wordEnd += 1
          const recognised = words[wordEnd - start]
          if (recognised !== undefined) for (const word of recognised) word(start, wordEnd, into)
        }
        // A chain begins with a number that is not part of a word.
        if (index >= chainEnd && (kindAt(text, index - 1) !== letter || isEscapeAt(text, index - 1))) {
          chainEnd = loneNumberEnd(text, index)
          if (chainEnd < 0 || chainEnd - index >= shortestNumber) {
            const chain = numberChain(text, index)
            chainEnd = chain.ends.at(-1) as number
            for (const each of numbers) each(chain, into)
          }
          // Its numbers are words, too; the scanner comes to them next.
        } else if (index >= chainEnd) while (kindAt(text, index + 1) === digit) index += 1
      }
    }
    for (const each of texts) each(into)
    if (growing) for (const tail of tails) tail(into)
    return into
  }
  return (text, growing) => scan(text, growing, text)
}

/** What looks at a word, by its length. */
function wordsByLength(recognisers: readonly Recogniser[]): readonly NonNullable<Recogniser['word']>[][] {
  return Array.from({ length: longestWord + 1 }, (_, length) =>
    recognisers.flatMap(({ word, wordLength: { min, max } = anyLength }) =>
      word && length >= min && length <= max ? word : [],
    ),
  )
}

function wordStart(text: string, index: number, from: number): number {
  let start = index
  while (start > from && index - start <= longestWord && kindAt(text, start - 1) === letter) start -= 1
  return start < index && isEscapeAt(text, start) ? start + 1 : start
}
