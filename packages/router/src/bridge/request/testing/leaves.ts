import { isDeepStrictEqual } from 'node:util'
import type { Loss } from '../../lossy.ts'
import { pathText, type Path } from '../../lossy.ts'
import { isObject } from '../fields.ts'

export interface Leaf {
  readonly path: Path
  readonly value: unknown
}

/** What is carried as it is, whatever is in it: schemas, arguments, maps of the caller. */
const whole = new Set(['parameters', 'input_schema', 'schema', 'metadata', 'moderation', 'prompt_cache_breakpoint'])
/** What the field says by being there; it is written anew in every dialect. */
const structural = new Set(['type', 'role', 'mode'])
/** What the provider writes to an item for itself. */
const bookkeeping = /^input\[\d+\]\.(?:id|status)$/

/** Everything in a request that says something, at its path. */
export function leavesOf(value: unknown, path: Path = []): Leaf[] {
  const name = path.at(-1)
  if (value === null || value === undefined || value === '') return []
  if (structural.has(String(name)) && typeof value === 'string') return []
  if (bookkeeping.test(pathText(path))) return []
  const isArguments = name === 'input' && path.at(-3) === 'content'
  const isWhole = whole.has(String(name)) && !(isObject(value) && 'user_id' in value)
  if (typeof value !== 'object' || isWhole || isArguments) return [{ path, value }]
  return Object.entries(value).flatMap(([key, field]) =>
    leavesOf(field, [...path, Array.isArray(value) ? Number(key) : key]),
  )
}

/** Whether a loss names this place as left out, or one that it is in; or as changed, this very place or its setting. */
export function isNamed(path: Path, lossy: readonly Loss[]): boolean {
  const named = lossy.filter((loss) => !loss.changed || loss.path === pathText(path) || !isSaid.test(loss.path))
  return path.some((_, end) => named.some((loss) => loss.path === pathText(path.slice(0, end + 1))))
}

/** Places in the conversation: what is changed there is still said. */
const isSaid = /^(?:messages|input|system)\b/

/** Values that ask for what happens anyway, by their path; and such as are said in other words, which are to be found. */
const harmless: readonly (readonly [path: RegExp, value: unknown, elsewhere?: RegExp])[] = [
  [/^n$/, 1],
  [/_penalty$/, 0],
  [/^modalities\[0\]$/, 'text'],
  [/^logprobs$/, true, /output_text\.logprobs/],
  [/^include\[\d\]$/, 'message.output_text.logprobs', /"logprobs":true/],
  [/^store$/, false],
  [/^background$/, false],
  [/^truncation$/, 'disabled'],
  [/^speed$/, 'standard'],
  [/detail$/, 'auto'],
  [/is_error$/, false],
  [/strict$/, true, /"strict":true|"output_config"/],
  [/strict$/, false],
  [/parallel_tool_calls$/, true],
  [/parallel_tool_calls$/, false, /disable_parallel_tool_use|"type":"none"|^(?!.*"tools":)/],
  [/disable_parallel_tool_use$/, true, /"parallel_tool_calls":false|^(?!.*"tools":)/],
  [/disable_parallel_tool_use$/, false],
  [/^service_tier$/, 'default', /"standard_only"/],
  [/^service_tier$/, 'standard_only', /"service_tier":"default"/],
  [/^temperature$/, 1],
  [/media_type$/, 'text/plain'],
  [/^tool_choice$/, 'auto'],
  [/^tool_choice$/, 'none'],
  [/^tool_choice$/, 'required', /"type":"any"/],
  [/^reasoning\.summary$/, 'auto', /"display":"summarized"/],
  [/^reasoning(?:_|\.)effort$/, 'none', /"type":"disabled"/],
  [/^thinking\.budget_tokens$/, 8192, /"(?:reasoning_)?effort":"medium"/],
  [/^thinking\.display$/, 'summarized', /"summary":"auto"/],
]

/** Thinking tokens that stand for an effort, with Claude models before 4.6. */
const budgets: { readonly [effort: string]: number } = {
  minimal: 1024,
  low: 2048,
  medium: 8192,
  high: 16_384,
  xhigh: 24_576,
  max: 32_768,
}

function budgetOf(translated: unknown): unknown {
  const thinking = isObject(translated) ? translated['thinking'] : undefined
  return isObject(thinking) ? thinking['budget_tokens'] : undefined
}

/** Whether the translation says what a leaf says. Words are unlike all others, so that finding them is proof. */
export function isCarried({ path, value }: Leaf, translated: unknown): boolean {
  const name = pathText(path)
  if (name.endsWith('effort') && budgetOf(translated) === budgets[String(value)]) return true
  const isPlain = ([pattern, plain, elsewhere]: (typeof harmless)[number]): boolean =>
    pattern.test(name) && plain === value && (!elsewhere || elsewhere.test(JSON.stringify(translated)))
  if (harmless.some(isPlain)) return true
  return found(value, translated)
}

function found(value: unknown, within: unknown): boolean {
  if (isDeepStrictEqual(value, within)) return true
  if (typeof within === 'string' && saysSame(value, within)) return true
  if (typeof value === 'string' && isObject(within) && isDeepStrictEqual(parsed(value), within)) return true
  if (isObject(value) && isObject(within) && contains(within, value)) return true
  if (typeof value === 'string' && value.startsWith('data:')) {
    const [head = '', data = ''] = value.slice('data:'.length).split(';base64,')
    return isObject(within) && within['media_type'] === head && within['data'] === data ? true : inside(value, within)
  }
  return inside(value, within)
}

function inside(value: unknown, within: unknown): boolean {
  return typeof within === 'object' && within !== null && Object.values(within).some((field) => found(value, field))
}

function saysSame(value: unknown, text: string): boolean {
  return typeof value === 'string' ? text.includes(value) : isObject(value) && isDeepStrictEqual(parsed(text), value)
}

/** A schema may get a title and a description that stood beside it. */
function contains(object: Readonly<Record<string, unknown>>, part: Readonly<Record<string, unknown>>): boolean {
  const keys = Object.keys(part)
  return keys.length > 0 && keys.every((key) => isDeepStrictEqual(object[key], part[key]))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A request less the places that were left out. */
export function without(value: unknown, lossy: readonly Loss[], path: Path = []): unknown {
  const isLost = (at: Path): boolean => lossy.some((loss) => !loss.changed && loss.path === pathText(at))
  if (Array.isArray(value))
    return value.flatMap((item, at) => (isLost([...path, at]) ? [] : [without(item, lossy, [...path, at])]))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !isLost([...path, key]))
      .map(([key, field]) => [key, without(field, lossy, [...path, key])]),
  )
}

/** The name of the field that {@link withUnknownFields} adds. */
export const unknownField = 'x_unknown'

/** A copy in which every object that is not carried as it is has one more field. */
export function withUnknownFields(value: unknown, path: Path = []): unknown {
  const name = String(path.at(-1))
  if (Array.isArray(value)) return value.map((item, at) => withUnknownFields(item, [...path, at]))
  const isArguments = name === 'input' && path.at(-3) === 'content'
  if (!isObject(value) || whole.has(name) || isArguments || name === 'logit_bias') return value
  const fields = Object.entries(value).map(([key, field]) => [key, withUnknownFields(field, [...path, key])])
  return { ...Object.fromEntries(fields), [unknownField]: pathText(path) }
}

/** A value that throws when it is changed, in strict mode. */
export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const field of Object.values(value)) frozen(field)
    Object.freeze(value)
  }
  return value
}
