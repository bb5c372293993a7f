const names: Readonly<Record<string, string>> = {
  colon: ':',
  sol: '/',
  bsol: '\\',
  period: '.',
  commat: '@',
  tab: '\t',
  newline: '\n',
  amp: '&',
  lpar: '(',
  rpar: ')',
  num: '#',
  quest: '?',
  equals: '=',
  hyphen: '-',
}
const reference = /&(?:#(\d{1,12})|#x([\da-f]{1,8})|([a-z]{3,7})(?=;));?/gi
/** What Markdown takes a backslash before for the character itself. */
const escape = /\\([!-/:-@[-`{-~])/g

/**
 * A word as it is read after Markdown or HTML has made a link of it: character references resolved, escapes and the tabs and line
 * ends that browsers leave out gone. The same text where there is nothing of all that.
 */
export function decoded(word: string): string {
  if (!word.includes('&') && !word.includes('\\')) return word
  const plain = word.includes('&')
    ? word.replace(reference, (whole, decimal?: string, hex?: string, name?: string) => {
        if (name !== undefined) return names[name.toLowerCase()] ?? whole
        const code = decimal === undefined ? Number.parseInt(hex as string, 16) : Number(decimal)
        return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole
      })
    : word
  return withoutBreaks(plain.replace(escape, '$1'))
}

/** A text without tabs and line ends, as browsers read addresses. */
export function withoutBreaks(text: string): string {
  return text.replace(/[\t\n\r]/g, '')
}
