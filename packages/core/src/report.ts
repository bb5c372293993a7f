import { AsyncLocalStorage } from 'node:async_hooks'
import { channel } from 'node:diagnostics_channel'
import type { ApiId } from './api/api.ts'
import type { CallContext } from './context.ts'
import type { JsonObject } from './json.ts'
import type { Meter, Usage } from './usage.ts'

/** One try to get an answer from a provider. */
export interface Attempt {
  /** Host that was called, no path: `api.openai.com`. Empty when nothing was sent. */
  readonly host: string
  /** Name of the router's target, where there is one. */
  readonly target?: string
  readonly model: string
  /** Why it was made, where a router says: `first`, `retry`, `failover`, `hedge`, `continue`, `cascade`… */
  readonly reason?: string
  /** HTTP status; `undefined` when there was no response. */
  readonly status?: number
  /** Why the try gave no response or a broken one: an error's name or code, never its message. */
  readonly error?: string
  readonly startedAtMs: number
  /** Until the response head, in milliseconds. */
  readonly headMs?: number
  /** Until the first content, in milliseconds. */
  readonly ttftMs?: number
  /** Until it was over, in milliseconds. */
  readonly totalMs?: number
  /**
   * What came of it, where a router says. `answered`: it gave the answer, or a part of it. `rejected`: its answer was not
   * good enough. `cancelled`: it was given up, another was faster or the application left.
   */
  readonly outcome?: 'answered' | 'failed' | 'rejected' | 'cancelled'
  /** Tokens that the try took, where a router says. */
  readonly usage?: Usage
  /** `usage` is an estimate, because the provider did not tell. */
  readonly isEstimated?: boolean
  readonly cost?: Cost
  /** Why `usage` has no price. */
  readonly unpriced?: string
}

/** Something a middleware did to a call, in its own words: `{ by: 'cache', action: 'hit', reason: 'exact' }`. */
export interface Decision {
  /** The middleware's name. */
  readonly by: string
  readonly action: string
  readonly reason?: string
  /** Money that was not spent thanks to this decision, in nano-dollars. */
  readonly savedNanoUsd?: number
  /** More facts; no prompt, no secret, no personal data. */
  readonly details?: JsonObject
}

/** The price of one call. */
export interface Cost {
  /** Integer nano-dollars (10⁻⁹ USD). */
  readonly nanoUsd: number
  readonly byMeter: Partial<Record<Meter, number>>
}

/** Prices a usage record, or says why it cannot: an unknown model is `unpriced`, never free. */
export type Pricer = (
  usage: Usage,
  of: {
    readonly model: string
    readonly atMs: number
    /** As the answer told it: `flex`, `priority`. */
    readonly serviceTier?: string | undefined
  },
) => Cost | { readonly unpriced: string }

/** What happened to one call, from the application's call to the end of its answer. */
export interface CallReport {
  readonly id: string
  readonly api: ApiId
  readonly context: CallContext
  /** As asked for by the application. */
  readonly requestedModel: string
  /** As named in the answer; `undefined` when there was none. */
  readonly model: string | undefined
  readonly isStream: boolean
  /**
   * `open`: the answer is still being read. `ok`: delivered whole. `error`: refused or failed, before or inside the
   * stream. `incomplete`: the stream broke off. `cancelled`: the application left it.
   */
  readonly outcome: 'open' | 'ok' | 'error' | 'incomplete' | 'cancelled'
  /** HTTP status the application saw; `undefined` when the call threw. */
  readonly status: number | undefined
  /** Code of the error the application saw. */
  readonly errorCode: string | undefined
  readonly attempts: readonly Attempt[]
  readonly decisions: readonly Decision[]
  /** Tokens of the answer by meter, where the provider told. */
  readonly usage: Usage | undefined
  /**
   * What the call cost, tries that did not give the answer included where a router accounts for them. `unpriced` says why
   * there is no figure; both missing: no pricer or no usage.
   */
  readonly cost: Cost | undefined
  readonly unpriced: string | undefined
  readonly timings: {
    readonly startedAtMs: number
    /** Until the response head reached the application, in milliseconds. */
    readonly headMs: number | undefined
    /** Time to the first token: the first event with content; for whole answers the same as `totalMs`. */
    readonly ttftMs: number | undefined
    /** Until the answer's end. */
    readonly totalMs: number | undefined
  }
}

export type ReportListener = (report: CallReport) => void

/** The `diagnostics_channel` that carries one {@link CallReport} a call, when it has ended. */
export const reportChannelName = 'sluice:call'

const reportChannel = channel(reportChannelName)
const listeners = new Set<ReportListener>()

/** Everything begun inside one `withReport`. */
export interface ReportScope {
  readonly begun: (() => CallReport)[]
  readonly ended: Promise<CallReport>[]
  /** Calls of the background that begin after `run` is over are not its own any more. */
  isOver: boolean
}

const scopes = new AsyncLocalStorage<ReportScope>()

/** The scope of {@link withReport} that runs now. */
export function currentReportScope(): ReportScope | undefined {
  const scope = scopes.getStore()
  return scope?.isOver ? undefined : scope
}

/** Whether anybody wants to know about calls made now. */
export function reportsWanted(): boolean {
  return listeners.size > 0 || reportChannel.hasSubscribers || currentReportScope() !== undefined
}

/**
 * Calls `listener` once a call, when its answer has ended, for every wrapped client of the process. What the listener
 * throws is dropped: an observer never fails a call.
 *
 * @returns a function that stops it.
 */
export function onReport(listener: ReportListener): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** @internal Tells everyone who asked. */
export function emitReport(report: CallReport): void {
  for (const listener of listeners) {
    try {
      const result: unknown = listener(report)
      if (result instanceof Promise) result.catch(() => undefined)
    } catch {
      // By contract: an observer never fails a call.
    }
  }
  // diagnostics_channel hands a subscriber's error to process 'uncaughtException' on a later tick, not to us.
  if (reportChannel.hasSubscribers) reportChannel.publish(report)
}

/** What {@link withReport} gives back. */
export interface Reported<T> {
  readonly value: T
  /** The last call begun inside `run`, as it is now: `outcome` is `open` while its stream is still being read. */
  readonly report: CallReport | undefined
  /** Every call begun inside `run`, in order. */
  readonly reports: readonly CallReport[]
  /** Resolves when every call begun inside `run` has ended, with the final reports. */
  readonly settled: Promise<readonly CallReport[]>
}

/**
 * Runs `run` and reports on the calls made inside it. Waits for calls that `run` has read to the end; a stream it returns
 * unread is reported as `open`, and finally in `settled`.
 */
export async function withReport<T>(run: () => T | PromiseLike<T>): Promise<Reported<T>> {
  const scope: ReportScope = { begun: [], ended: [], isOver: false }
  const value = await scopes.run(scope, async () => await run()).finally(() => (scope.isOver = true))
  const reports = scope.begun.map((report) => report())
  return { value, report: reports.at(-1), reports, settled: Promise.all(scope.ended) }
}
