/** What an ASCII character is to the scanner, as bits. */
export const name = 1
export const token = 2
export const value = 4

const kinds = new Uint8Array(128)
for (let code = 33; code < 127; code += 1) {
  const character = String.fromCharCode(code)
  if (/[\w-]/.test(character)) kinds[code] = name | token | value
  else if (/[.+/=~:$]/.test(character)) kinds[code] = token | value
  else if (!/["'`,;<>(){}[\]|\\]/.test(character)) kinds[code] = value
}

/** The kinds of the code unit at `index`; 0 for what is no such character and outside of the text. */
export function kindAt(text: string, index: number): number {
  // Not read outside of the text: that is slow, and makes every other look slow.
  if (index < 0 || index >= text.length) return 0
  const code = text.charCodeAt(index)
  return code < 128 ? (kinds[code] as number) : 0
}

/** Whether a code unit is one of the letters, digits, `_` and `-` that names and most keys are made of. */
export function isName(code: number): boolean {
  return code < 128 && ((kinds[code] as number) & name) !== 0
}

/** The end of the run of characters of a kind from `start` on, at most `most` further. */
export function runEnd(text: string, start: number, kind: number, most: number): number {
  const limit = Math.min(text.length, start + most)
  let end = start
  while (end < limit && (kindAt(text, end) & kind) !== 0) end += 1
  return end
}
