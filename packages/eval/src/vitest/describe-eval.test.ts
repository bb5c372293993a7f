import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { bareEnvironment } from '../../fixtures/command.ts'
import { readRun } from '../suite/run-log.ts'
import { describeEval } from './describe-eval.ts'

const folder = fileURLToPath(new URL('../../fixtures/vitest', import.meta.url))
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')

interface Outcome {
  readonly code: number | null
  readonly tests: Readonly<Record<string, string>>
  readonly messages: string
}

/** Runs the suite of the fixture in a vitest of its own. */
async function runVitest(env: Readonly<Record<string, string>>): Promise<Outcome> {
  const report = join(mkdtempSync(join(tmpdir(), 'described-')), 'report.json')
  const args = [vitest, 'run', '--root', folder, '--reporter=json', `--outputFile=${report}`]
  const code = await new Promise<number | null>((resolve, reject) => {
    const child = spawn(process.execPath, args, { env: { ...bareEnvironment, ...env }, stdio: 'ignore' })
    child.on('error', reject)
    child.on('close', resolve)
  })
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as {
    readonly testResults: readonly {
      readonly message: string
      readonly assertionResults: readonly {
        readonly title: string
        readonly ancestorTitles: readonly string[]
        readonly status: string
        readonly failureMessages: readonly string[]
      }[]
    }[]
  }
  const results = testResults.flatMap(({ assertionResults }) => assertionResults)
  for (const { ancestorTitles } of results) expect(ancestorTitles).toEqual(['described'])
  return {
    code,
    tests: Object.fromEntries(results.map(({ title, status }) => [title, status])),
    messages: [
      ...testResults.map(({ message }) => message),
      ...results.flatMap(({ failureMessages }) => failureMessages),
    ].join('\n'),
  }
}

it('is a test for each case, under its id as it stands, and one for the suite', async () => {
  const { code, tests, messages } = await runVitest({ PASS_AT: '1' })
  expect(code).toBe(1)
  expect(tests).toEqual({
    good: 'passed',
    '%s %d $name $0': 'passed',
    half: 'failed',
    bad: 'failed',
    throws: 'failed',
    '"><b>': 'passed',
    'is no worse than it may be': 'passed',
  })
  expect(messages).toContain('the target failed')
  expect(messages).toContain('no answer')
})

it('takes marks by scorer, and leaves cases alone that are not run', async () => {
  const { tests } = await runVitest({ PASS_AT: '{"includes":1}' })
  expect(tests).toMatchObject({ half: 'passed', bad: 'failed' })
  const only = await runVitest({ PASS_AT: '1', ONLY: 'good' })
  expect(only.code).toBe(0)
  expect(only.tests).toMatchObject({ good: 'passed', bad: 'skipped' })
})

it('fails as the gate does, and against a baseline', async () => {
  const unscored = await runVitest({ MAX_UNSCORED: '0.02' })
  expect(unscored.tests).toMatchObject({ good: 'passed', bad: 'passed', 'is no worse than it may be': 'failed' })
  expect(unscored.messages).toContain('scored too few: 16.7 % of 6 trials')
  const baseline = join(mkdtempSync(join(tmpdir(), 'described-')), 'baseline.jsonl')
  const missing = await runVitest({ BASELINE: baseline })
  expect(missing.tests).toMatchObject({ 'is no worse than it may be': 'passed' })
  // Of scorers that this suite does not have.
  writeFileSync(baseline, readFileSync(new URL('../../fixtures/vitest/other-versions.jsonl', import.meta.url)))
  expect(readRun(baseline).header.suite).toBe('described')
  const other = await runVitest({ BASELINE: baseline })
  expect(other.tests).toMatchObject({ 'is no worse than it may be': 'failed' })
  expect(other.messages).toContain('The scorers exact, includes have other versions in the baseline')
})

it('refuses options before anything runs', async () => {
  await expect(describeEval({} as never, { passAt: 2 })).rejects.toThrow('"passAt" must be a number from 0 to 1, got 2')
  await expect(describeEval({} as never, { baselin: 'x' } as never)).rejects.toThrow('"baselin" must be left out')
})
