import { randomUUID } from 'node:crypto'
import { systemClock } from '@sluice/core'
import { badOption, checkNames, checkWhole } from '../eval-error.ts'
import type { RunCase } from './case.ts'
import { collectCases } from './collect-cases.ts'
import { digestOf } from './digest.ts'
import { openRunLog, withoutOutput } from './run-log.ts'
import type { EvalRun, RunFooter, RunHeader } from './run-file.ts'
import type { RunOptions, RunProgress, Suite } from './suite.ts'
import { createThrottle } from './throttle.ts'
import type { TrialRecord } from './trial.ts'
import { createTrialRunner } from './trial-runner.ts'

const known = [
  'file',
  'resume',
  'retryErrors',
  'labels',
  'shard',
  'only',
  'repeats',
  'firstTrial',
  'onProgress',
  'signal',
  'clock',
] as const satisfies readonly (keyof RunOptions)[]

/** {@link Suite.run}. */
export async function runSuite(suite: Suite, options: RunOptions = {}): Promise<EvalRun> {
  const {
    file,
    resume = false,
    retryErrors = true,
    labels = {},
    shard,
    only,
    onProgress,
    clock = systemClock,
  } = options
  const { repeats = suite.options.repeats ?? 1, firstTrial = 0, signal = new AbortController().signal } = options
  check(options, repeats, firstTrial)
  const all = await collectCases(suite.name, suite.options.cases)
  const cases = all.filter((entry) => isOfShard(entry, shard) && (only?.(entry) ?? true))
  const header = headerOf(suite, all, { startedAtMs: clock.now(), repeats, labels, shard })
  const log = file === undefined ? undefined : openRunLog(file, header, resume)
  try {
    const kept = new Map<string, TrialRecord>()
    const known = new Set(cases.map(({ id }) => id))
    for (const record of log?.earlier ?? [])
      if (known.has(record.id) && !(retryErrors && record.error)) kept.set(keyOf(record.id, record.trial), record)
    const throttle = createThrottle({ concurrency: suite.options.concurrency ?? 8, clock, signal })
    const runner = createTrialRunner(suite, { throttle, clock, signal }, [...kept.values()])
    const planned = plan(cases, firstTrial, repeats).filter(([entry, trial]) => !kept.has(keyOf(entry.id, trial)))
    const total = kept.size + planned.length
    const startedAtMs = clock.now()
    let failed = 0
    let fresh = 0

    const keep = (record: TrialRecord): void => {
      log?.write(record)
      kept.set(keyOf(record.id, record.trial), log ? withoutOutput(record) : record)
      fresh += 1
      if (record.error) failed += 1
      const now = clock.now()
      const { targetNanoUsd, judgeNanoUsd } = runner.spent
      const left = total - kept.size
      const progress: RunProgress = {
        done: kept.size,
        total,
        failed,
        targetNanoUsd,
        judgeNanoUsd,
        etaMs: ((now - startedAtMs) / fresh) * left,
        limit: throttle.limit,
        pausedMs: Math.max(0, throttle.pausedUntilMs - now),
      }
      onProgress?.(progress)
    }

    const ended = await runAll()
    const footer: RunFooter = {
      kind: 'end',
      endedAtMs: clock.now(),
      trials: kept.size,
      ended,
      ...runner.spent,
    }
    log?.write(footer)
    return { header: log?.header ?? header, trials: inOrder([...kept.values()], cases), footer }

    async function runAll(): Promise<RunFooter['ended']> {
      const running = new Set<Promise<void>>()
      let failure: { readonly error: unknown } | undefined
      let why: RunFooter['ended'] = 'complete'
      for (const [entry, trial] of planned) {
        if (failure) break
        try {
          await throttle.enter()
        } catch (error) {
          if (!signal.aborted) throw error
        }
        if (signal.aborted || runner.isBudgetSpent) {
          why = signal.aborted ? 'aborted' : 'budget'
          throttle.leave()
          break
        }
        const task = runner
          .run(entry, trial)
          .then((record) => record && keep(record))
          .catch((error: unknown) => void (failure ??= { error }))
          .finally(() => {
            running.delete(task)
            throttle.leave()
          })
        running.add(task)
      }
      await Promise.all(running)
      if (failure) throw failure.error
      return signal.aborted ? 'aborted' : why
    }
  } finally {
    log?.close()
  }
}

/** Trial by trial, not case by case: a run that ends early has tried as many cases as it could. */
function plan(cases: readonly RunCase[], first: number, repeats: number): (readonly [RunCase, number])[] {
  return Array.from({ length: repeats }, (_, repeat) => cases.map((entry) => [entry, first + repeat] as const)).flat()
}

function inOrder(trials: readonly TrialRecord[], cases: readonly RunCase[]): readonly TrialRecord[] {
  const position = new Map(cases.map(({ id }, index) => [id, index]))
  return trials.toSorted((a, b) => (position.get(a.id) as number) - (position.get(b.id) as number) || a.trial - b.trial)
}

interface HeaderParts {
  readonly shard: RunOptions['shard'] | undefined
  readonly startedAtMs: number
  readonly repeats: number
  readonly labels: Readonly<Record<string, string>>
}

function headerOf(suite: Suite, cases: readonly RunCase[], parts: HeaderParts): RunHeader {
  const { startedAtMs, repeats, labels, shard } = parts
  const scorers = Object.fromEntries(suite.options.scorers.map(({ name, version }) => [name, version]))
  return {
    kind: 'run',
    version: 1,
    runId: randomUUID(),
    suite: suite.name,
    startedAtMs,
    fingerprint: digestOf([suite.name, cases.map(({ id, input, expected }) => [id, input, expected]), scorers]),
    scorers,
    judgeModels: [...new Set(suite.options.scorers.flatMap(({ models }) => models ?? []))],
    repeats,
    cases: cases.length,
    labels,
    ...(shard && { shard: `${shard.index}/${shard.of}` }),
  }
}

function isOfShard({ id }: RunCase, shard: RunOptions['shard']): boolean {
  return !shard || Number.parseInt(digestOf(id).slice(0, 8), 16) % shard.of === shard.index - 1
}

function keyOf(id: string, trial: number): string {
  return `${trial} ${id}`
}

function check(options: RunOptions, repeats: number, firstTrial: number): void {
  checkNames('suite.run', options, known)
  checkWhole('suite.run', 'repeats', repeats, 1)
  checkWhole('suite.run', 'firstTrial', firstTrial, 0)
  const { shard } = options
  if (!shard) return
  checkWhole('suite.run', 'shard.of', shard.of, 1)
  if (!(Number.isSafeInteger(shard.index) && shard.index >= 1 && shard.index <= shard.of))
    throw badOption('suite.run', 'shard.index', `a whole number from 1 to ${shard.of}`, shard.index)
}
