import { entryIn, isEntry, type VaultEntry } from '../vault/vault.ts'
import { alphabet, idLength } from './placeholder.ts'
import {
  bracket,
  foldedCode,
  isBound,
  isLabelCode,
  longestBracket,
  mostSeparators,
  separatorsFrom,
} from './written-forms.ts'

/** A placeholder in a text. */
export interface PlaceholderMatch {
  readonly start: number
  readonly end: number
  /** Lower case. */
  readonly id: string
}

/** What a walk from one place found: where a placeholder ends, or that the text does before it is told. */
type Walked = PlaceholderMatch | 'open' | undefined

const mostBrackets = 2
/** How long a label that is not ours may be: one that the model translated, or wrote in another way. */
const longestLabel = 40
/** Stands behind a text that is over: no placeholder can go on with it. */
const over = '\0'

/** By the code of a character, ASCII. */
const isIdLetter = new Uint8Array(128)
for (const letter of alphabet + alphabet.toUpperCase()) isIdLetter[letter.charCodeAt(0)] = 1

/** What a placeholder can begin with: with its id or its label, or with a bracket. */
const [bare, bracketed] = [1, 2]

/** Where a walk is. */
interface Place {
  /** Where the placeholder begins, its brackets included. */
  readonly start: number
  /** How many of them there are. */
  readonly brackets: number
}

/** What a look at a text told. */
export interface PlaceholderLook {
  readonly matches: readonly PlaceholderMatch[]
  /** Where the first placeholder begins that more text could complete; the length of the text where there is none. */
  readonly openAt: number
}

/**
 * Finds the placeholders of known values, however the model wrote them: in another case, with other separators or none of its
 * brackets, with two of them, with Markdown's escapes, percent-encoded, with character references, full-width, the id alone; in
 * brackets also with a label that is not ours. On a growing text it tells where the first one begins that more text could
 * complete.
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
    for (const table of tables) for (const entry of table.values()) if (isEntry(entry)) labels.add(entry.label)
    let longest = longestLabel
    for (const label of labels) {
      const name = label.toLowerCase()
      this.#names.add(name)
      for (const written of [name.charAt(0), name.charAt(0).toUpperCase()]) this.#canBegin[written.charCodeAt(0)] = bare
      longest = Math.max(longest, name.length + name.split('_').length * mostSeparators)
    }
    for (const first of '[\\%&') this.#canBegin[first.charCodeAt(0)] = bracketed
    this.maxLength = longest + mostSeparators + idLength + 2 * mostBrackets * longestBracket + 2
  }

  /**
   * The placeholders of a text that begin at `from` or later and that nothing to come can change. What is before `from` was
   * looked at: it is where the last look found something open, so that all looks together read a growing text about once.
   */
  look(text: string, from = 0, isOver = true): PlaceholderLook {
    const matches: PlaceholderMatch[] = []
    const read = isOver ? text + over : text
    for (let at = from; at < text.length; at += 1) {
      const begins = this.#canBegin[foldedCode(read, at)]
      if (begins === undefined || begins === 0) continue
      // Without brackets it begins with a word.
      if (begins === bare && !isBound(read, at - 1)) continue
      const walked = this.#from(read, at, begins === bare ? 0 : mostBrackets)
      if (walked === 'open') return { matches, openAt: at }
      if (!walked) continue
      matches.push(walked)
      at = walked.end - 1
    }
    return { matches, openAt: text.length }
  }

  #from(text: string, start: number, mayOpen: number): Walked {
    let at = start
    let brackets = 0
    for (; brackets < mayOpen; brackets += 1) {
      const opened = bracket(text, at, '[')
      if (opened === 'open') return 'open'
      if (opened === undefined) break
      at = opened
    }
    if (mayOpen > 0 && brackets === 0) return undefined
    if (brackets > 0 && text.charAt(at) === ' ') at += 1
    if (at >= text.length) return 'open'
    const place = { start, brackets }
    const nameless = this.#id(text, at, place)
    if (nameless !== undefined) return nameless
    let isOpen = false
    for (const name of this.#names) {
      const named = afterName(text, at, name, brackets > 0)
      const walked = typeof named === 'number' ? this.#id(text, named, place, name) : named
      if (typeof walked === 'object') return walked
      isOpen ||= walked === 'open'
    }
    const strange = brackets > 0 ? this.#afterStrangeLabel(text, at, place) : undefined
    return strange ?? (isOpen ? 'open' : undefined)
  }

  /** In brackets the id tells what it is, whatever the label is: `[CORREO_kqzmxwtb]`, `[E-MAIL: kqzmxwtb]`. */
  #afterStrangeLabel(text: string, from: number, place: Place): Walked {
    for (let at = from; at - from <= longestLabel;) {
      const separated = separatorsFrom(text, at, true)
      if (separated === 'open') return 'open'
      if (separated === at) {
        if (!isLabelCode(text, at)) return undefined
        at += 1
        continue
      }
      const walked = at === from ? undefined : this.#id(text, separated, place, undefined, true)
      if (walked !== undefined) return walked
      // Words with blanks between them are no label.
      if (!/^[\\_＿－-]{1,4}$/.test(text.slice(at, separated))) return undefined
      at = separated
    }
    return undefined
  }

  #id(text: string, at: number, { start, brackets }: Place, name?: string, mustClose = false): Walked {
    let length = 0
    while (length < idLength && isIdLetter[foldedCode(text, at + length)] === 1) length += 1
    const isCut = length < idLength
    if (isCut && at + length < text.length) return undefined
    // Full-width letters become plain ones.
    const id = text
      .slice(at, at + length)
      .normalize('NFKC')
      .toLowerCase()
    if (isCut) return this.#canGoOn(id) ? 'open' : undefined
    const label = this.#labelOf(id)
    if (label === undefined || (name !== undefined && label.toLowerCase() !== name)) return undefined
    let end = at + idLength
    if (brackets === 0) {
      if (end >= text.length) return 'open'
      return isBound(text, end) ? { start, end, id } : undefined
    }
    if (!isBound(text, end)) return undefined
    let closed = 0
    for (; closed < brackets; closed += 1) {
      const closing = bracket(text, closed === 0 && text.charAt(end) === ' ' ? end + 1 : end, ']')
      if (closing === 'open') return 'open'
      if (closing === undefined) break
      end = closing
    }
    return mustClose && closed === 0 ? undefined : { start, end, id }
  }

  #labelOf(id: string): string | undefined {
    for (const table of this.#tables) {
      const entry = entryIn(table, id)
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

/** Behind a name and what separates it from the id. */
function afterName(text: string, start: number, name: string, isBracketed: boolean): number | 'open' | undefined {
  let at = start
  for (const character of name) {
    if (character === '_') {
      const separated = separatorsFrom(text, at, false)
      if (separated === 'open' || separated === at) return separated === 'open' ? 'open' : undefined
      at = separated
      continue
    }
    if (at >= text.length) return 'open'
    if ((foldedCode(text, at) | 32) !== (character.charCodeAt(0) | 32)) return undefined
    at += 1
  }
  const separated = separatorsFrom(text, at, isBracketed)
  return separated === at ? undefined : separated
}
