import { learnClusters, nearest, type Clusters } from './clusters.ts'
import { answerSignNames } from './answer-signs.ts'
import type { RowFeatures } from './row-features.ts'
import { promptSurfaceNames } from './surface.ts'
import type { WordCounts } from './words.ts'

/** The groups of columns, in their order. Each can be scaled or left out on its own. */
export const blocks = ['words', 'surface', 'signs', 'answerWords', 'labels', 'slopes', 'clusters'] as const
export type Block = (typeof blocks)[number]

/** How strongly each group counts, as the factor on its part of the kernel; absent ones are left out. */
export type BlockScales = Readonly<Partial<Record<Block, number>>>

/** What of the columns is learned from the training rows: how rare words are, what is usual, which labels there are. */
export interface FeatureSpace {
  readonly dimensions: number
  /** Inverse document frequency by slot; 0 where no training row has the slot. */
  readonly idf: Float64Array
  readonly answerIdf: Float64Array | undefined
  readonly surface: Standard
  readonly signs: Standard | undefined
  readonly labels: readonly string[]
  readonly clusters: Clusters | undefined
}

/** Means and reciprocal deviations; the reciprocal is 0 for a column that never varies. */
export interface Standard {
  readonly means: readonly number[]
  readonly factors: readonly number[]
}

export function learnSpace(
  rows: readonly RowFeatures[],
  dimensions: number,
  { clusters, seed }: { readonly clusters: boolean; readonly seed: number },
): FeatureSpace {
  const idf = inverseFrequencies(
    rows.map(({ words }) => words),
    dimensions,
  )
  const answers = rows.flatMap(({ answerWords }) => answerWords ?? [])
  const signs = rows.flatMap((row) => (row.signs ? [row.signs] : []))
  return {
    dimensions,
    idf,
    answerIdf: answers.length > 0 ? inverseFrequencies(answers, dimensions) : undefined,
    surface: standardOf(
      rows.map(({ surface }) => surface),
      promptSurfaceNames.length,
    ),
    signs: signs.length > 0 ? standardOf(signs, answerSignNames.length) : undefined,
    labels: [...new Set(rows.flatMap(({ label }) => label ?? []))].sort(),
    clusters: clusters
      ? learnClusters(
          rows.map(({ words }) => weighted(words, idf)),
          dimensions,
          seed,
        )
      : undefined,
  }
}

/** The first column of each block and, under `end`, the number of all columns. */
export function columnsOf(space: FeatureSpace): Readonly<Record<Block | 'end', number>> {
  const { dimensions, labels } = space
  const surface = dimensions
  const signs = surface + promptSurfaceNames.length
  const answerWords = signs + answerSignNames.length
  const labelColumns = answerWords + (space.answerIdf ? dimensions : 0)
  const slopes = labelColumns + labels.length
  const clusters = slopes + labels.length
  const end = clusters + (space.clusters?.sizes.length ?? 0)
  return { words: 0, surface, signs, answerWords, labels: labelColumns, slopes, clusters, end }
}

/**
 * Calls `put(column, value)` for every column of a row that is not 0, of the blocks in `used`. Words are weighted by
 * rarity to unit length, surface and signs standardised, cut at four deviations and divided by the root of their number,
 * so that each block's part of the kernel is about 1 before scaling.
 */
export function project(
  space: FeatureSpace,
  row: RowFeatures,
  used: BlockScales,
  put: (column: number, value: number) => void,
): void {
  const columns = columnsOf(space)
  const words = used.words || used.clusters ? weighted(row.words, space.idf) : undefined
  if (used.words && words)
    for (let index = 0; index < words.slots.length; index += 1)
      put(columns.words + (words.slots[index] as number), words.counts[index] as number)
  if (used.surface) putStandard(space.surface, row.surface, columns.surface, put)
  if (used.signs && space.signs && row.signs) putStandard(space.signs, row.signs, columns.signs, put)
  if (used.answerWords && space.answerIdf && row.answerWords) {
    const { slots, counts } = weighted(row.answerWords, space.answerIdf)
    for (let index = 0; index < slots.length; index += 1)
      put(columns.answerWords + (slots[index] as number), counts[index] as number)
  }
  const label = row.label === undefined ? -1 : space.labels.indexOf(row.label)
  if (label >= 0 && used.labels) put(columns.labels + label, 1)
  if (label >= 0 && used.slopes) put(columns.slopes + label, standardised(space.surface, row.surface, 0))
  if (used.clusters && space.clusters && words) {
    const cluster = nearest(space.clusters, words)
    if (cluster !== undefined) put(columns.clusters + cluster, 1)
  }
}

function inverseFrequencies(rows: readonly WordCounts[], dimensions: number): Float64Array {
  const documents = new Float64Array(dimensions)
  for (const { slots } of rows) for (const slot of slots) documents[slot] = (documents[slot] as number) + 1
  return documents.map((frequency) => (frequency > 0 ? Math.log((1 + rows.length) / (1 + frequency)) : 0))
}

function weighted({ slots, counts }: WordCounts, idf: Float64Array): WordCounts {
  const values = new Float64Array(slots.length)
  let squares = 0
  for (let index = 0; index < slots.length; index += 1) {
    const value = Math.log1p(counts[index] as number) * (idf[slots[index] as number] as number)
    values[index] = value
    squares += value * value
  }
  if (squares > 0) {
    const factor = 1 / Math.sqrt(squares)
    for (let index = 0; index < values.length; index += 1) values[index] = (values[index] as number) * factor
  }
  return { slots, counts: values }
}

function standardOf(rows: readonly (readonly number[])[], width: number): Standard {
  const means = Array.from({ length: width }, () => 0)
  const factors = Array.from({ length: width }, () => 0)
  for (let column = 0; column < width; column += 1) {
    let sum = 0
    let squares = 0
    for (const row of rows) sum += row[column] ?? 0
    const mean = sum / Math.max(1, rows.length)
    for (const row of rows) squares += ((row[column] ?? 0) - mean) ** 2
    const deviation = Math.sqrt(squares / Math.max(1, rows.length))
    means[column] = mean
    factors[column] = deviation > 1e-9 ? 1 / deviation : 0
  }
  return { means, factors }
}

function standardised({ means, factors }: Standard, row: readonly number[], column: number): number {
  const value = ((row[column] ?? 0) - (means[column] ?? 0)) * (factors[column] ?? 0)
  return Math.max(-4, Math.min(4, value))
}

function putStandard(
  standard: Standard,
  row: readonly number[],
  from: number,
  put: (column: number, value: number) => void,
): void {
  const factor = 1 / Math.sqrt(row.length)
  for (let column = 0; column < row.length; column += 1) {
    const value = standardised(standard, row, column)
    if (value !== 0) put(from + column, value * factor)
  }
}
