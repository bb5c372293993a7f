import { checkDetectors } from './check-detectors.ts'
import type { Detector, DetectorContext, GuardAction, GuardStage, Verdict } from './detector.ts'
import { judge } from './judge.ts'
import { checkIsText, checkNames, checkOneOf } from './option-checks.ts'
import { Redaction } from './redact.ts'
import { stricter } from './stream/findings.ts'
import { PlainView } from './stream/view.ts'

/** What is told of a text beside it; detectors may judge by it. */
export interface CheckTextOptions extends Partial<Omit<DetectorContext, 'stage' | 'signal'>> {
  /** Where the text is. @default 'input' */
  readonly stage?: GuardStage
  /** Hand it the call's, so that a slow detector gives up with the call. */
  readonly signal?: AbortSignal
}

/** A verdict with the name of the detector that gave it. */
export interface GuardVerdict extends Verdict {
  readonly guard: string
}

/** What one detector took. */
export interface GuardTiming {
  readonly guard: string
  /** Milliseconds. */
  readonly ms: number
  /** What it paid for a model, in nano-dollars. */
  readonly costNanoUsd: number
}

/** What all detectors together say about a text. */
export interface TextCheck {
  /** The strictest action of all verdicts. */
  readonly action: GuardAction
  /** The text with everything redacted that a detector wanted redacted; the same string where there was nothing. */
  readonly text: string
  /** The verdicts other than `allow`, in the order in which the detectors were asked. */
  readonly verdicts: readonly GuardVerdict[]
  /** Of every detector that was asked. */
  readonly timings: readonly GuardTiming[]
}

/**
 * Checks one text with every detector, each on the text as it came: the local ones side by side, then those that ask a model,
 * unless the text is blocked already or the guard that they look after is sure.
 *
 * Where spans to redact overlap, they become one, named after the one that begins first (the longer of two that begin
 * together), so that no part of either is left.
 *
 * @throws what a detector throws; deciding what that means is up to the caller.
 * @throws {SluiceError} `config.option`; `guard.verdict` where what a detector gives is no verdict.
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
  checkCall(text, detectors, options)
  const { stage = 'input', signal, ...told } = options
  const runs = await judge(text, detectors, { ...told, stage, signal }, { onError: 'throw' })
  const verdicts = runs
    .filter(({ verdict }) => verdict.action !== 'allow')
    .map(({ detector, verdict }): GuardVerdict => ({ guard: detector.name, ...verdict }))
  const spans = verdicts.flatMap((verdict) => (verdict.action === 'redact' ? verdict.spans : []))
  return {
    action: verdicts.reduce<GuardAction>((strictest, verdict) => stricter(strictest, verdict.action), 'allow'),
    text: spans.length === 0 ? text : redacted(text, spans),
    verdicts,
    timings: runs.map(({ detector, verdict, ms }) => ({
      guard: detector.name,
      ms,
      costNanoUsd: verdict.costNanoUsd ?? 0,
    })),
  }
}

const where = 'checkText()'
const optionNames = 'stage role kind channel source tool api prompt answer choice signal clock'.split(' ')
const stages: readonly GuardStage[] = ['input', 'tool_result', 'document', 'output', 'tool_call']

function checkCall(text: unknown, detectors: unknown, options: CheckTextOptions): void {
  checkIsText(where, text)
  checkDetectors(where, 'detectors', detectors)
  checkNames(where, options, optionNames)
  if (options.stage !== undefined) checkOneOf(where, 'stage', options.stage, stages)
}

function redacted(text: string, spans: Verdict['spans']): string {
  const view = new PlainView()
  view.push(text)
  view.finish()
  const replacements = spans.map(({ start, end, replacement }) => ({ start, end, text: replacement }))
  return new Redaction(view).write(replacements, view.end)
}
