import type { Detector, DetectorContext, Verdict } from '../detector.ts'

/** The context of a text that nothing else is known about. */
export const bare: DetectorContext = { stage: 'input', signal: undefined }

/** The verdict of a detector that judges at once. */
export function verdictOf(detector: Detector, text: string, context: Partial<DetectorContext> = {}): Verdict {
  const verdict = detector.check(text, { ...bare, ...context })
  if (verdict instanceof Promise) throw new TypeError(`${detector.name} did not judge at once`)
  return verdict
}

/** What a detector found: `rule: the text`, in order. */
export function foundIn(detector: Detector, text: string, context?: Partial<DetectorContext>): string[] {
  return verdictOf(detector, text, context).spans.map(({ rule, start, end }) => `${rule}: ${text.slice(start, end)}`)
}

/** What a detector says of a text in short: its action and rules. */
export function judged(detector: Detector, text: string, context?: Partial<DetectorContext>): string {
  const { action, rules } = verdictOf(detector, text, context)
  return [action, ...rules].join(' ')
}
