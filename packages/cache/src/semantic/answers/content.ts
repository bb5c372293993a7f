import type { AnswerView, Api, ChoiceView, JsonObject } from '@sluice/core'
import { hash } from 'node:crypto'
import { canonicalJson } from '../../key/canonical.ts'
import { spelled } from '../normalised.ts'

/** What an answer says, so that answers can be compared. */
export interface AnswerContent {
  /** Equal where the answers say the same: values of JSON, names and arguments of tool calls, normalised text. */
  readonly digest: string
  /** The text of its first choice; of tool calls their names and arguments as JSON. */
  readonly text: string
  /** Whether a difference from another such answer means that they say different things: labels and data, no prose. */
  readonly isPlain: boolean
}

/** A label has at most so many characters and words: `not urgent`, `Card arrival`. */
const maxLabelChars = 60
const maxLabelWords = 5

export function contentOf(api: Api, answer: JsonObject): AnswerContent {
  // What is stored in a partition is in the dialect of its queries.
  const view: AnswerView = api.answer(answer as never)
  const said = view.choices.map(saidBy)
  const [first] = said
  return {
    digest: hash('sha256', canonicalJson(said.map(({ value }) => value)), 'base64url').slice(0, 22),
    text: first?.text ?? '',
    isPlain: said.length > 0 && said.every(({ value }) => isPlain(value)),
  }
}

/**
 * Whether two answers say the same: `true` for equal contents, `false` for different labels or data, and `undefined` for
 * different prose, which only a reader can tell.
 */
export function sameContent(a: AnswerContent, b: AnswerContent): boolean | undefined {
  if (a.digest === b.digest) return true
  return a.isPlain && b.isPlain ? false : undefined
}

function saidBy({ text, toolCalls, refusal }: ChoiceView): { readonly value: unknown; readonly text: string } {
  if (toolCalls.length > 0) {
    const calls = toolCalls.map((call) => ({ name: call.name, arguments: dataOf(call.arguments) ?? call.arguments }))
    return { value: text.trim() === '' ? { calls } : { calls, text: spelled(text) }, text: canonicalJson(calls) }
  }
  if (refusal !== undefined) return { value: { refusal: spelled(refusal) }, text: refusal }
  return { value: dataOf(text) ?? spelled(text).toLowerCase(), text }
}

/** The object or list that a text is, also between the fences of Markdown. */
function dataOf(text: string): unknown {
  const inner = /^\s*```(?:json)?\s*\n([^]*?)\n?```\s*$/i.exec(text)?.[1] ?? text
  if (!/^\s*[[{]/.test(inner)) return undefined
  try {
    return JSON.parse(inner) as unknown
  } catch {
    return undefined
  }
}

function isPlain(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= maxLabelChars && value.split(/\s+/).length <= maxLabelWords
  if (typeof value !== 'object' || value === null) return true
  return Object.values(value).every(isPlain)
}
