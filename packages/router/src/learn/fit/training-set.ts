import type { RoutingOutcome } from '../outcomes.ts'

/**
 * What is predicted of the scores, by row: first the part that all targets share (how hard the request is), then the
 * advantage of each target but the last over it. The last one's follows, since advantages add up to 0.
 */
export function outputsOf(scores: readonly Float64Array[]): Float64Array[] {
  const common = (scores[0] as Float64Array).map(
    (_, row) => scores.reduce((sum, column) => sum + (column[row] as number), 0) / scores.length,
  )
  return [common, ...scores.slice(0, -1).map((column) => column.map((score, row) => score - (common[row] as number)))]
}

/** The advantages of all targets from such outputs. */
export function advantagesOf(outputs: readonly Float64Array[]): Float64Array[] {
  const first = outputs.slice(1)
  const last = (first[0] as Float64Array).map(
    (_, row) => -first.reduce((sum, column) => sum + (column[row] as number), 0),
  )
  return [...first, last]
}

/** How many slots the words of these prompts need: about four a distinct word, so that few words share one. */
export function dimensionsFor(rows: readonly RoutingOutcome[], most: number): number {
  const words = new Set<string>()
  for (const { prompt } of rows) for (const word of prompt.toLowerCase().split(/\W+/)) words.add(word)
  let dimensions = 1_024
  while (dimensions < most && dimensions < words.size * 4) dimensions *= 2
  return Math.min(dimensions, most)
}
