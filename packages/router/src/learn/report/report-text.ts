import type { Interval } from '../bootstrap.ts'
import type { RoutingReport } from './routing-report.ts'

/** The report as a table of plain text, money in US dollars. */
export function reportText(report: Omit<RoutingReport, 'toText'>): string {
  const { policies, current, moneyLeft, rows, incomplete, confidence } = report
  const percent = `${+(confidence * 100).toFixed(1)} %`
  const lines = [
    `${rows} requests${incomplete > 0 ? `, ${incomplete} left out for want of a model` : ''}; intervals ${percent}`,
  ]
  const width = Math.max(34, ...(policies[0]?.evaluation.singles ?? []).map(({ id }) => id.length + 2))
  const line = (name: string, ...cells: (string | undefined)[]): void => {
    lines.push((name.padEnd(width) + cells.map((cell) => (cell ?? '').padStart(12)).join('')).trimEnd())
  }
  const evaluation = policies[0]?.evaluation
  line('', 'score', '$ / 1,000', 'APGR', 'interval', 'CPT50', 'CPT80', 'AIQ', 'CostSave')
  for (const { id, score, costUsd, onHull } of evaluation?.singles ?? [])
    line(id, number(score), money(costUsd), onHull === false ? 'dominated' : '')
  if (evaluation?.hull) line('hull of the singles', '', '', '', '', '', '', number(evaluation.hull.aiq))
  if (current) line('current policy', number(current.score), money(current.costUsd))
  if (evaluation) {
    const { random, oracle, weak, strong } = evaluation
    lines.push(`between ${weak} and ${strong}:`)
    line('random', '', '', number(random.apgr), '', number(random.cpt50), number(random.cpt80), number(random.aiq))
    for (const policy of policies) {
      const { apgr, cpt50, cpt80, aiq, costSave, intervals } = policy.evaluation
      line(
        `${policy.name}, held out`,
        '',
        '',
        number(apgr),
        range(intervals.apgr),
        number(cpt50),
        number(cpt80),
        number(aiq),
        costSave === undefined ? '' : `${(costSave * 100).toFixed(1)} %`,
      )
    }
    line(
      'oracle',
      number(oracle.score),
      '',
      number(oracle.apgr),
      '',
      number(oracle.cpt50),
      number(oracle.cpt80),
      number(oracle.aiq),
    )
  }
  if (moneyLeft) {
    const { baseline, totalUsd, totalInterval, scoreChange, scoreChangeInterval } = moneyLeft
    lines.push(
      `Left on the table, beside ${baseline.name}: $${digits(totalUsd)} (${digits(totalInterval.low)} to ${digits(totalInterval.high)}) of $${digits(baseline.costUsd * rows)}, at a change in score of ${number(scoreChange)} (${range(scoreChangeInterval)})`,
    )
  }
  return lines.join('\n')
}

function number(value: number | undefined): string {
  return value === undefined || !Number.isFinite(value) ? '' : value.toFixed(3)
}

function money(costUsd: number | undefined): string {
  return costUsd === undefined ? '' : digits(costUsd * 1_000)
}

function digits(value: number): string {
  return Number.isFinite(value) ? String(+value.toPrecision(3)) : '?'
}

function range(interval: Interval | undefined): string {
  return interval && Number.isFinite(interval.low) ? `${interval.low.toFixed(2)}…${interval.high.toFixed(2)}` : ''
}
