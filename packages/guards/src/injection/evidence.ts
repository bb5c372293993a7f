import type { EvidenceTier } from '../detector.ts'
import { injectionModel } from './model/injection-weights.ts'
import { linearScorer, probability } from './model/linear-model.ts'
import type { Strength } from './rules/phrase.ts'
import { findFamilies, injectionPhrases, type FamilyHit } from './rules/rules.ts'

/** The score of a place of a family that counts alone; others count in company only. */
export const countsAlone = 0.8

/** Where a family was found in a text, in code units. */
export interface Place {
  readonly rule: string
  readonly start: number
  readonly end: number
  readonly score: number
}

/** What speaks for an attack in a text. */
export interface Evidence {
  readonly tier: EvidenceTier
  /** How sure rules and model together are, 0..1. */
  readonly score: number
  /** The families found, those that count alone first. */
  readonly families: readonly string[]
  /** What the second opinion gives for an attack, 0..1. */
  readonly opinion: number
  readonly places: readonly Place[]
}

/** Families further apart than this, in code units, do not speak of the same thing. */
const farthest = 4_000

/*
 * In log-odds. Chosen on the development halves, with the model scored by cross-fitting; see docs/injection.md.
 */
/** Where the second opinion agrees that a text with one family in it is no harmless one. */
const agrees = 1.25
/** The same where all that was found are masks: it sees the words that they are made of, too, so it must be surer. */
const agreesOnMasks = 2.25
/**
 * Where it leaves standing what it need not agree to: two families (rules know disguises and languages that the model does
 * not), and an order about the model's instructions that is said outright.
 */
const objects = 0
/** Where it warns though no rule fired. */
const alone = 2
/** Where it is sure enough for two families to block: of different kinds, or of one. */
const sure = { kinds: 2.5, families: 4.25 }
/** Where it is so sure that it stands for the second family. */
const certain = 5

/**
 * Families that are one kind of attack, a mask without limits. Stories and games that mean no harm have them together, so
 * that two of them are little more evidence than one.
 */
const masks: ReadonlySet<string> = new Set([
  'dual_answer',
  'forced_answer',
  'forced_beginning',
  'in_character',
  'misdeed',
  'mode',
  'named_jailbreak',
  'no_refusal',
  'obedience',
  'tagged_answer',
  'unrestricted',
])

/** Families that are about the model's instructions themselves. */
const aboutInstructions: ReadonlySet<string> = new Set([
  'addressed_to_model',
  'override',
  'prompt_extraction',
  'repeat_above',
])
/** Families of what was hidden, and with an order in it: nobody hides one by chance. */
const hiding: ReadonlySet<string> = new Set(['encoded_text', 'hidden_text'])

function kindOf(family: string): string {
  return masks.has(family) ? 'mask' : family
}

interface Reading {
  /** Whether a hit of the rules counts. */
  counts(text: string, hit: FamilyHit): boolean
  /** Whether the second opinion is evidence of its own, or only agrees and objects. */
  readonly ownOpinion: boolean
}

/** Loads rules and model, for weighing what they find in a text. */
export function evidenceReader({ counts, ownOpinion }: Reading): (text: string) => Evidence {
  injectionPhrases()
  const opinionOf = linearScorer(injectionModel)
  return (text) => {
    const { plain, passages, hidden, hits: found } = findFamilies(text)
    let logOdds = opinionOf(plain)
    for (const passage of passages) logOdds = Math.max(logOdds, opinionOf(passage))
    for (const piece of hidden) logOdds = Math.max(logOdds, opinionOf(piece))
    const hits = found.length === 0 ? found : found.filter((hit) => counts(text, hit))
    const strong = distinct(hits, 'strong')
    const weak = distinct(hits, 'weak')
    const tier = tierOf(hits, ownOpinion, logOdds)
    return {
      tier,
      score: probability(logOdds + Math.min(strong.length, 3) + Math.min(weak.length, 3) / 4 - 1),
      families: [...strong, ...weak.filter((family) => !strong.includes(family))],
      opinion: probability(logOdds),
      places: tier === 'none' ? [] : placesOf(hits),
    }
  }
}

function tierOf(hits: readonly FamilyHit[], ownOpinion: boolean, logOdds: number): EvidenceTier {
  const strong = hits.filter(({ strength }) => strength === 'strong')
  if (strong.length === 0) return ownOpinion && logOdds > alone ? 'warn' : 'none'
  const families = mostTogether(strong, (family) => family)
  const kinds = mostTogether(strong, kindOf)
  const isHidden = strong.some(({ family }) => hiding.has(family))
  if (kinds >= 2 && logOdds > (isHidden ? objects : sure.kinds)) return 'block'
  if (families >= 2 && logOdds > sure.families) return 'block'
  if (ownOpinion && logOdds > certain) return 'block'
  if (strong.every(({ family }) => masks.has(family))) return logOdds > agreesOnMasks ? 'warn' : 'none'
  const isSaid = strong.some(({ family, opens }) => opens && aboutInstructions.has(family))
  return logOdds > (families >= 2 || isSaid ? objects : agrees) ? 'warn' : 'none'
}

/** How many different names of families stand within {@link farthest} of each other. */
function mostTogether(hits: readonly FamilyHit[], nameOf: (family: string) => string): number {
  if (hits.length === 1) return 1
  const strong = hits.map(({ family, start }) => ({ name: nameOf(family), start })).sort((a, b) => a.start - b.start)
  const times = new Map<string, number>()
  let most = 0
  let first = 0
  for (const { name, start } of strong) {
    times.set(name, (times.get(name) ?? 0) + 1)
    for (let oldest = strong[first]; oldest && start - oldest.start > farthest; oldest = strong[first]) {
      const left = (times.get(oldest.name) ?? 1) - 1
      if (left === 0) times.delete(oldest.name)
      else times.set(oldest.name, left)
      first += 1
    }
    most = Math.max(most, times.size)
  }
  return most
}

function distinct(hits: readonly FamilyHit[], strength: Strength): readonly string[] {
  if (hits.length === 0) return []
  return [...new Set(hits.filter((hit) => hit.strength === strength).map(({ family }) => family))]
}

function placesOf(hits: readonly FamilyHit[]): Place[] {
  return hits
    .map(({ family, strength, start, end }) => ({
      rule: family,
      start,
      end,
      score: strength === 'strong' ? countsAlone : 0.3,
    }))
    .toSorted((a, b) => a.start - b.start || b.end - a.end)
}
