import { heldOutPredictions } from './cross-validate.ts'
import type { Method, TrainingSet } from './fit.ts'
import { methodsFor, tablesOf } from './methods.ts'
import type { Seen } from '../model.ts'
import type { OutcomeTable } from '../outcomes.ts'
import { rowFeatures } from '../features/row-features.ts'
import { groupsOf } from '../seeded.ts'
import { advantagesOf, dimensionsFor, outputsOf } from './training-set.ts'

/** Scores by target and row that were predicted for rows held out from training and from the choice of the method. */
export interface HeldOutScores {
  readonly name: 'task table' | 'clusters' | 'learned head' | 'best of both'
  readonly scores: readonly Float64Array[]
}

/** Held-out scores of each family of methods, by nested cross-validation. Labels are seen where there are any. */
export function heldOutScores(
  table: OutcomeTable,
  { folds, seed, dimensions }: { readonly folds: number; readonly seed: number; readonly dimensions: number },
): HeldOutScores[] {
  const { rows } = table
  const hasPrompts = rows.some(({ prompt }) => prompt !== '')
  const labelled = new Set(rows.flatMap(({ label }) => label ?? [])).size > 1
  const sees: Seen[] = [...(hasPrompts ? ['prompt' as const] : []), ...(labelled ? ['label' as const] : [])]
  const methods = methodsFor(sees, hasPrompts)
  const tables = tablesOf(methods)
  const heads = methods.filter((method) => !tables.includes(method))
  const families: { name: HeldOutScores['name']; methods: readonly Method[] }[] = []
  if (tables.length > 0) families.push({ name: labelled ? 'task table' : 'clusters', methods: tables })
  if (heads.length > 0) families.push({ name: 'learned head', methods: heads })
  if (families.length > 1) families.push({ name: 'best of both', methods })
  if (families.length === 0) return []

  const slots = dimensionsFor(rows, dimensions)
  const seen = rows.map(({ prompt, label }) => ({ prompt, label: labelled ? label : undefined }))
  const set: TrainingSet = {
    features: seen.map((row) => rowFeatures(row, slots)),
    groups: groupsOf(rows.map(({ prompt }) => prompt)),
    outputs: outputsOf(table.scores),
    dimensions: slots,
    seed,
  }
  const predictions = heldOutPredictions(
    set,
    families.map((family) => family.methods),
    folds,
  )
  return families.map(({ name }, family) => {
    const outputs = predictions[family] as Float64Array[]
    const common = outputs[0] as Float64Array
    const scores = advantagesOf(outputs).map((column) => column.map((value, row) => value + (common[row] as number)))
    return { name, scores }
  })
}
