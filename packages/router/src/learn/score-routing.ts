import { decodeFit } from './fit/encoded-fit.ts'
import { project } from './features/feature-space.ts'
import type { Fitted } from './fit/fit.ts'
import type { RoutingHead, RoutingModel } from './model.ts'
import { refuse } from './outcomes.ts'
import { rowFeatures } from './features/row-features.ts'

export interface ScoreRoutingContext {
  /** The task label, as in the outcomes. One that the model does not know counts as none. */
  readonly label?: string
  /** The answer of the model's `answerOf` target, once it is there. */
  readonly answer?: string
}

/**
 * The score to expect of each target, on the outcomes' scale. Uses the head that sees the most of what is given and has a
 * signal; without one, every prompt gets the targets' averages. Scores are estimates: they may lie a little outside of
 * the scale, and it is their differences that decide.
 *
 * The first call with a model unpacks it (milliseconds); after that a prompt of 500 characters takes tens of
 * microseconds. The model must not be changed afterwards.
 *
 * @throws {SluiceError} `config.option` for something that is no routing model of this version.
 */
export function scoreRouting(
  model: RoutingModel,
  prompt: string,
  { label, answer }: ScoreRoutingContext = {},
): Record<string, number> {
  const head = unpacked(model).find(
    ({ sees, labels }) =>
      (!sees.has('label') || (label !== undefined && labels.has(label))) &&
      (!sees.has('answer') || answer !== undefined),
  )
  const scores: Record<string, number> = {}
  if (!head) {
    for (const { id, meanScore } of model.targets) scores[id] = meanScore
    return scores
  }
  const { fitted, encoded, sees } = head
  const seen = {
    prompt,
    label: sees.has('label') ? label : undefined,
    answer: sees.has('answer') ? answer : undefined,
  }
  const features = rowFeatures(seen, encoded.dimensions)
  const columns: number[] = []
  const values: number[] = []
  project(fitted.space, features, encoded.used, (column, value) => {
    columns.push(column)
    values.push(value)
  })
  for (const [target, { id }] of model.targets.entries()) {
    const output = fitted.outputs[target]
    if (!output) continue
    let score = output.intercept
    for (let index = 0; index < columns.length; index += 1)
      score += (output.weights[columns[index] as number] as number) * (values[index] as number)
    scores[id] = score
  }
  return scores
}

interface UnpackedHead {
  readonly sees: ReadonlySet<string>
  readonly labels: ReadonlySet<string>
  readonly encoded: NonNullable<RoutingHead['fit']>
  readonly fitted: Fitted
}

const unpackedModels = new WeakMap<RoutingModel, readonly UnpackedHead[]>()

/** The heads that have a signal, those that see the most first; an answer tells more than a label. */
function unpacked(model: RoutingModel): readonly UnpackedHead[] {
  const known = unpackedModels.get(model)
  if (known) return known
  if (model?.kind !== 'sluice.routing-model' || model.version !== 1)
    refuse('scoreRouting', 'needs a routing model of version 1, as learnRouting() returns it.')
  const worth = ({ sees }: UnpackedHead): number => (sees.has('answer') ? 2 : 0) + (sees.has('label') ? 1 : 0)
  const heads = model.heads
    .flatMap(({ sees, fit }): UnpackedHead[] =>
      fit ? [{ sees: new Set(sees), labels: new Set(fit.labels), encoded: fit, fitted: decodeFit(fit) }] : [],
    )
    .sort((a, b) => worth(b) - worth(a))
  unpackedModels.set(model, heads)
  return heads
}
