import { splitCases } from '../../learn/calibrate.ts'
import { lossAbovePValue } from './bounds.ts'
import type { RecordedCase } from './cases.ts'
import { CaseTable, settingsFor, type CascadeFigures, type Thresholds } from './settings.ts'

/** Thresholds that were picked. */
export interface Picked {
  readonly thresholds: Thresholds
  /** For a floor: it is kept with the confidence asked for, as far as the picking cases can tell. */
  readonly isAssured: boolean
}

/** What to pick for: exactly one of the two. */
export interface CalibrationGoal {
  /** Keep the mean quality at least this high, 0..1, at the least cost. */
  readonly floor?: number
  /** Spend at most this share of what the last step alone costs, above 0 and at most 1, and get the best quality. */
  readonly maxCostShare?: number
}

interface Rated {
  readonly thresholds: Thresholds
  readonly figures: CascadeFigures
}

/** The best quality within the cost; where nothing is within it, the cheapest. */
export function pickForCost(cases: readonly RecordedCase[], steps: number, share: number): Picked {
  const table = new CaseTable(cases, steps)
  const rated = ratedOn(table, settingsFor(table))
  const limit = share * table.figures(allOut(steps)).costNanoUsd
  const within = rated.filter(({ figures }) => figures.costNanoUsd <= limit)
  const [best] = within.length > 0 ? within.toSorted(byQuality) : rated.toSorted(byCost)
  return { thresholds: best?.thresholds ?? allOut(steps), isAssured: within.length > 0 }
}

/**
 * The cheapest thresholds of which a test says that they keep the floor: that it says so wrongly has a probability of
 * 1 − confidence at most, whatever the estimators are worth. Settings are tested from the safest on, and the first that
 * fails ends it, so that no correction for many tests is needed. With one threshold the safest is the highest; with
 * several, the order is found on one half of the cases and tested on the other.
 *
 * @see fixed sequence testing in Angelopoulos et al., Learn then Test, https://arxiv.org/abs/2110.01052, section 2.3
 */
export function pickForFloor(
  cases: readonly RecordedCase[],
  steps: number,
  goal: { readonly floor: number; readonly confidence: number; readonly seed: number },
): Picked {
  const { floor, confidence, seed } = goal
  const table = new CaseTable(cases, steps)
  const settings = settingsFor(table)
  let testing = table
  let sequence = settings
  if (steps > 2) {
    const [first, second] = splitCases(cases, { seed: seed + 1, groupOf: ({ group }) => group })
    testing = new CaseTable(second, steps)
    sequence = frontier(ratedOn(new CaseTable(first, steps), settings))
  }
  const kept: Thresholds[] = []
  for (const thresholds of sequence) {
    if (lossAbovePValue(testing.figures(thresholds).losses, 1 - floor) > 1 - confidence) break
    kept.push(thresholds)
  }
  const isAssured = kept.length > 0
  const [best] = ratedOn(table, isAssured ? kept : settings).toSorted(isAssured ? byCost : byQuality)
  return { thresholds: best?.thresholds ?? allOut(steps), isAssured }
}

/** Those that no other one beats in both quality and cost, the best quality first. */
function frontier(rated: readonly Rated[]): readonly Thresholds[] {
  const best: Rated[] = []
  for (const each of rated.toSorted(byQuality))
    if (each.figures.costNanoUsd < (best.at(-1)?.figures.costNanoUsd ?? Infinity)) best.push(each)
  return best.map(({ thresholds }) => thresholds)
}

function ratedOn(table: CaseTable, settings: readonly Thresholds[]): readonly Rated[] {
  return settings.map((thresholds) => ({ thresholds, figures: table.figures(thresholds) }))
}

/** Only the last step is asked. */
export function allOut(steps: number): Thresholds {
  return Array.from({ length: steps - 1 }, () => null)
}

function byQuality({ figures: a }: Rated, { figures: b }: Rated): number {
  return b.quality - a.quality || a.costNanoUsd - b.costNanoUsd
}

function byCost({ figures: a }: Rated, { figures: b }: Rated): number {
  return a.costNanoUsd - b.costNanoUsd || b.quality - a.quality
}
