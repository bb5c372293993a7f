const stops = '.!?…。！？\n'
const closers = '"\')]}»”’*_'

/** A sentence that does not end is cut at the first space past so many characters. */
const longestSentence = 1_000

/**
 * Behind the last whole sentence of a text that begins at `from`, `from` where there is none: a stop with what closes it and a
 * space, an end of a line, a stop of a script that has no spaces.
 */
export function sentenceEnd(text: string, from: number): number {
  for (let at = text.length - 1; at >= from; at -= 1) {
    const character = text.charAt(at)
    if (!stops.includes(character)) continue
    if (character === '\n' || character > '\u2fff') return at + 1
    let end = at + 1
    while (end < text.length && closers.includes(text.charAt(end))) end += 1
    // `3.5` and `example.com` go on; what comes next is not known yet at the end.
    if (end < text.length && /\s/.test(text.charAt(end))) return end
  }
  if (text.length - from <= longestSentence) return from
  const space = text.lastIndexOf(' ')
  return space > from ? space : text.length
}
