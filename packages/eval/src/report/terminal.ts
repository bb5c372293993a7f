import { stripVTControlCharacters, styleText } from 'node:util'
import { checkNames } from '../eval-error.ts'
import type { CaseChange } from '../compare/case-changes.ts'
import type { MetricComparison } from '../compare/compare.ts'
import type { MetricSummary } from '../compare/summarise.ts'
import type { Verdict } from '../compare/verdict.ts'
import { dollars, firstOf, interval, latency, points, pValue, score } from './figures.ts'
import { reportData, trustIn, type ReportData, type ReportInput } from './report-data.ts'

export interface TerminalOptions {
  /** Whether decided verdicts are coloured. @default whether NO_COLOR is unset and the output is a terminal */
  readonly color?: boolean
  /** How many changed cases are listed. @default 10 */
  readonly cases?: number
}

type Paint = (style: 'red' | 'green' | 'yellow' | 'bold' | 'dim', text: string) => string

/**
 * A run on one screen, however many cases it has: a line a scorer, latency and cost, the cases that changed, warnings, the
 * verdict, and what would settle it. Only what is decided is coloured.
 *
 * @throws {SluiceError} `config.option`
 */
export function terminalReport(input: ReportInput, options: TerminalOptions = {}): string {
  checkNames('terminalReport()', options, ['color', 'cases'])
  const { color = !process.env['NO_COLOR'] && process.stdout.isTTY === true, cases: most = 10 } = options
  const paint: Paint = (style, text) => (color ? styleText(style, text, { validateStream: false }) : text)
  const data = reportData(input)
  const { comparison, gate } = data
  return [
    title(data, paint),
    ...table(metricLines(data, paint)),
    ...tail(data),
    ...(comparison ? changeLines(comparison.cases, most, paint) : []),
    ...data.warnings.map(
      ({ message, about = [] }) =>
        `  ${paint('yellow', 'warning')}: ${plain(message, sentence)}${about.length > 0 ? ` ${about.slice(0, 3).map(plain).join(', ')}${about.length > 3 ? ', …' : ''}` : ''}`,
    ),
    ...firstOf(gate?.reasons ?? [], mostReasons).map((reason) => `  gate: ${plain(reason, sentence)}`),
    ...(comparison ? [verdictLine(comparison.verdict, comparison.metrics, paint)] : []),
    '',
  ].join('\n')
}

function title({ run, summary, comparison, baseline }: ReportData, paint: Paint): string {
  const repeats = summary.cases > 0 ? summary.trials / summary.cases : 0
  const size = `${summary.cases} cases${repeats > 1 ? ` × ${Number(repeats.toFixed(1))}` : ''}`
  const judges = summary.judgeNanoUsd > 0 ? `, judges ${dollars(summary.judgeNanoUsd)}` : ''
  const cached = summary.cached > 0 ? `, ${summary.cached} from cache` : ''
  const against = comparison ? `   against ${plain(labelOf(baseline?.header.labels) ?? 'baseline')}` : ''
  return `${paint('bold', plain(run.header.suite))}   ${size}${against}   ${dollars(summary.targetNanoUsd)}${judges}${cached}`
}

function labelOf(labels: Readonly<Record<string, string>> | undefined): string | undefined {
  return labels && Object.values(labels)[0]
}

function metricLines(data: ReportData, paint: Paint): string[][] {
  const compared = new Map(data.comparison?.metrics.map((metric) => [metric.scorer, metric]))
  const lines = data.summary.metrics.map((metric) => {
    const { mean } = metric
    const change = compared.get(metric.scorer)
    return [
      plain(metric.scorer),
      mean ? `${score(mean.mean)} ${interval(mean.low, mean.high)}` : 'nothing scored',
      ...(change ? differenceCells(change, paint) : []),
      [missing(metric), reliability(metric), trustIn(metric.scorer, data)].filter(Boolean).join('; '),
    ]
  })
  const answered = compared.get('answered')
  if (answered) lines.push(['answered', score(answered.candidate.mean), ...differenceCells(answered, paint), ''])
  return lines
}

function differenceCells(metric: MetricComparison, paint: Paint): string[] {
  const { difference, verdict, margin, adjustedP } = metric
  const move = `${points(difference.mean)} pts ${interval(difference.low, difference.high, points)}`
  if (verdict === 'regressed') return [move, paint('red', `REGRESSED ${pValue(adjustedP)}`)]
  if (verdict === 'improved') return [move, paint('green', 'improved')]
  return [
    move,
    verdict === 'inconclusive'
      ? 'inconclusive'
      : `not worse${margin > 0 ? ` (margin ${points(margin).slice(1)})` : ''}`,
  ]
}

function missing({ unscored, errored }: MetricSummary): string {
  const reasons = Object.entries(unscored).map(([reason, count]) => `${count} ${plain(reason)}`)
  if (errored > 0) reasons.push(`${errored} errored`)
  return reasons.length > 0 ? `unscored: ${reasons.join(', ')}` : ''
}

function reliability({ repeats }: MetricSummary): string {
  const last = repeats.at(-1)
  return last ? `pass@${last.k} ${score(last.passAtK)}, pass^${last.k} ${score(last.passHatK)}` : ''
}

function tail({ summary, before, comparison }: ReportData): string[] {
  const { latencyMs, costNanoUsd } = summary
  const lines = [`  p50 ${latency(latencyMs.p50)}   p95 ${latency(latencyMs.p95)}   p99 ${latency(latencyMs.p99)}`]
  if (costNanoUsd) {
    const was = before?.costNanoUsd ? `${dollars(before.costNanoUsd.mean)} → ` : ''
    const change = comparison?.costNanoUsd
    const move = change ? `   change ${dollars(change.mean)} ${interval(change.low, change.high, dollars)}` : ''
    lines.push(`  cost of a request ${was}${dollars(costNanoUsd.mean)}${move}`)
  }
  return lines
}

function changeLines(cases: readonly CaseChange[], most: number, paint: Paint): string[] {
  const lines = cases.slice(0, most).map((change) => {
    const { id, scorer, status, history, candidate, q } = change
    const moved = `${history.passed}/${history.trials} → ${candidate.passed}/${candidate.trials}`
    const text = `${status}: ${plain(id)} by ${plain(scorer)} (${moved}${status === 'broken' || status === 'healed' ? `, q = ${q.toFixed(4)}` : ''})`
    return `  ${status === 'broken' ? paint('red', text) : status === 'healed' ? paint('green', text) : text}`
  })
  if (cases.length > most) lines.push(`  and ${cases.length - most} more`)
  return lines
}

function verdictLine(verdict: Verdict, metrics: readonly MetricComparison[], paint: Paint): string {
  const of = metrics.filter((metric) => metric.verdict === verdict).map(({ scorer }) => plain(scorer))
  const words = `verdict: ${verdict === 'regressed' ? 'REGRESSED' : verdict}${verdict === 'not-worse' ? '' : ` on ${of.join(', ')}`}`
  const style = verdict === 'regressed' ? 'red' : verdict === 'inconclusive' ? 'yellow' : 'green'
  const sees = metrics.map(({ scorer, detectable }) => `${plain(scorer)} ${points(detectable).slice(1)}`).join(', ')
  const settle = metrics.flatMap(({ scorer, settle: how }) => {
    if (!how) return []
    const ways = [how.cases && `${how.cases} cases`, how.repeats && `${how.repeats} repeats`].filter(Boolean)
    return [`${plain(scorer)}: ${ways.length > 0 ? ways.join(' or ') : 'no number of cases, it lies on the margin'}`]
  })
  return [
    paint(style, words),
    `  falls that this comparison sees (80 %), in points: ${sees}`,
    ...(settle.length > 0 ? [`  what would settle it: ${settle.join('; ')}`] : []),
  ].join('\n')
}

/** Columns of equal width; the last is left as it is. */
function table(lines: readonly (readonly string[])[]): string[] {
  const widths = lines.reduce<number[]>(
    (most, line) => line.map((cell, index) => Math.max(most[index] ?? 0, visible(cell))),
    [],
  )
  return lines.map((line) =>
    `  ${line.map((cell, index) => (index < line.length - 1 ? cell + ' '.repeat(Math.max(0, (widths[index] ?? 0) - visible(cell))) : cell)).join('   ')}`.trimEnd(),
  )
}

function visible(text: string): number {
  return stripVTControlCharacters(text).length
}

const sentence = 240
const mostReasons = 6

/** Names come from data: no control characters of theirs reach a terminal. */
function plain(text: string, longest = 80): string {
  return text.slice(0, longest).replaceAll(/\p{C}+/gu, ' ')
}
