import { isDeepStrictEqual } from 'node:util'
import type { Detector, DetectorContext, Span, Verdict } from '../detector.ts'

const context: DetectorContext = { stage: 'output', signal: undefined }

/** A whole text with everything replaced that a local detector found. */
export function redactWhole(detector: Detector, text: string): string {
  return replaced(text, spansIn(detector, text), 0, text.length)
}

/** What a stream cut into these chunks would show, and how much of it had to wait for more. */
export interface Streamed {
  readonly text: string
  /** The most characters held back after a chunk, and the mean of all chunks. */
  readonly maxHeld: number
  readonly meanHeld: number
}

/**
 * The plainest consumer of a stream trait: shows what is before the place that could still grow, spans as a whole, and keeps
 * as much of what was shown as the detector needs to see.
 */
export function redactInChunks(detector: Detector, chunks: readonly string[]): Streamed {
  const { maxMatch, lookBack = maxMatch, couldGrow, judge } = detector.stream!
  let [shown, before, pending] = ['', '', '']
  const held: number[] = []
  const show = (last: boolean): void => {
    const text = before + pending
    const open = last ? text.length : couldGrow(text)
    if (judge) {
      const { verdict, openAt } = judge(text, context, 0)
      const decided = (spans: readonly Span[]): readonly Span[] => spans.filter(({ start }) => start < openAt)
      if (openAt !== couldGrow(text) || !isDeepStrictEqual(decided(verdict.spans), decided(spansIn(detector, text))))
        throw new Error('Judging in one pass gives something else')
    }
    const spans = spansIn(detector, text).filter(({ end }) => end > before.length)
    if (spans.some(({ start }) => start < before.length)) throw new Error('A match begins in what was shown already')
    // What begins before that place is judged for good, to its end.
    const whole = spans.findLast(({ start, end }) => start < open && open < end)
    const cut = Math.max(before.length, whole?.end ?? open)
    shown += replaced(
      text,
      spans.filter(({ end }) => end <= cut),
      before.length,
      cut,
    )
    before = text.slice(0, cut).slice(-lookBack)
    pending = text.slice(cut)
    held.push(pending.length)
  }
  for (const chunk of chunks) {
    pending += chunk
    show(false)
  }
  show(true)
  return { text: shown, maxHeld: Math.max(...held), meanHeld: held.reduce((sum, each) => sum + each, 0) / held.length }
}

/** Cuts a text after so many characters each, over and over. */
export function cutInto(text: string, lengths: readonly number[]): string[] {
  const chunks: string[] = []
  for (let at = 0, turn = 0; at < text.length; turn += 1) {
    const length = Math.max(1, lengths[turn % lengths.length] ?? 1)
    chunks.push(text.slice(at, at + length))
    at += length
  }
  return chunks
}

function spansIn(detector: Detector, text: string): readonly Span[] {
  return (detector.check(text, context) as Verdict).spans
}

function replaced(text: string, spans: readonly Span[], from: number, to: number): string {
  let out = ''
  let at = from
  for (const { start, end, replacement } of spans) {
    if (start >= at) out += text.slice(at, start) + replacement
    at = Math.max(at, end)
  }
  return out + text.slice(at, to)
}
