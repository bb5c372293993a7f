import { findNumbers, findSums, type Sum } from './arithmetic.ts'

/** The names of what {@link answerSigns} measures, in its order. */
export const answerSignNames = [
  'characters',
  'lines',
  'empty',
  'cut off',
  'no final marker',
  'final has no number',
  'final has words beside the number',
  'final is not whole',
  'final is negative or zero',
  'final stands nowhere before',
  'final is not the last result',
  'final is a number of the prompt',
  'sums',
  'wrong sums',
  'broken results',
  'results not used again',
  'prompt numbers not used',
  'numbers from nowhere',
  'lines without a sum',
  'hedging',
  'second thoughts',
  'unknowns',
  'question unit absent',
  'repetition',
  'refusal',
] as const

/**
 * Signs that an answer is wrong, one number a name in {@link answerSignNames}: it is cut off, lacks the final line that
 * others have, its arithmetic does not hold, it leaves numbers of the question unused or brings some from nowhere, it
 * hedges. None of them needs another model. They say something about worked answers; on other texts most are 0.
 */
export function answerSigns(prompt: string, answer: string): number[] {
  const text = answer.trim()
  const final = finalOf(text)
  const worked = final.marked ? text.slice(0, final.at) : text
  const sums = findSums(worked)
  const promptNumbers = [...findNumbers(prompt), ...wordNumbers(prompt)]
  const answerNumbers = findNumbers(worked)
  const results = sums.flatMap(({ value, stated }) => [value, stated ?? value])
  const number = findNumbers(final.text).at(-1)
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  return [
    Math.log1p(text.length),
    Math.log1p(lines.length),
    Number(text === ''),
    Number(isCut(text)),
    Number(!final.marked),
    Number(number === undefined),
    Number(final.marked && /\p{L}/u.test(final.text)),
    Number(number !== undefined && (!Number.isInteger(number) || /\.\d/.test(final.text))),
    Number(number !== undefined && (number === 0 || /-\s*[$€£]?\s*\d/.test(final.text))),
    Number(number !== undefined && final.marked && !has([...answerNumbers, ...results], number)),
    Number(number !== undefined && results.length > 0 && !has(results.slice(-2), number)),
    Number(number !== undefined && has(promptNumbers, number)),
    Math.log1p(sums.length),
    Math.min(2, sums.filter(isWrong).length),
    Math.min(3, sums.filter(({ value }) => !Number.isInteger(Math.round(value * 1e6) / 1e4)).length),
    share(unusedResults(sums, number), sums.length),
    share(promptNumbers.filter((each) => !has(answerNumbers, each)).length, promptNumbers.length),
    Math.min(3, fromNowhere(sums, promptNumbers)),
    share(lines.filter((line) => !line.includes('=')).length, lines.length),
    Math.min(
      3,
      count(text, /\b(?:approximately|about|assum\w*|probably|perhaps|maybe|might|unclear|unsure|round\w*)\b/gi),
    ),
    Math.min(
      3,
      count(text, /\b(?:however|actually|mistake|correct(?:ed|ion)|but|instead|wait|sorry|explanation|note)\b/gi),
    ),
    Math.min(3, count(text, /\b[a-z]\b(?=\s*[=+\-*/])|[=+\-*/]\s*\b(?!x\s*\d)[a-z]\b/gi) / 4),
    Number(!namesUnit(prompt, text)),
    1 - share(new Set(lines).size, lines.length),
    Number(
      /\b(?:I(?:'m| am) (?:sorry|unable)|I can(?:'t|not)|cannot be determined|not possible|as an AI)\b/i.test(text),
    ),
  ]
}

interface Final {
  readonly marked: boolean
  readonly at: number
  readonly text: string
}

/** The part that states the result: after a marker such as `####`, in a `\boxed{}`, or else the last line. */
function finalOf(text: string): Final {
  const marker = /(?:^|\n)\s*(?:####|\*{0,2}(?:final )?answer\*{0,2}\s*(?:is|:))\s*|\\boxed\{/gi
  let last: RegExpExecArray | undefined
  for (const match of text.matchAll(marker)) last ??= match
  if (last) {
    const from = last.index + last[0].length
    return { marked: true, at: last.index, text: (text.slice(from).split(/[\n}]/)[0] ?? '').trim() }
  }
  const at = text.lastIndexOf('\n') + 1
  return { marked: false, at, text: text.slice(at) }
}

function isCut(text: string): boolean {
  if (text === '') return false
  if (text.lastIndexOf('<<') > text.lastIndexOf('>>') || count(text, /```/g) % 2 === 1) return true
  const lastLine = text.slice(text.lastIndexOf('\n') + 1)
  return !/(?:[.!?。！？:)\]}"'`*>]|^\s*####.*|^[\d\s.,$%]+)$/.test(lastLine) && !/^\W*(?:answer|final)/i.test(lastLine)
}

function isWrong({ value, stated }: Sum): boolean {
  if (stated === undefined) return false
  // Texts round; being off by less than one in a hundred is not a slip.
  return Math.abs(value - stated) > Math.max(0.011, Math.abs(value) * 0.01)
}

/** Results that neither a later sum nor the final number picks up. */
function unusedResults(sums: readonly Sum[], final: number | undefined): number {
  return sums.filter(({ value, stated }, index) => {
    const later = sums.slice(index + 1).flatMap(({ terms }) => terms)
    return !has(later, value) && !has(later, stated ?? value) && final !== value && final !== stated
  }).length
}

/** Terms that are no number of the prompt, no earlier result and no common constant. */
function fromNowhere(sums: readonly Sum[], promptNumbers: readonly number[]): number {
  const known = [...promptNumbers, ...commonNumbers]
  let unknown = 0
  for (const { terms, value, stated } of sums) {
    unknown += terms.filter((term) => !has(known, term) && !has(known, term * 100)).length
    known.push(value, stated ?? value, ...terms)
  }
  return unknown
}

const commonNumbers = [0, 1, 2, 3, 4, 7, 10, 12, 24, 30, 52, 60, 100, 365, 1000]

/** Whether the noun after "how many" comes back in the answer. */
function namesUnit(prompt: string, answer: string): boolean {
  const unit = /how (?:many|much)\s+(?:more |fewer |less |total |of the )?(\p{L}{3,})/iu
    .exec(prompt)?.[1]
    ?.toLowerCase()
  return unit === undefined || answer.toLowerCase().includes(unit.slice(0, Math.max(3, unit.length - 1)))
}

function wordNumbers(prompt: string): number[] {
  return Array.from(prompt.toLowerCase().matchAll(numberWord), ([word]) => wordValues[word] ?? 0)
}

/** How often the pattern, which must be global, occurs. */
function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0
}

const wordValues: Readonly<Record<string, number>> = {
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  dozen: 12,
  twice: 2,
}
const numberWord = new RegExp(`\\b(?:${Object.keys(wordValues).join('|')})\\b`, 'g')

function has(numbers: readonly number[], wanted: number): boolean {
  return numbers.some((number) => Math.abs(number - wanted) <= Math.abs(wanted) * 1e-4)
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole
}
