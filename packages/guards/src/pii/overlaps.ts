import type { Candidate, Findings } from './findings.ts'

/**
 * The candidates that stay where several claim the same characters: of a higher rank before a lower, then the longer, the
 * surer, the earlier. In the order of the text.
 */
export function withoutOverlaps(candidates: readonly Candidate[]): Candidate[] {
  if (candidates.length < 2) return [...candidates]
  const sorted = candidates.toSorted((a, b) => a.start - b.start)
  const kept: Candidate[] = []
  for (let first = 0; first < sorted.length;) {
    let next = first + 1
    let { end } = sorted[first] as Candidate
    while (next < sorted.length && (sorted[next] as Candidate).start < end) {
      end = Math.max(end, (sorted[next] as Candidate).end)
      next += 1
    }
    if (next === first + 1) kept.push(sorted[first] as Candidate)
    else kept.push(...bestOf(sorted.slice(first, next), end))
    first = next
  }
  return kept
}

/** Of candidates that overlap in a chain. */
function bestOf(chain: readonly Candidate[], end: number): Candidate[] {
  const from = (chain[0] as Candidate).start
  // One mark a character: no recogniser offers a place more than a few times, so this stays linear in the text.
  const taken = new Uint8Array(end - from)
  const kept = chain.toSorted(byStrength).filter((each) => {
    const marks = taken.subarray(each.start - from, each.end - from)
    if (marks.includes(1)) return false
    marks.fill(1)
    return true
  })
  return kept.sort((a, b) => a.start - b.start)
}

function byStrength(a: Candidate, b: Candidate): number {
  return b.rank - a.rank || b.end - b.start - (a.end - a.start) || b.score - a.score || a.start - b.start
}

/** Where what is not yet decided begins: a candidate that overlaps with something open is open, too. */
export function openFrom({ candidates, openAt }: Findings): number {
  let open = openAt
  for (const { start, end } of candidates.toSorted((a, b) => b.end - a.end))
    if (end > open && start < open) open = start
  return open
}
