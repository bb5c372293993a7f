import { isObject, type JsonObject } from '../../../json.ts'
import type { Answer } from '../answer.ts'
import { badRequest, type FailureInit, type Vendor } from '../failure.ts'
import type { AnswerFormat, Ask, FakeRequest } from '../request.ts'
import type { Frame } from '../wire.ts'

/** What is known of a model call before its dialect has read the body. */
export type RawCall = Pick<FakeRequest, 'call' | 'path' | 'headers' | 'body' | 'model'>

/** What an answer is stamped with. */
export interface Stamp {
  /** Hexadecimal digits that all ids of the answer are made from. */
  readonly key: string
  readonly createdAtMs: number
}

/** One wire dialect of text answers. Independent of the dialect code of the package, so that each tests the other. */
export interface Dialect {
  readonly vendor: Vendor
  /** @throws {Failure} the provider's error for a malformed request */
  ask(call: RawCall): Ask
  whole(ask: Ask, answer: Answer, stamp: Stamp): JsonObject
  frames(ask: Ask, answer: Answer, stamp: Stamp): Iterable<Frame>
  /** The event that reports a failure inside a stream. */
  errorFrame(init: FailureInit): string
  /** Whether a frame is an end mark that carries nothing of the answer: `[DONE]`, `message_stop`. */
  isEndMark(frame: Frame): boolean
}

/** The text of a content field: a string, or the texts of its parts. `otherTokens`: images, audio and files. */
export function contentOf(content: unknown): { text: string; otherTokens: number } {
  if (typeof content === 'string') return { text: content, otherTokens: 0 }
  let text = ''
  let otherTokens = 0
  for (const part of Array.isArray(content) ? content : []) {
    if (!isObject(part)) continue
    const own = part.text ?? part.refusal ?? part.thinking
    if (typeof own === 'string') text += own
    else if (part.content !== undefined) text += contentOf(part.content).text
    else otherTokens += 85
  }
  return { text, otherTokens }
}

/** A list of stop sequences, however the dialect spells it. */
export function stopsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value.filter((stop) => typeof stop === 'string') : []
}

/** A positive whole number, or `undefined` when the field is absent. */
export function countOf(body: JsonObject, field: string): number | undefined {
  const value = body[field]
  if (value === undefined || value === null) return undefined
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1) return value
  throw badRequest(
    `Invalid value for '${field}': expected a whole number of at least 1, got ${JSON.stringify(value)}.`,
    field,
  )
}

/** OpenAI's `response_format` or `text.format`, whose schema stands in different places. */
export function formatOf(format: unknown): AnswerFormat {
  if (!isObject(format)) return { kind: 'text' }
  if (format.type === 'json_object') return { kind: 'object' }
  if (format.type !== 'json_schema') return { kind: 'text' }
  const inner = isObject(format.json_schema) ? format.json_schema : format
  return { kind: 'schema', schema: inner.schema }
}

/** OpenAI's `tool_choice` in both its forms. */
export function toolChoiceOf(choice: unknown): Ask['toolChoice'] {
  if (choice === 'none' || choice === 'required') return choice
  if (!isObject(choice)) return 'auto'
  if (choice.type === 'allowed_tools') {
    const allowed = isObject(choice.allowed_tools) ? choice.allowed_tools : choice
    return allowed.mode === 'required' ? 'required' : 'auto'
  }
  const name = isObject(choice.function) ? choice.function.name : choice.name
  return typeof name === 'string' ? { name } : 'auto'
}
