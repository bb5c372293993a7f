import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { readOptions } from './options.ts'
import { isOfSuite } from './watch.ts'

const { flags } = readOptions(['suite.ts', '--html', 'out/report.html', '--junit', 'evals.xml', '--out', 'run.jsonl'])

it.each([
  ['suite.ts', true],
  ['prompts/greeting.md', true],
  ['cases.jsonl', true],
  ['.sluice-eval-notes.ts', true],
  ['out/prompt.ts', true],
  // What a run writes itself would set off another, and that one the next.
  ['.sluice-eval/runs/plain/now.jsonl', false],
  ['.sluice-eval', false],
  ['out/report.html', false],
  ['evals.xml', false],
  ['run.jsonl', false],
  ['node_modules/openai/index.js', false],
  ['.git/index', false],
  ['.gitignore', true],
])('a change of %s runs the suite again: %s', (path, isOne) => {
  expect(isOfSuite(resolve(path), flags)).toBe(isOne)
})
