/*
 * What the splitting rules ask of a character, as bits, so that a set of classes is one mask. Looked up in tables that are
 * made of the engine's own Unicode data, one plane of 65,536 code points when its first character turns up.
 */

/** Lu, Lt */
export const upper = 1
/** Ll */
export const lower = 2
/** Lm, Lo: letters without case, which the rules take for either. */
export const caseless = 4
/** M: what combines with the character before it. */
export const mark = 8
/** N */
export const numeral = 16
/** White space other than the two line breaks. */
export const space = 32
/** `\r` and `\n`; the rules know no other. */
export const newline = 64

const categories: readonly (readonly [RegExp, number])[] = [
  [/[\p{Lu}\p{Lt}]+/gu, upper],
  [/\p{Ll}+/gu, lower],
  [/[\p{Lm}\p{Lo}]+/gu, caseless],
  [/\p{M}+/gu, mark],
  [/\p{N}+/gu, numeral],
  [/\p{White_Space}+/gu, space],
]

const planes: (Uint8Array | undefined)[] = []

/** The class of a code point; 0 for symbols, control characters and what is unassigned. */
export function classOf(codePoint: number): number {
  const number = codePoint >> 16
  // Unassigned, and for private use.
  if (number > 3 && number !== 14) return 0
  const plane = (planes[number] ??= planeOf(number))
  return plane[codePoint & 0xffff] ?? 0
}

/** The classes of ASCII. */
export function asciiClasses(): Uint8Array {
  return Uint8Array.from({ length: 128 }, (_, code) => classOf(code))
}

function planeOf(plane: number): Uint8Array {
  const table = new Uint8Array(0x10000)
  const all = charactersOf(plane)
  const width = plane === 0 ? 1 : 2
  for (const [pattern, kind] of categories)
    for (const { 0: run, index } of all.matchAll(pattern)) table.fill(kind, index / width, (index + run.length) / width)
  if (plane === 0) table[10] = table[13] = newline
  return table
}

/** All characters of a plane in order. Surrogates are none: 0, which has no class either, keeps their places. */
function charactersOf(plane: number): string {
  const units = new Uint16Array(plane === 0 ? 0x10000 : 0x20000)
  for (let at = 0; at < 0x10000; at += 1) {
    if (plane === 0) units[at] = at >= 0xd800 && at < 0xe000 ? 0 : at
    else {
      const code = (plane - 1) * 0x10000 + at
      units[at * 2] = 0xd800 + (code >> 10)
      units[at * 2 + 1] = 0xdc00 + (code & 0x3ff)
    }
  }
  // Both are little-endian wherever Node runs.
  return Buffer.from(units.buffer).toString('utf16le')
}
