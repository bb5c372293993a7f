import { compare, type CompareOptions } from '../compare/compare.ts'
import { terminalReport } from '../report/terminal.ts'
import type { Score, Scorer } from '../score/scorer.ts'
import { answerView, textOf } from '../suite/answer-view.ts'
import type { EvalCase } from '../suite/case.ts'
import type { EvalRun } from '../suite/run-file.ts'
import { readRun } from '../suite/run-log.ts'

/** What a vitest matcher gives back. */
export interface MatcherResult {
  readonly pass: boolean
  readonly message: () => string
}

/**
 * Matchers for outputs and runs: `expect.extend(evalMatchers)`, once, in a setup file.
 *
 * @example
 * await expect(answer).toScore(includes(), { case: { input: question, expected: '30 days' } })
 * await expect(answer).toPassJudge(tone, { input: question })
 * expect(run).toNotRegress('evals/refunds.jsonl', { margin: 0.02 })
 */
export const evalMatchers: {
  /** A scorer gives the output at least `least` (1 unless told). An output without a score does not pass. */
  toScore(
    output: unknown,
    scorer: Scorer,
    of?: { readonly case?: EvalCase; readonly least?: number },
  ): Promise<MatcherResult>
  /** A judge finds that every criterion that it could tell is met. */
  toPassJudge(output: unknown, judge: Scorer, of?: EvalCase): Promise<MatcherResult>
  /** A run is not worse than a baseline: a run, or the path of its file. */
  toNotRegress(run: EvalRun, baseline: EvalRun | string, options?: CompareOptions): MatcherResult
} = {
  async toScore(output, scorer, { case: of, least = 1 } = {}) {
    const score = await scoreOf(output, scorer, of)
    return {
      pass: score.status === 'scored' && score.score >= least,
      message: () => `"${scorer.name}" gave ${said(score)}; wanted at least ${least}`,
    }
  },
  async toPassJudge(output, judge, of) {
    const score = await scoreOf(output, judge, of)
    return {
      pass: score.status === 'scored' && score.score === 1,
      message: () => `"${judge.name}" gave ${said(score)}`,
    }
  },
  toNotRegress(run, baseline, options) {
    const before = typeof baseline === 'string' ? readRun(baseline) : baseline
    const comparison = compare(run, before, options)
    return {
      pass: comparison.verdict !== 'regressed',
      message: () => terminalReport({ run, baseline: before, comparison }, { color: false }),
    }
  },
}

async function scoreOf(output: unknown, scorer: Scorer, of: EvalCase = { input: '' }): Promise<Score> {
  const answer = answerView(output)
  return await scorer.score({
    case: { id: 'expected', cluster: 'expected', ...of },
    trial: 0,
    output,
    text: textOf(output, answer),
    answer,
    measures: { latencyMs: 0, models: [], isCached: false },
    signal: new AbortController().signal,
  })
}

function said(score: Score): string {
  if (score.status === 'scored')
    return `${score.score} ${score.evidence === undefined ? '' : JSON.stringify(score.evidence)}`
  return score.status === 'unscored' ? `no score (${score.reason})` : `no score (${score.error})`
}

declare module 'vitest' {
  // The type parameters must be those of vitest's own declaration.
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> {
    toScore(scorer: Scorer, of?: { readonly case?: EvalCase; readonly least?: number }): Promise<void>
    toPassJudge(judge: Scorer, of?: EvalCase): Promise<void>
    toNotRegress(baseline: EvalRun | string, options?: CompareOptions): R
  }
}
