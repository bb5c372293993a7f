import type { Detector, DetectorContext, StreamMemory, StreamTrait, Verdict } from '../detector.ts'
import { after, type MaybePromise } from '../maybe-promise.ts'
import { noVerdict } from '../verdict-problem.ts'

/** What detectors say of a text that may go on. */
export interface Looks {
  /** Where the first match begins that more text could change. */
  readonly openAt: number
  /** What the next look needs: no more than so much of what is judged, and what detectors have named. */
  readonly lookBack: number
  readonly neededFrom: number
  /** Asks a detector for its verdict, or gives the one that it has told already. */
  readonly check: (detector: Detector, context: DetectorContext) => MaybePromise<Verdict>
}

/** The text to look at, and what is known of it. */
export interface Growing {
  readonly text: string
  /** Where `text` begins in the whole. @default 0 */
  readonly from?: number
  /** How far it is settled, as an offset in `text`. */
  readonly judged: number
  /** What detectors keep of it from look to look. @default none */
  readonly memories?: Map<Detector, unknown>
}

/**
 * Looks at a text with detectors that can tell what is still open, in one pass where they can do that. Each is shown no more than
 * it needs of what is before `judged`, up to where nothing can change any more.
 */
export function look(growing: Growing, detectors: readonly Detector[], context: DetectorContext): Looks {
  const { text, judged, memories } = growing
  const told = new Map<Detector, (asked: DetectorContext) => MaybePromise<Verdict>>()
  // A placeholder is told by itself and the character before it.
  let [openAt, lookBack, neededFrom] = [text.length, 2, Infinity]
  for (const detector of detectors) {
    const { stream } = detector
    if (!stream) continue
    const from = Math.max(0, judged - lookBackOf(stream))
    const tail = from === 0 ? text : text.slice(from)
    let [open, needed]: [number, number | undefined] = [0, undefined]
    try {
      if (stream.judge) {
        const memory: StreamMemory = { from: (growing.from ?? 0) + from, notes: memories?.get(detector) }
        const seen = stream.judge(tail, context, judged - from, memory)
        memories?.set(detector, memory.notes)
        needed = memory.neededFrom
        // Not before it is asked for: detectors may put off what only a verdict needs.
        told.set(detector, () => moved(seen.verdict, from))
        open = seen.openAt
      } else {
        told.set(detector, (asked) => after(detector.check(tail, asked), (verdict) => moved(verdict, from)))
        open = stream.couldGrow(tail)
      }
      if (!Number.isInteger(open)) throw noVerdict(detector, 'where it is open is no whole number')
    } catch (error) {
      // A failure is its verdict's, and is taken as that of any other.
      lookBack = Math.max(lookBack, lookBackOf(stream))
      told.set(detector, () => {
        throw error
      })
      continue
    }
    if (needed === undefined) lookBack = Math.max(lookBack, lookBackOf(stream))
    else neededFrom = Math.min(neededFrom, needed)
    // What began longer ago than its longest match cannot be one any more.
    openAt = Math.min(openAt, Math.max(from + open, text.length - stream.maxMatch))
  }
  return {
    openAt,
    lookBack,
    neededFrom,
    check: (detector, asked) => told.get(detector)?.(asked) ?? detector.check(text, asked),
  }
}

/** The last look at a text that has been growing: nothing of it is open any more. */
export function lastLook({ text, from = 0, judged, memories }: Growing): Looks {
  return {
    openAt: text.length,
    lookBack: 0,
    neededFrom: Infinity,
    check(detector, asked) {
      const { stream } = detector
      if (!stream?.finish) return detector.check(text, asked)
      return stream.finish(text, asked, judged, { from, notes: memories?.get(detector) })
    },
  }
}

/** How much of what was judged a detector looks at again, in code units. */
export function lookBackOf({ lookBack, maxMatch }: StreamTrait): number {
  return lookBack ?? 2 * maxMatch
}

function moved(verdict: Verdict, by: number): Verdict {
  if (by === 0 || !Array.isArray(verdict?.spans) || verdict.spans.length === 0) return verdict
  return { ...verdict, spans: verdict.spans.map((span) => ({ ...span, start: span.start + by, end: span.end + by })) }
}
