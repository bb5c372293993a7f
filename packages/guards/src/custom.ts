import {
  allowed,
  type Detector,
  type DetectorContext,
  type GuardAction,
  type Span,
  type StreamMode,
  type StreamTrait,
  type Verdict,
} from './detector.ts'
import { detectorError } from './errors.ts'
import { ruleVerdict, spansVerdict } from './evidence.ts'
import {
  checkNames,
  checkOneOf,
  checkStreamMode,
  findModes,
  type FindMode,
  refuse,
  streamModeOf,
} from './option-checks.ts'

/** A piece of the text that a function of yours found. */
export interface CustomSpan {
  readonly start: number
  readonly end: number
  /** @default the detector's name */
  readonly rule?: string
  /** @default the rule in capitals, in brackets: `[TICKET]` */
  readonly replacement?: string
}

/**
 * What a function of yours may answer: whether the text is bad, the rule it breaks, the bad pieces of it, or a verdict.
 * Nothing, `false` and an empty list mean that it is good.
 */
export type CustomFinding = boolean | string | readonly CustomSpan[] | Verdict | null | undefined

export type CustomCheck = (text: string, context: DetectorContext) => CustomFinding | Promise<CustomFinding>

export interface CustomOptions {
  /** @default the function's name, else `custom` */
  readonly name?: string
  /** What to do where the function does not say it itself. @default 'block' */
  readonly mode?: FindMode
  /** How to run on text that is still growing. @default only on whole texts */
  readonly stream?: StreamTrait
  /** How to run on streams without `stream`. @default that of the guard */
  readonly streamMode?: StreamMode
  /** `model` for one that asks somewhere. @default 'local' */
  readonly effort?: 'local' | 'model'
  /** What a failure means. @default that of the guard */
  readonly onError?: 'closed' | 'open'
}

/**
 * Detector from a function. What the function throws counts as a failure of the guard.
 *
 * @throws {SluiceError} `config.option` at construction; `guard.custom` in a check whose answer is none.
 *
 * @example
 * const shouting = custom((text) => text.length > 20 && text === text.toUpperCase(), { name: 'shouting', mode: 'warn' })
 */
export function custom(check: CustomCheck, options: CustomOptions = {}): Detector {
  checkOptions(check, options)
  const { mode = 'block', stream, streamMode, effort, onError } = options
  const name = options.name ?? (check.name === '' || check.name === 'check' ? 'custom' : check.name)
  return {
    name,
    ...(stream && { stream }),
    ...streamModeOf(streamMode),
    ...(effort && { effort }),
    ...(onError && { onError }),
    check(text, context) {
      const finding = check(text, context)
      return finding instanceof Promise ? finding.then((each) => verdictOf(each, text)) : verdictOf(finding, text)
    },
  }

  function verdictOf(finding: CustomFinding, text: string): Verdict {
    if (finding === undefined || finding === null || finding === false) return allowed
    if (finding === true) return ruleVerdict(mode, [name], name)
    if (typeof finding === 'string') return ruleVerdict(mode, [finding], finding)
    if (Array.isArray(finding)) {
      const spans = (finding as readonly CustomSpan[]).map(({ start, end, rule = name, replacement }): Span => {
        if (!(Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start < end && end <= text.length))
          return wrong('a span that is not within the text')
        return {
          start,
          end,
          rule,
          replacement: replacement ?? `[${rule.toUpperCase().replaceAll(/[^A-Z0-9]{1,99}/g, '_')}]`,
        }
      })
      return spansVerdict(mode, spans)
    }
    const verdict = finding as Verdict
    if (!actions.includes(verdict.action) || !Array.isArray(verdict.spans) || !Array.isArray(verdict.rules))
      wrong('no verdict')
    return verdict
  }

  function wrong(what: string): never {
    throw detectorError({
      code: 'guard.custom',
      message: `The function of the guard "${name}" answered ${what}. It may answer a boolean, a rule's name, spans or a verdict.`,
      status: 500,
    })
  }
}

const actions: readonly GuardAction[] = ['allow', 'warn', 'redact', 'block']

function checkOptions(check: CustomCheck, options: CustomOptions): void {
  const where = 'custom()'
  if (typeof check !== 'function')
    refuse('custom() takes a function of the text: custom((text) => text.includes("x")).')
  checkNames(where, options, ['name', 'mode', 'stream', 'streamMode', 'effort', 'onError'])
  const { name, mode, stream, streamMode, effort, onError } = options
  if (name !== undefined && (typeof name !== 'string' || name.trim() === '')) refuse('name of custom() must be a text.')
  if (mode !== undefined) checkOneOf(where, 'mode', mode, findModes)
  if (
    stream !== undefined &&
    !(typeof stream?.couldGrow === 'function' && Number.isSafeInteger(stream.maxMatch) && stream.maxMatch > 0)
  )
    refuse('stream of custom() must have maxMatch (a whole number) and couldGrow(tail).')
  checkStreamMode(where, streamMode)
  if (effort !== undefined) checkOneOf(where, 'effort', effort, ['local', 'model'])
  if (onError !== undefined) checkOneOf(where, 'onError', onError, ['closed', 'open'])
}
