import { bootstrap } from '../learn/bootstrap.ts'
import { splitCases } from '../learn/calibrate.ts'
import { costOf, scoreAt, upperHull, type CostPoint } from '../learn/cost-curve.ts'
import { checkNumbers, refuse } from '../health/option-check.ts'
import { lossAbovePValue, lossUpperBound } from './calibration/bounds.ts'
import { checkCases, type RecordedCase } from './calibration/cases.ts'
import { pickForCost, pickForFloor, type CalibrationGoal } from './calibration/pick.ts'
import { recordCases, type LiveCase, type RecordCasesOptions } from './calibration/record-cases.ts'
import { CaseTable, type CascadeFigures, type Thresholds } from './calibration/settings.ts'
import { coreOf, type Cascade } from './cascade.ts'

/** What to calibrate for, and how. Exactly one of `floor` and `maxCostShare`. */
export interface CalibrateOptions extends CalibrationGoal, RecordCasesOptions {
  /** The share of the cases that the thresholds are picked on, 0.1..0.9; the others measure them. @default 0.5 */
  readonly split?: number
  /** Of the floor, and of all bounds, one-sided, 0.5..0.999. @default 0.95 */
  readonly confidence?: number
  /** Of the split: the same cases and seed give the same thresholds. @default 1 */
  readonly seed?: number
}

/** A step asked alone. */
export interface SingleStep {
  readonly id: string
  readonly quality: number
  /** Without judges: nobody judges the answers of a step asked alone. */
  readonly costNanoUsd: number
}

/** What the thresholds do on cases that they were not picked on. */
export interface HeldOutFigures extends CascadeFigures {
  /** With the confidence asked for, the expected quality is at least this… */
  readonly qualityLow: number
  /** …and at most this; each one-sided. */
  readonly qualityHigh: number
  /** Upper bound of the expected cost, in nano-dollars, by bootstrap. */
  readonly costHighNanoUsd: number
  /** Cost as a share of what the last step alone costs. */
  readonly costShare: number
  /** By how much the goal was missed, in its own unit; 0: it was kept. */
  readonly violation: number
  /** Whether the cases prove, with the confidence asked for, that the goal is missed. */
  readonly isViolationProven: boolean
  /** The steps alone, on the same cases. The first is "always cheap", the last "always strong". */
  readonly singles: readonly SingleStep[]
  /**
   * What drawing one of the singles at random, in the best mix, would do: its quality at the cascade's cost, and its cost
   * at the cascade's quality (`undefined` where no mix is as good). A cascade that does not beat it is not worth having.
   */
  readonly hull: { readonly quality: number; readonly costNanoUsd: number | undefined }
}

/** Thresholds, and what they are worth. Plain JSON but for `undefined`. */
export interface Calibration {
  /** For the cascade's option `thresholds`; `null` leaves a step out: it costs more than it brings. */
  readonly thresholds: Thresholds
  /**
   * For a floor: the picking cases show that it is kept, with the confidence asked for. Where no thresholds do, those with
   * the best quality are returned. For a cost: some thresholds stay within it.
   */
  readonly isAssured: boolean
  /** On the cases the thresholds were picked on: optimistic. */
  readonly picked: CascadeFigures
  readonly heldOut: HeldOutFigures
  /** The cases that were worked on, recorded ones as they came: keep them, to calibrate again without asking anybody. */
  readonly cases: readonly RecordedCase[]
  /** Live cases left out, since the last step failed on them. */
  readonly failed: number
}

const fewestCases = 20

/**
 * Picks a cascade's thresholds on one part of labelled cases and reports on the other: quality, cost, share escalated,
 * whether the floor is kept, and how all that compares with asking one step alone.
 *
 * With a floor it returns the cheapest thresholds of which the picking cases show that the expected quality is at least
 * the floor: wrong with a probability of 1 − `confidence` at most, whatever the estimators are worth, as long as the cases
 * are drawn independently from the traffic they stand for. How far below the last step's own quality a floor must be to be
 * shown depends on the number of cases: by some 2 points of 100 with 1,000 picking cases.
 *
 * Cases are recorded outcomes, or requests with a grade, which are then asked of every step first (see `recordCases`).
 *
 * @throws {SluiceError} `config.option` for fewer than 20 cases, cases that do not fit the cascade, a goal that is not
 * exactly one of `floor` and `maxCostShare`, and options out of range.
 *
 * @example
 * import { readFileSync } from 'node:fs'
 *
 * const options = { steps: ['gpt-5-nano', 'gpt-5'], accept: agreement({ of: ['gpt-4.1-nano'] }) }
 * const cases: RecordedCase[] = JSON.parse(readFileSync('cases.json', 'utf8'))
 * const { thresholds, heldOut } = await calibrate(createCascade(options), cases, { floor: 0.9 })
 * console.log(`${heldOut.quality} at ${heldOut.costShare} of the cost`)
 * const openai = sluice(new OpenAI(), [cascade({ ...options, thresholds })])
 */
export async function calibrate(
  cascade: Cascade,
  cases: readonly (RecordedCase | LiveCase)[],
  options: CalibrateOptions,
): Promise<Calibration> {
  const { steps } = coreOf(cascade)
  const { split = 0.5, confidence = 0.95, seed = 1, floor, maxCostShare, recording } = checked(options)
  if (!Array.isArray(cases)) refuse('calibrate() takes a list of cases.')
  const live = cases.filter((each): each is LiveCase => 'request' in each)
  const asked = live.length > 0 ? await recordCases(cascade, live, recording) : { cases: [], failed: 0 }
  const recorded = [...cases.filter((each): each is RecordedCase => !('request' in each)), ...asked.cases]
  checkCases(recorded, steps.length)
  if (recorded.length < fewestCases)
    refuse(
      `calibrate() needs at least ${fewestCases} cases, got ${recorded.length}; some hundreds to be worth anything.`,
    )
  const [picking, measuring] = splitCases(recorded, { share: split, seed, groupOf: ({ group }) => group })
  const { length } = steps
  const { thresholds, isAssured } =
    floor === undefined
      ? pickForCost(picking, length, maxCostShare as number)
      : pickForFloor(picking, length, { floor, confidence, seed })
  const { losses: _, ...picked } = new CaseTable(picking, length).figures(thresholds)
  const ids = steps.map(({ id }) => id)
  const heldOut = heldOutFigures(new CaseTable(measuring, length), thresholds, {
    ids,
    floor,
    maxCostShare,
    confidence,
    seed,
  })
  return { thresholds, isAssured, picked, heldOut, cases: recorded, failed: asked.failed }
}

interface Measuring {
  readonly ids: readonly string[]
  readonly floor: number | undefined
  readonly maxCostShare: number | undefined
  readonly confidence: number
  readonly seed: number
}

function heldOutFigures(table: CaseTable, thresholds: Thresholds, measuring: Measuring): HeldOutFigures {
  const { ids, floor, maxCostShare = Infinity, confidence, seed } = measuring
  const { losses, ...figures } = table.figures(thresholds)
  const { count } = table
  const gains = { ...losses, sum: count - losses.sum }
  const { costNanoUsd } = table.outcomes(thresholds)
  const lastNanoUsd = table.costNanoUsd.at(-1) as Float64Array
  const over = costNanoUsd.map(
    (cost, at) => cost - (maxCostShare === Infinity ? 0 : maxCostShare) * (lastNanoUsd[at] as number),
  )
  // The ends of a two-sided interval of twice the risk are one-sided bounds of the risk.
  const [cost, excess] = bootstrap(count, (weights) => [meanOf(costNanoUsd, weights), meanOf(over, weights)], {
    resamples: 1_000,
    confidence: 1 - 2 * (1 - confidence),
    seed,
  })
  const singles = ids.map((id, place): SingleStep => ({
    id,
    quality: meanOf(table.quality[place] as Float64Array),
    costNanoUsd: meanOf(table.aloneNanoUsd[place] as Float64Array),
  }))
  const hull = upperHull(singles.map((single): CostPoint => ({ costUsd: single.costNanoUsd, score: single.quality })))
  const costShare = figures.costNanoUsd / meanOf(lastNanoUsd)
  return {
    ...figures,
    qualityLow: 1 - lossUpperBound(losses, confidence),
    qualityHigh: lossUpperBound(gains, confidence),
    costHighNanoUsd: cost?.high ?? Number.NaN,
    costShare,
    violation: Math.max(0, floor === undefined ? costShare - maxCostShare : floor - figures.quality),
    isViolationProven: floor === undefined ? (excess?.low ?? 0) > 0 : lossAbovePValue(gains, floor) <= 1 - confidence,
    singles,
    hull: { quality: scoreAt(hull, figures.costNanoUsd), costNanoUsd: costOf(hull, figures.quality) },
  }
}

function meanOf(values: Float64Array, weights?: Int32Array): number {
  let sum = 0
  for (let at = 0; at < values.length; at += 1) sum += (values[at] as number) * (weights ? (weights[at] as number) : 1)
  return sum / values.length
}

function checked(options: CalibrateOptions): CalibrateOptions & { readonly recording: RecordCasesOptions } {
  const { next, concurrency, signal, ...numbers } = options ?? {}
  checkNumbers('calibrate()', numbers, {
    floor: { min: 0, max: 1 },
    maxCostShare: { min: 0, max: 1, above: true },
    split: { min: 0.1, max: 0.9 },
    confidence: { min: 0.5, max: 0.999 },
    seed: { min: -2_147_483_648, max: 2_147_483_647, whole: true },
  })
  if ((numbers.floor === undefined) === (numbers.maxCostShare === undefined))
    refuse('calibrate() needs one goal: floor, or maxCostShare.')
  const recording = {
    ...(next && { next }),
    ...(concurrency !== undefined && { concurrency }),
    ...(signal && { signal }),
  }
  return { ...numbers, recording }
}
