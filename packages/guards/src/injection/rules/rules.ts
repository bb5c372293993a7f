import { backwards, findHidden, findRuns, reversedWords, rot13Words, turned, type HiddenText } from '../text/decode.ts'
import { foldLeet } from '../text/leet.ts'
import { normalise, type Disguise, type PlainText } from '../text/normalise.ts'
import type { Signs, Words } from '../text/words.ts'
import { answerGroups } from './answer.ts'
import { extractionGroups } from './extraction.ts'
import { languageGroups } from './languages.ts'
import { lexicon } from './lexicon.ts'
import { overrideGroups } from './override.ts'
import { personaGroups } from './persona.ts'
import { passagesAround } from './passages.ts'
import { PhraseBook, type PhraseGroup, type Strength } from './phrase.ts'
import { findSigns, signGroups } from './structure.ts'

/** A family of attack found at a place of the original text. */
export interface FamilyHit {
  readonly family: string
  readonly strength: Strength
  /** Whether it is how a sentence begins, and not within quotation marks: said, rather than spoken of. */
  readonly opens: boolean
  readonly start: number
  readonly end: number
}

/** What the rules see in a text. */
export interface RuleFindings {
  /** The text the families were looked for in, for a second opinion. */
  readonly plain: string
  /** Its passages in which families stand that count alone. */
  readonly passages: readonly string[]
  /** What the text hides in an encoding, plain. */
  readonly hidden: readonly string[]
  readonly hits: readonly FamilyHit[]
}

/** What is no evidence, and tells where there may be some. */
const cueGroups: readonly PhraseGroup[] = [
  { family: 'rot13', strength: 'cue', phrases: [rot13Words.join('|')] },
  { family: 'reversed', strength: 'cue', phrases: [reversedWords.join('|')] },
  { family: 'code_verb', strength: 'cue', phrases: ['print|log|echo|puts|println|printf|eval|len|str|repr|return'] },
]
const evidenceGroups = [...overrideGroups, ...personaGroups, ...extractionGroups, ...answerGroups, ...languageGroups]

/** Every family of the rules. */
export const injectionFamilies: readonly string[] = [
  ...new Set([
    ...[...evidenceGroups, ...signGroups].map(({ family }) => family),
    'encoded_text',
    'hidden_text',
    'disguise',
  ]),
]

let compiled: PhraseBook | undefined

/** The phrases of all families, compiled on first use. */
export function injectionPhrases(): PhraseBook {
  compiled ??= new PhraseBook(lexicon, [...evidenceGroups, ...cueGroups])
  return compiled
}

/** Looks for every family in a text and in what the text hides. Linear in the text. */
export function findFamilies(original: string): RuleFindings {
  const plain = normalise(original)
  const { text, signs, hits: shown, cues } = inPlain(plain.text)
  const hits = shown.map((hit) => ({
    ...hit,
    start: plain.originalAt(hit.start),
    end: plain.originalAt(hit.end),
  }))
  const hidden: string[] = []
  for (const piece of hiddenIn(original, plain, signs, cues)) {
    const { text: decoded, hits: inside } = inPlain(normalise(piece.text).text)
    const { start, end } = piece
    // Text that is encoded says nothing by itself; orders that are encoded were meant to be.
    if (inside.some(({ strength }) => strength === 'strong')) {
      hidden.push(decoded)
      hits.push({ family: 'encoded_text', strength: 'strong', opens: false, start, end })
    }
    hits.push(...inside.map((hit) => ({ ...hit, start, end })))
  }
  hits.push(...disguises(plain.disguise, original.length))
  const passages = passagesAround(
    text,
    shown.filter(({ strength }) => strength === 'strong'),
  )
  return { plain: text, passages, hidden, hits }
}

interface Shown {
  /** The text without leetspeak. */
  readonly text: string
  readonly signs: Signs
  readonly hits: readonly FamilyHit[]
  /** How often each cue was found. */
  readonly cues: ReadonlyMap<string, number>
}

function inPlain(plain: string): Shown {
  const phrases = injectionPhrases()
  let words: Words = phrases.read(plain)
  const { signs } = words
  const text = signs.leet ? foldLeet(plain, phrases.vocabulary) : plain
  if (text !== plain) words = phrases.read(text)
  const cues = new Map<string, number>()
  const hits: FamilyHit[] = []
  for (const { group, start, end } of phrases.find(words)) {
    const { family, strength } = group
    if (strength === 'cue') cues.set(family, (cues.get(family) ?? 0) + 1)
    else hits.push({ family, strength, opens: opensSentence(text, start), start, end })
  }
  for (const { group, start, end } of findSigns(text, signs, cues))
    hits.push({ family: group.family, strength: group.strength, opens: opensSentence(text, start), start, end })
  return { text, signs, hits: hits.length > 1 ? merged(hits) : hits, cues }
}

/** Words of politeness and of turning to somebody, with which the order itself still opens its sentence. */
const openers = new Set('please pls kindly now just so ok okay hey'.split(' '))
/** So many of them may stand before it. */
const mostOpeners = 2

/** Whether a sentence begins at a place, but for blanks and a word or two that lead up to it. */
function opensSentence(text: string, start: number): boolean {
  let end = start
  for (let leading = 0; ; leading += 1) {
    while (end > 0 && ' \t,'.includes(text.charAt(end - 1))) end -= 1
    if (end === 0 || '.!?;:\n。！？'.includes(text.charAt(end - 1))) return true
    if (leading === mostOpeners) return false
    let begin = end
    while (begin > 0 && end - begin <= longestOpener && isLetter(text.charCodeAt(begin - 1))) begin -= 1
    if (!openers.has(text.slice(begin, end))) return false
    end = begin
  }
}

const longestOpener = Math.max(...[...openers].map(({ length }) => length))

function isLetter(code: number): boolean {
  return code >= 97 && code <= 122
}

/** Hits of one family that overlap, made one. */
function merged(hits: readonly FamilyHit[]): FamilyHit[] {
  const last = new Map<string, { -readonly [Key in keyof FamilyHit]: FamilyHit[Key] }>()
  const apart: FamilyHit[] = []
  for (const hit of hits.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const before = last.get(hit.family)
    if (before && hit.start <= before.end) {
      before.end = Math.max(before.end, hit.end)
      if (hit.strength === 'strong') before.strength = 'strong'
      before.opens ||= hit.opens
    } else {
      const first = { ...hit }
      last.set(hit.family, first)
      apart.push(first)
    }
  }
  return apart
}

/** Words turned or backwards of which a text must have so many to be read that way. */
const fewestCues = 2

function hiddenIn(
  original: string,
  plain: PlainText,
  signs: Signs,
  cues: ReadonlyMap<string, number>,
): readonly HiddenText[] {
  const { tags, tagsStart, tagsEnd } = plain.disguise
  const inside = findHidden(plain.text, signs, (word) => injectionPhrases().knows(word))
  if ((cues.get('rot13') ?? 0) >= fewestCues) inside.push(turned(plain.text))
  if ((cues.get('reversed') ?? 0) >= fewestCues) inside.push(backwards(plain.text))
  return [
    ...(signs.longRun ? findRuns(original) : []),
    ...inside.map((piece) => ({
      ...piece,
      start: plain.originalAt(piece.start),
      end: plain.originalAt(piece.end),
    })),
    ...(tags.length > 0 ? [{ encoding: 'tags' as const, text: tags, start: tagsStart, end: tagsEnd }] : []),
  ]
}

/** Families for being disguised at all. Invisible ASCII has no honest use; the rest only adds to other evidence. */
function disguises({ invisible, bidi, tags, tagsStart, tagsEnd, mixedWords }: Disguise, length: number): FamilyHit[] {
  const whole = { opens: false, start: 0, end: length }
  const hits: FamilyHit[] = []
  if (tags.length >= 4)
    hits.push({ family: 'hidden_text', strength: 'strong', opens: false, start: tagsStart, end: tagsEnd })
  if (invisible >= 3 || mixedWords >= 2 || bidi >= 2) hits.push({ family: 'disguise', strength: 'weak', ...whole })
  return hits
}
