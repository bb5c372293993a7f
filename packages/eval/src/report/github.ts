import { dollars, firstOf, interval, latency, points, score } from './figures.ts'
import { reportData, trustIn, type ReportInput } from './report-data.ts'

/** Markdown for the summary of a GitHub job or a comment on a pull request. */
export function githubSummary(input: ReportInput): string {
  const data = reportData(input)
  const { run, summary, comparison, warnings, gate } = data
  const compared = new Map(comparison?.metrics.map((metric) => [metric.scorer, metric]))
  const rows = summary.metrics.map((metric) => {
    const change = compared.get(metric.scorer)
    const mean = metric.mean
      ? `${score(metric.mean.mean)} ${interval(metric.mean.low, metric.mean.high)}`
      : 'nothing scored'
    const cells = [cell(metric.scorer), mean]
    if (comparison)
      cells.push(
        change
          ? `${points(change.difference.mean)} ${interval(change.difference.low, change.difference.high, points)}`
          : '',
        change ? (change.verdict === 'regressed' ? '**regressed**' : change.verdict) : '',
      )
    return `| ${[...cells, trustIn(metric.scorer, data) ?? ''].join(' | ')} |`
  })
  const head = comparison ? ['scorer', 'mean', 'difference, points', 'verdict', ''] : ['scorer', 'mean', '']
  const changed = (comparison?.cases ?? [])
    .filter(({ status }) => status === 'broken' || status === 'healed')
    .slice(0, 10)
  return [
    `### ${cell(run.header.suite)}: ${comparison ? comparison.verdict : `${summary.cases} cases`}`,
    '',
    `| ${head.join(' | ')} |`,
    `| ${head.map(() => '---').join(' | ')} |`,
    ...rows,
    '',
    `${summary.cases} cases, ${summary.trials} trials; p50 ${latency(summary.latencyMs.p50)}; ${dollars(summary.targetNanoUsd)}, judges ${dollars(summary.judgeNanoUsd)}.`,
    ...changed.map(
      ({ id, scorer, status, history, candidate }) =>
        `- ${status}: ${cell(id)} by ${cell(scorer)} (${history.passed}/${history.trials} → ${candidate.passed}/${candidate.trials})`,
    ),
    ...warnings.map(({ message }) => `- warning: ${cell(message)}`),
    ...firstOf(gate?.reasons ?? [], 10).map((reason) => `- gate: ${cell(reason)}`),
    '',
  ].join('\n')
}

/** Text that comes from data, as text: nothing in it is Markdown, HTML, a link, a formula, or a mention of anyone. */
function cell(text: string): string {
  return (
    text
      .slice(0, 200)
      .replaceAll(/\p{C}+/gu, ' ')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll(/[\\`*_{}[\]()+!|~$]/g, reference)
      // GitHub looks for people, issues and addresses in the finished page, where a reference is its character again.
      .replaceAll(/[@#]/g, (mark) => `${reference(mark)}&#8203;`)
      .replaceAll('://', '&#58;&#8203;//')
      .replaceAll(/\bwww\./gi, (start) => `${start.slice(0, -1)}&#8203;.`)
  )
}

function reference(mark: string): string {
  return `&#${mark.codePointAt(0)};`
}
