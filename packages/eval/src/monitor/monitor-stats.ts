import type { Score } from '../score/scorer.ts'
import type { Alarm } from './alarms.ts'
import type { Drift } from './drift.ts'
import { weightedMean, type WeightedMean, type WeightedMeanGatherer } from './weighted-mean.ts'
import type { WorkQueue } from './work-queue.ts'

/** What one scorer said of one group of calls so far. */
export interface MonitorScorerStats extends WeightedMean {
  readonly scorer: string
  readonly stratum: string
  readonly unscored: Readonly<Record<string, number>>
  readonly errored: number
}

/** Figures of a monitor since it was made. */
export interface MonitorStats {
  /** Calls that passed with an answer and might have been drawn. */
  readonly seen: number
  readonly evaluated: number
  /** Calls that were drawn and given up because too many waited. */
  readonly dropped: number
  readonly waiting: number
  readonly judgeNanoUsd: number
  /** Failures of `onResult`, `onAlarm` and the like. */
  readonly listenerFailures: number
  readonly scorers: readonly MonitorScorerStats[]
  readonly alarms: readonly Pick<Alarm, 'level' | 'scorer' | 'stratum'>[]
  readonly drift: Drift | undefined
}

export interface MonitorCounts {
  seen(): void
  add(scorer: string, stratum: string, score: Score, probability: number): void
  listenerFailed(): void
  read(drift: Drift | undefined): MonitorStats
  prometheus(): string
}

interface Counted {
  readonly scorer: string
  readonly stratum: string
  readonly mean: WeightedMeanGatherer
  readonly unscored: Record<string, number>
  readonly buckets: number[]
  labels: Record<string, number>
  errored: number
  total: number
}

const bounds = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1] as const

/** @param active which alarms are on. */
export function createMonitorCounts(queue: WorkQueue, active: () => MonitorStats['alarms']): MonitorCounts {
  const groups = new Map<string, Counted>()
  let [seen, evaluated, failures, judgeNanoUsd] = [0, 0, 0, 0]

  const groupOf = (scorer: string, stratum: string): Counted => {
    const key = JSON.stringify([scorer, stratum])
    let group = groups.get(key)
    if (!group) {
      group = {
        scorer,
        stratum,
        mean: weightedMean(),
        unscored: {},
        buckets: bounds.map(() => 0),
        labels: {},
        errored: 0,
        total: 0,
      }
      groups.set(key, group)
    }
    return group
  }
  const read = (drift: Drift | undefined): MonitorStats => ({
    seen,
    evaluated,
    dropped: queue.dropped,
    waiting: queue.waiting,
    judgeNanoUsd,
    listenerFailures: failures,
    scorers: [...groups.values()].map(({ scorer, stratum, mean, unscored, errored }) => ({
      scorer,
      stratum,
      ...mean.read(),
      unscored: { ...unscored },
      errored,
    })),
    alarms: active(),
    drift,
  })

  return {
    seen: () => void (seen += 1),
    listenerFailed: () => void (failures += 1),
    add(scorer, stratum, score, probability) {
      const group = groupOf(scorer, stratum)
      judgeNanoUsd += score.costNanoUsd ?? 0
      // Every scorer sees every call that is evaluated: the first one's count is theirs.
      if (groups.values().next().value?.scorer === scorer) evaluated += 1
      if (score.status === 'errored') group.errored += 1
      else if (score.status === 'unscored') group.unscored[score.reason] = (group.unscored[score.reason] ?? 0) + 1
      else {
        group.mean.add(score.score, probability)
        group.total += score.score
        const label = score.label ?? ''
        group.labels[label] = (group.labels[label] ?? 0) + 1
        for (const [index, bound] of bounds.entries())
          if (score.score <= bound) group.buckets[index] = (group.buckets[index] as number) + 1
      }
    },
    read,
    prometheus: () => exposition([...groups.values()], read(undefined)),
  }
}

/** Prometheus' text format, version 0.0.4. */
function exposition(groups: readonly Counted[], stats: MonitorStats): string {
  const lines: string[] = []
  const metric = (name: string, type: string, help: string): void =>
    void lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`)
  const sample = (name: string, labels: Readonly<Record<string, string>>, value: number): void => {
    const text = Object.entries(labels).map(([label, of]) => `${label}="${escaped(of)}"`)
    lines.push(`${name}${text.length > 0 ? `{${text.join(',')}}` : ''} ${value}`)
  }
  metric('eval_results_total', 'counter', 'Scores by scorer and label.')
  for (const { scorer, stratum, labels } of groups)
    for (const [label, count] of Object.entries(labels)) sample('eval_results_total', { scorer, stratum, label }, count)
  metric('eval_score', 'histogram', 'Scores from 0 to 1, unweighted.')
  for (const { scorer, stratum, buckets, mean, total } of groups) {
    for (const [index, count] of buckets.entries())
      sample('eval_score_bucket', { scorer, stratum, le: String(bounds[index]) }, count)
    const { n } = mean.read()
    sample('eval_score_bucket', { scorer, stratum, le: '+Inf' }, n)
    sample('eval_score_sum', { scorer, stratum }, total)
    sample('eval_score_count', { scorer, stratum }, n)
  }
  metric('eval_score_mean', 'gauge', 'Mean score of all traffic, weighted by how calls were drawn.')
  for (const { scorer, stratum, mean } of groups) {
    const value = mean.read().mean
    if (value !== undefined) sample('eval_score_mean', { scorer, stratum }, value)
  }
  metric('eval_unscored_total', 'counter', 'Calls without a score, by reason.')
  for (const { scorer, stratum, unscored, errored } of groups)
    for (const [reason, count] of Object.entries({ ...unscored, ...(errored > 0 && { errored }) }))
      sample('eval_unscored_total', { scorer, stratum, reason }, count)
  metric('eval_alarm', 'gauge', 'Alarms that are on.')
  for (const { level, scorer, stratum } of stats.alarms) sample('eval_alarm', { level, scorer, stratum }, 1)
  metric('eval_cost_usd_total', 'counter', 'What judges cost.')
  sample('eval_cost_usd_total', { role: 'judge' }, stats.judgeNanoUsd / 1e9)
  metric('eval_dropped_total', 'counter', 'Calls that were drawn and not evaluated, because too many waited.')
  sample('eval_dropped_total', {}, stats.dropped)
  return `${lines.join('\n')}\n`
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
