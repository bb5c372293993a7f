import { benjaminiHochberg } from '../stats/adjust.ts'
import { fisherExact } from '../stats/fisher.ts'
import type { EvalRun } from '../suite/run-file.ts'
import { scoreOf } from './case-scores.ts'
import { passMark } from './summarise.ts'

/** Passes of trials. */
export interface Passes {
  readonly passed: number
  readonly trials: number
}

/** One case by one scorer, against the history of its accepted runs. */
export interface CaseChange {
  readonly id: string
  readonly scorer: string
  /**
   * `broken`: fails more often, beyond chance, all cases considered. `suspect`: may do; fresh trials of it alone would tell.
   * `healed`: passes more often. `flaky`: now fails, as it sometimes did before.
   */
  readonly status: 'broken' | 'suspect' | 'healed' | 'flaky'
  readonly history: Passes
  readonly candidate: Passes
  /** One-sided, by Fisher's exact test. */
  readonly p: number
  /** Adjusted over all cases and scorers by the method of Benjamini and Hochberg. */
  readonly q: number
}

export interface CaseChangeOptions {
  readonly scorers: readonly string[]
  readonly passAt: number | Readonly<Record<string, number>>
  readonly alpha: number
  /** How many tests these are among, where others were passed over as unsuspicious. @default as many as there are */
  readonly tests?: number
}

/**
 * From this p on a case is not worth fresh trials: a case that always passed in 20 trials is at 1 / 21 after one failure, one
 * that passed in 17 of them at 4 / 21.
 */
const suspicion = 0.25

/** Cases whose passes moved against their history, the most certain first. */
export function caseChanges(
  run: EvalRun,
  history: readonly EvalRun[],
  options: CaseChangeOptions,
): readonly CaseChange[] {
  const { scorers, passAt, alpha } = options
  const tests = scorers.flatMap((scorer) => {
    const mark = passMark(passAt, scorer)
    const version = run.header.scorers[scorer]
    const before = passesByCase(
      history.filter(({ header }) => header.scorers[scorer] === version),
      scorer,
      mark,
    )
    return [...passesByCase([run], scorer, mark)].flatMap(([key, { id, ...candidate }]) => {
      const past = before.get(key)
      return past ? [{ id, scorer, candidate, history: { passed: past.passed, trials: past.trials } }] : []
    })
  })
  const falls = tests.map(({ candidate, history: past }) => pOf(candidate, past, 'less'))
  const rises = tests.map(({ candidate, history: past }) => pOf(candidate, past, 'greater'))
  const unsuspicious = Array.from({ length: Math.max(0, (options.tests ?? 0) - tests.length) }, () => 1)
  const [fallQ, riseQ] = [
    benjaminiHochberg([...falls, ...unsuspicious]),
    benjaminiHochberg([...rises, ...unsuspicious]),
  ]
  return tests
    .flatMap((test, index): CaseChange[] => {
      const [p, q] = [falls[index] as number, fallQ[index] as number]
      if (q <= alpha) return [{ ...test, status: 'broken', p, q }]
      if ((riseQ[index] as number) <= alpha)
        return [{ ...test, status: 'healed', p: rises[index] as number, q: riseQ[index] as number }]
      const { candidate, history: past } = test
      if (candidate.passed === candidate.trials) return []
      if (p <= suspicion) return [{ ...test, status: 'suspect', p, q }]
      return past.passed > 0 && past.passed < past.trials ? [{ ...test, status: 'flaky', p, q }] : []
    })
    .toSorted((a, b) => order.indexOf(a.status) - order.indexOf(b.status) || a.p - b.p)
}

const order: readonly CaseChange['status'][] = ['broken', 'suspect', 'healed', 'flaky']

function pOf(candidate: Passes, past: Passes, alternative: 'less' | 'greater'): number {
  return fisherExact(
    [
      [candidate.passed, candidate.trials - candidate.passed],
      [past.passed, past.trials - past.passed],
    ],
    alternative,
  )
}

/** By id and content: a case that was changed has no history. */
function passesByCase(
  runs: readonly EvalRun[],
  scorer: string,
  mark: number,
): ReadonlyMap<string, Passes & { readonly id: string }> {
  const byCase = new Map<string, { id: string; passed: number; trials: number }>()
  for (const trial of runs.flatMap(({ trials }) => trials)) {
    const score = scoreOf(trial, scorer)
    if (score.status !== 'scored') continue
    const key = `${trial.digest} ${trial.id}`
    const entry = byCase.get(key) ?? { id: trial.id, passed: 0, trials: 0 }
    entry.trials += 1
    if (score.score >= mark) entry.passed += 1
    byCase.set(key, entry)
  }
  return byCase
}
