import { type DetectorFigures, type SourceFigures, wilson } from './measure.ts'

/** The figures of a detector as a text for people. It holds none of the texts. */
export function render(figures: DetectorFigures): string {
  const { guard, texts, actions, rules, bySource, total, failed, ms, costNanoUsd, goodFoundAt } = figures
  const rows = bySource.length > 1 ? [...bySource, total] : [total]
  const hasLabels = total.bad > 0
  return [
    `${guard}: ${texts} texts, ${counts(actions)}${failed > 0 ? `, ${failed} checks FAILED` : ''}`,
    table([
      [
        'source',
        ...(hasLabels ? ['bad', 'recall'] : []),
        'good',
        'false positives',
        ...(hasLabels ? ['precision'] : []),
      ],
      ...rows.map((row) => [
        row.source,
        ...(hasLabels ? [String(row.bad), shareOf(row.badFound, row.bad)] : []),
        String(row.good),
        shareOf(row.goodFound, row.good),
        ...(hasLabels ? [precision(row)] : []),
      ]),
    ]),
    ...(Object.keys(rules).length > 0 ? [`  rules: ${counts(rules)}`] : []),
    ...(goodFoundAt.length > 0
      ? [
          `  found, not labelled bad: ${goodFoundAt.length === 1 ? 'line' : 'lines'} ${goodFoundAt.join(', ')}${goodFoundAt.length >= 20 ? ', …' : ''}`,
        ]
      : []),
    `  time: mean ${milliseconds(ms.mean)}, p50 ${milliseconds(ms.p50)}, p99 ${milliseconds(ms.p99)}, longest ${milliseconds(ms.max)}`,
    ...(costNanoUsd > 0 ? [`  cost: ${(costNanoUsd / 1e9).toFixed(6)} USD`] : []),
  ].join('\n')
}

function precision({ badFound, goodFound }: SourceFigures): string {
  return shareOf(badFound, badFound + goodFound)
}

function shareOf(hits: number, all: number): string {
  if (all === 0) return '-'
  const { share, low, high } = wilson(hits, all)
  return `${percent(share)} (${percent(low)} to ${percent(high)})`
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share > 0 && share < 0.1 ? 2 : 1)} %`
}

function milliseconds(ms: number): string {
  return ms < 1 ? `${(ms * 1_000).toFixed(0)} µs` : `${ms.toFixed(1)} ms`
}

function counts(of: Readonly<Record<string, number>>): string {
  return Object.entries(of)
    .sort((a, b) => b[1] - a[1])
    .map(([name, count]) => `${count} ${name}`)
    .join(', ')
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] as readonly string[]).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  )
  return rows
    .map(
      (row) =>
        `  ${row
          .map((cell, column) => cell.padEnd(widths[column] as number))
          .join('  ')
          .trimEnd()}`,
    )
    .join('\n')
}
