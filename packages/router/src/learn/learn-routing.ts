import { systemClock, type Clock } from '@sluice/core'
import { byOutput, choose, heldOutPredictions } from './fit/cross-validate.ts'
import { encodeFit } from './fit/encoded-fit.ts'
import { fit, usedBlocks, type Fitted, type Method, type TrainingSet } from './fit/fit.ts'
import { methodsFor, tablesOf } from './fit/methods.ts'
import type { RoutingHead, RoutingModel, Seen, TargetSignal } from './model.ts'
import { checkNumber, meanOf, outcomeTable, refuse, refuseUnknown } from './outcomes.ts'
import type { OutcomeTable, RoutingOutcome } from './outcomes.ts'
import { rowFeatures } from './features/row-features.ts'
import { groupsOf } from './seeded.ts'
import { advantagesOf, dimensionsFor, outputsOf } from './fit/training-set.ts'
import { pairSignals, targetSignals, type Advantages } from './signal.ts'

export interface LearnRoutingOptions {
  /** The models to choose among; outcomes that lack one are left out. @default every model that occurs */
  readonly targets?: readonly string[]
  /**
   * The target whose answer is seen before the decision, for cascades: a head on prompt and answer is learned beside those
   * without. @default the target with the lowest average score, where at least half of the outcomes have its answer
   */
  readonly answerOf?: string
  /** Folds of the outer cross-validation, 2..20. @default 5 */
  readonly folds?: number
  /** Slots for hashed words: a power of two, 256..1048576. Fewer are taken for little text. @default 32768 */
  readonly dimensions?: number
  /** Of all intervals, 0.5..0.999. @default 0.95 */
  readonly confidence?: number
  /** Bootstrap resamples behind each interval, 100..100000. @default 1000 */
  readonly resamples?: number
  /** For folds and resamples: the same outcomes and seed give the same model. @default 1 */
  readonly seed?: number
  /** Dates the model. @default the system's clock */
  readonly clock?: Clock
}

const caller = 'learnRouting'
/** A shrunk table of averages has little to go wrong: it need only beat chance by one standard error. */
const tableBar = 0.68
/** Below this, folds are too small to say anything. */
const fewestRows = 20

/**
 * Learns from outcomes which target will do how well on which request: in process, in seconds, without a network.
 *
 * Competing methods are a table of averages by task label (or by cluster of prompts), shrunk towards the overall average,
 * and ridge regression on hashed words and the prompt's surface, with the labels where there are any. Nested
 * cross-validation picks one for each combination of what may be seen (prompt, label, answer) and measures it on rows
 * that neither training nor the choice saw. A learned head whose interval touches chance (APGR 0.5) is refused: the table
 * is used if it is better than chance by a standard error, else every request gets the average scores and the model says so.
 *
 * The targets are judged by their difference from the average of all targets on the same request, not by their score
 * alone: a request that is hard for all is no reason to pay more.
 *
 * Outcomes must have the scores of all targets on the same requests; others are left out and counted. A few hundred are
 * the least that a prompt head usually needs. What it learns holds for the kind of traffic it saw: on subjects that were
 * not among the outcomes it was no better than chance. It does not learn online: learn again from newer outcomes.
 *
 * @throws {SluiceError} `config.option` for no or too few outcomes (20), fewer than two models, unknown model ids, scores
 * that are not finite, duplicate ids, and options out of range.
 *
 * @example
 * const model = learnRouting(outcomes)
 * const scores = scoreRouting(model, 'What is 17 % of 2,340?', { label: 'maths' })
 */
export function learnRouting(outcomes: readonly RoutingOutcome[], options: LearnRoutingOptions = {}): RoutingModel {
  const settings = checked(options)
  const table = outcomeTable(outcomes, { models: options.targets }, caller)
  const { rows, models, scores, costs } = table
  if (rows.length < fewestRows)
    refuse(caller, `needs at least ${fewestRows} outcomes that have all models, got ${rows.length}.`)
  const answerOf = answerTarget(table, options.answerOf)
  const answered = answerOf === undefined ? 0 : rows.filter((row) => row.models[answerOf]?.answer !== undefined).length
  const labelled = rows.filter(({ label }) => label !== undefined).length
  const hasPrompts = rows.some(({ prompt }) => prompt !== '')

  const views: Seen[][] = [hasPrompts || labelled === 0 ? ['prompt'] : []]
  const labels = new Set(rows.flatMap(({ label }) => label ?? []))
  if (labelled >= rows.length / 2 && labels.size > 1) views.push([...(views[0] ?? []), 'label'])
  if (answered >= rows.length / 2) views.push(...views.map((view): Seen[] => [...view, 'answer']))
  const groups = groupsOf(rows.map(({ prompt }) => prompt))
  const dimensions = dimensionsFor(rows, settings.dimensions)
  const learnHead = (sees: Seen[]): RoutingHead => {
    const seenRows = rows.map(({ prompt, label, models: of }) => ({
      prompt,
      label: sees.includes('label') ? label : undefined,
      answer: sees.includes('answer') && answerOf !== undefined ? (of[answerOf]?.answer ?? '') : undefined,
    }))
    const features = seenRows.map((row) => rowFeatures(row, dimensions))
    const set: TrainingSet = { features, groups, outputs: outputsOf(scores), dimensions, seed: settings.seed }
    return headOf(set, models, { sees, methods: methodsFor(sees, hasPrompts), settings })
  }
  return {
    kind: 'sluice.routing-model',
    version: 1,
    learnedAtMs: settings.clock.now(),
    outcomes: { used: rows.length, incomplete: table.incomplete, labelled, answered },
    targets: models.map((id, target) => ({
      id,
      meanScore: meanOf(scores[target] as Float64Array),
      ...(costs && { meanCostUsd: meanOf(costs[target] as Float64Array) }),
    })),
    ...(answered >= rows.length / 2 && answerOf !== undefined && { answerOf }),
    confidence: settings.confidence,
    heads: views.filter((view) => view.length > 0).map(learnHead),
  }
}

type Settings = Required<Omit<LearnRoutingOptions, 'targets' | 'answerOf'>>

interface HeadRequest {
  readonly sees: readonly Seen[]
  readonly methods: readonly Method[]
  readonly settings: Settings
}

function headOf(set: TrainingSet, ids: readonly string[], { sees, methods, settings }: HeadRequest): RoutingHead {
  const actual = advantagesOf(set.outputs)
  const tables = tablesOf(methods)
  const variants = tables.length > 0 && tables.length < methods.length ? [methods, tables] : [methods]
  const rejected: string[] = []
  for (const [variant, predictions] of heldOutPredictions(set, variants, settings.folds).entries()) {
    const allowed = variants[variant] as readonly Method[]
    const advantages: Advantages = { ids, said: advantagesOf(predictions), true: actual }
    const bar = allowed === tables ? Math.min(tableBar, settings.confidence) : settings.confidence
    const targets = targetSignals(advantages, settings, bar)
    const chosen = choose(set, allowed, settings.folds)
    const name = (allowed === tables ? tables[0]?.kind : chosen.differences?.method.kind) ?? 'average'
    const pairs = pairSignals(advantages, settings)
    if (!chosen.differences || !targets.some(({ used }) => used)) {
      rejected.push(`${name}: no better than chance held out (${bestOf(targets)})`)
      if (variant + 1 < variants.length) continue
      const unused = targets.map((target) => ({ ...target, used: false }))
      return { sees, method: 'none', why: rejected.join('; '), targets: unused, pairs }
    }
    const why = [...rejected, `${chosen.differences.method.kind}: best by cross-validation, ${bestOf(targets)}`].join(
      '; ',
    )
    const choices = byOutput(set, chosen)
    const used = usedBlocks(choices.flatMap((choice) => choice?.method ?? []))
    const fitted = perTarget(fit(set, choices), targets)
    return { sees, method: chosen.differences.method.kind, why, targets, pairs, fit: encodeFit(fitted, used) }
  }
  return { sees, method: 'none', why: 'nothing to learn from', targets: [], pairs: [] }
}

/** Turns common part and advantages into one line of weights a target; a target without signal keeps its mean advantage. */
function perTarget({ space, outputs }: Fitted, targets: readonly TargetSignal[]): Fitted {
  const [common, ...advantages] = outputs
  if (!common) return { space, outputs: [] }
  const last = { intercept: 0, weights: new Float64Array(common.weights.length) }
  for (const { intercept, weights } of advantages) {
    last.intercept -= intercept
    for (let column = 0; column < weights.length; column += 1)
      last.weights[column] = (last.weights[column] as number) - (weights[column] as number)
  }
  const combined = [...advantages, last].map(({ intercept, weights }, target) => ({
    intercept: common.intercept + intercept,
    weights: targets[target]?.used
      ? weights.map((weight, column) => weight + (common.weights[column] as number))
      : common.weights,
  }))
  return { space, outputs: combined }
}

function bestOf(targets: readonly TargetSignal[]): string {
  const best = targets.toSorted((a, b) => b.interval.low - a.interval.low)[0]
  if (!best) return 'nothing measured'
  const { lift, interval } = best
  return `lift ${lift.toFixed(4)} (${interval.low.toFixed(4)} to ${interval.high.toFixed(4)})`
}

function answerTarget({ rows, models, scores }: OutcomeTable, wanted: string | undefined): string | undefined {
  if (wanted !== undefined) {
    if (!models.includes(wanted)) refuse(caller, `answerOf "${wanted}" is not one of the targets ${models.join(', ')}.`)
    if (!rows.some((row) => row.models[wanted]?.answer !== undefined))
      refuse(caller, `answerOf "${wanted}" has no answers in the outcomes. Record \`answer\` or leave the option out.`)
    return wanted
  }
  const weakest = models.toSorted(
    (a, b) => meanOf(scores[models.indexOf(a)] as Float64Array) - meanOf(scores[models.indexOf(b)] as Float64Array),
  )[0] as string
  return rows.some((row) => row.models[weakest]?.answer !== undefined) ? weakest : undefined
}

function checked(options: LearnRoutingOptions): Settings {
  const { targets: _targets, answerOf: _answerOf, ...rest } = options
  const {
    folds = 5,
    dimensions = 32_768,
    confidence = 0.95,
    resamples = 1_000,
    seed = 1,
    clock = systemClock,
    ...unknown
  } = rest
  refuseUnknown(caller, unknown, 'targets, answerOf, folds, dimensions, confidence, resamples, seed, clock')
  checkNumber(caller, 'folds', folds, { min: 2, max: 20 })
  checkNumber(caller, 'dimensions', dimensions, { min: 256, max: 1_048_576 })
  if (!Number.isInteger(Math.log2(dimensions))) refuse(caller, `dimensions must be a power of two, got ${dimensions}.`)
  checkNumber(caller, 'confidence', confidence, { min: 0.5, max: 0.999, whole: false })
  checkNumber(caller, 'resamples', resamples, { min: 100, max: 100_000 })
  checkNumber(caller, 'seed', seed, { min: -2_147_483_648, max: 2_147_483_647 })
  return { folds, dimensions, confidence, resamples, seed, clock }
}
