import { isFunctionWord } from './align.ts'
import { symmetricConcepts } from './lexicon.ts'

const directed = new Set(
  '~to ~from ~than ~before ~after ~of ~over ~under ~above ~below ~without ~for ~until ~into ~by ~in ~on ~at ~against ~versus'.split(
    ' ',
  ),
)

/** Words between the first and the last that moved; the search takes the cube of it at worst. */
const maxStretch = 40

/** Two stretches of words that changed places around something that tells who does what to whom, as `['paris', 'london']`; `undefined` when none did. */
export function exchanged(a: readonly string[], b: readonly string[]): readonly [string, string] | undefined {
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1
  let end = 0
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1
  const [left, right] = [a.slice(start, a.length - end), b.slice(start, b.length - end)]
  if (left.length !== right.length || left.length < 2 || left.length > maxStretch) return undefined
  // left = U M V, right = V M U
  for (let u = 1; u < left.length; u += 1) {
    for (let v = 1; u + v <= left.length; v += 1) {
      if (
        !same(left.slice(0, u), right.slice(right.length - u)) ||
        !same(left.slice(left.length - v), right.slice(0, v))
      )
        continue
      const middle = left.slice(u, left.length - v)
      if (!same(middle, right.slice(v, right.length - u))) continue
      const [first, second] = [left.slice(0, u), left.slice(left.length - v)]
      if (!hasContent(first) || !hasContent(second)) continue
      if (isDirected(middle, [...a.slice(0, start), ...a.slice(a.length - end)]))
        return [first.join(' '), second.join(' ')]
    }
  }
  return undefined
}

function isDirected(middle: readonly string[], around: readonly string[]): boolean {
  if (middle.length === 0 || around.includes('~viewed') || middle.includes('~viewed')) return false
  const content = middle.filter((word) => !isFunctionWord(word))
  if (content.some((word) => symmetricConcepts.has(word))) return false
  if (content.length > 0) return true
  if (around.some((word) => symmetricConcepts.has(word) && !isFunctionWord(word)) && !middle.includes('~than'))
    return false
  return middle.some((word) => directed.has(word) && word !== '~versus')
}

/** A pronoun stands for somebody: does he love her, does she love him. */
function hasContent(words: readonly string[]): boolean {
  return words.some((word) => !isFunctionWord(word) || word === '~he' || word === '~she' || word === '~they')
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((word, index) => word === b[index])
}
