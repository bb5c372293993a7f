import type { Detector, GuardAction, GuardStage, Span, Verdict } from './detector.ts'

export interface CheckTextOptions {
  /** Where the text is; detectors may judge by it. @default 'input' */
  readonly stage?: GuardStage
  /** Hand it the call's, so that a slow detector gives up with the call. */
  readonly signal?: AbortSignal
}

/** A verdict with the name of the detector that gave it. */
export interface GuardVerdict extends Verdict {
  readonly guard: string
}

/** What all detectors together say about a text. */
export interface TextCheck {
  /** The strictest action of all verdicts. */
  readonly action: GuardAction
  /** The text with everything redacted that a detector wanted redacted; the same string where there was nothing. */
  readonly text: string
  /** The verdicts other than `allow`, in the order of the detectors. */
  readonly verdicts: readonly GuardVerdict[]
}

const strictness: readonly GuardAction[] = ['allow', 'warn', 'redact', 'block']

/**
 * Checks one text with every detector, side by side, each on the text as it came.
 *
 * Where spans to redact overlap, they become one, named after the one that begins first (the longer of two that begin
 * together), so that no part of either is left.
 *
 * @throws what a detector throws; deciding what that means is up to the caller.
 *
 * @example
 * const { action, text } = await checkText('Write to ada@example.com', [pii()])
 * // action: 'redact', text: 'Write to [EMAIL]'
 */
export async function checkText(
  text: string,
  detectors: readonly Detector[],
  options: CheckTextOptions = {},
): Promise<TextCheck> {
  const { stage = 'input', signal } = options
  const all = await Promise.all(
    detectors.map(async (detector): Promise<GuardVerdict> => {
      const verdict = await detector.check(text, { stage, signal })
      return { guard: detector.name, ...verdict }
    }),
  )
  const verdicts = all.filter(({ action }) => action !== 'allow')
  const action = strictness.findLast((each) => verdicts.some((verdict) => verdict.action === each)) ?? 'allow'
  const spans = verdicts.flatMap((verdict) => (verdict.action === 'redact' ? verdict.spans : []))
  return { action, text: redact(text, spans), verdicts }
}

function redact(text: string, spans: readonly Span[]): string {
  if (spans.length === 0) return text
  let redacted = ''
  let at = 0
  for (const { start, end, replacement } of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (start >= at) redacted += text.slice(at, start) + replacement
    at = Math.max(at, end)
  }
  return redacted + text.slice(at)
}
