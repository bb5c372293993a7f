import { badOption } from '../eval-error.ts'
import type { CaseSource } from '../suite/case.ts'
import { collectCases } from '../suite/collect-cases.ts'
import type { EvalRun } from '../suite/run-file.ts'
import { defineSuite, type RunOptions, type SuiteOptions } from '../suite/suite.ts'
import type { EvalTarget } from '../suite/target.ts'
import { compare, type CompareOptions, type Comparison } from './compare.ts'

export interface AbTestOptions<Input = unknown, Output = unknown, Expected = unknown> extends Omit<
  SuiteOptions<Input, Output, Expected>,
  'target' | 'targetModels'
> {
  /** What is in use. */
  readonly baseline: EvalTarget<Input, Output, Expected>
  /** What may take its place: another model, prompt, or pipeline. */
  readonly candidate: EvalTarget<Input, Output, Expected>
  readonly compare?: Omit<CompareOptions, 'history'>
  /** Files for the two runs. @default none, both are kept in memory */
  readonly files?: { readonly baseline: string; readonly candidate: string }
  readonly run?: Pick<RunOptions, 'resume' | 'labels' | 'signal' | 'clock'>
}

/** Both runs and what came of them. */
export interface AbTest {
  readonly baseline: EvalRun
  readonly candidate: EvalRun
  readonly comparison: Comparison
}

/**
 * Tries two targets on the same cases at the same time, so that what changes with the hour (a provider's load, a model behind
 * an alias) changes for both, and compares them case by case. The budget and the concurrency are those of each.
 *
 * @throws {SluiceError} `config.option`, and what a suite's `run()` and `compare()` throw.
 *
 * @example
 * import OpenAI from 'openai'
 *
 * const openai = new OpenAI()
 * const ask = (model: string) => (question: string) =>
 *   openai.chat.completions.create({ model, messages: [{ role: 'user', content: question }] })
 * const { comparison } = await abTest('smaller model', {
 *   cases: [{ input: 'What is the capital of France?', expected: 'Paris' }],
 *   baseline: ask('gpt-5'),
 *   candidate: ask('gpt-5-mini'),
 *   scorers: [includes()],
 * })
 */
export async function abTest<Input, Output, Expected = unknown>(
  name: string,
  options: AbTestOptions<Input, Output, Expected>,
): Promise<AbTest> {
  const { baseline, candidate, compare: how, files, run, cases, ...rest } = options
  for (const [option, target] of Object.entries({ baseline, candidate }))
    if (typeof target !== 'function') throw badOption('abTest()', option, 'a function of the input', target)
  // Read once: a source may be a stream, and both must try the same.
  const all: CaseSource<Input, Expected> = await collectCases(name, cases)
  const suite = (target: EvalTarget<Input, Output, Expected>): Promise<EvalRun> =>
    defineSuite<Input, Output, Expected>(name, { ...rest, cases: all, target }).run({
      ...run,
      ...(files && { file: target === baseline ? files.baseline : files.candidate }),
    })
  const [before, after] = await Promise.all([suite(baseline), suite(candidate)])
  return { baseline: before, candidate: after, comparison: compare(after, before, how) }
}
