import { type Words, wordsOf } from './words.ts'

/** A phrase that was found, and what it stands for. */
export interface PhraseMatch {
  readonly start: number
  /** The first code unit after it. */
  readonly end: number
  /** What the phrase was listed under. */
  readonly label: string
}

/** Finds whole phrases in one pass. */
export interface PhraseMatcher {
  find(text: string): PhraseMatch[]
  /** Where the earliest phrase begins that more text could complete, lengthen or undo; the length of the text when there is none. */
  openAt(text: string): number
  /** Both, for one reading of the text. */
  judge(text: string): { readonly found: PhraseMatch[]; readonly openAt: number }
  /** The longest phrase as it may be written, in code units. */
  readonly maxMatch: number
}

/** What may stand between two words of a phrase, in code units: a space, a hyphen, a line end with its indentation. */
const widestGap = 3
/** How much longer than its folded form a word may be written: letters of mathematics and combining marks take more. */
const widening = 4

interface Node {
  readonly next: Map<string, Node>
  /** Words that need only begin like this: `vaccin*`. */
  readonly stems: { readonly stem: string; readonly node: Node }[]
  /** What the phrase that ends here is listed under. */
  label?: string
}

const emptyNode = (): Node => ({ next: new Map(), stems: [] })

/**
 * A matcher of phrases by whole words, whatever their case, their width and the single spaces, hyphens or line ends between
 * the words. A word that ends in `*` stands for all that begin like it. The longest phrase wins where several begin.
 *
 * @param phrases each with what it stands for
 */
export function phraseMatcher(phrases: Iterable<readonly [phrase: string, label: string]>): PhraseMatcher {
  const root = emptyNode()
  let [longestPhrase, longestWord] = [1, 1]
  for (const [phrase, label] of phrases) {
    const parts = wordsOf(phrase)
    let node = root
    let written = 0
    for (let index = 0; index < parts.count; index += 1) {
      const part = parts.folded(index)
      node = child(node, part, phrase[parts.end(index)] === '*')
      longestWord = Math.max(longestWord, part.length)
      written += part.length * widening + widestGap
    }
    node.label ??= label
    longestPhrase = Math.max(longestPhrase, written)
  }
  // A stem has endings, but no word goes on for ever.
  const wordLimit = Math.max(longestWord * widening, 40)

  /** Follows the tree from the word at `index`: the last phrase that ends, and whether the words gave out before. */
  function follow(
    text: string,
    words: Words,
    index: number,
    count: number,
  ): { last: number; label: string; ranOut: boolean } {
    let node: Node | undefined = root
    let [last, label] = [-1, '']
    for (let at = index; ; at += 1) {
      if (at >= count) return { last, label, ranOut: node.next.size + node.stems.length > 0 }
      const isApart = at > index && !isGap(text, words.end(at - 1), words.start(at))
      if (isApart || words.end(at) - words.start(at) > wordLimit) return { last, label, ranOut: false }
      const folded = words.folded(at)
      const stem: Node | undefined = node.stems.find((each) => folded.startsWith(each.stem))?.node
      node = node.next.get(folded) ?? stem
      if (!node) return { last, label, ranOut: false }
      if (node.label !== undefined) [last, label] = [at, node.label]
    }
  }

  /** Whether a word of which only the beginning is there could be the first of a phrase. */
  function mayBegin(begun: string): boolean {
    for (const word of root.next.keys()) if (word.startsWith(begun) || begun.startsWith(word)) return true
    return root.stems.some(({ stem }) => stem.startsWith(begun) || begun.startsWith(stem))
  }

  function findIn(text: string, words: Words): PhraseMatch[] {
    const matches: PhraseMatch[] = []
    for (let index = 0; index < words.count; index += 1) {
      const { last, label } = follow(text, words, index, words.count)
      if (last < 0) continue
      matches.push({ start: words.start(index), end: words.end(last), label })
      index = last
    }
    return matches
  }

  const maxMatch = longestPhrase + wordLimit + widestGap
  function openIn(text: string, words: Words): number {
    // Half of a surrogate pair may be a letter of the last word, or a word's first.
    const end = text.length - (/[\ud800-\udbff]$/.test(text) ? 1 : 0)
    const isCut = words.count > 0 && words.end(words.count - 1) === end
    // The last word may go on: what is decided are those before it.
    const count = isCut ? words.count - 1 : words.count
    let open = end
    if (isCut) {
      const start = words.start(count)
      open = end - start <= wordLimit && mayBegin(words.folded(count)) ? start : end
    }
    for (let index = count - 1; index >= 0 && end - words.start(index) <= maxMatch; index -= 1) {
      const { ranOut } = follow(text, words, index, count)
      if (ranOut && end - words.end(count - 1) <= widestGap + wordLimit) open = words.start(index)
    }
    return open
  }

  return {
    maxMatch,
    find: (text) => findIn(text, wordsOf(text)),
    openAt: (text) => openIn(text, wordsOf(text)),
    judge(text) {
      const words = wordsOf(text)
      return { found: findIn(text, words), openAt: openIn(text, words) }
    },
  }
}

function child(node: Node, folded: string, isStem: boolean): Node {
  const known = isStem ? node.stems.find(({ stem }) => stem === folded)?.node : node.next.get(folded)
  if (known) return known
  const made = emptyNode()
  if (isStem) node.stems.push({ stem: folded, node: made })
  else node.next.set(folded, made)
  return made
}

function isGap(text: string, from: number, to: number): boolean {
  return to - from <= widestGap && /^[\s\p{Pd}\p{Pc}'’.&/+]*$/u.test(text.slice(from, to))
}
