import type { ApiId, Call, RequestOf, TextPart } from '@sluice/core'
import type { DetectorContext, GuardAction } from '../detector.ts'
import { GuardBlockedError, type Blocking } from '../errors.ts'
import { judge, type GuardRun } from '../judge.ts'
import { after, all, type MaybePromise } from '../maybe-promise.ts'
import { Redaction } from '../redact.ts'
import { findings, stricter } from '../stream/findings.ts'
import { watch, type GuardScene } from '../stream/guarding.ts'
import { wholeView } from '../stream/open-view.ts'
import type { View } from '../stream/view.ts'
import type { Scoped } from './request-scope.ts'
import type { VerdictMemory } from './verdict-memory.ts'

/** A text after its check. */
export interface CheckedPart {
  readonly scoped: Scoped
  readonly view: View
  readonly runs: readonly GuardRun[]
}

/** What becomes of a text. */
export interface SettledPart {
  readonly text: string
  readonly action: GuardAction
  readonly blocking: Blocking | undefined
}

/**
 * The request with everything in it redacted that is to be; the same request where there is nothing.
 *
 * @throws {GuardBlockedError} `guard.blocked`; {SluiceError} `guard.failed`.
 */
export async function guardRequest<A extends ApiId>(
  call: Call<A>,
  scoped: readonly Scoped[],
  scene: GuardScene,
  memory: VerdictMemory,
): Promise<RequestOf<A>> {
  const checked = await all(scoped.map((each) => checkPart(each, scene, memory)))
  const rewritten = new Map<string, string>()
  let blocking: Blocking | undefined
  for (const part of checked) {
    const settled = settlePart(part, scene)
    const { path, text } = part.scoped.part
    blocking ??= settled.blocking
    if (settled.text !== text) rewritten.set(keyOf(path), settled.text)
  }
  if (blocking) throw new GuardBlockedError(blocking)
  if (rewritten.size === 0) return call.request
  return call.api.mapText(call.request, ({ path, text }) => rewritten.get(keyOf(path)) ?? text)
}

/** Asks the detectors about a text, or the memory where they were asked before. */
export function checkPart(scoped: Scoped, scene: GuardScene, memory: VerdictMemory): MaybePromise<CheckedPart> {
  const { part, stage, detectors, isHistory, source, tool, redactsOnly } = scoped
  const { role, kind, text } = part
  const view = wholeView(text, kind === 'tool_call' ? 'arguments' : kind === 'tool_result' ? 'result' : 'text')
  const told = { ...(source !== undefined && { source }), ...(tool !== undefined && { tool }) }
  const context: DetectorContext = { ...scene.context, stage, role, kind, ...told }
  const key = memory.keyOf(text, [stage, role, kind, source, tool, redactsOnly ? 'redacts' : undefined])
  const known = memory.get(key)
  scene.report.text(known !== undefined)
  return after(known ?? judge(view.text, detectors, context, scene.policy), (runs) => {
    if (!known) {
      scene.report.took(runs)
      memory.set(key, runs)
    }
    // What was let through in an earlier turn was warned of then.
    const isOld = isHistory && known !== undefined
    const counts = ({ verdict: { action } }: GuardRun): boolean =>
      action === 'redact' || !(redactsOnly || (isOld && action === 'warn'))
    const did = strictest(runs.filter(counts))
    if (!isOld) watch(view.text, scoped.shadow, context, { report: scene.report, did })
    return { scoped, view, runs: runs.filter(counts) }
  })
}

/** Counts what was found for the report, and redacts. */
export function settlePart({ scoped, view, runs }: CheckedPart, scene: GuardScene): SettledPart {
  const { placeholders } = scene
  const { text } = view
  const { replacements, action, blocking } = findings(scoped.stage, runs, {
    scene,
    text,
    replace: (span, { restore }) =>
      restore && placeholders ? placeholders.put(span, text.slice(span.start, span.end)) : span.replacement,
  })
  const settled = replacements.length === 0 ? scoped.part.text : new Redaction(view).write(replacements, view.end)
  return { text: settled, action, blocking }
}

function strictest(runs: readonly GuardRun[]): GuardAction {
  return runs.reduce<GuardAction>((most, { verdict }) => stricter(most, verdict.action), 'allow')
}

function keyOf(path: TextPart['path']): string {
  return JSON.stringify(path)
}
