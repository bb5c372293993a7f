/**
 * Verdicts on what did not change: an agent's recorded trials against each other, and simulated suites. And on what did:
 * power against the table that an independent simulation gave.
 */
import assert from 'node:assert/strict'
import { compare } from '../src/compare/compare.ts'
import { caseChanges } from '../src/compare/case-changes.ts'
import { pairedDifference } from '../src/compare/verdict.ts'
import { seededRandom, type SeededRandom } from '../src/stats/random.ts'
import { fallDetector } from '../src/stats/sequential.ts'
import type { EvalRun } from '../src/suite/run-file.ts'
import { rows } from './eval-data.ts'

/** A run of one scorer from scores by case and trial. */
function runOf(scores: readonly (readonly number[])[]): EvalRun {
  return {
    header: {
      kind: 'run',
      version: 1,
      runId: '',
      suite: 's',
      startedAtMs: 0,
      fingerprint: '',
      scorers: { pass: '1' },
      judgeModels: [],
      repeats: 1,
      cases: scores.length,
      labels: {},
    },
    trials: scores.flatMap((of, index) =>
      of.map((score, trial) => ({
        kind: 'trial' as const,
        id: String(index),
        digest: '',
        cluster: String(index),
        trial,
        measures: { latencyMs: 1, models: [], isCached: false },
        scores: { pass: { status: 'scored' as const, score } },
        startedAtMs: 0,
      })),
    ),
    footer: undefined,
  }
}

recordedTrials()
simulatedSuites()
power()
brokenTests()
liveAlarms()

function recordedTrials(): void {
  const tasks = Map.groupBy(
    rows<{ task: number; trial: number; reward: number }>('taubench_airline_gpt4o_trials.jsonl'),
    ({ task }) => task,
  )
  const trial = (index: number): EvalRun =>
    runOf([...tasks.values()].map((of) => [of.find((one) => one.trial === index)?.reward ?? 0]))
  let clean = 0
  for (const a of [0, 1, 2, 3])
    for (const b of [0, 1, 2, 3]) {
      if (a === b) continue
      const { verdict, cases } = compare(trial(a), trial(b))
      if (verdict !== 'regressed' && cases.every(({ status }) => status !== 'broken')) clean += 1
    }
  console.log(`an agent against itself: ${clean} of 12 pairs of trials without a regression`)
  assert.equal(clean, 12)
}

/** Pass rates as of real suites: 75 % of the cases nearly certain, 15 % a coin's flip, 10 % failing. */
function rates(n: number, random: SeededRandom): number[] {
  return Array.from({ length: n }, () => {
    const kind = random()
    return kind < 0.75 ? 0.99 : kind < 0.9 ? 0.5 : 0.01
  })
}

function draw(probabilities: readonly number[], repeats: number, random: SeededRandom): number[][] {
  return probabilities.map((p) => Array.from({ length: repeats }, () => (random() < p ? 1 : 0)))
}

function simulatedSuites(): void {
  const random = seededRandom(7)
  for (const [n, repeats, history] of [
    [20, 1, 1],
    [50, 3, 7],
    [200, 1, 4],
  ] as const) {
    let [suites, tests] = [0, 0]
    const worlds = 2_000
    for (let world = 0; world < worlds; world += 1) {
      const p = rates(n, random)
      const past = Array.from({ length: history }, () => runOf(draw(p, repeats, random)))
      const { verdict, cases } = compare(runOf(draw(p, repeats, random)), past[0] as EvalRun, { history: past })
      if (verdict === 'regressed') suites += 1
      if (cases.some(({ status }) => status === 'broken')) tests += 1
    }
    const [bySuite, byTest] = [suites / worlds, tests / worlds]
    console.log(
      `${n} cases × ${repeats}, unchanged: ${percent(bySuite)} of suites regressed, ${percent(byTest)} with a broken case`,
    )
    assert.ok(bySuite <= 0.06 && byTest <= 0.05)
  }
}

function power(): void {
  const ids = Array.from({ length: 500 }, (_, index) => String(index))
  const random = seededRandom(11)
  const table = [
    [50, 1, 0.03, 0.14],
    [50, 1, 0.05, 0.24],
    [50, 1, 0.1, 0.52],
    [50, 1, 0.2, 0.91],
    [50, 5, 0.03, 0.19],
    [50, 5, 0.05, 0.37],
    [50, 5, 0.1, 0.75],
    [50, 5, 0.2, 0.99],
    [100, 1, 0.03, 0.21],
    [100, 1, 0.05, 0.4],
    [100, 1, 0.1, 0.79],
    [100, 1, 0.2, 1],
    [100, 3, 0.03, 0.32],
    [100, 3, 0.05, 0.59],
    [100, 3, 0.1, 0.95],
    [100, 3, 0.2, 1],
    [200, 3, 0.03, 0.55],
    [200, 3, 0.05, 0.86],
    [200, 3, 0.1, 1],
    [500, 1, 0.03, 0.6],
    [500, 1, 0.05, 0.92],
    [500, 1, 0.1, 1],
  ] as const
  for (const [n, repeats, drop, wanted] of table) {
    let found = 0
    const worlds = 4_000
    for (let world = 0; world < worlds; world += 1) {
      const p = rates(n, random)
      const mean = p.reduce((total, one) => total + one, 0) / n
      const before = means(draw(p, repeats, random))
      // Cases break for good, each as likely as another, until the mean has fallen by as much on average.
      const broken = p.map((one) => (random() < drop / mean ? 0 : one))
      const now = means(draw(broken, repeats, random))
      const differences = now.map((mean, index) => mean - (before[index] as number))
      if (pairedDifference(differences, ids.slice(0, n), 0.05).pFall <= 0.05) found += 1
    }
    const share = found / worlds
    console.log(`${n} cases × ${repeats}, ${drop * 100} points less: ${percent(share)} found (${percent(wanted)})`)
    assert.ok(Math.abs(share - wanted) <= 0.03, 'not the power that the method has')
  }
}

function means(scores: readonly (readonly number[])[]): number[] {
  return scores.map((of) => of.reduce((total, score) => total + score, 0) / of.length)
}

/** Two stages: one trial of each case, then four fresh ones of the suspects. */
function brokenTests(): void {
  const random = seededRandom(5)
  const options = { scorers: ['pass'], passAt: 0.5, alpha: 0.05 }
  let [found, alarms, extra] = [0, 0, 0]
  const worlds = 500
  for (let world = 0; world < worlds; world += 1) {
    const p = rates(50, random).map((one, index) => (index < 3 ? 0.98 : one))
    const history = [runOf(draw(p, 20, random))]
    const now = p.map((one, index) => (index < 3 ? 0 : one))
    const first = caseChanges(runOf(draw(now, 1, random)), history, options)
    const suspects = new Set(first.filter(({ status }) => status === 'suspect').map(({ id }) => id))
    extra += suspects.size * 4
    const fresh = draw(now, 4, random)
    const run = runOf(fresh)
    const only = { ...run, trials: run.trials.filter(({ id }) => suspects.has(id)) }
    const broken = caseChanges(only, history, { ...options, tests: 50 }).filter(({ status }) => status === 'broken')
    found += broken.filter(({ id }) => Number(id) < 3).length
    if (broken.some(({ id }) => Number(id) >= 3)) alarms += 1
  }
  console.log(
    `3 broken of 50: ${percent(found / worlds / 3)} found, ${percent(alarms / worlds)} false alarms, ${(extra / worlds).toFixed(0)} more trials`,
  )
  assert.ok(found / worlds / 3 >= 0.97 && alarms / worlds <= 0.05)
}

function liveAlarms(): void {
  const random = seededRandom(3)
  const streams = 2_000
  let alarms = 0
  const delays: number[] = []
  for (let stream = 0; stream < streams; stream += 1) {
    const quiet = fallDetector(0.9)
    for (let index = 0; index < 10_000; index += 1)
      if (quiet.add(random() < 0.9 ? 1 : 0) >= 10_000) {
        alarms += 1
        break
      }
    const falling = fallDetector(0.9)
    for (let index = 0; index < 3_000; index += 1) falling.add(random() < 0.9 ? 1 : 0)
    let delay = 1
    while (falling.add(random() < 0.8 ? 1 : 0) < 10_000) delay += 1
    delays.push(delay)
  }
  const median = delays.toSorted((a, b) => a - b)[streams / 2] as number
  console.log(
    `live alarms: ${percent(alarms / streams)} false in 10,000 outcomes; a fall from 0.90 to 0.80 seen after ${median} (median)`,
  )
  assert.ok(alarms / streams <= 0.05 && median <= 220)
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
