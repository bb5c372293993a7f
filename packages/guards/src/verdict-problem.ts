import type { SluiceError } from '@sluice/core'
import type { Detector, Span, Verdict } from './detector.ts'
import { detectorError } from './errors.ts'

const actions: ReadonlySet<unknown> = new Set(['allow', 'warn', 'redact', 'block'])

/**
 * Why what a detector gave is no verdict on a text of that length; `undefined` where it is one. A verdict that cannot be carried
 * out must not pass for one that asks for nothing. What is told quotes nothing of the verdict: who writes `action: text` by
 * mistake shall not find the text in an error.
 */
export function verdictProblem(verdict: unknown, length: number): string | undefined {
  if (typeof verdict !== 'object' || verdict === null) return 'it is no object'
  const { action, score, spans, rules } = verdict as Partial<Verdict>
  if (!actions.has(action)) return 'its action is none of allow, warn, redact and block'
  if (typeof score !== 'number' || !(score >= 0 && score <= 1)) return 'its score is no number from 0 to 1'
  if (!Array.isArray(spans)) return 'its spans are no list'
  if (!Array.isArray(rules)) return 'its rules are no list'
  if (action === 'allow') return undefined
  if (!rules.every(isText)) return 'its rules are not all texts'
  if (action === 'redact' && spans.length === 0) return 'it wants to redact and says nowhere where'
  for (const span of spans as readonly Partial<Span>[]) {
    if (typeof span !== 'object' || span === null || !isText(span.rule)) return 'a span of it names no rule'
    if (!isWithin(span, length)) return 'a span of it does not lie in the text'
    if (action === 'redact' && !isText(span.replacement)) return 'a span of it has no text as its replacement'
  }
  return undefined
}

/** The error of a detector that gave no verdict. */
export function noVerdict({ name }: Detector, problem: string): SluiceError {
  return detectorError({
    code: 'guard.verdict',
    message: `What the detector "${name}" gave is no verdict: ${problem}.`,
    details: { guard: name },
    status: 500,
  })
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isWithin({ start, end }: Partial<Span>, length: number): boolean {
  if (!Number.isInteger(start) || !Number.isInteger(end)) return false
  return (start as number) >= 0 && (start as number) < (end as number) && (end as number) <= length
}
