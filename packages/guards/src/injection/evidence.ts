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
 * In log-odds. Chosen on the development half of the data, with the model scored by cross-fitting; see docs/injection.md.
 */
/** Where the second opinion agrees that a text with one family in it is no harmless one. */
const agrees = 1
/** Where it leaves two families standing: rules know disguises and languages that the model does not. */
const objects = 0
/** Where it warns though no rule fired. */
const alone = 2.5
/** Where it is sure enough for two families to block. */
const sure = 3.5

interface Reading {
  /** Whether a hit of the rules counts. */
  counts(text: string, hit: FamilyHit): boolean
  /** Whether the second opinion counts where no rule has fired. */
  readonly opinionAlone: boolean
}

/** Loads rules and model, for weighing what they find in a text. */
export function evidenceReader({ counts, opinionAlone }: Reading): (text: string) => Evidence {
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
    const tier = strong.length === 0 && !opinionAlone ? 'none' : tierOf(hits, strong.length, logOdds)
    return {
      tier,
      score: probability(logOdds + Math.min(strong.length, 3) + Math.min(weak.length, 3) / 4 - 1),
      families: [...strong, ...weak.filter((family) => !strong.includes(family))],
      opinion: probability(logOdds),
      places: tier === 'none' ? [] : placesOf(hits),
    }
  }
}

function tierOf(hits: readonly FamilyHit[], strong: number, logOdds: number): EvidenceTier {
  const together = strong < 2 ? strong : mostTogether(hits)
  if (together >= 2 && logOdds > sure) return 'block'
  const enough = together >= 2 ? objects : strong >= 1 ? agrees : alone
  return logOdds > enough ? 'warn' : 'none'
}

/** How many different families that count alone stand within {@link farthest} of each other. */
function mostTogether(hits: readonly FamilyHit[]): number {
  const strong = hits.filter(({ strength }) => strength === 'strong').toSorted((a, b) => a.start - b.start)
  const times = new Map<string, number>()
  let most = 0
  let first = 0
  for (const { family, start } of strong) {
    times.set(family, (times.get(family) ?? 0) + 1)
    for (let oldest = strong[first]; oldest && start - oldest.start > farthest; oldest = strong[first]) {
      const left = (times.get(oldest.family) ?? 1) - 1
      if (left === 0) times.delete(oldest.family)
      else times.set(oldest.family, left)
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
