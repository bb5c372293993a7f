import { defineMiddleware, SluiceError, type Call, type Middleware, type Role, type TextPart } from '@sluice/core'
import { checkText, type TextCheck } from './check-text.ts'
import type { Detector, DetectorContext, Verdict } from './detector.ts'
import { allowed } from './detector.ts'
import { GuardBlockedError, guardFailed } from './errors.ts'

export interface GuardsOptions {
  /** What checks the text that goes to the model. */
  readonly input: readonly Detector[]
  /** Whose text is checked. `tool` means results of tools; arguments the model wrote are `assistant`. @default ['user', 'tool'] */
  readonly roles?: readonly Role[]
  /** What happens when a detector itself fails: `closed` refuses the call with `guard.failed`, `open` lets it pass. @default 'closed' */
  readonly onError?: 'closed' | 'open'
}

const roleNames: readonly Role[] = ['system', 'user', 'assistant', 'tool']

/**
 * Middleware that checks what goes to the model and redacts it, blocks the call, or only reports.
 *
 * It checks every text part of the chosen roles in every dialect: message strings, text parts, tool results, embedding
 * inputs. A block is thrown before anything is sent. Everything it does is noted in the call's report by guard and rule,
 * never with any of the text.
 *
 * Belongs outside the cache, so that the cache sees, keys and stores redacted text only. It checks the input only: answers
 * pass unchecked, and so do images, audio and files.
 *
 * @throws {SluiceError} `config.option` at construction.
 * @throws {GuardBlockedError} `guard.blocked` during a call that a detector blocks.
 * @throws {SluiceError} `guard.failed` during a call on which a detector throws, unless `onError` is `open`.
 *
 * @example
 * const openai = sluice(new OpenAI(), [guards({ input: [pii({ mode: 'redact' })] })])
 */
export function guards(options: GuardsOptions): Middleware {
  const { input, roles = ['user', 'tool'], onError = 'closed' } = checked(options)
  return defineMiddleware({ name: 'guards' }, async (call, next) => {
    const parts = call.api.prompt(call.request).filter(({ role, text }) => roles.includes(role) && text !== '')
    if (input.length === 0 || parts.length === 0) return next(call)
    const detectors =
      onError === 'open' ? input.map((detector) => failingOpen(detector, call)) : input.map(failingClosed)
    const options = { stage: 'input' as const, ...(call.signal && { signal: call.signal }) }
    const checks = await Promise.all(parts.map(({ text }) => checkText(text, detectors, options)))
    note(call, checks)
    refuse(checks)
    const rewritten = new Map<string, string>()
    for (const [index, { path, text }] of parts.entries()) {
      const redacted = checks[index]?.text ?? text
      if (redacted !== text) rewritten.set(keyOf(path), redacted)
    }
    if (rewritten.size === 0) return next(call)
    const request = call.api.mapText(call.request, ({ path, text }) => rewritten.get(keyOf(path)) ?? text)
    return next(call.with({ request }))
  })
}

/** One note for each guard and action, with how often each rule fired in all parts together. */
function note(call: Call, checks: readonly TextCheck[]): void {
  const found = new Map<string, { guard: string; action: string; counts: Record<string, number> }>()
  for (const { guard, action, spans, rules } of checks.flatMap(({ verdicts }) => verdicts)) {
    const key = `${guard} ${action}`
    const entry = found.get(key) ?? { guard, action, counts: {} }
    found.set(key, entry)
    for (const rule of spans.length > 0 ? spans.map((span) => span.rule) : rules)
      entry.counts[rule] = (entry.counts[rule] ?? 0) + 1
  }
  for (const { guard, action, counts } of found.values())
    call.note({ by: 'guards', action, reason: guard, details: { stage: 'input', rules: counts } })
}

function refuse(checks: readonly TextCheck[]): void {
  const blocking = checks.flatMap(({ verdicts }) => verdicts).filter(({ action }) => action === 'block')
  const [first] = blocking
  if (!first) return
  const rules = blocking.filter(({ guard }) => guard === first.guard).flatMap((verdict) => verdict.rules)
  throw new GuardBlockedError('input', first.guard, [...new Set(rules)])
}

function failingClosed(detector: Detector): Detector {
  return guarded(detector, (cause) => {
    throw guardFailed('input', detector.name, cause)
  })
}

function failingOpen(detector: Detector, call: Call): Detector {
  return guarded(detector, () => {
    call.note({ by: 'guards', action: 'allow', reason: 'failed', details: { stage: 'input', guard: detector.name } })
    return allowed
  })
}

function guarded(detector: Detector, failed: (cause: unknown) => Verdict): Detector {
  return {
    name: detector.name,
    async check(text: string, context: DetectorContext) {
      try {
        return await detector.check(text, context)
      } catch (cause) {
        // A detector that stops because the call was given up has not failed.
        context.signal?.throwIfAborted()
        return failed(cause)
      }
    },
  }
}

function keyOf(path: TextPart['path']): string {
  return JSON.stringify(path)
}

function checked(options: GuardsOptions): GuardsOptions {
  const refuse = (message: string): never => {
    throw new SluiceError({ code: 'config.option', message })
  }
  if (typeof options !== 'object' || options === null)
    return refuse('guards() takes an object: guards({ input: [pii()] }).')
  const { input, roles, onError, ...unknown } = options
  for (const name of Object.keys(unknown))
    refuse(`guards() has no option "${name}". The options are input, roles, onError.`)
  if (
    !Array.isArray(input) ||
    !input.every((detector) => typeof detector?.check === 'function' && typeof detector.name === 'string')
  )
    refuse('The option "input" of guards() must be a list of detectors, such as [pii()].')
  if (
    roles !== undefined &&
    !(Array.isArray(roles) && roles.length > 0 && roles.every((role) => roleNames.includes(role)))
  )
    refuse(`The option "roles" of guards() must be a list out of ${roleNames.join(', ')}.`)
  if (onError !== undefined && onError !== 'closed' && onError !== 'open')
    refuse('The option "onError" of guards() must be "closed" or "open".')
  return options
}
