/** Where something was found: offsets in UTF-16 code units, `end` excluded. */
export interface Found {
  readonly start: number
  readonly end: number
}

const localLimit = 64
const domainLimit = 253
// Scripts that are written with spaces: in others the letters around an address belong to the sentence.
const letter = '\\p{Script=Latin}\\p{Script=Greek}\\p{Script=Cyrillic}\\p{M}'
const localChar = new RegExp(`[${letter}\\p{Nd}._%+'-]`, 'u')
const domainChar = new RegExp(`[${letter}\\p{Nd}.-]`, 'u')
const label = /^[\p{L}\p{Nd}](?:[\p{L}\p{M}\p{Nd}-]{0,61}[\p{L}\p{M}\p{Nd}])?$/u
const topLabel = /^(?:\p{L}[\p{L}\p{M}]{1,62}|xn--[a-z\d-]{1,59})$/iu
/** `icon@2x.png`, `pkg@v2.tar`: a scale or a version, not a host. */
const fileSuffix = /^(?:\d+x|v?\d+)\./iu

/**
 * E-mail addresses in Latin, Greek and Cyrillic script, of the characters that mail providers allow: letters, digits and
 * `._%+'-` before the `@`, a host name with at least one dot after it. Not quoted local parts, addresses at an IP or at
 * a bare host name.
 *
 * Linear: it works outwards from each `@`, at most 64 characters to the left and 253 to the right.
 */
export function findEmails(text: string): Found[] {
  const found: Found[] = []
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    const start = localStart(text, at, found.at(-1)?.end ?? 0)
    const end = start < at ? domainEnd(text, at + 1) : at
    if (end > at) found.push({ start, end })
  }
  return found
}

/** Where the local part before `at` begins; `at` itself when there is none. */
function localStart(text: string, at: number, from: number): number {
  let start = at
  while (start > from && at - start < localLimit && localChar.test(charBefore(text, start)))
    start -= charBefore(text, start).length
  // A quote or dash in front belongs to the sentence.
  while (start < at && ".'-".includes(text[start] as string)) start += 1
  const local = text.slice(start, at)
  return local.endsWith('.') || local.includes('..') ? at : start
}

/** Where the host name that begins at `from` ends; `from - 1` when there is none. */
function domainEnd(text: string, from: number): number {
  let end = from
  while (end < text.length && end - from < domainLimit && domainChar.test(charAt(text, end)))
    end += charAt(text, end).length
  const labels = text.slice(from, end).split('.')
  // A full stop or dash after the address belongs to the sentence.
  while (labels.length > 0 && !topLabel.test(labels.at(-1) as string)) {
    const trimmed = (labels.at(-1) as string).replace(/-+$/, '')
    if (trimmed !== labels.at(-1) && topLabel.test(trimmed)) labels[labels.length - 1] = trimmed
    else labels.pop()
  }
  const host = labels.join('.')
  return labels.length >= 2 && labels.every((each) => label.test(each)) && !fileSuffix.test(host)
    ? from + host.length
    : from - 1
}

function charAt(text: string, index: number): string {
  return String.fromCodePoint(text.codePointAt(index) as number)
}

function charBefore(text: string, index: number): string {
  const pair = text.codePointAt(index - 2)
  return pair !== undefined && pair > 0xffff ? String.fromCodePoint(pair) : (text[index - 1] as string)
}
