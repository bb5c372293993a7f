import { heldOutPredictions } from '../packages/router/src/learn/fit/cross-validate.ts'
import type { Method } from '../packages/router/src/learn/fit/fit.ts'
import type { RoutingOutcome } from '@sluice/router'
import { methodsFor, tablesOf } from '../packages/router/src/learn/fit/methods.ts'
import { rowFeatures } from '../packages/router/src/learn/features/row-features.ts'
import { groupsOf } from '../packages/router/src/learn/seeded.ts'
import { advantagesOf, outputsOf } from '../packages/router/src/learn/fit/training-set.ts'

/** A policy under test: for each repeat, by row, how much it prefers the strong model. */
export interface TestedPolicy {
  readonly name: string
  readonly preferences: readonly Float64Array[]
  /** The model whose answer it has seen, which is paid for in any case. */
  readonly answerOf?: string | undefined
}

/** What of a request is shown to a family of methods. */
export interface Family {
  readonly name: string
  readonly label: boolean
  /** The model whose answer is shown. */
  readonly answerOf?: string
  readonly methods: readonly Method[]
}

const promptMethods = methodsFor(['prompt'], true)
const labelMethods = methodsFor(['prompt', 'label'], true)

export const taskTable: Family = { name: 'task table, shrunk', label: true, methods: tablesOf(labelMethods) }
export const clusterTable: Family = { name: 'cluster table, shrunk', label: false, methods: tablesOf(promptMethods) }
export const promptHead: Family = {
  name: 'learned head, prompt only',
  label: false,
  methods: promptMethods.filter(({ kind }) => kind === 'head'),
}
export const combination: Family = {
  name: 'combination: head with labels, or table',
  label: true,
  methods: labelMethods,
}

/** Heads that see the answer of a model: its signs alone, and with the words of prompt and answer. */
export function answerHeads(answerOf: string, label = false): readonly Family[] {
  const signs: Method = {
    kind: 'head',
    scales: { signs: 1, surface: 1, ...(label && { labels: 0.5, slopes: 0.1 }) },
    lambdas: [2, 5, 10],
  }
  const methods = methodsFor(['prompt', ...(label ? ['label' as const] : []), 'answer'], true)
  return [
    { name: 'answer seen: signs and surface', label, answerOf, methods: [signs] },
    { name: 'answer seen: signs, surface, words', label, answerOf, methods },
  ]
}

/** The preference of a family for `strong` over `weak`, each row predicted without it, in `repeats` seeded splits. */
export function crossValidated(
  outcomes: readonly RoutingOutcome[],
  { name, label, answerOf, methods }: Family,
  { weak, strong, repeats }: { readonly weak: string; readonly strong: string; readonly repeats: number },
): TestedPolicy {
  const dimensions = 32_768
  const features = outcomes.map((outcome) =>
    rowFeatures(
      {
        prompt: outcome.prompt,
        label: label ? outcome.label : undefined,
        answer: answerOf === undefined ? undefined : (outcome.models[answerOf]?.answer ?? ''),
      },
      dimensions,
    ),
  )
  const scores = [weak, strong].map((model) => Float64Array.from(outcomes, ({ models }) => models[model]?.score ?? 0))
  const groups = groupsOf(outcomes.map(({ prompt }) => prompt))
  const preferences = Array.from({ length: repeats }, (_, repeat) => {
    const set = { features, groups, outputs: outputsOf(scores), dimensions, seed: 100 + repeat }
    const [predictions = []] = heldOutPredictions(set, [methods], 5)
    return (advantagesOf(predictions)[1] as Float64Array).slice()
  })
  return { name, preferences, answerOf }
}

/** A policy without training. */
export function fixed(
  outcomes: readonly RoutingOutcome[],
  name: string,
  preference: (outcome: RoutingOutcome) => number,
  answerOf?: string,
): TestedPolicy {
  return { name, preferences: [Float64Array.from(outcomes, preference)], answerOf }
}
