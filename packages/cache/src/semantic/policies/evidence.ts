import type { Candidate } from '../policy.ts'

/** How much the neighbours of a prompt agree on an answer. */
export interface Evidence {
  /** The nearest candidate that may be served and has the answer which the nearest of all has, else the nearest that may be. */
  readonly candidate: Candidate
  /** Its answer's share in the votes of all, and of the answer that none of them has: 0..1. */
  readonly share: number
  /** How many of the nearest have that answer, up to the first that has another. */
  readonly agreeing: number
}

/**
 * A neighbour's vote is e^(sharpness · similarity): at 10, one that is nearer by 0.07 counts twice. One more vote, for an
 * answer that was not seen yet, is that of a neighbour at `unknown`: where all are farther away, it has the most.
 */
const sharpness = 10
const unknown = 0.5

/** `candidates`: nearest first, at least one that is not barred. Barred ones vote like all others. */
export function evidenceOf(candidates: readonly Candidate[]): Evidence {
  const servable = candidates.filter(({ isBarred }) => !isBarred)
  const nearestGroup = candidates[0]?.group
  const candidate = (servable.find(({ group }) => group === nearestGroup) ?? servable[0]) as Candidate
  let own = 0
  let all = Math.exp(sharpness * unknown)
  for (const { similarity, group } of candidates) {
    const vote = Math.exp(sharpness * similarity)
    all += vote
    if (group === candidate.group) own += vote
  }
  const other = candidates.findIndex(({ group }) => group !== candidate.group)
  return { candidate, share: own / all, agreeing: other === -1 ? candidates.length : other }
}

/** The nearest that may be served at all. `candidates`: nearest first, at least one that is not barred. */
export function nearestServable(candidates: readonly Candidate[]): Candidate {
  return candidates.find(({ isBarred }) => !isBarred) as Candidate
}
