import {
  blocks,
  columnsOf,
  learnSpace,
  project,
  type BlockScales,
  type FeatureSpace,
} from '../features/feature-space.ts'
import { rowDot, scaled, solveRidge, type SparseRows } from './ridge.ts'
import type { RowFeatures } from '../features/row-features.ts'

/** One way to predict: which blocks, how strongly each, and how much to shrink. */
export interface Method {
  readonly kind: 'table' | 'clusters' | 'head'
  readonly scales: BlockScales
  /** What `lambda` of ridge regression can be, in ascending order. For a table: the rows that a label's mean is mixed with. */
  readonly lambdas: readonly number[]
}

/** A method with its shrinkage settled. */
export interface Choice {
  readonly method: Method
  readonly lambda: number
}

/** What is learned from: features by row, and by output the numbers to predict. */
export interface TrainingSet {
  readonly features: readonly RowFeatures[]
  /** Rows with the same number are held out together. */
  readonly groups: Int32Array
  readonly outputs: readonly Float64Array[]
  readonly dimensions: number
  readonly seed: number
}

/** Linear in the columns of its space: an intercept and the weights by column, by output. */
export interface Fitted {
  readonly space: FeatureSpace
  readonly outputs: readonly Solution[]
}

/** A line of weights over the columns, and where it starts. */
export interface Solution {
  readonly intercept: number
  readonly weights: Float64Array
}

/** The rows' columns in a space, of all blocks that any of the methods uses. */
export function projected(space: FeatureSpace, features: readonly RowFeatures[], used: BlockScales): SparseRows {
  const starts = new Int32Array(features.length + 1)
  const columns: number[] = []
  const values: number[] = []
  for (const [row, feature] of features.entries()) {
    project(space, feature, used, (column, value) => {
      columns.push(column)
      values.push(value)
    })
    starts[row + 1] = columns.length
  }
  return { starts, columns: Int32Array.from(columns), values: Float64Array.from(values), width: columnsOf(space).end }
}

/** All blocks that one of the methods uses. */
export function usedBlocks(methods: readonly Method[]): BlockScales {
  return Object.fromEntries(
    blocks.filter((block) => methods.some(({ scales }) => scales[block])).map((block) => [block, 1]),
  )
}

/** Solves every method at every λ on the training rows and hands each solution to `use`. */
export function solveAll(
  space: FeatureSpace,
  train: SparseRows,
  outputs: readonly Float64Array[],
  methods: readonly Method[],
  use: (choice: Choice, output: number, solution: Solution) => void,
): void {
  for (const method of methods) {
    const factors = columnFactors(space, method.scales)
    const rows = scaled(train, factors)
    for (const [output, values] of outputs.entries()) {
      const intercept = values.reduce((sum, value) => sum + value, 0) / values.length
      const centred = values.map((value) => value - intercept)
      const dual = new Float64Array(values.length)
      // From the most shrunken on: each solution is a good start for the next.
      for (const lambda of method.lambdas.toReversed()) {
        const weights = solveRidge(rows, centred, lambda, dual)
        for (let column = 0; column < weights.length; column += 1)
          weights[column] = (weights[column] as number) * (factors[column] as number)
        use({ method, lambda }, output, { intercept, weights })
      }
    }
  }
}

/** Fits one choice per output; an output without a choice is its mean. */
export function fit(
  { features, outputs, dimensions, seed }: TrainingSet,
  choices: readonly (Choice | undefined)[],
): Fitted {
  const methods = choices.flatMap((choice) => choice?.method ?? [])
  const space = learnSpace(features, dimensions, { clusters: needsClusters(methods), seed })
  const rows = projected(space, features, usedBlocks(methods))
  const fitted = outputs.map((values, output) => {
    const choice = choices[output]
    let solved: Solution = {
      intercept: values.reduce((sum, value) => sum + value, 0) / values.length,
      weights: new Float64Array(rows.width),
    }
    if (choice)
      solveAll(
        space,
        rows,
        [values],
        [{ ...choice.method, lambdas: [choice.lambda] }],
        (_choice, _output, solution) => {
          solved = solution
        },
      )
    return solved
  })
  return { space, outputs: fitted }
}

/** What a fit says of rows, by output. */
export function predict(
  { space, outputs }: Fitted,
  features: readonly RowFeatures[],
  used: BlockScales,
): Float64Array[] {
  const rows = projected(space, features, used)
  return outputs.map(({ intercept, weights }) =>
    Float64Array.from(features, (_, row) => intercept + rowDot(rows, row, weights)),
  )
}

export function needsClusters(methods: readonly Method[]): boolean {
  return methods.some(({ scales }) => scales.clusters)
}

function columnFactors(space: FeatureSpace, scales: BlockScales): Float64Array {
  const columns = columnsOf(space)
  const factors = new Float64Array(columns.end)
  for (const [index, block] of blocks.entries()) {
    const next = blocks[index + 1]
    factors.fill(Math.sqrt(scales[block] ?? 0), columns[block], next ? columns[next] : columns.end)
  }
  return factors
}
