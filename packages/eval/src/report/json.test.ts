import { expect, it } from 'vitest'
import { hostileTexts } from '../../fixtures/hostile-texts.ts'
import { runOf } from '../../fixtures/run-of.ts'
import { compare } from '../compare/compare.ts'
import { gate } from '../compare/gate.ts'
import { jsonReport } from './json.ts'

it('holds figures, comparison, gate and warnings, and no output', () => {
  const cases = hostileTexts.map((text) => ({ id: text, scores: [1], outputs: [`secret ${text}`] }))
  const run = runOf({ name: 'said', cases })
  const comparison = compare(run, run)
  const text = jsonReport({ run, baseline: run, comparison, gate: gate(run, comparison) })
  expect(text).not.toContain('secret')
  expect(JSON.parse(text)).toMatchObject({
    run: { suite: 'said', scorers: { pass: '1' } },
    ended: { ended: 'complete' },
    summary: { cases: hostileTexts.length, metrics: [{ scorer: 'pass', mean: { mean: 1 } }] },
    comparison: { verdict: 'not-worse', metrics: [{ scorer: 'pass', difference: { mean: 0 } }] },
    gate: { ok: true, exitCode: 0 },
    warnings: [{ name: 'few_cases' }],
  })
})
