import { passMark } from '../compare/summarise.ts'
import type { TrialRecord } from '../suite/trial.ts'
import { score as figure } from './figures.ts'
import { reportData, type ReportInput } from './report-data.ts'

/**
 * JUnit XML: one test case a case, by its id, whatever its place in the suite or its number of repeats, so that histories of
 * CI systems follow it; and one a compared scorer, `verdict.<scorer>`, which fails when it regressed.
 */
export function junitReport(input: ReportInput): string {
  const { run, comparison, summary } = reportData(input)
  const suite = run.header.suite
  const byCase = Map.groupBy(run.trials, ({ id }) => id)
  const broken = new Set(comparison?.cases.flatMap(({ id, status }) => (status === 'broken' ? [id] : [])))
  const cases = [...byCase].map(([id, trials]) => caseXml(suite, id, trials, broken.has(id)))
  const verdicts = (comparison?.metrics ?? []).map(({ scorer, verdict, difference }) => {
    const words = `${scorer}: ${verdict}, ${figure(difference.mean)} [${figure(difference.low)}, ${figure(difference.high)}]`
    const body = verdict === 'regressed' ? `<failure message="${escaped(words)}"/>` : ''
    return element(suite, `verdict.${scorer}`, 0, body)
  })
  const all = [...cases, ...verdicts]
  const failures = all.filter((text) => text.includes('<failure')).length
  const errors = all.filter((text) => text.includes('<error')).length
  const skipped = all.filter((text) => text.includes('<skipped')).length
  const properties = summary.metrics.flatMap(({ scorer, mean }) =>
    mean
      ? [
          `<property name="${escaped(`score.${scorer}`)}" value="${figure(mean.mean)} [${figure(mean.low)}, ${figure(mean.high)}]"/>`,
        ]
      : [],
  )
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites tests="${all.length}" failures="${failures}" errors="${errors}" skipped="${skipped}">`,
    `<testsuite name="${escaped(suite)}" tests="${all.length}" failures="${failures}" errors="${errors}" skipped="${skipped}">`,
    `<properties>${properties.join('')}</properties>`,
    ...all,
    '</testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function caseXml(suite: string, id: string, trials: readonly TrialRecord[], isBroken: boolean): string {
  const seconds = trials.reduce((sum, { measures }) => sum + measures.latencyMs, 0) / 1_000
  const errors = trials.filter(({ error }) => error)
  const scores = trials.flatMap((trial) => Object.entries(trial.scores))
  const failed = scores.filter(([scorer, score]) => score.status === 'scored' && score.score < passMark(0.5, scorer))
  const words = `${failed.length} of ${scores.length} scores failed in ${trials.length} trials`
  if (errors.length > 0)
    return element(
      suite,
      id,
      seconds,
      `<error message="${escaped(errors[0]?.error?.code ?? errors[0]?.error?.name ?? 'error')}: ${errors.length} of ${trials.length} trials"/>`,
    )
  if (scores.every(([, score]) => score.status !== 'scored'))
    return element(suite, id, seconds, '<skipped message="unscored"/>')
  // A flaky case is no failure of the build: only one that broke, or never passes.
  if (isBroken || failed.length === scores.length)
    return element(suite, id, seconds, `<failure message="${escaped(words)}"/>`)
  return element(suite, id, seconds, failed.length > 0 ? `<system-out>${escaped(words)}</system-out>` : '')
}

function element(suite: string, name: string, seconds: number, body: string): string {
  const head = `<testcase classname="${escaped(suite)}" name="${escaped(name)}" time="${seconds.toFixed(3)}"`
  return body === '' ? `${head}/>` : `${head}>${body}</testcase>`
}

/**
 * Text inside XML: its characters that mean something, and those that an attribute would make spaces of, are written as
 * references; those that XML 1.0 cannot hold by their number, so that two names never become one.
 */
function escaped(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, (character) => {
      const hex = (character.codePointAt(0) as number).toString(16).padStart(4, '0')
      return `\\u${hex}`
    })
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll(/[\t\n\r]/g, (space) => `&#${space.codePointAt(0)};`)
}
