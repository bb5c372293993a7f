import { SluiceError, withReport, type Clock } from '@sluice/core'
import { untilAborted } from '@sluice/core/transport'
import type { Score, Scored, Scorer } from '../score/scorer.ts'
import { answerView, textOf } from './answer-view.ts'
import type { RunCase } from './case.ts'
import { inTrial } from './current-trial.ts'
import { digestOf } from './digest.ts'
import { failureOf, measuresOf } from './measure.ts'
import type { Suite } from './suite.ts'
import { refusal, type Throttle } from './throttle.ts'
import type { TrialMeasures, TrialRecord } from './trial.ts'

/** How often a trial that a provider refused for its rate is tried again. */
const mostRefusals = 8

export interface Spent {
  readonly targetNanoUsd: number
  readonly judgeNanoUsd: number
  readonly unpriced: number
}

/** Runs single trials and keeps account of what they cost. */
export interface TrialRunner {
  /** `undefined` when the run was aborted in the middle of it: it is as if it had not begun. */
  run(entry: RunCase, trial: number): Promise<TrialRecord | undefined>
  readonly spent: Spent
  /** Whether no further trial may begin: what is under way is expected to cost what trials cost so far. */
  readonly isBudgetSpent: boolean
}

export interface TrialWorld {
  readonly throttle: Throttle
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** @param earlier trials of a resumed run, whose cost counts. */
export function createTrialRunner(suite: Suite, world: TrialWorld, earlier: readonly TrialRecord[]): TrialRunner {
  const { target, scorers, budget = {}, timeoutMs = 300_000 } = suite.options
  const { throttle, clock, signal } = world
  const [targetLimit, judgeLimit] = [nanoUsd(budget.targetUsd), nanoUsd(budget.judgeUsd)]
  let [targetNanoUsd, judgeNanoUsd, unpriced, priced, underWay] = [0, 0, 0, 0, 0]
  for (const record of earlier) account(record.measures, record.scores)

  function account(measures: TrialMeasures, scores: Readonly<Record<string, Score>>): void {
    if (measures.costNanoUsd !== undefined) priced += 1
    else if (measures.outputTokens !== undefined) unpriced += 1
    targetNanoUsd += measures.costNanoUsd ?? 0
    for (const score of Object.values(scores)) judgeNanoUsd += score.costNanoUsd ?? 0
  }

  /** Tries again what a provider refuses for its rate, when it lets it. */
  async function patiently<T>(task: () => Promise<T>): Promise<T> {
    for (let refusals = 0; ; refusals += 1) {
      try {
        return await task()
      } catch (error) {
        const refused = refusal(error, clock.now())
        if (!refused || refusals >= mostRefusals || signal.aborted) throw error
        await throttle.refused(refused.retryAfterMs)
      }
    }
  }

  async function attempt(entry: RunCase, trial: number): Promise<Attempted> {
    const over = new AbortController()
    const limit = new AbortController()
    void clock.sleep(timeoutMs, over.signal).then(
      () => limit.abort(timedOut(timeoutMs)),
      () => undefined,
    )
    const either = AbortSignal.any([signal, limit.signal])
    const startedAt = performance.now()
    let latencyMs = 0
    const answer = async (): Promise<unknown> => target(entry.input, { case: entry, trial, signal: either })
    try {
      // A target that fails has paid for the calls that it made before.
      const { value, reports, settled } = await withReport(async () => {
        try {
          const work = inTrial({ id: entry.id, trial }, answer)
          const output = await untilAborted(work, either, () => undefined)
          return { output, kept: plain(output) }
        } catch (failure) {
          return { failure }
        } finally {
          latencyMs = performance.now() - startedAt
        }
      })
      // A stream that nobody reads to its end is never over.
      const measures = measuresOf(latencyMs, await untilAborted(settled, either, () => undefined).catch(() => reports))
      if (!('failure' in value)) throttle.succeeded()
      else if (refusal(value.failure, clock.now())) {
        targetNanoUsd += measures.costNanoUsd ?? 0
        throw value.failure
      }
      return { ...value, measures }
    } finally {
      over.abort()
    }
  }

  async function scoreOne(scorer: Scorer, scored: Scored): Promise<Score> {
    if (scorer.isJudge && judgeNanoUsd >= judgeLimit) return { status: 'unscored', reason: 'judge_budget' }
    try {
      return checked(
        await patiently(() =>
          inTrial({ id: scored.case.id, trial: scored.trial }, async () => await scorer.score(scored)),
        ),
      )
    } catch (error) {
      const { name, code, message } = failureOf(error)
      return { status: 'errored', error: `${code ?? name}: ${message}` }
    }
  }

  return {
    async run(entry, trial) {
      const startedAtMs = clock.now()
      underWay += 1
      const attempted = await patiently(() => attempt(entry, trial)).catch((failure: unknown): Attempted => ({
        failure,
        measures: measuresOf(0, []),
      }))
      if (signal.aborted && 'failure' in attempted) return undefined
      const { measures } = attempted
      const scores: Record<string, Score> = {}
      if (!('failure' in attempted)) {
        const { output } = attempted
        const answer = answerView(output)
        const scored: Scored = { case: entry, trial, output, text: textOf(output, answer), answer, measures, signal }
        const results = await Promise.all(scorers.map((scorer) => scoreOne(scorer, scored)))
        for (const [index, { name }] of scorers.entries()) scores[name] = results[index] as Score
      } else for (const { name } of scorers) scores[name] = { status: 'unscored', reason: 'target_failed' }
      if (signal.aborted) return undefined
      underWay -= 1
      account(measures, scores)
      return {
        kind: 'trial',
        id: entry.id,
        digest: digestOf([entry.input, entry.expected]),
        cluster: entry.cluster,
        ...(entry.tags && { tags: entry.tags }),
        trial,
        ...('failure' in attempted ? { error: failureOf(attempted.failure) } : { output: attempted.kept }),
        measures,
        scores,
        startedAtMs,
      }
    },
    get spent() {
      return { targetNanoUsd, judgeNanoUsd, unpriced }
    },
    get isBudgetSpent() {
      const each = priced > 0 ? targetNanoUsd / priced : 0
      return targetNanoUsd + each * underWay >= targetLimit
    },
  }
}

type Attempted =
  | { readonly output: unknown; readonly kept: unknown; readonly measures: TrialMeasures }
  | { readonly failure: unknown; readonly measures: TrialMeasures }

function nanoUsd(usd: number | undefined): number {
  return usd === undefined ? Number.POSITIVE_INFINITY : usd * 1e9
}

/** What a run file can hold of an output: JSON. */
function plain(output: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(output) ?? 'null')
  } catch (cause) {
    throw new SluiceError({
      code: 'eval.bad_output',
      message: 'The target gave something that JSON cannot hold: give back text, plain data or an answer of an SDK.',
      cause,
    })
  }
}

/** A score is from 0 to 1, or it is none: numbers that are not would poison every mean. */
function checked(score: Score): Score {
  if (score.status !== 'scored') return score
  const { score: value } = score
  if (typeof value === 'number' && value >= 0 && value <= 1) return score
  return { status: 'errored', error: `eval.score_range: a score must be from 0 to 1, got ${String(value)}` }
}

function timedOut(timeoutMs: number): SluiceError {
  return new SluiceError({
    code: 'eval.timeout',
    message: `The target took longer than ${timeoutMs} ms. Raise "timeoutMs", or pass on the context's signal.`,
    details: { timeoutMs },
  })
}
