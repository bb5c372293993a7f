import type { Deadline } from './deadline.ts'
import { allowed, onlyWarns, type Detector, type DetectorContext, type Verdict } from './detector.ts'
import { guardFailed } from './errors.ts'
import { after, each, isPromise, type MaybePromise } from './maybe-promise.ts'
import { noVerdict, verdictProblem } from './verdict-problem.ts'

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
  /**
   * What a failure means where the detector does not say. Whatever it says, `throw` hands on what it threw, and `note` only
   * tells of it.
   */
  readonly onError: 'closed' | 'open' | 'throw' | 'note'
  readonly deadline?: Deadline | undefined
  /** Told of each run as it ends, where one must not wait for the others. */
  readonly seen?: (run: GuardRun) => void
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
  if (!detectors.some(asksModel)) return each(detectors, ask)
  const locals = detectors.filter((detector) => !asksModel(detector))
  return after(each(locals, ask), (local) => {
    if (local.some(({ verdict }) => verdict.action === 'block')) return local
    const doubting = detectors.filter((detector) => asksModel(detector) && isInDoubt(detector, local))
    return after(each(doubting, ask), (asked) => [...local, ...asked])
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
  { onError, deadline, seen }: JudgePolicy,
  check: Check = (asked, told) => asked.check(text, told),
): MaybePromise<GuardRun> {
  const startedAtMs = performance.now()
  const ended = (verdict: Verdict, failed?: true): GuardRun => {
    const ms = performance.now() - startedAtMs
    const done = failed ? { detector, verdict, ms, failed } : { detector, verdict, ms }
    seen?.(done)
    return done
  }
  const failed = (cause: unknown): GuardRun => {
    // A detector that stops because the call was given up has not failed.
    context.signal?.throwIfAborted()
    if (onError === 'throw') throw cause
    if (onError !== 'note' && failureOf(detector, onError) === 'closed')
      throw guardFailed(context.stage, detector.name, cause)
    return ended(allowed, true)
  }
  const judged = (verdict: Verdict): GuardRun => {
    const problem = verdictProblem(verdict, text.length)
    return problem === undefined ? ended(verdict) : failed(noVerdict(detector, problem))
  }
  let verdict: MaybePromise<Verdict>
  try {
    verdict = check(detector, deadline && asksModel(detector) ? bounded(context, deadline) : context)
  } catch (cause) {
    return failed(cause)
  }
  if (!isPromise(verdict)) return judged(verdict)
  return (deadline ? deadline.race(verdict) : verdict).then(judged, failed)
}

/** What the failure of a detector means: what it says, else what it does, else what the guard is told. */
function failureOf(detector: Detector, guard: 'closed' | 'open'): 'closed' | 'open' {
  if (detector.onError) return detector.onError
  if (detector.actions?.includes('redact')) return 'closed'
  // One that could only have warned is no reason to refuse anything.
  return onlyWarns(detector) ? 'open' : guard
}

/** The context with a signal that also aborts when the time is over. */
function bounded(context: DetectorContext, { signal }: Deadline): DetectorContext {
  return { ...context, signal: context.signal ? AbortSignal.any([context.signal, signal]) : signal }
}
