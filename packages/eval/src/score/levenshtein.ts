/** Longer texts than this many code points are not compared letter by letter: the time grows with the product of the lengths. */
export const longestCompared = 10_000

/**
 * The fewest insertions, deletions and replacements of code points that turn one text into the other.
 *
 * @see Wagner, Fischer: The String-to-String Correction Problem. J. ACM 21 (1974).
 */
export function editDistance(first: string, second: string): number {
  if (first === second) return 0
  const [short, long] = [Array.from(first), Array.from(second)].toSorted((a, b) => a.length - b.length) as [
    string[],
    string[],
  ]
  let row = Uint32Array.from({ length: short.length + 1 }, (_, index) => index)
  let next = new Uint32Array(short.length + 1)
  for (const [line, letter] of long.entries()) {
    next[0] = line + 1
    for (let column = 1; column <= short.length; column += 1) {
      const replaced = (row[column - 1] as number) + (short[column - 1] === letter ? 0 : 1)
      next[column] = Math.min(replaced, (row[column] as number) + 1, (next[column - 1] as number) + 1)
    }
    ;[row, next] = [next, row]
  }
  return row[short.length] as number
}

/** 1 for equal texts, 0 for texts with nothing in common: 1 − distance / length of the longer. */
export function textSimilarity(first: string, second: string): number {
  const longest = Math.max(codePoints(first), codePoints(second))
  return longest === 0 ? 1 : 1 - editDistance(first, second) / longest
}

export function isTooLong(...texts: readonly string[]): boolean {
  return texts.some((text) => text.length > longestCompared && codePoints(text) > longestCompared)
}

function codePoints(text: string): number {
  let count = 0
  for (const _ of text) count += 1
  return count
}
