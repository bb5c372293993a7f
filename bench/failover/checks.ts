import { isAnswer, wordCount } from './answer.ts'
import type { Seen } from './server/exchange.ts'
import type { View } from './trial.ts'
import { finding, type Finding } from './verdict.ts'

/** What checks read: the caller's view and the server's log. */
export interface Facts {
  readonly view: View
  readonly primary: readonly Seen[]
  readonly fallback: readonly Seen[]
  readonly fallbackModel: string
  readonly hasFallback: boolean
  readonly alive: { readonly isAlive: boolean; readonly error: string | undefined }
}

export type Check = (facts: Facts) => Finding

interface How {
  readonly isAdvisory?: boolean
  readonly isNoted?: boolean
  /** Not asked of a client that has no fallback. */
  readonly needsFallback?: boolean
}

type Result = readonly [isMet: boolean | undefined, detail: string]

function check(id: string, test: (facts: Facts) => Result, how: How = {}): Check {
  return (facts) => {
    if (how.needsFallback && !facts.hasFallback) return finding(id, undefined, 'it has no fallback')
    const [isMet, detail] = test(facts)
    return finding(id, isMet, detail, how)
  }
}

const times = (seen: readonly Seen[]): string => `${seen.length} attempt${seen.length === 1 ? '' : 's'}`
const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`

export const noHang: Check = check('no_hang', ({ view }) => [
  view.outcome !== 'hang',
  `${view.outcome} after ${seconds(view.elapsedMs)}`,
])

export const noTruncatedSuccess: Check = check('no_truncated_success', ({ view }) => {
  const { outcome, text } = view
  return [outcome !== 'success' || isAnswer(text), `${outcome} with ${wordCount(text)} of 60 words`]
})

export const complete = (how: How): Check =>
  check('complete', ({ view }) => [view.outcome === 'success' && isAnswer(view.text), view.outcome], how)

export const aliveAfter: Check = check('alive_after', ({ alive }) => [
  alive.isAlive,
  alive.error ?? 'answered a healthy call afterwards',
])

export const usagePresent = (how: How): Check =>
  check('usage_present', ({ view }) => [Boolean(view.usage), JSON.stringify(view.usage ?? null)], how)

/** Attempts at the first model. */
export const atLeast = (id: string, attempts: number, how: How = {}): Check =>
  check(id, ({ primary }) => [primary.length >= attempts, times(primary)], how)

export const atMost = (id: string, attempts: number, how: How = {}): Check =>
  check(id, ({ primary }) => [primary.length <= attempts, times(primary)], how)

/** Time between the first two attempts at the first model. */
export const gapAtLeast = (id: string, ms: number, how: How = {}): Check =>
  check(
    id,
    ({ primary: [one, two] }) =>
      one && two ? [two.atMs - one.atMs >= ms, seconds(two.atMs - one.atMs)] : [false, 'no second attempt'],
    how,
  )

/** Attempts at the first model in the time after its first. */
export const atMostWithin = (id: string, attempts: number, windowMs: number): Check =>
  check(id, ({ primary }) => {
    const beganAtMs = primary[0]?.atMs ?? 0
    const early = primary.filter(({ atMs }) => atMs - beganAtMs < windowMs)
    return [early.length <= attempts, `${times(early)} in ${seconds(windowMs)}`]
  })

export const over = (id: string, ms: number, how: How = {}): Check =>
  check(id, ({ view }) => [view.outcome !== 'hang' && view.elapsedMs <= ms, seconds(view.elapsedMs)], how)

/** A prompt that is too long is sent again only if it was made shorter. */
export const noBlindRetry: Check = check('no_blind_retry', ({ primary }) => {
  const sizes = primary.map(({ promptWords }) => promptWords)
  return [sizes.every((size, at) => at === 0 || size < (sizes[at - 1] ?? 0)), `prompts of ${sizes.join(', ')} words`]
})

export const fallbackUsed: Check = check(
  'fallback_used',
  ({ fallback }) => [fallback.length > 0, `${times(fallback)} at the fallback`],
  { isAdvisory: true, isNoted: true },
)

export const namesFallback: Check = check(
  'reports_fallback_model',
  ({ fallback, view, fallbackModel }) =>
    fallback.length === 0
      ? [undefined, 'the fallback was not used']
      : [view.model === fallbackModel, `model ${JSON.stringify(view.model)}`],
  { needsFallback: true },
)

export const noPrefillMasking: Check = check('no_prefill_masking', ({ view, fallback }) => {
  const rejected = fallback.filter(({ did }) => did.includes('prefill'))
  return [view.outcome !== 'error' || rejected.length === 0, `${rejected.length} prefills rejected, ${view.outcome}`]
})

/** Noted, not judged: the benchmark does not ask it. Nobody should go on paying for an answer that was given up. */
export const upstreamClosed: Check = check(
  'upstream_closed',
  ({ primary, view }) => {
    const sent = primary.map(({ wordsSent }) => wordsSent)
    return [sent.every((words) => words < 60), `${sent.join(', ')} of 60 words were sent, ${view.outcome}`]
  },
  { isAdvisory: true, isNoted: true },
)
