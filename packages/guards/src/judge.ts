import type { Deadline } from './deadline.ts'
import { allowed, type Detector, type DetectorContext, type Verdict } from './detector.ts'
import { guardFailed } from './errors.ts'
import { after, all, isPromise, type MaybePromise } from './maybe-promise.ts'

/** What one detector said about one text. */
export interface GuardRun {
  readonly detector: Detector
  readonly verdict: Verdict
  /** How long it took, in milliseconds. */
  readonly ms: number
  /** It failed where guards fail open, and its verdict is none. */
  readonly failed?: true
}

export interface JudgePolicy {
  /** What a failure means where the detector does not say: `throw` hands on what it threw. */
  readonly onError: 'closed' | 'open' | 'throw'
  readonly deadline?: Deadline | undefined
}

/** Asks one detector. */
type Check = (detector: Detector, context: DetectorContext) => MaybePromise<Verdict>

/**
 * Asks every detector about a text: the local ones side by side, then those that ask a model, unless the text is blocked
 * already or the local guard that they look after is sure. At once where no detector has to wait. `check` says how one is asked,
 * where that is not by its `check` with the text.
 *
 * @throws {SluiceError} `guard.failed` for a detector that fails and fails closed.
 */
export function judge(
  text: string,
  detectors: readonly Detector[],
  context: DetectorContext,
  policy: JudgePolicy,
  check?: Check,
): MaybePromise<readonly GuardRun[]> {
  const ask = (detector: Detector): MaybePromise<GuardRun> => run(text, detector, context, policy, check)
  if (!detectors.some(asksModel)) return all(detectors.map(ask))
  return after(all(detectors.filter((each) => !asksModel(each)).map(ask)), (local) => {
    if (local.some(({ verdict }) => verdict.action === 'block')) return local
    const doubting = detectors.filter((each) => asksModel(each) && isInDoubt(each, local))
    return after(all(doubting.map(ask)), (asked) => [...local, ...asked])
  })
}

function asksModel({ effort }: Detector): boolean {
  return effort === 'model'
}

function isInDoubt({ doubt }: Detector, local: readonly GuardRun[]): boolean {
  if (!doubt) return true
  const { guard, from, to } = doubt
  const about = local.filter(({ detector, failed }) => detector.name === guard && !failed)
  // A guard that is not there, or that failed, is not sure of anything.
  return about.length === 0 || about.some(({ verdict: { score } }) => score >= from && score <= to)
}

function run(
  text: string,
  detector: Detector,
  context: DetectorContext,
  { onError, deadline }: JudgePolicy,
  check: Check = (asked, told) => asked.check(text, told),
): MaybePromise<GuardRun> {
  const startedAtMs = performance.now()
  const judged = (verdict: Verdict): GuardRun => {
    if (!isVerdict(verdict)) return failed(new TypeError('The detector did not return a verdict.'))
    return { detector, verdict, ms: performance.now() - startedAtMs }
  }
  const failed = (cause: unknown): GuardRun => {
    // A detector that stops because the call was given up has not failed.
    context.signal?.throwIfAborted()
    if (onError === 'throw') throw cause
    const declared = detector.actions?.includes('redact') ? 'closed' : onError
    if ((detector.onError ?? declared) === 'closed') throw guardFailed(context.stage, detector.name, cause)
    return { detector, verdict: allowed, ms: performance.now() - startedAtMs, failed: true }
  }
  try {
    const verdict = check(detector, deadline && asksModel(detector) ? bounded(context, deadline) : context)
    if (!isPromise(verdict)) return judged(verdict)
    return (deadline ? deadline.race(verdict) : verdict).then(judged, failed)
  } catch (cause) {
    return failed(cause)
  }
}

/** The context with a signal that also aborts when the time is over. */
function bounded(context: DetectorContext, { signal }: Deadline): DetectorContext {
  return { ...context, signal: context.signal ? AbortSignal.any([context.signal, signal]) : signal }
}

function isVerdict(verdict: Verdict | undefined): verdict is Verdict {
  return typeof verdict?.action === 'string' && Array.isArray(verdict.spans) && Array.isArray(verdict.rules)
}
