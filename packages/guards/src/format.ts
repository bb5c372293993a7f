import { allowed, type Detector, type StreamMode, type Verdict } from './detector.ts'
import { ruleVerdict } from './evidence.ts'
import {
  checkNames,
  checkOneOf,
  checkStreamMode,
  judgeModes,
  type JudgeMode,
  refuse,
  streamModeOf,
} from './option-checks.ts'
import { linearPattern } from './patterns/linear-pattern.ts'

/** What schema libraries offer to others (zod, valibot, arktype …). @see https://standardschema.dev, version 1 */
export interface StandardSchema {
  readonly '~standard': {
    readonly version: 1
    readonly validate: (value: unknown) => SchemaResult | Promise<SchemaResult>
  }
}

/** What a schema says of a value: `issues` where it does not fit. */
export interface SchemaResult {
  readonly issues?: readonly { readonly message: string }[] | undefined
}

export interface FormatOptions {
  /** What to do about an answer of another form. @default 'block' */
  readonly mode?: JudgeMode
  /** Whether JSON may stand in a Markdown fence. @default false */
  readonly fence?: boolean
  /** How to run on streams. @default that of the guard */
  readonly streamMode?: StreamMode
}

/** A fence round the whole text. */
const fenced = /^\s*```(?:json|JSON)?[ \t]*\r?\n/

/**
 * Detector of answers that do not have the form they should: `json` for any JSON value, a schema for JSON that fits it, or a
 * pattern for the whole text (run in linear time). Rules: `not_json`, `schema`, `pattern`.
 *
 * It says how many places of the value are wrong, not which: names of fields can be personal data.
 *
 * @param expected `'json'`, a `RegExp`, or any Standard Schema; for a JSON Schema, `z.fromJSONSchema` makes one
 * @throws {SluiceError} `config.option`, `config.pattern`
 *
 * @example
 * guards({ output: [format(z.object({ city: z.string() }))] })
 */
export function format(expected: 'json' | RegExp | StandardSchema, options: FormatOptions = {}): Detector {
  const where = 'format()'
  checkNames(where, options, ['mode', 'fence', 'streamMode'])
  const { mode = 'block', fence = false, streamMode } = options
  checkOneOf(where, 'mode', mode, judgeModes)
  if (typeof fence !== 'boolean') refuse('fence of format() must be true or false.')
  checkStreamMode(where, streamMode)
  const judge = judgeOf(expected, mode, fence)
  return { name: 'format', actions: [mode], ...streamModeOf(streamMode), check: judge }
}

function judgeOf(expected: unknown, mode: JudgeMode, fence: boolean): (text: string) => Verdict | Promise<Verdict> {
  if (expected instanceof RegExp) {
    const pattern = linearPattern('format()', expected)
    return (text) =>
      pattern.fits(text) ? allowed : ruleVerdict(mode, ['pattern'], 'not of the form that the pattern asks for')
  }
  const notJson = ruleVerdict(mode, ['not_json'], 'no JSON')
  if (expected === 'json') return (text) => (parsed(text, fence) === undefined ? notJson : allowed)
  if (!isStandardSchema(expected))
    return refuse('format() takes "json", a RegExp or a Standard Schema, such as those of zod, valibot and arktype.')
  const { validate } = expected['~standard']
  const verdictOn = ({ issues }: SchemaResult): Verdict =>
    issues === undefined || issues.length === 0
      ? allowed
      : ruleVerdict(
          mode,
          ['schema'],
          `JSON that does not fit the schema in ${issues.length} ${issues.length === 1 ? 'place' : 'places'}`,
        )
  return (text) => {
    const json = parsed(text, fence)
    if (json === undefined) return notJson
    const result = validate(json.value)
    return result instanceof Promise ? result.then(verdictOn) : verdictOn(result)
  }
}

function parsed(text: string, fence: boolean): { readonly value: unknown } | undefined {
  let json = text
  const opening = fence ? fenced.exec(text)?.[0] : undefined
  if (opening !== undefined) {
    const rest = text.slice(opening.length).trimEnd()
    if (!rest.endsWith('```')) return undefined
    json = rest.slice(0, -3)
  }
  try {
    return { value: JSON.parse(json) }
  } catch {
    return undefined
  }
}

function isStandardSchema(value: unknown): value is StandardSchema {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false
  return typeof (value as Partial<StandardSchema>)['~standard']?.validate === 'function'
}
