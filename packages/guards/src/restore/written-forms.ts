/** How a model may write what stands between the parts of a placeholder, and round it. */

/** As it is, escaped for Markdown, full-width, percent-encoded, as a character reference. */
const brackets = {
  '[': ['[', '\\[', '［', '%5b', '&#91;', '&#x5b;', '&lsqb;', '&lbrack;'],
  ']': [']', '\\]', '］', '%5d', '&#93;', '&#x5d;', '&rsqb;', '&rbrack;'],
} as const
/** What all but the plain ones begin with. */
const encodes = '\\［］%&'

/** The longest way to write a bracket, in code units. */
export const longestBracket = 8

/** Characters that may stand where `_` does: models write `EMAIL KQZMXWTB`, `EMAIL-…` and, in Markdown, `EMAIL\_…`. */
const separators = '_- \\\u00a0＿－'
/** Within brackets what stands behind a label, too: a colon, or the end of a line that was wrapped there. */
const bracketed = `${separators}:：\r\n`
/** How many of them there may be in a row. */
export const mostSeparators = 4

/** Behind a bracket, however it is written; `open` where the text ends before that is told. */
export function bracket(text: string, at: number, which: '[' | ']'): number | 'open' | undefined {
  if (at >= text.length) return 'open'
  const first = text.charAt(at)
  if (first === which) return at + 1
  if (!encodes.includes(first)) return undefined
  let isOpen = false
  for (const form of brackets[which]) {
    const written = text.slice(at, at + form.length).toLowerCase()
    if (written === form) return at + form.length
    isOpen ||= at + written.length === text.length && form.startsWith(written)
  }
  return isOpen ? 'open' : undefined
}

/** Behind separators, as many as there are up to a few; `open` where the text ends there. */
export function separatorsFrom(text: string, start: number, isBracketed: boolean): number | 'open' {
  const which = isBracketed ? bracketed : separators
  let at = start
  while (at - start < mostSeparators && at < text.length && which.includes(text.charAt(at))) at += 1
  return at >= text.length ? 'open' : at
}

/** The code of a character, of a full-width one that of the ASCII character it stands for. */
export function foldedCode(text: string, at: number): number {
  const code = text.charCodeAt(at)
  return code > 0xff00 && code < 0xff5f ? code - 0xfee0 : code
}

/** Whether a label can hold the character: letters of any language, digits, marks. */
export function isLabelCode(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  if (code < 0x80) return isAsciiWord(code)
  return /[\p{L}\p{N}\p{M}\p{Cs}]/u.test(text.charAt(at))
}

/**
 * Whether what is at `index` ends a word of the kind that labels and ids are. Scripts without blanks between words write them
 * next to their own letters.
 */
export function isBound(text: string, index: number): boolean {
  const code = text.charCodeAt(index)
  if (code < 0x80) return !isAsciiWord(code)
  return !/[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{N}]/u.test(text.charAt(index))
}

function isAsciiWord(code: number): boolean {
  return (code > 47 && code < 58) || (code > 64 && code < 91) || (code > 96 && code < 123)
}
