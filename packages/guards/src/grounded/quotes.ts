/** What stands between quotation marks of a kind. */
export interface Quote {
  readonly start: number
  /** The first code unit after the closing mark. */
  readonly end: number
  /** Without the marks. */
  readonly text: string
}

const closing: Readonly<Record<string, string>> = { '"': '"', '“': '”', '«': '»', '„': '“”' }
const longestQuote = 600

/** The quotes of a text within one line each. Linear: no quote begins within another one. */
export function quotesIn(text: string): Quote[] {
  const quotes: Quote[] = []
  let index = 0
  while (index < text.length) {
    const closers = closing[text.charAt(index)]
    const end = closers === undefined ? -1 : closeOf(text, index, closers)
    if (end > 0) quotes.push({ start: index, end, text: text.slice(index + 1, end - 1) })
    index = Math.max(index + 1, end)
  }
  return quotes
}

/** Where the quote that opens at `start` is over; -1 where a line, another opening mark, or too much text comes first. */
function closeOf(text: string, start: number, closers: string): number {
  const limit = Math.min(text.length, start + longestQuote)
  for (let index = start + 1; index < limit; index += 1) {
    const character = text.charAt(index)
    if (closers.includes(character)) return index + 1
    if (character === '\n' || closing[character] !== undefined) return -1
  }
  return -1
}
