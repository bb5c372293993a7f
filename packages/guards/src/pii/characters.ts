/** What a UTF-16 code unit is to the scanner, as bits of {@link kindAt}. */
export const digit = 1
export const letter = 2
export const space = 4
export const dash = 8

const kinds = new Uint8Array(0x10000)
for (let code = 48; code < 58; code += 1) kinds[code] = digit
for (let code = 65; code < 91; code += 1) {
  kinds[code] = letter
  kinds[code + 32] = letter
}
// Space, no-break space, figure space, thin space, narrow no-break space.
for (const code of [0x20, 0xa0, 0x2007, 0x2009, 0x202f]) kinds[code] = space
// Hyphen-minus, hyphen, no-break hyphen, figure dash, en dash, minus.
for (const code of [0x2d, 0x2010, 0x2011, 0x2012, 0x2013, 0x2212]) kinds[code] = dash

/** The kind of the code unit at `index`; 0 for any other and outside the text. Only ASCII digits and letters have one. */
export function kindAt(text: string, index: number): number {
  return index >= 0 && index < text.length ? (kinds[text.charCodeAt(index)] as number) : 0
}

export function isDigitAt(text: string, index: number): boolean {
  return kindAt(text, index) === digit
}

export function isAlnumAt(text: string, index: number): boolean {
  return (kindAt(text, index) & (digit | letter)) !== 0
}

/** Whether a separator stands at `index` as between the groups of a card or an IBAN: a space, a dash or a full stop. */
export function isSeparatorAt(text: string, index: number): boolean {
  return (kindAt(text, index) & (space | dash)) !== 0 || text.charCodeAt(index) === 0x2e
}

/** How wide the gap between two groups is that begins at `index`: one separator, two spaces, or a dash between spaces. */
export function gapAt(text: string, index: number): number {
  if (!isSeparatorAt(text, index)) return 0
  if (kindAt(text, index) !== space) return 1
  const next = kindAt(text, index + 1)
  if (next === space) return 2
  return next === dash && kindAt(text, index + 2) === space ? 3 : 1
}

/** Letters of scripts that are written with spaces: of others, the letters beside a number belong to the sentence. */
const spaced = /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Nd}]/u
const underscore = 0x5f
const backslash = 0x5c
/** More underscores in a row are a line to write on; what decides about a run lies so far beyond its first one. */
export const mostUnderscores = 4

/**
 * Whether the code unit at `index` carries on a word or a number. The letter of an escape (`\n`) does not, nor do
 * underscores with a word on one side only: they set it in italics.
 */
export function isWordAt(text: string, index: number): boolean {
  return isLetterOrDigitAt(text, index) || (isUnderscoreAt(text, index) && isWithinWord(text, index))
}

/** The same, but an underscore is never part of it: for what a check digit tells, as in `user_4111111111111111`. */
export function isLetterOrDigitAt(text: string, index: number): boolean {
  if (index < 0 || index >= text.length) return false
  const code = text.charCodeAt(index)
  if (code >= 0x80) return spaced.test(text.charAt(index))
  const kind = kinds[code] as number
  return kind === digit || (kind === letter && !isEscapeAt(text, index))
}

/** Whether it is the letter of `\n`, `\r` or `\t`, as line ends and tabs are written in JSON and in logs. */
export function isEscapeAt(text: string, index: number): boolean {
  const code = text.charCodeAt(index)
  return (code === 0x6e || code === 0x72 || code === 0x74) && text.charCodeAt(index - 1) === backslash
}

export function isUnderscoreAt(text: string, index: number): boolean {
  return text.charCodeAt(index) === underscore
}

/** Whether words stand on both sides of the underscores at `index`. */
function isWithinWord(text: string, index: number): boolean {
  let before = index - 1
  while (index - before < mostUnderscores && isUnderscoreAt(text, before)) before -= 1
  let after = index + 1
  while (after - index < mostUnderscores && isUnderscoreAt(text, after)) after += 1
  return isLetterOrDigitAt(text, before) && isLetterOrDigitAt(text, after)
}
