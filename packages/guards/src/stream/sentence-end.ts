const stops = '.!?…。！？\n'
const closers = '"\')]}»”’*_'

/** A sentence that does not end is cut at the first space past so many characters, and at twice as many wherever it is. */
const longestSentence = 1_000
/** Brackets and quotation marks that belong to the stop before them. */
const mostClosers = 8

/**
 * Where the first sentence of what begins at `from` ends, `undefined` where that is not told yet: behind a stop with what closes
 * it and a space, an end of a line, a stop of a script that has no spaces. It depends on nothing but what is before it and the
 * character behind it, so that a text has the same sentences however it came.
 *
 * @param seen how long the text was when it was last asked about this sentence: what is before was looked at
 */
export function sentenceEnd(text: string, from: number, seen: number): number | undefined {
  // What was read then may have ended with a stop that only what followed could tell for the end.
  for (let at = Math.max(from, seen - mostClosers - 1); at < text.length; at += 1) {
    const end = endAt(text, at)
    if (end !== undefined) return end
    if (at - from >= longestSentence && text.charAt(at) === ' ') return at
    if (at - from >= 2 * longestSentence) return at
  }
  return undefined
}

/** The end of a sentence that stops with the character at a place. */
function endAt(text: string, at: number): number | undefined {
  const stop = text.charAt(at)
  if (!stops.includes(stop)) return undefined
  if (stop === '\n' || stop > '\u2fff') return at + 1
  let end = at + 1
  while (end - at <= mostClosers && closers.includes(text.charAt(end) || ' ')) end += 1
  // `3.5` and `example.com` go on; what comes next is not known yet at the end.
  return end < text.length && /\s/.test(text.charAt(end)) ? end : undefined
}
