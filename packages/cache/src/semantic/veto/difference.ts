import { areOpposite, lookalikeConcepts, stemsOf } from './lexicon.ts'
import { isFunctionWord } from './align.ts'

/** What each of two multisets has and the other has not. */
export interface Difference {
  readonly a: readonly string[]
  readonly b: readonly string[]
}

export function difference(a: readonly string[], b: readonly string[]): Difference {
  const counts = new Map<string, number>()
  for (const value of b) counts.set(value, (counts.get(value) ?? 0) + 1)
  const onlyA: string[] = []
  for (const value of a) {
    const left = counts.get(value) ?? 0
    if (left > 0) counts.set(value, left - 1)
    else onlyA.push(value)
  }
  return { a: onlyA, b: [...counts].flatMap(([value, count]) => Array.from({ length: count }, () => value)) }
}

const rows = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm']

function areNeighbours(x: string, y: string): boolean {
  if (/[aeiou]/.test(x) && /[aeiou]/.test(y)) return true
  for (const [row, keys] of rows.entries()) {
    const at = keys.indexOf(x)
    if (at < 0) continue
    return [row - 1, row, row + 1].some((other) => {
      const there = rows[other]?.indexOf(y) ?? -1
      return there >= 0 && Math.abs(there - at) <= 1
    })
  }
  return false
}

/** Whether one is most likely a slip of the pen for the other: one letter left out, doubled, swapped or missed by a key. */
export function isTypo(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a]
  if (short.length < 4 || long.length < 5 || long.length - short.length > 1 || short[0] !== long[0]) return false
  if (isFunctionWord(a) || (lookalikeConcepts.has(a) && lookalikeConcepts.has(b)) || areOpposite(a, b)) return false
  let start = 0
  while (start < short.length && short[start] === long[start]) start += 1
  const restShort = short.slice(start)
  const restLong = long.slice(start)
  if (long.length > short.length) return restLong.slice(1) === restShort
  if (restShort.slice(1) === restLong.slice(1))
    return short.length >= 5 && areNeighbours(restShort[0] ?? '', restLong[0] ?? '')
  return restShort[0] === restLong[1] && restShort[1] === restLong[0] && restShort.slice(2) === restLong.slice(2)
}

/** Whether one is a slip of the pen for a word that the other stands for. */
function areTypos(a: string, b: string): boolean {
  return stemsOf(a).some((word) => isTypo(word, b)) || stemsOf(b).some((word) => isTypo(a, word))
}

/** The second sequence with its slips of the pen spelled as the first spells them. */
export function withoutTypos(a: readonly string[], b: readonly string[]): readonly string[] {
  const rest = difference(a, b)
  if (rest.a.length === 0 || rest.b.length === 0) return b
  const spelled = new Map<string, string>()
  for (const word of rest.b) {
    const meant = rest.a.find((other) => areTypos(other, word))
    if (meant !== undefined) spelled.set(word, meant)
  }
  return spelled.size === 0 ? b : b.map((word) => spelled.get(word) ?? word)
}
