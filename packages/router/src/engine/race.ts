import type { RoutedTarget } from '../route/routed-target.ts'
import type { ErrorRule } from './error-table.ts'
import type { Committed, Reason, Run, Runs } from './run.ts'
import { startTimer } from './timer.ts'
import type { FailedTry } from './try.ts'

/** What came of a try and of the second one beside it, if there was one. */
export type RaceResult =
  | { readonly kind: 'won'; readonly run: Run; readonly result: Committed }
  /** Of the first of them. */
  | { readonly kind: 'lost'; readonly failed: FailedTry; readonly rule: ErrorRule }
  /** The target admitted nobody. */
  | { readonly kind: 'not_begun' }

/** How a race is run. */
export interface RaceInit {
  readonly target: RoutedTarget
  readonly reason: Reason
  readonly isForced: boolean
  /** When to begin the second try, in milliseconds. */
  readonly hedgeMs: number
  /** Begins the second try, if it may. */
  readonly hedge: (main: Run) => Run | undefined
}

/** Asks a target, and when that takes too long a second one: who commits first answers, the other is given up. */
export async function race(runs: Runs, init: RaceInit): Promise<RaceResult> {
  const main = runs.start(init.target, init.reason, { isForced: init.isForced })
  if (!main) return { kind: 'not_begun' }
  const begun = [main]
  const failures: { readonly run: Run; readonly failed: FailedTry; readonly rule: ErrorRule }[] = []
  let cancelTimer: (() => void) | undefined
  try {
    const winner = await new Promise<{ run: Run; result: Committed } | undefined>((resolve, reject) => {
      const follow = (run: Run): void => {
        run.result.then(
          (result) => {
            if (result.kind === 'committed') return resolve({ run, result })
            // One that was given up is booked already.
            if (run.isOver) return
            failures.push({ run, failed: result, rule: runs.failed(run, result) })
            if (failures.length === begun.length) resolve(undefined)
          },
          (error: unknown) => {
            runs.threw(run, error)
            reject(error)
          },
        )
      }
      follow(main)
      cancelTimer = startTimer(runs.journey.core.clock, init.hedgeMs, () => {
        const second = main.isOver ? undefined : init.hedge(main)
        if (!second) return
        begun.push(second)
        follow(second)
      })
    })
    const lost = failures.filter(({ run }) => winner || run !== main)
    for (const { failed } of lost) void failed.discard()
    if (winner) {
      // Not to be given up below.
      winner.run.isOver = true
      return { kind: 'won', ...winner }
    }
    const { failed, rule } = failures.find(({ run }) => run === main) as (typeof failures)[number]
    return { kind: 'lost', failed, rule }
  } finally {
    cancelTimer?.()
    for (const run of begun) if (!run.isOver) runs.cancel(run)
  }
}

/** Asks a target, and nobody beside it. */
export async function alone(runs: Runs, target: RoutedTarget, reason: Reason, isForced: boolean): Promise<RaceResult> {
  const run = runs.start(target, reason, { isForced })
  if (!run) return { kind: 'not_begun' }
  try {
    const result = await run.result
    run.isOver = true
    if (result.kind === 'committed') return { kind: 'won', run, result }
    return { kind: 'lost', failed: result, rule: runs.failed(run, result) }
  } catch (error) {
    runs.threw(run, error)
    throw error
  }
}
