import type { Detector, DetectorContext, GuardAction, GuardStage, StreamMode } from '../detector.ts'
import type { Blocking } from '../errors.ts'
import type { GuardReport } from '../guard-report.ts'
import { judge, type GuardRun, type JudgePolicy } from '../judge.ts'
import { after } from '../maybe-promise.ts'
import type { Placeholders } from '../restore/placeholders.ts'

/** Detectors by how they run on a growing text. */
export interface Guarding {
  readonly stage: GuardStage
  /** On what is there, holding back what could still grow. */
  readonly live: readonly Detector[]
  /** On each whole sentence. */
  readonly sentence: readonly Detector[]
  /** On the whole, before any of it is shown. */
  readonly buffer: readonly Detector[]
  /** On the whole, after it was shown. */
  readonly late: readonly Detector[]
  /** On the whole, without any effect. */
  readonly shadow: readonly Detector[]
}

/** What the guards of one answer share. */
export interface GuardScene {
  readonly policy: JudgePolicy
  readonly report: GuardReport
  readonly placeholders: Placeholders | undefined
  /** A salted hash of a text, for what a detector names no fingerprint of. */
  readonly fingerprint: (text: string) => string
  readonly context: Omit<DetectorContext, 'stage'>
}

/** Sorts detectors by how they run. Those that only warn are in nobody's way: they look when all is there. */
export function guardingOf(
  stage: GuardStage,
  detectors: readonly Detector[],
  shadow: readonly Detector[],
  mode: StreamMode | undefined,
): Guarding {
  const by = Map.groupBy(detectors, (each) => placeOf(each, mode))
  const of = (place: Place): readonly Detector[] => by.get(place) ?? []
  return { stage, live: of('live'), sentence: of('sentence'), buffer: of('buffer'), late: of('late'), shadow }
}

type Place = 'live' | 'sentence' | 'buffer' | 'late'

function placeOf(detector: Detector, mode: StreamMode | undefined): Place {
  if (onlyWarns(detector)) return 'late'
  if (detector.streamMode === undefined && detector.stream) return 'live'
  const chosen = detector.streamMode ?? mode ?? 'buffer'
  return chosen === 'after-disclosure' ? 'late' : chosen
}

/** Whether a detector can be run on a stream without anybody having chosen how. */
export function streams(detector: Detector): boolean {
  return detector.stream !== undefined || detector.streamMode !== undefined || onlyWarns(detector)
}

function onlyWarns({ actions }: Detector): boolean {
  return actions !== undefined && actions.length > 0 && actions.every((action) => action === 'warn')
}

/** A block, on its way to become an error. */
export class Blocked extends Error {
  readonly blocking: Blocking

  constructor(blocking: Blocking) {
    super('blocked')
    this.blocking = blocking
  }
}

/** Runs detectors that only watch: nothing waits for them, and nothing comes of it but a line in the report. */
export function watch(
  text: string,
  shadow: readonly Detector[],
  context: DetectorContext,
  { report, did }: { readonly report: GuardReport; readonly did: GuardAction },
): void {
  if (shadow.length === 0) return
  const seen = (runs: readonly GuardRun[]): void => {
    report.took(runs)
    for (const run of runs) report.shadow(context.stage, run, did)
  }
  try {
    void Promise.resolve(after(judge(text, shadow, context, { onError: 'open' }), seen)).catch(() => undefined)
  } catch {
    // It has no effect on the call, and so has its failure.
  }
}
