import type { Detector, DetectorContext, Verdict } from '../detector.ts'
import type { MaybePromise } from '../maybe-promise.ts'

/** What detectors say of a text that may go on. */
export interface Looks {
  /** Where the first match begins that more text could change. */
  readonly openAt: number
  /** Asks a detector for its verdict, or gives the one that it has told already. */
  readonly check: (detector: Detector, context: DetectorContext) => MaybePromise<Verdict>
}

/** Looks at a text with detectors that can tell what is still open, in one pass where they can do that. */
export function look(text: string, detectors: readonly Detector[], context: DetectorContext): Looks {
  const told = new Map<Detector, () => Verdict>()
  let openAt = text.length
  for (const detector of detectors) {
    const { stream } = detector
    if (!stream) continue
    let open: number
    try {
      if (stream.judge) {
        const { verdict, openAt: at } = stream.judge(text, context)
        told.set(detector, () => verdict)
        open = at
      } else open = stream.couldGrow(text)
    } catch (error) {
      // A failure is its verdict's, and is taken as that of any other.
      told.set(detector, () => {
        throw error
      })
      continue
    }
    // What began longer ago than its longest match cannot be one any more.
    openAt = Math.min(openAt, Math.max(open, text.length - stream.maxMatch))
  }
  return { openAt, check: (detector, asked) => told.get(detector)?.() ?? detector.check(text, asked) }
}
