/** What a UTF-16 code unit is to the scanner, as bits of {@link kindOf}. */
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

/** Letters of scripts that are written with spaces: of others, the letters beside a number belong to the sentence. */
const spaced = /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Nd}_]/u

/** Whether the code unit at `index` carries on a word or a number. */
export function isWordAt(text: string, index: number): boolean {
  if (index < 0 || index >= text.length) return false
  const code = text.charCodeAt(index)
  return code < 0x80
    ? ((kinds[code] as number) & (digit | letter)) !== 0 || code === 0x5f
    : spaced.test(text.charAt(index))
}
