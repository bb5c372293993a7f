import type { Seen } from './server/exchange.ts'
import type { View } from './trial.ts'

/**
 * `pass`: rescued, every check clean. `partial`: rescued, an advisory check failed. `safe`: not rescued, but a clean error
 * in time and every required check clean. `fail`: a required check failed, a hang, or a wrong answer sold as a good one.
 */
export type Verdict = 'pass' | 'partial' | 'safe' | 'fail' | 'n/a'

/** What a check found. */
export interface Finding {
  readonly id: string
  readonly status: 'ok' | 'failed' | 'n/a' | 'noted'
  readonly isAdvisory: boolean
  readonly detail: string
}

/** One scenario with one client: what came of it, and what that is known by. */
export interface Cell {
  readonly scenario: string
  readonly client: string
  readonly verdict: Verdict
  readonly reason: string
  readonly findings: readonly Finding[]
  readonly views: readonly View[]
  readonly log: readonly Seen[]
  readonly tookMs: number
}

export type Judged = Pick<Cell, 'verdict' | 'reason'>

/** What a verdict goes by, besides the findings. */
export interface Case {
  readonly hasHung: boolean
  /** An answer that lacks something, or has too much, was given as a success. */
  readonly isWrongSuccess: boolean
  /** What the scenario is about came out as it should. */
  readonly isRescued: boolean
  /** Why not, where it did not. */
  readonly error: string | undefined
}

export function judge({ hasHung, isWrongSuccess, isRescued, error }: Case, findings: readonly Finding[]): Judged {
  const failed = findings.filter(({ status }) => status === 'failed')
  const ids = (isAdvisory: boolean): string =>
    failed
      .filter((each) => each.isAdvisory === isAdvisory)
      .map(({ id }) => id)
      .join(', ')
  if (hasHung) return { verdict: 'fail', reason: 'it hung' }
  if (isWrongSuccess) return { verdict: 'fail', reason: 'a wrong answer, given as a success' }
  if (ids(false) !== '') return { verdict: 'fail', reason: `required: ${ids(false)}` }
  if (!isRescued) return { verdict: 'safe', reason: `not rescued: ${error ?? 'no such thing'}` }
  return ids(true) === ''
    ? { verdict: 'pass', reason: 'rescued' }
    : { verdict: 'partial', reason: `advisory: ${ids(true)}` }
}

/** A finding of a check that is either met or not. */
export function finding(
  id: string,
  isMet: boolean | undefined,
  detail: string,
  how: { isAdvisory?: boolean; isNoted?: boolean } = {},
): Finding {
  const status = isMet === undefined ? 'n/a' : isMet ? 'ok' : how.isNoted ? 'noted' : 'failed'
  return { id, status, isAdvisory: how.isAdvisory ?? false, detail }
}
