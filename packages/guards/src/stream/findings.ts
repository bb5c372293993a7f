import type { Detector, GuardAction, GuardStage, Span } from '../detector.ts'
import type { Blocking } from '../errors.ts'
import type { GuardRun } from '../judge.ts'
import type { Replacement } from '../redact.ts'
import type { GuardScene } from './guarding.ts'

export interface FindingsOptions {
  readonly scene: Pick<GuardScene, 'report' | 'fingerprint'>
  /** What was judged. */
  readonly text: string
  /** Whether a span is judged for good, and was not before. @default all are */
  readonly isDecided?: (span: Span) => boolean
  /** Whether a verdict without spans was not counted before. @default none was */
  readonly isNew?: (run: GuardRun) => boolean
  /** It was shown already: what should have been redacted can only be blocked. */
  readonly isShown?: boolean
  /** What stands in the place of a span. @default its replacement */
  readonly replace?: (span: Span, detector: Detector) => string
}

export interface Findings {
  /** Relative to the text. */
  readonly replacements: readonly Replacement[]
  /** The strictest action of all. */
  readonly action: GuardAction
  /** The first verdict that blocks. */
  readonly blocking: Blocking | undefined
}

const strictness: readonly GuardAction[] = ['allow', 'warn', 'redact', 'block']

export function stricter(one: GuardAction, other: GuardAction): GuardAction {
  return strictness.indexOf(one) >= strictness.indexOf(other) ? one : other
}

/** The strictest action of all verdicts. */
export function strictest(runs: readonly GuardRun[]): GuardAction {
  return runs.reduce<GuardAction>((most, { verdict }) => stricter(most, verdict.action), 'allow')
}

/** What is to be done about verdicts; counts them for the report. */
export function findings(stage: GuardStage, runs: readonly GuardRun[], options: FindingsOptions): Findings {
  const { scene, text, isDecided, isNew, isShown = false, replace } = options
  const replacements: Replacement[] = []
  let blocking: Blocking | undefined
  let most: GuardAction = 'allow'
  for (const run of runs) {
    const { detector, verdict } = run
    if (verdict.action === 'allow') continue
    const spans = isDecided ? verdict.spans.filter(isDecided) : verdict.spans
    if (spans.length === 0 && (verdict.spans.length > 0 || isNew?.(run) === false)) continue
    const action = isShown && verdict.action === 'redact' ? 'block' : verdict.action
    scene.report.found(stage, run, spans, action)
    most = stricter(most, action)
    if (action === 'block') {
      const rules = [...new Set(spans.length > 0 ? spans.map(({ rule }) => rule) : verdict.rules)]
      const fingerprint = spans.find((span) => span.fingerprint !== undefined)?.fingerprint ?? scene.fingerprint(text)
      blocking ??= { stage, guard: detector.name, rules, fingerprint }
    }
    if (action !== 'redact') continue
    for (const span of spans) {
      const { start, end, replacement } = span
      replacements.push({ start, end, text: replace ? replace(span, detector) : replacement })
    }
  }
  return { replacements, action: most, blocking }
}
