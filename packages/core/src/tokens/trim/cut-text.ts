import { utf8, type Encoder } from '../bpe/encoder.ts'

/** What stands where text was taken out. */
export const cutMarker = '\n[…]\n'

/** Counts tokens, with the encoder that tells where they end, where there is one. */
export interface Measure {
  readonly count: (text: string) => number
  readonly encoder: Encoder | undefined
}

/**
 * The beginning and the end of `text` with a mark between them, in at most `maxTokens` tokens; `undefined` when not even
 * the mark fits. Cut where tokens end, never inside a character.
 */
export function cutText(text: string, maxTokens: number, measure: Measure): string | undefined {
  const { count, encoder } = measure
  let room = maxTokens - count(cutMarker)
  const ends = encoder?.boundaries(utf8(text), Infinity)
  while (room > 0) {
    const first = Math.ceil(room / 2)
    const [head, tail] = ends
      ? byTokens(text, ends, first, room - first)
      : byLength(text, count(text), first, room - first)
    const cut = head + cutMarker + tail
    const over = count(cut) - maxTokens
    if (over <= 0) return cut
    // The seams may cost a token; what a rough count gets wrong costs more.
    room -= Math.max(over, ends ? 1 : Math.ceil(room / 16))
  }
  return count(cutMarker) <= maxTokens ? cutMarker : undefined
}

function byTokens(text: string, ends: readonly number[], first: number, last: number): [string, string] {
  const data = Buffer.from(text, 'utf8')
  let head = ends[first - 1] ?? data.length
  while (head > 0 && ((data[head] ?? 0) & 0xc0) === 0x80) head -= 1
  let tail = ends[ends.length - 1 - last] ?? 0
  while (tail < data.length && ((data[tail] ?? 0) & 0xc0) === 0x80) tail += 1
  const headLength = data.toString('utf8', 0, head).length
  const tailLength = last > 0 ? data.toString('utf8', tail).length : 0
  return [text.slice(0, headLength), text.slice(text.length - tailLength)]
}

/** Where nothing tells where tokens end, characters stand for them. */
function byLength(text: string, tokens: number, first: number, last: number): [string, string] {
  const perToken = text.length / Math.max(1, tokens)
  let head = Math.floor(first * perToken)
  if (isLow(text.charCodeAt(head))) head -= 1
  let tail = text.length - Math.floor(last * perToken)
  if (isLow(text.charCodeAt(tail))) tail += 1
  return [text.slice(0, Math.max(0, head)), text.slice(tail)]
}

/** The second half of a surrogate pair. */
function isLow(code: number): boolean {
  return code >= 0xdc00 && code < 0xe000
}
