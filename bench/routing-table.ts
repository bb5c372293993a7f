import { evaluateRouting } from '@sluice/router'
import type { Interval, RoutingEvaluation, RoutingOutcome } from '@sluice/router'
import type { Published } from './routing-data.ts'
import type { TestedPolicy } from './routing-policies.ts'

export interface Compared {
  readonly weak: string
  readonly strong: string
  readonly costsUsd?: Readonly<Record<string, number>>
}

export interface Row {
  readonly name: string
  readonly apgr: number
  readonly interval: Interval
}

/**
 * Evaluates policies on a pair and prints them below singles, oracle and random. A figure is the mean over the repeats,
 * an interval the mean of their bootstrap intervals.
 */
export function compare(
  title: string,
  outcomes: readonly RoutingOutcome[],
  policies: readonly TestedPolicy[],
  pair: Compared,
): readonly Row[] {
  const indexOf = new Map(outcomes.map(({ id }, index) => [id, index]))
  const tested = policies.map(({ name, preferences, answerOf }) => ({
    name,
    evaluations: preferences.map((column) =>
      evaluateRouting(outcomes, ({ id }) => column[indexOf.get(id) as number] as number, {
        ...pair,
        ...(answerOf !== undefined && { answerOf }),
        models: [pair.weak, pair.strong],
        resamples: 1_000,
      }),
    ),
  }))
  const first = tested[0]?.evaluations[0]
  if (!first) return []
  console.log(`\n${title}: ${first.rows} requests`)
  for (const { id, score, costUsd, onHull } of first.singles)
    console.log(
      `  ${id}: score ${score.toFixed(3)}${costUsd === undefined ? '' : `, $${(costUsd * 1_000).toPrecision(3)} a thousand`}${onHull === false ? ', dominated: pruned' : ''}`,
    )
  line('', ['APGR', '95 % interval', 'CPT50', 'CPT80', 'AIQ', 'CostSave'])
  if (first.hull)
    line(`hull of the singles (${first.hull.models.join(', ')})`, ['', '', '', '', figure(first.hull.aiq)])
  const { random, oracle } = first
  line('random', ['0.500', '', '0.500', '0.800', figure(random.aiq)])
  const rows = tested.map(({ name, evaluations }) => printed(name, evaluations))
  line('oracle', [figure(oracle.apgr), '', figure(oracle.cpt50), figure(oracle.cpt80), figure(oracle.aiq)])
  return rows
}

/** A line of published figures, to stand below our own. */
export function published(name: string, { apgr, cpt50, cpt80 }: Published): void {
  line(`published: ${name}`, [figure(apgr), '', figure(cpt50), figure(cpt80)])
}

function printed(name: string, evaluations: readonly RoutingEvaluation[]): Row {
  const mean = (of: (evaluation: RoutingEvaluation) => number | undefined): number =>
    evaluations.reduce((sum, evaluation) => sum + (of(evaluation) ?? Number.NaN), 0) / evaluations.length
  const apgr = mean((each) => each.apgr)
  const interval = { low: mean((each) => each.intervals.apgr?.low), high: mean((each) => each.intervals.apgr?.high) }
  const save = mean((each) => each.costSave)
  line(name, [
    figure(apgr),
    `${interval.low.toFixed(3)}…${interval.high.toFixed(3)}`,
    figure(mean((each) => each.cpt50)),
    figure(mean((each) => each.cpt80)),
    figure(mean((each) => each.aiq)),
    Number.isFinite(save) ? `${(save * 100).toFixed(1)} %` : '',
  ])
  return { name, apgr, interval }
}

function line(name: string, cells: readonly string[]): void {
  console.log(`  ${name.padEnd(58)}${cells.map((cell) => cell.padStart(15)).join('')}`.trimEnd())
}

function figure(value: number | undefined): string {
  return value === undefined || !Number.isFinite(value) ? '' : value.toFixed(3)
}
