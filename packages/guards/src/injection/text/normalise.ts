import { Buffer } from 'node:buffer'
import { endianness } from 'node:os'
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

  const out = new PlainUnits(originalLength)
  const seen = { invisible: 0, bidi: 0, tags: '', tagsStart: 0, tagsEnd: 0 }
  let pending = 0
  for (let at = 0; at < originalLength;) {
    const unit = original.charCodeAt(at)
    if (unit < 0x80) {
      const letter = unit >= 0x41 && unit <= 0x5a ? unit + 32 : unit
      if (pending > 0 && isLatin(letter)) seen.invisible += pending
      pending = 0
      out.add(letter, at)
      at += 1
      continue
    }
    const form = formOf(unit)
    if (form > lastSpecial) {
      pending = 0
      out.add(form, at)
      at += 1
      continue
    }
    const code = original.codePointAt(at) as number
    const width = code > 0xffff ? 2 : 1
    if (isInvisible(code)) {
      if (isBidiControl(code)) seen.bidi += 1
      if (isTag(code)) {
        if (seen.tags === '') seen.tagsStart = at
        seen.tags += code >= 0xe0020 && code < 0xe007f ? String.fromCharCode(code - 0xe0000) : ''
        seen.tagsEnd = at + width
      } else if (isLatin(out.last)) pending += 1
    } else {
      pending = 0
      const letters = resolved(code)
      for (let index = 0; index < letters.length; index += 1) out.add(letters.charCodeAt(index), at)
      // A waving black flag makes the tags that follow it a regional flag.
      if (code === 0x1f3f4) at += regionalFlag(original, at + width)
    }
    at += width
  }
  const mixedWords = out.hasLookAlikes ? foldLookAlikes(out.written) : 0
  const { origins } = out
  return {
    text: out.toString(),
    disguise: { ...seen, mixedWords },
    originalAt: (index) => (index < out.length ? (origins[index] as number) : originalLength),
    originalLength,
  }
}

const isBigEndian = endianness() === 'BE'

/** Code units of a text that is being written, each with where it comes from. */
class PlainUnits {
  hasLookAlikes = false
  length = 0
  origins: Int32Array
  #units: Uint16Array
  #largest = 0

  constructor(length: number) {
    this.#units = new Uint16Array(length + 16)
    this.origins = new Int32Array(length + 16)
  }

  add(unit: number, origin: number): void {
    if (this.length === this.#units.length) this.#grow()
    this.#units[this.length] = unit
    this.origins[this.length] = origin
    this.length += 1
    if (unit < 0x80) return
    if (unit > this.#largest) this.#largest = unit
    if (!this.hasLookAlikes) this.hasLookAlikes = kindOf(unit) >= weakAlike
  }

  /** The last unit; 0 for none. */
  get last(): number {
    return this.length === 0 ? 0 : (this.#units[this.length - 1] as number)
  }

  get written(): Uint16Array {
    return this.#units.subarray(0, this.length)
  }

  toString(): string {
    // What is read from here on is compiled for texts of one byte a character, where it has met such texts before.
    if (this.#largest <= 0xff) return Buffer.from(this.written).toString('latin1')
    const bytes = Buffer.from(this.#units.buffer, 0, 2 * this.length)
    return (isBigEndian ? Buffer.from(bytes).swap16() : bytes).toString('utf16le')
  }

  #grow(): void {
    const [units, origins] = [new Uint16Array(2 * this.length), new Int32Array(2 * this.length)]
    units.set(this.#units)
    origins.set(this.origins)
    this.#units = units
    this.origins = origins
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

/** What {@link formOf} says of what is not one visible code unit: nothing yet, or that it is to be looked at. */
const lastSpecial = 1
const special = 1
/** The plain form of each code unit beyond ASCII, filled as they are met. */
let forms: Uint16Array | undefined

/** The plain form of a code unit where it is one that is seen; else at most {@link lastSpecial}. */
function formOf(unit: number): number {
  forms ??= new Uint16Array(0x10000)
  const known = forms[unit] as number
  if (known !== 0) return known
  const isHalf = unit >= 0xd800 && unit <= 0xdfff
  const letters = isHalf || isInvisible(unit) ? '' : resolved(unit)
  return (forms[unit] = letters.length === 1 ? letters.charCodeAt(0) : special)
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

function isLatin(unit: number): boolean {
  return unit >= 0x61 && unit <= 0x7a
}

const [noLetter, otherLetter, weakAlike, strongAlike] = [1, 2, 3, 4]
/** What each code unit beyond ASCII is beside Latin letters, filled as they are met. */
let letterKinds: Uint8Array | undefined

function kindOf(unit: number): number {
  letterKinds ??= new Uint8Array(0x10000)
  const known = letterKinds[unit] as number
  if (known !== 0) return known
  const letter = String.fromCharCode(unit)
  const kind = !/\p{L}/u.test(letter)
    ? noLetter
    : lookAlike(letter) === undefined
      ? otherLetter
      : isStrongLookAlike(letter)
        ? strongAlike
        : weakAlike
  return (letterKinds[unit] = kind)
}

/**
 * Puts Latin letters in the place of their look-alikes: in words that mix both, and in words made of look-alikes alone
 * when the text has no word that is truly of that script. Changes `units` in place; gives the number of mixed words.
 */
function foldLookAlikes(units: Uint16Array): number {
  let mixedWords = 0
  const wholly: number[] = []
  let foreign = false
  for (let start = 0; start < units.length;) {
    let end = start
    let latin = 0
    let alike = 0
    let strong = 0
    let other = 0
    for (; end < units.length; end += 1) {
      const unit = units[end] as number
      if (isLatin(unit)) latin += 1
      else if (unit < 0x80) break
      else {
        const kind = kindOf(unit)
        if (kind === noLetter) break
        if (kind === otherLetter) other += 1
        else {
          alike += 1
          if (kind === strongAlike) strong += 1
        }
      }
    }
    if (alike > 0 && latin > 0 && other === 0) {
      mixedWords += 1
      fold(units, start, end)
    } else if (alike > 0 && alike === strong && other === 0) wholly.push(start, end)
    else if (alike > 0) foreign = true
    start = end + 1
  }
  if (!foreign) for (let index = 0; index < wholly.length; index += 2) fold(units, wholly[index], wholly[index + 1])
  return mixedWords
}

function fold(units: Uint16Array, start = 0, end = 0): void {
  for (let index = start; index < end; index += 1) {
    const unit = units[index] as number
    units[index] = lookAlike(String.fromCharCode(unit))?.charCodeAt(0) ?? unit
  }
}
