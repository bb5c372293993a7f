import { addUsage, usageOf, type Attempt, type CallReport, type Usage } from '@sluice/core'
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
    /** By the budget of their tenant. */
    readonly refused: number
    /** By a guard. */
    readonly blocked: number
  }
  /** How often the application saw which error. */
  readonly errors: Counts
  /** Answers that are right, of those of which somebody knows. */
  readonly right: Share
  /** Requests that went to the provider. */
  readonly wireCalls: number
  /** Calls that a budget refused, by tenant. */
  readonly refused: Counts
  readonly guards: {
    readonly redactedCalls: number
    readonly entities: Counts
    /** Rules that warned, and rules that blocked. */
    readonly warned: Counts
    readonly blocked: Counts
  }
  readonly cache: {
    readonly hitsWhole: number
    readonly hitsStreamed: number
    /** Hits for a question that is alike, of all hits. */
    readonly hitsAlike: number
    /** Questions that were very much alike another and not given its answer, by what differs. */
    readonly vetoed: Counts
    readonly decisions: Counts
    readonly skipped: Counts
    readonly savedNanoUsd: number
    /** Of that, by hits for what is alike. */
    readonly savedAlikeNanoUsd: number
  }
  readonly cascade: {
    readonly calls: number
    /** Calls that the first step answered. */
    readonly accepted: number
    /** Of the accepted answers: those that are right, of those of which somebody knows. */
    readonly acceptedRight: Share
    readonly escalated: Counts
    /** Calls that got an answer that was turned down, because there was no other. */
    readonly fellBack: number
    /** What the accepted answers' tokens would have cost at the last step, less all that was paid to the first. */
    readonly savedNanoUsd: number
  }
  readonly router: {
    /** Targets by the calls that asked them first. */
    readonly first: Counts
    readonly retries: Counts
    readonly failovers: Counts
    /** Streams that broke and that another answer went on with. */
    readonly continued: Counts
    readonly givenUp: Counts
  }
  readonly targets: readonly TargetTally[]
  /** All that was paid for, tries that came to nothing included. */
  readonly costNanoUsd: number
  readonly latencies: readonly Latency[]
}

export interface Share {
  readonly part: number
  readonly all: number
}

/** What one target was asked and gave. */
export interface TargetTally {
  readonly target: string
  readonly requests: number
  /** Answers, or parts of them, that the application got. */
  readonly answered: number
  /** Answers that were not good enough. */
  readonly rejected: number
  readonly failed: number
  readonly usage: Usage
  readonly costNanoUsd: number
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
  const ended = reports.filter(({ outcome }) => outcome === 'ok')
  const hits = ended.filter((report) => did(report, 'cache', 'hit'))
  const misses = ended.filter((report) => !did(report, 'cache', 'hit'))
  const alike = decisionsOf(reports, 'cache', 'hit').filter(({ reason }) => reason === 'semantic')
  const sent = reports.flatMap(({ attempts }) => attempts.filter(isSent))
  return {
    calls: {
      whole: results.length - streamed,
      streamed,
      answered: of('answered'),
      failed: of('failed'),
      cancelled: of('cancelled'),
      refused: of('refused'),
      blocked: of('blocked'),
    },
    errors: counted(results.flatMap(({ error }) => error ?? [])),
    right: rightOf(results),
    wireCalls: sent.length,
    refused: counted(
      reports.flatMap((report) => (did(report, 'budget', 'refuse') ? [report.context.tenant ?? ''] : [])),
    ),
    guards: guardsOf(reports),
    cache: {
      hitsWhole: hits.filter(({ isStream }) => !isStream).length,
      hitsStreamed: hits.filter(({ isStream }) => isStream).length,
      hitsAlike: alike.length,
      vetoed: vetoesOf(reports),
      decisions: counted(decisionsOf(reports, 'cache').map(({ action }) => action)),
      skipped: reasonsOf(reports, 'cache', 'skip'),
      savedNanoUsd: savedBy(reports, 'cache'),
      savedAlikeNanoUsd: alike.reduce((sum, { savedNanoUsd = 0 }) => sum + savedNanoUsd, 0),
    },
    cascade: cascadeOf(results, reports),
    router: {
      first: counted(sent.flatMap(({ target, reason }) => (reason === 'first' && target ? [target] : []))),
      retries: reasonsOf(reports, 'router', 'retry'),
      failovers: reasonsOf(reports, 'router', 'failover'),
      continued: reasonsOf(reports, 'router', 'continue'),
      givenUp: reasonsOf(reports, 'router', 'give_up'),
    },
    targets: targetsOf(sent),
    costNanoUsd: reports.reduce((sum, { cost }) => sum + (cost?.nanoUsd ?? 0), 0),
    latencies: [
      latency('first token, from the provider', misses, 'ttftMs', true),
      latency('first token, from the cache', hits, 'ttftMs', true),
      latency('whole answer, from the provider', misses, 'totalMs'),
      latency('whole answer, from the cache', hits, 'totalMs'),
    ],
  }
}

/** A step of a cascade that is a router sends nothing itself: the router's own tries stand beside it. */
function isSent({ host }: Attempt): boolean {
  return host !== ''
}

function rightOf(results: readonly CallResult[]): Share {
  const known = results.filter(({ isRight }) => isRight !== undefined)
  return { part: known.filter(({ isRight }) => isRight).length, all: known.length }
}

function guardsOf(reports: readonly CallReport[]): Tally['guards'] {
  const rules = (action: string): Counts =>
    counted(
      decisionsOf(reports, 'guards', action).flatMap(({ details }) =>
        Object.entries(details?.['rules'] as Record<string, number>).flatMap(([rule, count]) =>
          Array.from({ length: count }, () => rule),
        ),
      ),
    )
  return {
    redactedCalls: reports.filter((report) => did(report, 'guards', 'redact')).length,
    entities: rules('redact'),
    warned: rules('warn'),
    blocked: rules('block'),
  }
}

/** From which likeness on a question is nearly another one. */
const alikeFrom = 0.75

/** Only where a veto is why the answer of a question that is very much alike was not served. */
function vetoesOf(reports: readonly CallReport[]): Counts {
  const vetoed = decisionsOf(reports, 'cache', 'miss').filter(
    ({ details }) => details?.['semantic'] === 'vetoed' && Number(details['similarity']) >= alikeFrom,
  )
  return counted(vetoed.flatMap(({ details }) => (details?.['vetoes'] as readonly string[] | undefined) ?? []))
}

function cascadeOf(results: readonly CallResult[], reports: readonly CallReport[]): Tally['cascade'] {
  const byCall = new Map(results.map((result) => [result.call, result]))
  // The last step's answer is accepted as it is.
  const accepted = reports.filter(({ decisions }) =>
    decisions.some(({ by, action, reason }) => by === 'cascade' && action === 'accept' && reason !== 'last'),
  )
  const cheap = reports.flatMap(({ attempts }) => attempts.filter((each) => each.reason === 'cascade' && isSent(each)))
  const paid = cheap.reduce((sum, { cost }) => sum + (cost?.nanoUsd ?? 0), 0)
  return {
    calls: reports.filter(({ decisions }) => decisions.some(({ by }) => by === 'cascade')).length,
    accepted: accepted.length,
    acceptedRight: rightOf(accepted.flatMap(({ context }) => byCall.get(Number(context.metadata?.['call'])) ?? [])),
    escalated: reasonsOf(reports, 'cascade', 'escalate'),
    fellBack: reports.filter((report) => did(report, 'cascade', 'fallback')).length,
    savedNanoUsd: savedBy(reports, 'cascade') - paid,
  }
}

function targetsOf(attempts: readonly Attempt[]): TargetTally[] {
  const byTarget = Map.groupBy(attempts, ({ target, model }) => target ?? model)
  const tallied = [...byTarget].map(([target, tries]): TargetTally => {
    const of = (outcome: Attempt['outcome']): number => tries.filter((each) => each.outcome === outcome).length
    return {
      target,
      requests: tries.length,
      answered: of('answered'),
      rejected: of('rejected'),
      failed: of('failed'),
      usage: tries.reduce((sum, { usage }) => (usage ? addUsage(sum, usage) : sum), usageOf({})),
      costNanoUsd: tries.reduce((sum, { cost }) => sum + (cost?.nanoUsd ?? 0), 0),
    }
  })
  return tallied.toSorted((a, b) => b.requests - a.requests)
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

function savedBy(reports: readonly CallReport[], by: string): number {
  return decisionsOf(reports, by).reduce((sum, { savedNanoUsd = 0 }) => sum + savedNanoUsd, 0)
}

function reasonsOf(reports: readonly CallReport[], by: string, action: string): Counts {
  return counted(decisionsOf(reports, by, action).map(({ reason = '' }) => reason))
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
