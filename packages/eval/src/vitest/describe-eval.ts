import { existsSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { compare, type CompareOptions } from '../compare/compare.ts'
import { gate, type GateOptions, type GateResult } from '../compare/gate.ts'
import { checkBetween, checkNames } from '../eval-error.ts'
import { terminalReport } from '../report/terminal.ts'
import { collectCases } from '../suite/collect-cases.ts'
import type { EvalRun } from '../suite/run-file.ts'
import { readRun } from '../suite/run-log.ts'
import { defineSuite, type RunOptions, type Suite } from '../suite/suite.ts'
import type { TrialRecord } from '../suite/trial.ts'

export interface DescribeEvalOptions {
  /** A run file that the suite must not be worse than. @default none; a path where there is no file is none */
  readonly baseline?: string
  readonly compare?: CompareOptions
  readonly gate?: GateOptions
  /** From which score on a case's test passes, as the mean of its trials, 0 to 1: for all scorers, or by name. @default 0: a case fails only for its error */
  readonly passAt?: number | Readonly<Record<string, number>>
  readonly run?: RunOptions
  /** For the whole run, in milliseconds. @default 600_000 */
  readonly timeoutMs?: number
}

/**
 * A suite as vitest tests: one a case, which fails when its target failed, or when it scores less than `passAt`; and one for
 * the suite, which fails as `gate()` does. The suite runs once, before the first test, as many trials at once as it says.
 *
 * @throws {SluiceError} `config.option`, and what reading the cases throws.
 *
 * @example
 * const suite = defineSuite('refunds', { cases: jsonl('refunds.jsonl'), target: answer, scorers: [includes()] })
 * await describeEval(suite, { baseline: 'evals/refunds.jsonl', compare: { margin: 0.02 } })
 */
export async function describeEval<Input, Output, Expected>(
  suite: Suite<Input, Output, Expected>,
  options: DescribeEvalOptions = {},
): Promise<void> {
  checkNames('describeEval()', options, ['baseline', 'compare', 'gate', 'passAt', 'run', 'timeoutMs'])
  const { baseline, passAt = 0, timeoutMs = 600_000 } = options
  for (const [name, mark] of Object.entries(typeof passAt === 'number' ? { passAt } : passAt))
    checkBetween('describeEval()', name, mark, 0, 1)
  const cases = await collectCases(suite.name, suite.options.cases)
  // Tests are named after cases before any runs; what can be read only once is not read again.
  const same = defineSuite(suite.name, { ...suite.options, cases })
  describe(suite.name, () => {
    let run: EvalRun
    let byCase: ReadonlyMap<string, readonly TrialRecord[]>
    beforeAll(async () => {
      run = await same.run(options.run)
      byCase = Map.groupBy(run.trials, ({ id }) => id)
    }, timeoutMs)

    for (const { id } of cases)
      it(id, ({ skip }) => {
        const trials = byCase.get(id) ?? []
        if (trials.length === 0) skip('not among the cases of this run')
        for (const { error } of trials) expect(error, 'the target failed').toBeUndefined()
        for (const { name } of suite.options.scorers) {
          const scores = trials.flatMap(({ scores: { [name]: score } }) =>
            score?.status === 'scored' ? [score.score] : [],
          )
          if (scores.length === 0) continue
          const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length
          expect(mean, name).toBeGreaterThanOrEqual(typeof passAt === 'number' ? passAt : (passAt[name] ?? 0))
        }
      })

    it('is no worse than it may be', () => {
      const before = baseline !== undefined && existsSync(baseline) ? readRun(baseline) : undefined
      const comparison = before && compare(run, before, options.compare)
      const result: GateResult = gate(run, comparison, options.gate)
      const report = terminalReport(
        { run, gate: result, ...(before && { baseline: before }), ...(comparison && { comparison }) },
        { color: false },
      )
      expect(result.ok, report).toBe(true)
    })
  })
}
