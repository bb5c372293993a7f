import type { Decision } from '@sluice/core'
import { Deadline } from './deadline.ts'
import type { Detector, DetectorContext, GuardAction } from './detector.ts'
import { GuardReport } from './guard-report.ts'
import type { GuardSettings } from './guard-settings.ts'
import { judge, type GuardRun } from './judge.ts'
import { isPromise } from './maybe-promise.ts'

/**
 * Detectors that only watch, beside one call: nothing comes of what they say but lines in the report. Each is noted as it ends,
 * so that none is lost for a slower one, and each has `budgetMs` to end.
 */
export class Shadows {
  readonly #settings: Pick<GuardSettings, 'budgetMs' | 'clock'>
  readonly #report = new GuardReport()
  readonly #pending = new Set<Promise<unknown>>()

  constructor(settings: Pick<GuardSettings, 'budgetMs' | 'clock'>) {
    this.#settings = settings
  }

  /** Shows a text to detectors; `did` is what the others did about it. */
  watch(text: string, detectors: readonly Detector[], context: DetectorContext, did: GuardAction): void {
    if (detectors.length === 0) return
    const { budgetMs, clock } = this.#settings
    const report = this.#report
    report.text()
    const seen = (run: GuardRun): void => {
      report.took([run])
      report.shadow(context.stage, run, did)
    }
    try {
      const policy = { onError: 'note', deadline: new Deadline(budgetMs, clock), seen } as const
      const runs = judge(text, detectors, context, policy)
      if (isPromise(runs)) this.#await(runs)
    } catch {
      // The call was given up, and with it those that watched it.
    }
  }

  /** Whether any of them is not over. */
  get isPending(): boolean {
    return this.#pending.size > 0
  }

  /** When all of them are over. */
  async ended(): Promise<void> {
    await Promise.all(this.#pending)
  }

  /** What they have said so far, as lines of a call's report. */
  notes(): readonly Decision[] {
    return this.#report.notes('shadow')
  }

  #await(runs: Promise<unknown>): void {
    const over = runs.then(
      () => void this.#pending.delete(over),
      () => void this.#pending.delete(over),
    )
    this.#pending.add(over)
  }
}
