/** The words of a plain text, each with where it is. */
export interface Words<Entry> {
  readonly starts: readonly number[]
  readonly ends: readonly number[]
  /** What the vocabulary knows of each word. */
  readonly entries: readonly (Entry | undefined)[]
  /** Whether a sentence or a paragraph ends before the word. */
  readonly breaks: readonly boolean[]
}

/**
 * Cuts a plain text into words and looks each one up, in one pass. An apostrophe within a word is dropped (`don't` is
 * `dont`).
 */
export function findWords<Entry>(text: string, vocabulary: ReadonlyMap<string, Entry>): Words<Entry> {
  const starts: number[] = []
  const ends: number[] = []
  const entries: (Entry | undefined)[] = []
  const breaks: boolean[] = []
  let ended = true
  for (let at = 0; at < text.length;) {
    if (!isWordCode(text.charCodeAt(at))) {
      ended ||= endsSentence(text, at)
      at += 1
      continue
    }
    const start = at
    let quoted = false
    for (at += 1; at < text.length; at += 1) {
      const code = text.charCodeAt(at)
      if (isWordCode(code)) continue
      if (code !== apostrophe || at + 1 >= text.length || !isWordCode(text.charCodeAt(at + 1))) break
      quoted = true
    }
    starts.push(start)
    ends.push(at)
    breaks.push(ended)
    entries.push(at - start > longest ? undefined : vocabulary.get(wordOf(text.slice(start, at), quoted)))
    ended = false
  }
  return { starts, ends, entries, breaks }
}

/** No word of a vocabulary is longer. */
const longest = 28
const apostrophe = 39

function isWordCode(code: number): boolean {
  if (code < 128) return (code >= 97 && code <= 122) || (code >= 48 && code <= 57)
  return !((code >= 0x2000 && code <= 0x2bff) || (code >= 0x3000 && code <= 0x303f))
}

function wordOf(word: string, quoted: boolean): string {
  return quoted ? word.replaceAll("'", '') : word
}

function endsSentence(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  if (code === 10) return at + 1 < text.length && text.charCodeAt(at + 1) === 10
  if (code === 0x3002) return true
  if (code !== 46 && code !== 33 && code !== 63 && code !== 59) return false
  return at + 1 >= text.length || text.charCodeAt(at + 1) <= 32
}
