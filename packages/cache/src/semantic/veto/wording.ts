import { align, isFunctionWord } from './align.ts'
import { alike } from './alike.ts'
import { difference, withoutTypos } from './difference.ts'
import { exchanged } from './direction.ts'
import { degreeVetoes, isAsking, personVetoes, questionVetoes, tenseVetoes } from './grammar.ts'
import { areOpposite, areOtherVerbs, lightConcepts, negativeConcepts } from './lexicon.ts'
import { entityDifference, values } from './typed-values.ts'
import { opposedFunctions, restrictive } from './words/function-words.ts'
import type { Gap } from './align.ts'
import type { Difference } from './difference.ts'
import type { TextReading, Veto } from './veto.ts'

/** Vetoes by the words of two English texts. */
export function wordingVetoes(a: TextReading, b: TextReading): Veto[] {
  // Which side is which must not matter, and alignment breaks ties by it.
  const isTurned = b.words.join(' ') < a.words.join(' ')
  if (!isTurned) return vetoesOf(a, b)
  return vetoesOf(b, a).map(({ kind, prompt, neighbour }) => ({ kind, prompt: neighbour, neighbour: prompt }))
}

function vetoesOf(a: TextReading, b: TextReading): Veto[] {
  const [left, right] = askedWords(a, b)
  const { gaps, likeness } = align(left, right)
  const rest = difference(left, right)
  const isShort = Math.max(contentOf(left), contentOf(right)) <= 2
  const flips = isShort || likeness >= alike.antonym ? opposites(rest) : []
  return [
    ...entityVetoes(a, b),
    ...turns(a, b, rest, flips, likeness),
    ...scopeVetoes(a, b, rest, likeness),
    ...degreeVetoes(a, b),
    ...questionVetoes(a, b, isShort ? Math.max(likeness, alike.why) : likeness),
    ...personVetoes(a, b, gaps),
    ...tenseVetoes(a, b, likeness),
    ...contentVetoes(a, b, { left, right, gaps, rest, likeness, isShort, settled: new Set([...flips.flat(), '#']) }),
  ]
}

/** The words to compare: of both texts, or of their closing questions where these are the same and stand on their own. */
function askedWords(a: TextReading, b: TextReading): readonly [readonly string[], readonly string[]] {
  const right = withoutTypos(a.words, b.words)
  if (a.questionAt !== undefined && b.questionAt !== undefined) {
    const [ownA, ownB] = [a.words.slice(a.questionAt), right.slice(b.questionAt)]
    if (ownA.join(' ') === ownB.join(' ')) return [ownA, ownB]
  }
  return [a.words, right]
}

function entityVetoes(a: TextReading, b: TextReading): Veto[] {
  const names = entityDifference(a, b)
  // A name on one side only is a word more, and judged as that.
  return names.a.length > 0 && names.b.length > 0 ? [{ kind: 'entity', prompt: names.a, neighbour: names.b }] : []
}

/** What turns a statement round: opposites, more and less, not. Two turns cancel: more careful is less careless, not dangerous is safe. */
function turns(
  a: TextReading,
  b: TextReading,
  rest: Difference,
  flips: readonly (readonly [string, string])[],
  likeness: number,
): Veto[] {
  const [deniedA, deniedB] = [values(a, 'negation'), values(b, 'negation')]
  const isDegreeFlip = isPair(rest, '~more', '~less')
  const isNegated = (deniedA.length - deniedB.length) % 2 !== 0
  if (flips.length === 1 && isNegated !== isDegreeFlip) return []
  const vetoes: Veto[] = flips.map(([x, y]) => ({ kind: 'antonym', prompt: [x], neighbour: [y] }))
  if (isDegreeFlip) vetoes.push({ kind: 'degree', prompt: rest.a.filter(isDegree), neighbour: rest.b.filter(isDegree) })
  const plain = deniedA.length > deniedB.length ? rest.b : rest.a
  // A word that says no by itself may stand for the `not`: not working, broken.
  const isMadeGood = likeness < 0.9 && plain.some((word) => negativeConcepts.has(word))
  if ((isNegated && !isMadeGood) || isMovedNegation(a, b))
    vetoes.push({ kind: 'negation', prompt: deniedA, neighbour: deniedB })
  return vetoes
}

/** The same words in the same order with the `not` at another of them. */
function isMovedNegation(a: TextReading, b: TextReading): boolean {
  if (a.words.join(' ') !== b.words.join(' ')) return false
  const rest = difference(values(a, 'negation'), values(b, 'negation'))
  return rest.a.length === 1 && rest.b.length === 1 && [...rest.a, ...rest.b].every((word) => a.words.includes(word))
}

function opposites(rest: Difference): (readonly [string, string])[] {
  const left = [...rest.b]
  return rest.a.flatMap((word) => {
    const at = isFunctionWord(word) ? -1 : left.findIndex((other) => areOpposite(word, other))
    return at < 0 ? [] : [[word, left.splice(at, 1)[0] ?? ''] as const]
  })
}

function isDegree(word: string): boolean {
  return word === '~more' || word === '~less'
}

function isPair(rest: Difference, x: string, y: string): boolean {
  return (rest.a.includes(x) && rest.b.includes(y)) || (rest.a.includes(y) && rest.b.includes(x))
}

/** All against some, before against after, and against or; only, without, never where the other says nothing. */
function scopeVetoes(a: TextReading, b: TextReading, rest: Difference, likeness: number): Veto[] {
  if (likeness < alike.scope) return []
  const functions = (words: readonly string[]): string[] =>
    words.filter((word) => isFunctionWord(word) && !isDegree(word)).map((word) => word.slice(1))
  const [onlyA, onlyB] = [functions(rest.a), functions(rest.b)]
  for (const x of onlyA)
    for (const y of onlyB)
      if (opposedFunctions.has(`${x}:${y}`)) return [{ kind: 'scope', prompt: [x], neighbour: [y] }]
  // `Who should I ask` asks what `who do I ask` does; `must I ask` and `can I ask` differ.
  const [askedA, askedB] = [values(a, 'question'), values(b, 'question')]
  const isOpen = !isAsking(a) || !isAsking(b) || askedA.some((word) => word !== '?' && askedB.includes(word))
  const counts = (word: string): boolean => restrictive.has(word) && !(isOpen && (word === 'should' || word === 'must'))
  const [prompt, neighbour] = [onlyA.filter(counts), onlyB.filter(counts)]
  return prompt.length + neighbour.length === 0 ? [] : [{ kind: 'scope', prompt, neighbour }]
}

interface Compared {
  readonly left: readonly string[]
  readonly right: readonly string[]
  readonly gaps: readonly Gap[]
  readonly rest: Difference
  readonly likeness: number
  /** Hardly a word to go by: any other one counts. */
  readonly isShort: boolean
  /** Words that another veto has spoken of. */
  readonly settled: ReadonlySet<string>
}

/** Another word, a word more or less, or the same words with two of them exchanged. */
function contentVetoes(a: TextReading, b: TextReading, compared: Compared): Veto[] {
  const { left, right, gaps, rest, likeness, isShort, settled } = compared
  const content = (words: readonly string[]): string[] =>
    words.filter((word) => !isFunctionWord(word) && !settled.has(word) && !lightConcepts.has(word))
  const [prompt, neighbour] = [content(rest.a), content(rest.b)]
  const isOfOne = values(a, 'entity').some((name) => values(b, 'entity').includes(name))
  if (prompt.length > 0 && neighbour.length > 0 && (isShort || likeness >= (isOfOne ? alike.subject : alike.word)))
    return [{ kind: 'word', prompt, neighbour }]
  const size = prompt.length + neighbour.length
  if (size > 0 && likeness >= alike.modifier) return [{ kind: 'modifier', prompt, neighbour }]
  const verbs = likeness >= alike.word ? gaps.map(otherVerbs).find((found) => found !== undefined) : undefined
  if (verbs !== undefined) return [{ kind: 'word', prompt: [verbs[0]], neighbour: [verbs[1]] }]
  const swapped = size === 0 ? exchanged(left, right) : undefined
  return swapped === undefined ? [] : [{ kind: 'direction', prompt: [swapped[0]], neighbour: [swapped[1]] }]
}

function otherVerbs(gap: Gap): readonly [string, string] | undefined {
  for (const x of gap.a) for (const y of gap.b) if (areOtherVerbs(x, y)) return [x, y]
  return undefined
}

function contentOf(words: readonly string[]): number {
  return words.filter((word) => !isFunctionWord(word)).length
}
