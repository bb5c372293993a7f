/** A sentence or a line of a text, in code units. */
export interface Sentence {
  readonly start: number
  /** The first code unit after it. */
  readonly end: number
}

/** Longer ones are cut, so that an order cannot hide in a sentence without end. */
const longest = 400
/** With fewer letters nothing is ordered. */
const shortest = 8

/** Cuts a text at line ends and after full stops, question and exclamation marks; white space around is left out. */
export function sentencesOf(text: string): Sentence[] {
  const sentences: Sentence[] = []
  const add = (from: number, to: number): void => {
    let [start, end] = [from, to]
    while (start < end && isBlank(text.charCodeAt(start))) start += 1
    while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1
    if (end - start >= shortest) sentences.push({ start, end })
  }
  let start = 0
  let blank = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (isBlank(code)) blank = at
    const tooLong = at - start >= longest
    if (!tooLong && !isEnd(code, text.charCodeAt(at + 1))) continue
    // A sentence that is too long is cut between words where it has any.
    const end = tooLong && blank > start + longest / 2 ? blank : at + 1
    add(start, end)
    start = end
    blank = end
  }
  add(start, text.length)
  return sentences
}

/** The sentence that holds a place, by bisection. */
export function sentenceAt(sentences: readonly Sentence[], at: number): Sentence | undefined {
  let [low, high] = [0, sentences.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sentences[middle] as Sentence).end <= at) low = middle + 1
    else high = middle
  }
  const found = sentences[low]
  return found !== undefined && found.start <= at ? found : undefined
}

function isEnd(code: number, next: number): boolean {
  if (code === 10 || code === 13 || code === 0x3002 || code === 0xff01 || code === 0xff1f) return true
  return (code === 46 || code === 33 || code === 63) && (Number.isNaN(next) || isBlank(next))
}

function isBlank(code: number): boolean {
  return code <= 32 || code === 0xa0 || code === 0x3000
}
