import { stem } from './stem.ts'
import { antonymPairs, notDenied } from './words/antonyms.ts'
import { synonymGroups, lookalikes } from './words/synonyms.ts'
import { comparable, decorative, lightVerbs, lightWords, measured } from './words/modifiers.ts'
import { negativeWords, symmetric } from './words/function-words.ts'

const synonyms = readSynonyms()

function readSynonyms(): ReadonlyMap<string, string> {
  const heads = new Map<string, string>()
  for (const group of synonymGroups.trim().split(/[|\n]/)) {
    const words = group.trim().split(/\s+/).map(stem)
    // A word that is in an earlier group brings its fellows there.
    const head = words.map((word) => heads.get(word)).find((found) => found !== undefined) ?? words[0] ?? ''
    for (const word of words) if (!heads.has(word)) heads.set(word, head)
  }
  return heads
}

/** What a content word is compared by: the head of its group of synonyms, as a stem. */
export function conceptOf(word: string): string {
  const own = stem(word)
  return synonyms.get(own) ?? own
}

const members = new Map<string, string[]>()
for (const [word, head] of synonyms) members.set(head, [...(members.get(head) ?? []), word])

/** The stems that a concept may stand for: its synonyms, or itself. */
export function stemsOf(concept: string): readonly string[] {
  return members.get(concept) ?? [concept]
}

const opposites = new Map<string, Set<string>>()
for (const [a, b] of antonymPairs) {
  // Stems, not concepts: a synonym of a word is often no opposite of its opposite.
  for (const [left, right] of [
    [a, b],
    [b, a],
  ] as const) {
    for (const form of new Set([stem(left), conceptOf(left)])) {
      const known = opposites.get(form) ?? new Set<string>()
      for (const other of new Set([stem(right), conceptOf(right)])) if (other !== form) known.add(other)
      opposites.set(form, known)
    }
  }
}

/** `happy` and `unhappy`, `enable` and `disable`; both as `conceptOf` gives them. */
export function areOpposite(a: string, b: string): boolean {
  return opposites.get(a)?.has(b) === true || isNegatedForm(a, b) || isNegatedForm(b, a)
}

const prefix = /^(?:un|in|im|ir|il|dis|non|de|mis|anti)-?/

const noNegations = concepts(notDenied)

function isNegatedForm(plain: string, negated: string): boolean {
  if (noNegations.has(negated)) return false
  if (plain.length < 4 || negated.length <= plain.length + 1 || !negated.endsWith(plain)) return false
  return (
    negated.replace(prefix, '') === plain ||
    /^(?:un|in|im|ir|il|dis|non|de|mis|anti)$/.test(negated.slice(0, -plain.length))
  )
}

/** Every word of a list as it is found in readings. */
function concepts(list: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...list].flatMap((word) => [word, conceptOf(word)]))
}

export const lightConcepts: ReadonlySet<string> = concepts(lightWords)
export const measuredConcepts: ReadonlySet<string> = concepts(measured)
const lightVerbGroups: ReadonlyMap<string, number> = new Map(
  lightVerbs.split('|').flatMap((group, index) =>
    group
      .trim()
      .split(' ')
      .map((word) => [conceptOf(word), index] as const),
  ),
)

/** Whether two light verbs stand for different things to do: `find` and `use`, not `get` and `receive`. */
export function areOtherVerbs(a: string, b: string): boolean {
  const [groupA, groupB] = [lightVerbGroups.get(a), lightVerbGroups.get(b)]
  return groupA !== undefined && groupB !== undefined && groupA !== groupB
}
export const decorativeConcepts: ReadonlySet<string> = concepts(decorative)
export const negativeConcepts: ReadonlySet<string> = concepts(negativeWords)
export const symmetricConcepts: ReadonlySet<string> = concepts(symmetric)
export const lookalikeConcepts: ReadonlySet<string> = new Set([...lookalikes].flatMap((word) => [word, stem(word)]))

const graded = new Map<string, readonly [string, 'er' | 'est']>([
  ['better', ['good', 'er']],
  ['best', ['good', 'est']],
  ['worse', ['bad', 'er']],
  ['worst', ['bad', 'est']],
  ['further', ['far', 'er']],
  ['furthest', ['far', 'est']],
])
for (const base of comparable) {
  const root = base.endsWith('y')
    ? `${base.slice(0, -1)}i`
    : base.endsWith('e')
      ? base.slice(0, -1)
      : /[^aeiou][aeiou][bdgmnt]$/.test(base)
        ? base + base.slice(-1)
        : base
  graded.set(`${root}er`, [base, 'er'])
  graded.set(`${root}est`, [base, 'est'])
}

/** `older` to `old` and its degree. */
export function gradeOf(word: string): readonly [string, 'er' | 'est'] | undefined {
  return graded.get(word)
}
