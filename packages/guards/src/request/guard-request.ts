import type { ApiId, Call, RequestOf, TextPart } from '@sluice/core'
import type { DetectorContext, GuardAction } from '../detector.ts'
import { GuardBlockedError, type Blocking } from '../errors.ts'
import { judge, type GuardRun } from '../judge.ts'
import { after, each, type MaybePromise } from '../maybe-promise.ts'
import { Redaction } from '../redact.ts'
import { findings, strictest } from '../stream/findings.ts'
import type { GuardScene } from '../stream/guarding.ts'
import { isFreeForm, wholeView } from '../stream/open-view.ts'
import type { View } from '../stream/view.ts'
import type { Scoped } from './request-scope.ts'
import { mapSideParts } from './side-parts.ts'
import type { VerdictMemory } from './verdict-memory.ts'

/** A text after its check. */
export interface CheckedPart {
  readonly scoped: Scoped
  /** Absent where nothing was found. */
  readonly view: View | undefined
  /** Those that found something that counts. */
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
export function guardRequest<A extends ApiId>(
  call: Call<A>,
  scoped: readonly Scoped[],
  scene: GuardScene,
  memory: VerdictMemory,
): MaybePromise<RequestOf<A>> {
  const checks = each(scoped, (one) => checkPart(one, scene, memory))
  return after(checks, (checked) => settledRequest(call, checked, scene))
}

function settledRequest<A extends ApiId>(
  call: Call<A>,
  checked: readonly CheckedPart[],
  scene: GuardScene,
): RequestOf<A> {
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
  const rewrite = ({ path, text }: TextPart): string => rewritten.get(keyOf(path)) ?? text
  return mapSideParts(call.api.mapText(call.request, rewrite), rewrite)
}

/** Asks the detectors about a text, or the memory where they were asked before. */
export function checkPart(scoped: Scoped, scene: GuardScene, memory: VerdictMemory): MaybePromise<CheckedPart> {
  const key = memory.keyOf(scoped)
  const known = memory.get(key)
  scene.report.text(known !== undefined)
  // What was let through in an earlier turn was warned of then, and watched.
  const isOld = scoped.isHistory && known !== undefined
  // Long conversations are made of these.
  if (isOld && known.length === 0) return { scoped, view: undefined, runs: known }
  const view = viewOf(scoped.part)
  const context = contextOf(scoped, scene)
  return after(known ?? judge(view.text, scoped.detectors, context, scene.policy), (all) => {
    if (!known) {
      scene.report.took(all)
      memory.set(key, all)
    }
    const runs = all.filter(
      ({ verdict: { action } }) =>
        action === 'redact' || (action !== 'allow' && !scoped.redactsOnly && !(isOld && action === 'warn')),
    )
    if (!isOld) scene.shadows?.watch(view.text, scoped.shadow, context, strictest(runs))
    return { scoped, view, runs }
  })
}

/** Records are pasted into messages, results are made of them, and an answer that was JSON is sent back as it was. */
function viewOf({ kind, text, path }: TextPart): View {
  if (kind !== 'tool_call') return wholeView(text, 'any')
  return wholeView(text, isFreeForm(path) ? 'text' : 'arguments')
}

function contextOf({ part: { role, kind }, stage, source, tool }: Scoped, scene: GuardScene): DetectorContext {
  const context = { ...scene.context, stage, role, kind }
  if (source === undefined && tool === undefined) return context
  return { ...context, ...(source !== undefined && { source }), ...(tool !== undefined && { tool }) }
}

/** Counts what was found for the report, and redacts. */
export function settlePart({ scoped, view, runs }: CheckedPart, scene: GuardScene): SettledPart {
  if (runs.length === 0 || !view) return { text: scoped.part.text, action: 'allow', blocking: undefined }
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

function keyOf(path: TextPart['path']): string {
  return JSON.stringify(path)
}
