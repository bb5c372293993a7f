import { foldedWords, wordsOf } from '../phrases/words.ts'
import { dateSet, datesIn } from './dates.ts'
import { isInNumbers, numberSet, numbersIn } from './numbers.ts'
import { quotesIn } from './quotes.ts'

/** Something in an answer that its sources must have, too. */
export type ClaimKind = 'date' | 'name' | 'number' | 'quote'

export interface Claim {
  readonly start: number
  /** The first code unit after it. */
  readonly end: number
  readonly kind: ClaimKind
  readonly isSupported: boolean
}

/** What sources are looked up for. */
export interface Sources {
  readonly numbers: readonly number[]
  readonly dates: ReadonlySet<string>
  readonly words: ReadonlySet<string>
  /** All words in order, one space between two, and one at each end. */
  readonly running: string
}

/** Capitalised words in a row, particles between them included. */
export const namePattern: RegExp =
  /(?<![\p{L}\p{N}_])\p{Lu}[\p{L}\p{M}\p{N}'’-]{1,40}(?: (?:(?:of|de|la|van|von|der|the|&) ){0,2}\p{Lu}[\p{L}\p{M}\p{N}'’-]{0,40}){0,5}/gu

/** Capitalised words that name nothing in particular. */
const common = new Set(
  (
    'i monday tuesday wednesday thursday friday saturday sunday january february march april may june ' +
    'july august september october november december the a an it this that these those he she they we you ' +
    'in on at for and but or if no yes however as by from to of with when there here note ok its their ' +
    'our your'
  ).split(' '),
)

export function readSources(texts: readonly string[]): Sources {
  const all = texts.join('\n\n')
  const words = foldedWords(all)
  return { numbers: numberSet(all), dates: dateSet(all), words: new Set(words), running: ` ${words.join(' ')} ` }
}

/** Dates, numbers of two digits or more, names and quotes of an answer, each with whether a source has it. */
export function claimsIn(text: string, sources: Sources, kinds: ReadonlySet<ClaimKind>): Claim[] {
  const claims: Claim[] = []
  const taken = new Uint8Array(text.length)
  const isFree = (start: number, end: number): boolean => !taken.subarray(start, end).includes(1)
  const add = (kind: ClaimKind, start: number, end: number, isSupported: boolean): void => {
    if (kinds.has(kind) && isFree(start, end)) claims.push({ start, end, kind, isSupported })
    taken.fill(1, start, end)
  }
  for (const { start, end, text: quote } of quotesIn(text)) {
    const words = foldedWords(quote)
    // A word or two in quotation marks is a term.
    if (words.length > 2) add('quote', start, end, sources.running.includes(` ${words.join(' ')} `))
  }
  for (const { start, end, values } of datesIn(text))
    add(
      'date',
      start,
      end,
      values.some((value) => sources.dates.has(value)),
    )
  for (const number of numbersIn(text)) {
    // A single digit counts or numbers what the answer itself lists.
    if (number.values.every((value) => value < 10 && Number.isInteger(value))) continue
    add('number', number.start, number.end, isInNumbers(number, sources.numbers))
  }
  for (const match of text.matchAll(namePattern)) addName(text, match.index, match[0], sources, add)
  return claims.toSorted((a, b) => a.start - b.start)
}

type Add = (kind: ClaimKind, start: number, end: number, isSupported: boolean) => void

function addName(text: string, start: number, written: string, sources: Sources, add: Add): void {
  const all = wordsOf(written)
  const words = Array.from({ length: all.count }, (_, index) => ({
    start: all.start(index),
    end: all.end(index),
    folded: all.folded(index),
  }))
  // The first word of a sentence is capitalised whatever it is.
  const begins = /(?:^|[.!?:\n"“*#>-])[\s"“*#>-]{0,8}$/.test(text.slice(Math.max(0, start - 10), start))
  let first = begins || common.has(words[0]?.folded ?? '') ? 1 : 0
  while (first < words.length && common.has(words[first]?.folded ?? '')) first += 1
  const name = words.slice(first).filter(({ folded }) => folded.length > 1 && !common.has(folded))
  if (name.length === 0) return
  const isKnown = (word: string): boolean =>
    sources.words.has(word) || sources.words.has(word.replace(/s$/, '')) || sources.words.has(`${word}s`)
  add(
    'name',
    start + (name[0]?.start ?? 0),
    start + (name.at(-1)?.end ?? 0),
    name.every(({ folded }) => isKnown(folded)),
  )
}
