import { learnSpace } from '../features/feature-space.ts'
import { fit, needsClusters, predict, projected, solveAll, usedBlocks } from './fit.ts'
import type { Choice, Method, TrainingSet } from './fit.ts'
import { rowDot } from './ridge.ts'
import { foldOfRows } from '../seeded.ts'

/** Which choice predicts the common part (output 0) and which the differences (all others); undefined is the mean. */
export interface Chosen {
  readonly common: Choice | undefined
  readonly differences: Choice | undefined
}

const innerFolds = 3

/** Picks among the methods by squared error on held-out folds; the mean is one of them. */
export function choose(set: TrainingSet, methods: readonly Method[], folds: number): Chosen {
  return chooseFrom(heldOutErrors(set, methods, folds), methods)
}

function chooseFrom({ mean, choices }: MethodErrors, allowed: readonly Method[]): Chosen {
  const best = (of: (error: Errors) => number): Choice | undefined => {
    let lowest = of(mean)
    let found: Choice | undefined
    for (const [, error] of choices) {
      if (of(error) >= lowest || !error.choice || !allowed.includes(error.choice.method)) continue
      lowest = of(error)
      found = error.choice
    }
    return found
  }
  return { common: best((error) => error.common), differences: best((error) => error.differences) }
}

/** One choice an output. */
export function byOutput(set: TrainingSet, { common, differences }: Chosen): (Choice | undefined)[] {
  return set.outputs.map((_, output) => (output === 0 ? common : differences))
}

/**
 * Nested cross-validation: what `pick`, run on the other folds only, then fitted on them, says of each held-out row, by
 * output. Nothing of a row, its rarity of words included, reaches the prediction for it.
 */
export function heldOutPredictions(
  set: TrainingSet,
  variants: readonly (readonly Method[])[],
  folds: number,
): Float64Array[][] {
  const rows = set.features.length
  const foldOf = foldOfRows(set.groups, folds, set.seed)
  const predictions = variants.map(() => set.outputs.map(() => new Float64Array(rows)))
  for (let fold = 0; fold < folds; fold += 1) {
    const train = subset(set, (row) => foldOf[row] !== fold)
    const test = indicesOf(rows, (row) => foldOf[row] === fold)
    const errors = heldOutErrors(train, [...new Set(variants.flat())], innerFolds)
    for (const [variant, methods] of variants.entries()) {
      const fitted = fit(train, byOutput(train, chooseFrom(errors, methods)))
      const said = predict(
        fitted,
        test.map((row) => set.features[row] as (typeof set.features)[number]),
        usedBlocks(methods),
      )
      for (const [output, values] of said.entries()) {
        const column = (predictions[variant] as Float64Array[])[output] as Float64Array
        for (const [index, row] of test.entries()) column[row] = values[index] as number
      }
    }
  }
  return predictions
}

interface Errors {
  readonly choice: Choice | undefined
  common: number
  differences: number
}

interface MethodErrors {
  readonly mean: Errors
  readonly choices: ReadonlyMap<string, Errors>
}

function heldOutErrors(set: TrainingSet, methods: readonly Method[], folds: number): MethodErrors {
  const rows = set.features.length
  const foldOf = foldOfRows(set.groups, folds, set.seed + 1)
  const mean: Errors = { choice: undefined, common: 0, differences: 0 }
  const choices = new Map<string, Errors>()
  for (let fold = 0; fold < folds; fold += 1) {
    const { features, outputs, dimensions, seed } = subset(set, (row) => foldOf[row] !== fold)
    const test = indicesOf(rows, (row) => foldOf[row] === fold)
    if (features.length === 0 || test.length === 0) continue
    const used = usedBlocks(methods)
    const space = learnSpace(features, dimensions, { clusters: needsClusters(methods), seed })
    const train = projected(space, features, used)
    const held = projected(
      space,
      test.map((row) => set.features[row] as (typeof features)[number]),
      used,
    )
    const add = (errors: Errors, output: number, said: (index: number) => number): void => {
      let sum = 0
      for (const [index, row] of test.entries()) sum += ((set.outputs[output]?.[row] as number) - said(index)) ** 2
      if (output === 0) errors.common += sum
      else errors.differences += sum
    }
    for (const [output, values] of outputs.entries()) {
      const average = values.reduce((sum, value) => sum + value, 0) / values.length
      add(mean, output, () => average)
    }
    solveAll(space, train, outputs, methods, (choice, output, { intercept, weights }) => {
      const key = `${methods.indexOf(choice.method)}/${choice.lambda}`
      let errors = choices.get(key)
      if (!errors) choices.set(key, (errors = { choice, common: 0, differences: 0 }))
      add(errors, output, (index) => intercept + rowDot(held, index, weights))
    })
  }
  return { mean, choices }
}

function subset(
  { features, groups, outputs, dimensions, seed }: TrainingSet,
  keep: (row: number) => boolean,
): TrainingSet {
  const rows = indicesOf(features.length, keep)
  return {
    features: rows.map((row) => features[row] as (typeof features)[number]),
    groups: Int32Array.from(rows, (row) => groups[row] as number),
    outputs: outputs.map((values) => Float64Array.from(rows, (row) => values[row] as number)),
    dimensions,
    seed,
  }
}

function indicesOf(count: number, keep: (row: number) => boolean): number[] {
  const rows: number[] = []
  for (let row = 0; row < count; row += 1) if (keep(row)) rows.push(row)
  return rows
}
