/** What an answer states in the end. */
export interface FinalAnswer {
  readonly text: string
  /** Of a choice, upper case: `(b) Paris` states `B`. */
  readonly letter: string | undefined
}

/** Words that lead to the result. Each pattern's first group is the result. */
const markers: readonly RegExp[] = [
  /####[ \t]*([^\n]+)/gi,
  /\\boxed\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}/gi,
  /\b(?:final answer|answer|result|choice|option)\b(?:(?:\s+(?:is|was|should be))?\s*[:=]|\s+(?:is|was|should be)\b|(?=\s*\(?[A-J]\)?[.*\s]*$))([^\n]+)/gi,
]

/** The result that a text leads to: its last marked one, else the text itself. Long texts are searched at their end. */
export function finalAnswer(text: string): FinalAnswer {
  const trimmed = text.trim()
  const tail = trimmed.slice(-4_000)
  for (const [place, marker] of markers.entries()) {
    const last = [...tail.matchAll(marker)].at(-1)?.[1]
    if (last === undefined) continue
    // "The answer depends…" leads to nothing: words in running text count only where they end the text.
    if (place === 2 && !endsWith(tail, last)) continue
    return made(last)
  }
  return made(trimmed)
}

function endsWith(text: string, part: string): boolean {
  return text.endsWith(part) || text.slice(text.lastIndexOf(part) + part.length).trim().length < 3
}

function made(text: string): FinalAnswer {
  const bare = text.trim().replace(/^[*_`"'\s]+/, '')
  const choice = /^\(?([A-Ja-j])(?:\)|[.:](?=\s|$)|[*_`"'.\s]*$)/.exec(bare)
  return { text: bare.replace(/[*_`"'.\s]+$/, ''), letter: choice?.[1]?.toUpperCase() }
}
