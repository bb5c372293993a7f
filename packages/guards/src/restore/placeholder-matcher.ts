import { idLength } from './placeholder.ts'

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

/**
 * Finds the placeholders of known values, however the model wrote them: in another case, with other separators or none of its
 * brackets, with two of them, with Markdown's escapes, the id alone. On a growing text it tells where the first one begins
 * that more text could complete.
 */
export class PlaceholderMatcher {
  /** Labels by id, both lower case. */
  readonly #labels = new Map<string, string>()
  /** All that ids begin with, so that a beginning is known for one. */
  readonly #beginnings = new Set<string>()
  readonly #names = new Set<string>()
  /** Whether a placeholder can begin with the character of a code: labels and ids are ASCII. */
  readonly #canBegin = new Uint8Array(128)
  /** The longest that a placeholder can be. */
  maxLength = 0

  add(label: string, id: string): void {
    const name = label.toLowerCase()
    this.#labels.set(id, name)
    this.#names.add(name)
    for (let length = 1; length <= idLength; length += 1) this.#beginnings.add(id.slice(0, length))
    for (const first of [name.charAt(0), id.charAt(0), '[', '\\'])
      for (const written of [first, first.toUpperCase()]) this.#canBegin[written.charCodeAt(0)] = 1
    const written = name.length + name.split('_').length * mostSeparators + idLength + 4 * mostBrackets + 2
    this.maxLength = Math.max(this.maxLength, written)
  }

  /** Those in a text that ends here. */
  find(text: string): PlaceholderMatch[] {
    const found: PlaceholderMatch[] = []
    // With something behind it nothing in it is open.
    if (this.#labels.size > 0) this.#walk(`${text}\n`, (match) => void found.push(match))
    return found
  }

  /** Where the first placeholder begins that is not whole yet; the length of the text where there is none. */
  couldGrow(text: string): number {
    return this.#walk(text, () => undefined) ?? text.length
  }

  #walk(text: string, see: (match: PlaceholderMatch) => void): number | undefined {
    if (this.#labels.size === 0) return undefined
    let openAt: number | undefined
    for (let at = 0; at < text.length; at += 1) {
      if (this.#canBegin[text.charCodeAt(at)] !== 1 || isWord(text, at - 1)) continue
      const walked = this.#from(text, at)
      if (walked === 'open') openAt ??= at
      else if (walked) {
        see(walked)
        at = walked.end - 1
      }
    }
    return openAt
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
    const id = text.slice(at, at + idLength).toLowerCase()
    if (!this.#beginnings.has(id)) return undefined
    if (id.length < idLength) return 'open'
    if (name !== undefined && this.#labels.get(id) !== name) return undefined
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
