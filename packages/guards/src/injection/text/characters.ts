/**
 * Letters of other scripts that look like a Latin one. After Unicode's confusables, kept to those that a reader would take
 * for the Latin letter in running text.
 *
 * @see https://www.unicode.org/reports/tr39/
 */
const lookAlikes: readonly (readonly [from: string, to: string])[] = [
  // Cyrillic
  ['авекмнортухсіјѕԁһӏԛԝгьпзб', 'abekmhoptyxcijsdhlqwrbn3b'],
  // Greek
  ['αβγεζηικνορτυχωϲϳ', 'abyeznikvoptuxwcj'],
  // Armenian, Cherokee and letters of phonetic alphabets
  ['օոսհցԁɑɡɩıʟɴʀᴀʙᴄᴅᴇɢʜᴊᴋᴍᴏᴘꜱᴛᴜᴠᴡʏᴢ', 'onuhgdagiilnrabcdeghjkmopstuvwyz'],
]

/** Cyrillic letters that pass for Latin ones only beside real ones: `г` for r, `п` for n. */
const onlyInMixedWords = new Set('гьпзб')

const latinOf = new Map<string, string>()
for (const [from, to] of lookAlikes) {
  const targets = [...to]
  for (const [index, letter] of [...from].entries()) latinOf.set(letter, targets[index] ?? letter)
}

/** The Latin letter that a lower-case letter looks like, or undefined. */
export function lookAlike(letter: string): string | undefined {
  return latinOf.get(letter)
}

/** Whether a letter passes for a Latin one on its own, in a word without a single Latin letter. */
export function isStrongLookAlike(letter: string): boolean {
  return latinOf.has(letter) && !onlyInMixedWords.has(letter)
}

/** Characters that show nothing: soft hyphen, joiners, fillers, variation selectors, byte order mark. */
export function isInvisible(code: number): boolean {
  return (
    code === 0xad ||
    code === 0x34f ||
    code === 0x61c ||
    (code >= 0x115f && code <= 0x1160) ||
    (code >= 0x17b4 && code <= 0x17b5) ||
    (code >= 0x180b && code <= 0x180e) ||
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x2060 && code <= 0x206f) ||
    code === 0x3164 ||
    (code >= 0xfe00 && code <= 0xfe0f) ||
    code === 0xfeff ||
    code === 0xffa0 ||
    (code >= 0xe0100 && code <= 0xe01ef) ||
    isBidiControl(code) ||
    isTag(code)
  )
}

/** Marks that change the order in which text is shown. */
export function isBidiControl(code: number): boolean {
  return (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069)
}

/** Tag characters: invisible copies of ASCII, of use only in flags. */
export function isTag(code: number): boolean {
  return code >= 0xe0000 && code <= 0xe007f
}

/** Where compatibility forms live: full width, circled, mathematical, superscript, ligatures, accented Latin. */
export function hasCompatibleForm(code: number): boolean {
  return (
    (code >= 0xa0 && code <= 0x24f) ||
    (code >= 0x2b0 && code <= 0x36f) ||
    (code >= 0x370 && code <= 0x52f) ||
    (code >= 0x1d2c && code <= 0x1fff) ||
    (code >= 0x2000 && code <= 0x214f) ||
    (code >= 0x2460 && code <= 0x24ff) ||
    code === 0x3000 ||
    (code >= 0xfb00 && code <= 0xfb06) ||
    (code >= 0xfe10 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xffef) ||
    (code >= 0x1d400 && code <= 0x1d7ff) ||
    (code >= 0x1f100 && code <= 0x1f1e5)
  )
}
