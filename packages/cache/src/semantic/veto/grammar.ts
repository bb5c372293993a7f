import { alike } from './alike.ts'
import { isFunctionWord } from './align.ts'
import { difference } from './difference.ts'
import { measuredConcepts } from './lexicon.ts'
import { values } from './typed-values.ts'
import type { Gap } from './align.ts'
import type { TextReading, Veto } from './veto.ts'

/** `older` against `oldest`. */
export function degreeVetoes(a: TextReading, b: TextReading): Veto[] {
  const rest = difference(values(a, 'degree'), values(b, 'degree'))
  const concept = (value: string): string => value.split(' ')[0] ?? ''
  const common = new Set(rest.a.map(concept).filter((word) => rest.b.some((other) => concept(other) === word)))
  const [prompt, neighbour] = [rest.a, rest.b].map((list) => list.filter((value) => common.has(concept(value))))
  return common.size === 0 ? [] : [{ kind: 'degree', prompt: prompt ?? [], neighbour: neighbour ?? [] }]
}

const manner = new Set(
  'how why when where who which howlong howmany howoften howfar howold howbig howfast howgood'.split(' '),
)
const counting = new Set(['when', 'howlong', 'howoften', 'howmany'])

/** Whether a text asks at all, rather than to tell of a matter. */
export function isAsking(reading: TextReading): boolean {
  return values(reading, 'question').includes('?')
}

/** How against why, when against where. */
export function questionVetoes(a: TextReading, b: TextReading, likeness: number): Veto[] {
  // Whoever only tells of a matter (`my card was declined`) may want any answer about it.
  if (!isAsking(a) || !isAsking(b)) return []
  const [askedA, askedB] = [kindsOf(a), kindsOf(b)]
  if (askedA.some((word) => askedB.includes(word)) || askedA.length + askedB.length === 0) return []
  const veto: Veto = { kind: 'question', prompt: askedA, neighbour: askedB }
  if (askedA.length > 0 && askedB.length > 0) return likeness >= alike.why ? [veto] : []
  const [asked, other] = askedA.length > 0 ? [askedA, b] : [askedB, a]
  // `Can I` asks how as a rule, and `what is the deadline` asks when.
  if (asked.includes('how') || asked.includes('which')) return []
  const isMeasured = a.words.some((word) => measuredConcepts.has(word) && b.words.includes(word))
  if (isMeasured && asked.every((word) => counting.has(word)) && values(other, 'question').includes('what')) return []
  return likeness >= (asked.includes('why') ? alike.why : alike.question) ? [veto] : []
}

/** What kinds of question a text asks; `how much` and `how many` are one. */
function kindsOf(reading: TextReading): string[] {
  return values(reading, 'question')
    .map((word) => (word === 'howmuch' ? 'howmany' : word))
    .filter((word) => manner.has(word))
}

/** He against she; or a pronoun in the place of a name where it may mean more than one. */
export function personVetoes(a: TextReading, b: TextReading, gaps: readonly Gap[]): Veto[] {
  const rest = difference([...new Set(values(a, 'person'))], [...new Set(values(b, 'person'))])
  if (rest.a.length > 0 && rest.b.length > 0) return [{ kind: 'person', prompt: rest.a, neighbour: rest.b }]
  if (Math.max(values(a, 'entity').length, values(b, 'entity').length) < 2) return []
  const isPronoun = (word: string): boolean => word === '~he' || word === '~she' || word === '~they'
  const isReplaced = (one: readonly string[], other: readonly string[]): boolean =>
    one.some(isPronoun) && other.some((word) => !isFunctionWord(word))
  const replaced = gaps.find((gap) => isReplaced(gap.a, gap.b) || isReplaced(gap.b, gap.a))
  return replaced === undefined ? [] : [{ kind: 'person', prompt: replaced.a, neighbour: replaced.b }]
}

/** Is against used to be, did against will; was against is where it is about somebody. */
export function tenseVetoes(a: TextReading, b: TextReading, likeness: number): Veto[] {
  if (likeness < alike.tense) return []
  const rest = difference(values(a, 'tense'), values(b, 'tense'))
  const both = new Set([...rest.a, ...rest.b])
  const isAboutSomebody = values(a, 'entity').length + values(a, 'person').length > 0
  const isMarked = both.has('usedto') || both.has('nolonger')
  const isTurned = both.has('past') && (both.has('future') || (both.has('present') && isAboutSomebody))
  return isMarked || isTurned ? [{ kind: 'tense', prompt: rest.a, neighbour: rest.b }] : []
}
