import type { Method } from './fit.ts'
import type { Seen } from '../model.ts'

/**
 * The methods that compete for a head, by what it sees. How strongly the blocks count beside each other was settled on
 * public outcomes, where it hardly mattered within a factor of two; shrinkage and the weight of the prompt's surface are
 * chosen by cross-validation from a few, since a choice among many costs more than it finds. A label already says most
 * of what the surface says.
 */
export function methodsFor(sees: readonly Seen[], hasPrompts: boolean): readonly Method[] {
  const labelled = sees.includes('label')
  const answered = sees.includes('answer')
  const table: Method = { kind: 'table', scales: { labels: 1 }, lambdas: [10, 40] }
  if (!hasPrompts && !answered) return labelled ? [table] : []
  const labels = labelled ? { labels: 0.5, slopes: 0.1 } : {}
  if (answered)
    return [0.3, 1].map((surface) => ({
      kind: 'head',
      scales: { words: 1, answerWords: 1, signs: 1, surface, ...labels },
      lambdas: [2, 5, 10],
    }))
  const heads = (labelled ? [0, 0.3] : [0.1, 1]).map((surface): Method => ({
    kind: 'head',
    scales: { words: 1, surface, ...labels },
    lambdas: [5, 10, 20],
  }))
  const clusters: Method = { kind: 'clusters', scales: { clusters: 1 }, lambdas: [15, 40] }
  return [labelled ? table : clusters, ...heads]
}

/** The methods without a learned head: what to fall back to. */
export function tablesOf(methods: readonly Method[]): readonly Method[] {
  return methods.filter(({ kind }) => kind !== 'head')
}
