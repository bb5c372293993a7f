import { addUsage, usageOf, type CallReport, type Meter, type Usage } from '@sluice/core'
import { latencySummary, type LatencySummary } from '@sluice/eval'
import type { CallResult } from './run.ts'

/** What a run comes to, in numbers. */
export interface Tally {
  readonly calls: {
    readonly whole: number
    readonly streamed: number
    readonly answered: number
    readonly failed: number
    readonly cancelled: number
  }
  /** How often the application saw which error. */
  readonly errors: Counts
  /** Requests that went to the provider. */
  readonly wireCalls: number
  readonly guards: { readonly redactedCalls: number; readonly entities: Counts }
  readonly cache: {
    readonly hitsWhole: number
    readonly hitsStreamed: number
    readonly decisions: Counts
    readonly skipped: Counts
  }
  readonly retry: { readonly reasons: Counts; readonly calls: number; readonly saved: number; readonly givenUp: Counts }
  /** Tokens of answers that the provider gave, and what they cost. */
  readonly usage: Usage
  readonly costNanoUsd: Partial<Record<Meter, number>>
  readonly savedNanoUsd: number
  readonly latencies: readonly Latency[]
}

/** One row of the table: the time to the first token of streamed calls, or to the end of any call. */
export interface Latency {
  readonly label: string
  readonly summary: LatencySummary
}

/** Counts by name, the most frequent first. */
export type Counts = readonly (readonly [name: string, count: number])[]

/** Adds up what the application saw and what the reports say. */
export function tally(results: readonly CallResult[], reports: readonly CallReport[]): Tally {
  const of = (outcome: CallResult['outcome']): number => results.filter((result) => result.outcome === outcome).length
  const streamed = results.filter(({ isStream }) => isStream).length
  // A call that was answered without the provider has cost nothing.
  const billed = reports.filter(({ attempts }) => attempts.length > 0)
  const ended = reports.filter(({ outcome }) => outcome === 'ok')
  const hits = ended.filter((report) => did(report, 'cache', 'hit'))
  const misses = ended.filter((report) => !did(report, 'cache', 'hit'))
  return {
    calls: {
      whole: results.length - streamed,
      streamed,
      answered: of('answered'),
      failed: of('failed'),
      cancelled: of('cancelled'),
    },
    errors: counted(results.flatMap(({ error }) => error ?? [])),
    wireCalls: reports.reduce((sum, { attempts }) => sum + attempts.length, 0),
    guards: guardsOf(reports),
    cache: {
      hitsWhole: hits.filter(({ isStream }) => !isStream).length,
      hitsStreamed: hits.filter(({ isStream }) => isStream).length,
      decisions: counted(decisionsOf(reports, 'cache').map(({ action }) => action)),
      skipped: counted(decisionsOf(reports, 'cache', 'skip').map(({ reason = '' }) => reason)),
    },
    retry: retryOf(reports),
    usage: billed.reduce((sum, { usage }) => (usage ? addUsage(sum, usage) : sum), usageOf({})),
    costNanoUsd: costOf(billed),
    savedNanoUsd: decisionsOf(reports, 'cache').reduce((sum, { savedNanoUsd = 0 }) => sum + savedNanoUsd, 0),
    latencies: [
      latency('first token, from the provider', misses, 'ttftMs', true),
      latency('first token, from the cache', hits, 'ttftMs', true),
      latency('whole answer, from the provider', misses, 'totalMs'),
      latency('whole answer, from the cache', hits, 'totalMs'),
    ],
  }
}

function guardsOf(reports: readonly CallReport[]): Tally['guards'] {
  const entities = decisionsOf(reports, 'guards', 'redact').flatMap(({ details }) =>
    Object.entries(details?.['rules'] as Record<string, number>).flatMap(([entity, count]) =>
      Array.from({ length: count }, () => entity),
    ),
  )
  return {
    redactedCalls: reports.filter((report) => did(report, 'guards', 'redact')).length,
    entities: counted(entities),
  }
}

function retryOf(reports: readonly CallReport[]): Tally['retry'] {
  const retried = reports.filter((report) => did(report, 'retry', 'retry'))
  return {
    reasons: counted(decisionsOf(reports, 'retry', 'retry').map(({ reason = '' }) => reason)),
    calls: retried.length,
    saved: retried.filter(({ outcome }) => outcome === 'ok').length,
    givenUp: counted(decisionsOf(reports, 'retry', 'give_up').map(({ reason = '' }) => reason)),
  }
}

function costOf(reports: readonly CallReport[]): Partial<Record<Meter, number>> {
  const total: Partial<Record<Meter, number>> = {}
  for (const [meter, nanoUsd] of reports.flatMap(
    ({ cost }) => Object.entries(cost?.byMeter ?? {}) as [Meter, number][],
  ))
    total[meter] = (total[meter] ?? 0) + nanoUsd
  return total
}

function latency(
  label: string,
  reports: readonly CallReport[],
  timing: 'ttftMs' | 'totalMs',
  isStream?: boolean,
): Latency {
  const samples = reports.filter((report) => isStream === undefined || report.isStream === isStream)
  return { label, summary: latencySummary(samples.flatMap(({ timings }) => timings[timing] ?? [])) }
}

function decisionsOf(reports: readonly CallReport[], by: string, action?: string): CallReport['decisions'] {
  return reports.flatMap(({ decisions }) =>
    decisions.filter((each) => each.by === by && (action ?? each.action) === each.action),
  )
}

function did(report: CallReport, by: string, action: string): boolean {
  return report.decisions.some((decision) => decision.by === by && decision.action === action)
}

function counted(names: readonly string[]): Counts {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts].toSorted(([a, many], [b, more]) => more - many || (a < b ? -1 : 1))
}
