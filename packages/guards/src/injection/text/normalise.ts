import { hasCompatibleForm, isBidiControl, isInvisible, isStrongLookAlike, isTag, lookAlike } from './characters.ts'

/** What was hidden in a text, counted while it was made plain. */
export interface Disguise {
  /** Invisible characters between two Latin letters. */
  readonly invisible: number
  /** Bidirectional controls. */
  readonly bidi: number
  /** What tag characters spell, flags excepted. */
  readonly tags: string
  /** Where they stand in the original, in code units. */
  readonly tagsStart: number
  readonly tagsEnd: number
  /** Words that mix Latin with look-alike letters of another script. */
  readonly mixedWords: number
}

/** A text made plain: lower case, compatibility forms and accents resolved, invisible characters gone. */
export interface PlainText {
  readonly text: string
  readonly disguise: Disguise
  /** Where a character of the plain text begins in the original, in code units. */
  originalAt(index: number): number
  /** The length of the original. */
  readonly originalLength: number
}

const undisguised: Disguise = Object.freeze({
  invisible: 0,
  bidi: 0,
  tags: '',
  tagsStart: 0,
  tagsEnd: 0,
  mixedWords: 0,
})

/**
 * Makes a text plain, in time linear in it: NFKC forms, look-alike letters, accents, zero-width, tag and bidirectional
 * characters. Letters of other scripts stay as they are where they do not pose as Latin ones.
 */
export function normalise(original: string): PlainText {
  const originalLength = original.length
  if (/^[\0-\x7f]*$/.test(original))
    return { text: original.toLowerCase(), disguise: undisguised, originalAt: (index) => index, originalLength }

  const out: string[] = []
  const origins: number[] = []
  const seen = { invisible: 0, bidi: 0, tags: '', tagsStart: 0, tagsEnd: 0 }
  let pending = 0
  for (let at = 0; at < original.length;) {
    const code = original.codePointAt(at) ?? 0
    const width = code > 0xffff ? 2 : 1
    if (code < 0x80) {
      const letter = code >= 0x41 && code <= 0x5a ? String.fromCharCode(code + 32) : String.fromCharCode(code)
      if (pending > 0 && isLatin(letter)) seen.invisible += pending
      pending = 0
      out.push(letter)
      origins.push(at)
    } else if (isInvisible(code)) {
      if (isBidiControl(code)) seen.bidi += 1
      if (isTag(code)) {
        if (seen.tags === '') seen.tagsStart = at
        seen.tags += code >= 0xe0020 && code < 0xe007f ? String.fromCharCode(code - 0xe0000) : ''
        seen.tagsEnd = at + width
      } else if (out.length > 0 && isLatin(out.at(-1) ?? '')) pending += 1
    } else {
      pending = 0
      // A waving black flag makes the tags that follow it a regional flag.
      const flag = code === 0x1f3f4 ? regionalFlag(original, at + width) : 0
      for (const letter of resolved(code)) {
        for (let unit = 0; unit < letter.length; unit += 1) {
          out.push(letter.charAt(unit))
          origins.push(at)
        }
      }
      at += flag
    }
    at += width
  }
  const mixedWords = foldLookAlikes(out)
  return {
    text: out.join(''),
    disguise: { ...seen, mixedWords },
    originalAt: (index) => origins[index] ?? originalLength,
    originalLength,
  }
}

/** How many code units after a black flag spell a region, end tag included. */
function regionalFlag(text: string, from: number): number {
  let at = from
  for (let tags = 0; tags < 8; tags += 1) {
    const code = text.codePointAt(at) ?? 0
    if (!isTag(code)) return 0
    at += 2
    if (code === 0xe007f) return at - from
  }
  return 0
}

const resolvedForms = new Map<number, string>()

/** The plain lower-case form of a code point beyond ASCII. */
function resolved(code: number): string {
  const known = resolvedForms.get(code)
  if (known !== undefined) return known
  const letter = String.fromCodePoint(code)
  const plain = hasCompatibleForm(code)
    ? letter
        .normalize('NFKD')
        .replace(/\p{Mn}/gu, '')
        .toLowerCase()
        .normalize('NFKD')
        .replace(/\p{Mn}/gu, '')
    : letter.toLowerCase()
  const quoted = plain
    .replace(/[‘’‛′]/g, "'")
    .replace(/[“”„″]/g, '"')
    .replace(/[‐‑‒–—―−]/g, '-')
  // As many as there are code points with a compatibility form, and no more than that.
  if (resolvedForms.size < 4096) resolvedForms.set(code, quoted)
  return quoted
}

function isLatin(letter: string): boolean {
  return letter >= 'a' && letter <= 'z'
}

/**
 * Puts Latin letters in the place of their look-alikes: in words that mix both, and in words made of look-alikes alone
 * when the text has no word that is truly of that script. Changes `letters` in place; gives the number of mixed words.
 */
function foldLookAlikes(letters: string[]): number {
  let mixedWords = 0
  const wholly: number[] = []
  let foreign = false
  for (let start = 0; start < letters.length;) {
    let end = start
    let latin = 0
    let alike = 0
    let strong = 0
    let other = 0
    for (; end < letters.length; end += 1) {
      const letter = letters[end] ?? ''
      if (isLatin(letter)) latin += 1
      else if (letter > '\x7f' && /\p{L}/u.test(letter)) {
        if (lookAlike(letter) === undefined) other += 1
        else {
          alike += 1
          if (isStrongLookAlike(letter)) strong += 1
        }
      } else break
    }
    if (alike > 0 && latin > 0 && other === 0) {
      mixedWords += 1
      fold(letters, start, end)
    } else if (alike > 0 && alike === strong && other === 0) wholly.push(start, end)
    else if (alike > 0) foreign = true
    start = end + 1
  }
  if (!foreign) for (let index = 0; index < wholly.length; index += 2) fold(letters, wholly[index], wholly[index + 1])
  return mixedWords
}

function fold(letters: string[], start = 0, end = 0): void {
  for (let index = start; index < end; index += 1) {
    const letter = letters[index] ?? ''
    letters[index] = lookAlike(letter) ?? letter
  }
}
