/** The words of a text, by number. */
export interface Words {
  readonly count: number
  start(index: number): number
  /** The first code unit after it. */
  end(index: number): number
  /** What is compared: NFKC, in lower case. */
  folded(index: number): string
}

/** Scripts that are written without spaces: each of their characters is a word. */
const unspaced = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}`
const word = new RegExp(String.raw`[${unspaced}]\p{M}{0,4}|(?:(?![${unspaced}])[\p{L}\p{M}\p{N}])+`, 'gu')
const ascii = /^[\0-\x7f]*$/

/** Splits a text into words of letters and digits. Linear in the text. */
export function wordsOf(text: string): Words {
  // Two numbers a word: a megabyte of text has some 200,000 of them.
  const bounds: number[] = []
  word.lastIndex = 0
  for (let match = word.exec(text); match !== null; match = word.exec(text)) bounds.push(match.index, word.lastIndex)
  return {
    count: bounds.length / 2,
    start: (index) => bounds[2 * index] as number,
    end: (index) => bounds[2 * index + 1] as number,
    folded: (index) => fold(text.slice(bounds[2 * index], bounds[2 * index + 1])),
  }
}

/** The words of a short text as they are compared. */
export function foldedWords(text: string): string[] {
  const words = wordsOf(text)
  return Array.from({ length: words.count }, (_, index) => words.folded(index))
}

function fold(text: string): string {
  return (ascii.test(text) ? text : text.normalize('NFKC')).toLowerCase()
}
