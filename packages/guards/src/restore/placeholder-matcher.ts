import type { VaultEntry } from '../vault/vault.ts'
import { alphabet, idLength } from './placeholder.ts'

/** A placeholder in a text. */
export interface PlaceholderMatch {
  readonly start: number
  readonly end: number
  /** Lower case. */
  readonly id: string
}

/** What a walk from one place found: where a placeholder ends, or that the text does before it is told. */
type Walked = PlaceholderMatch | 'open' | undefined

/** Characters that may stand where `_` does: models write `EMAIL KQZMXWTB`, `EMAIL-…` and, in Markdown, `EMAIL\_…`. */
const separators = '_- \\\u00a0'
const mostSeparators = 3
const mostBrackets = 2

/** By the code of a character. */
const isIdLetter = new Uint8Array(128)
for (const letter of alphabet + alphabet.toUpperCase()) isIdLetter[letter.charCodeAt(0)] = 1

/** What a look at a text told. */
export interface PlaceholderLook {
  readonly matches: readonly PlaceholderMatch[]
  /** Where the first placeholder begins that more text could complete; the length of the text where there is none. */
  readonly openAt: number
}

/**
 * Finds the placeholders of known values, however the model wrote them: in another case, with other separators or none of its
 * brackets, with two of them, with Markdown's escapes, the id alone. On a growing text it tells where the first one begins
 * that more text could complete.
 *
 * A conversation may have thousands of values, and each of its calls makes one of these: of the values only the labels are
 * gathered, of which there are few.
 */
export class PlaceholderMatcher {
  /** Values by id. */
  readonly #tables: readonly ReadonlyMap<string, VaultEntry>[]
  /** Labels, lower case. */
  readonly #names = new Set<string>()
  /** Whether a placeholder can begin with the character of a code: labels and ids are ASCII. */
  readonly #canBegin = isIdLetter.slice()
  /** The longest that a placeholder can be. */
  readonly maxLength: number

  constructor(tables: readonly ReadonlyMap<string, VaultEntry>[]) {
    this.#tables = tables
    const labels = new Set<string>()
    for (const table of tables) for (const { label } of table.values()) labels.add(label)
    let longest = 0
    for (const label of labels) {
      const name = label.toLowerCase()
      this.#names.add(name)
      for (const first of [name.charAt(0), '[', '\\'])
        for (const written of [first, first.toUpperCase()]) this.#canBegin[written.charCodeAt(0)] = 1
      longest = Math.max(longest, name.length + name.split('_').length * mostSeparators)
    }
    this.maxLength = longest + idLength + 4 * mostBrackets + 2
  }

  /**
   * The placeholders of a text that begin at `from` or later and that nothing to come can change. What is before `from` was
   * looked at: it is where the last look found something open, so that all looks together read a growing text about once.
   */
  look(text: string, from = 0, isOver = true): PlaceholderLook {
    const matches: PlaceholderMatch[] = []
    // With something behind it nothing in it is open.
    const read = isOver ? `${text}\n` : text
    for (let at = from; at < text.length; at += 1) {
      if (this.#canBegin[read.charCodeAt(at)] !== 1 || isWord(read, at - 1)) continue
      const walked = this.#from(read, at)
      if (walked === 'open') return { matches, openAt: at }
      if (!walked) continue
      matches.push(walked)
      at = walked.end - 1
    }
    return { matches, openAt: text.length }
  }

  #from(text: string, start: number): Walked {
    let at = start
    let brackets = 0
    for (; brackets < mostBrackets; brackets += 1) {
      const opened = bracket(text, at, '[')
      if (opened === 'open') return 'open'
      if (opened === undefined) break
      at = opened
    }
    if (brackets > 0 && text.charAt(at) === ' ') at += 1
    if (at >= text.length) return 'open'
    const bare = this.#id(text, at, start, brackets)
    if (bare !== undefined) return bare
    let isOpen = false
    for (const name of this.#names) {
      const named = afterName(text, at, name)
      const walked = typeof named === 'number' ? this.#id(text, named, start, brackets, name) : named
      if (typeof walked === 'object') return walked
      isOpen ||= walked === 'open'
    }
    return isOpen ? 'open' : undefined
  }

  #id(text: string, at: number, start: number, brackets: number, name?: string): Walked {
    let length = 0
    while (length < idLength && isIdLetter[text.charCodeAt(at + length)] === 1) length += 1
    const id = text.slice(at, at + length).toLowerCase()
    if (length < idLength) return at + length === text.length && this.#canGoOn(id) ? 'open' : undefined
    const label = this.#labelOf(id)
    if (label === undefined || (name !== undefined && label.toLowerCase() !== name)) return undefined
    let end = at + idLength
    if (brackets === 0) {
      if (end >= text.length) return 'open'
      return isWord(text, end) ? undefined : { start, end, id }
    }
    if (isWord(text, end)) return undefined
    for (let closed = 0; closed < brackets; closed += 1) {
      const closing = bracket(text, closed === 0 && text.charAt(end) === ' ' ? end + 1 : end, ']')
      if (closing === 'open') return 'open'
      if (closing === undefined) break
      end = closing
    }
    return { start, end, id }
  }

  #labelOf(id: string): string | undefined {
    for (const table of this.#tables) {
      const entry = table.get(id)
      if (entry) return entry.label
    }
    return undefined
  }

  /** Whether an id begins so. Where there are many, one of the first does: it is a few letters out of twenty. */
  #canGoOn(beginning: string): boolean {
    for (const table of this.#tables) for (const id of table.keys()) if (id.startsWith(beginning)) return true
    return false
  }
}

/** Behind a bracket, which Markdown may have escaped. */
function bracket(text: string, at: number, which: string): number | 'open' | undefined {
  const next = text.charAt(at) === '\\' ? at + 1 : at
  if (next >= text.length) return 'open'
  return text.charAt(next) === which ? next + 1 : undefined
}

/** Behind a name and what separates it from the id. */
function afterName(text: string, start: number, name: string): number | 'open' | undefined {
  let at = start
  for (const character of name) {
    if (character === '_') {
      const separated = afterSeparators(text, at)
      if (separated === 'open' || separated === at) return separated === 'open' ? 'open' : undefined
      at = separated
      continue
    }
    if (at >= text.length) return 'open'
    if (text.charAt(at).toLowerCase() !== character) return undefined
    at += 1
  }
  const separated = afterSeparators(text, at)
  return separated === at ? undefined : separated
}

function afterSeparators(text: string, start: number): number | 'open' {
  let at = start
  while (at - start < mostSeparators && at < text.length && separators.includes(text.charAt(at))) at += 1
  return at >= text.length ? 'open' : at
}

function isWord(text: string, index: number): boolean {
  const code = text.charCodeAt(index)
  if (code < 128) return (code > 47 && code < 58) || (code > 64 && code < 91) || (code > 96 && code < 123)
  return code > 127 && /[\p{L}\p{N}]/u.test(text.charAt(index))
}
