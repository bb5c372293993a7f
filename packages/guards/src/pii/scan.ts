import { digit, isAlnumAt, kindAt, letter } from './characters.ts'
import { Findings } from './findings.ts'
import { loneNumberEnd, numberChain } from './number-chain.ts'
import type { Recogniser } from './recogniser.ts'

/** No entity is a longer unbroken word. */
export const longestWord = 96
const anyLength = { min: 1, max: longestWord }
/** None is a shorter number by itself. */
const shortestNumber = 7

const anchor = /[\d@:]/g
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

  return (text, growing) => {
    const into = new Findings(text, minScore)
    let wordEnd = 0
    let chainEnd = 0
    let quiet = mostQuiet - 1
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index)
      if (code > 0x40 || code < 0x30) {
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
        if (index >= chainEnd && kindAt(text, index - 1) !== letter) {
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
  return start
}
