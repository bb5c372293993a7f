import { refuse } from '../../health/option-check.ts'

/** What became of one case at one step. */
export interface StepOutcome {
  /** How good its answer was, 0..1; 0 for a step that failed. */
  readonly quality: number
  /** What asking it and its judges cost, in nano-dollars, ≥ 0. */
  readonly costNanoUsd: number
  /** The part of `costNanoUsd` that its judges took: asking the step alone would not have cost it. @default 0 */
  readonly judgesNanoUsd?: number
  /** The score of its estimator, 0..1; `null` or missing where it had no opinion, and at the last step. */
  readonly estimate?: number | null
}

/** One labelled case: what every step of the cascade makes of it, in their order. */
export interface RecordedCase {
  /** Unique among the cases. */
  readonly id: string
  /** Cases of one group stay in one part, as repeats of one question do. */
  readonly group?: string
  readonly steps: readonly StepOutcome[]
}

/** Refuses cases that do not fit a cascade of `count` steps. @throws {SluiceError} `config.option` */
export function checkCases(cases: readonly RecordedCase[], count: number): void {
  const seen = new Set<string>()
  for (const each of cases) {
    const { id, steps, group } = each ?? {}
    if (typeof id !== 'string' || id === '') refuse(`Every case of calibrate() needs an id, got ${String(id)}.`)
    if (seen.has(id))
      refuse(`Two cases of calibrate() have the id "${id}". Make the ids unique; repeats share a \`group\`.`)
    seen.add(id)
    if (group !== undefined && typeof group !== 'string') refuse(`The group of case "${id}" must be a text.`)
    if (!Array.isArray(steps) || steps.length !== count)
      refuse(
        `Case "${id}" must have the outcomes of all ${count} steps, got ${Array.isArray(steps) ? steps.length : 'none'}.`,
      )
    for (const [place, step] of (steps as readonly StepOutcome[]).entries()) checkStep(id, place, step)
  }
}

function checkStep(id: string, place: number, outcome: StepOutcome): void {
  const { quality, costNanoUsd, judgesNanoUsd = 0, estimate } = outcome
  const where = `of step ${place + 1} in case "${id}"`
  if (!(quality >= 0 && quality <= 1)) refuse(`The quality ${where} must be 0 to 1, got ${String(quality)}.`)
  if (!(Number.isFinite(costNanoUsd) && costNanoUsd >= 0))
    refuse(`costNanoUsd ${where} must be nano-dollars of at least 0, got ${String(costNanoUsd)}.`)
  if (!(judgesNanoUsd >= 0 && judgesNanoUsd <= costNanoUsd))
    refuse(`judgesNanoUsd ${where} must be 0 to costNanoUsd, got ${String(judgesNanoUsd)}.`)
  if (estimate != null && !(estimate >= 0 && estimate <= 1))
    refuse(`The estimate ${where} must be 0 to 1, or null, got ${String(estimate)}.`)
}
