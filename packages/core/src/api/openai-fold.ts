import { isObject, type JsonObject } from '../json.ts'
import type { ApiId, Boundaries, Folder } from './api.ts'

/** An object that is being gathered. */
export type Draft = Record<string, unknown>

/** Notes that text was added to a part. */
export type Cut = (part: string, length: number) => void

/** Text and lists that grow from event to event; every other field is replaced. */
const growing = new Set(
  // Chat, then completions with the parallel arrays of its log probabilities.
  (
    'content refusal reasoning_content reasoning reasoning_details annotations arguments input transcript data ' +
    'text tokens token_logprobs top_logprobs text_offset'
  ).split(' '),
)
const none: ReadonlySet<string> = new Set()
/** Of the head of an event, what belongs to that event alone: obfuscation is padding. */
const passing = new Set(['choices', 'object', 'obfuscation'])
const nested = new Set(['audio', 'function_call', 'function', 'custom', 'logprobs'])

/**
 * Adds the fields of an event to a draft. `null` and `''` say nothing: they never replace what is known, because
 * servers repeat fields that way (`usage: null`, `id: ''`).
 */
export function grow(draft: Draft, from: JsonObject, skipped: ReadonlySet<string> = none): void {
  for (const key in from) {
    if (skipped.has(key)) continue
    const value = from[key]
    const old = draft[key]
    if (value === old && !growing.has(key)) continue
    if (key === '__proto__') continue
    if (value === null || value === '') draft[key] = old ?? value
    else if (nested.has(key) && isObject(value)) grow((draft[key] = isObject(old) ? old : {}) as Draft, value)
    else if (!growing.has(key)) draft[key] = value
    else if (typeof value === 'string') draft[key] = typeof old === 'string' ? old + value : value
    else if (Array.isArray(value) && Array.isArray(old)) for (const item of value) old.push(item)
    else draft[key] = Array.isArray(value) ? [...value] : value
  }
}

/** A copy of a draft that later events do not change. */
export function settle(draft: Draft): Draft {
  const copy = { ...draft }
  for (const key in copy) {
    const value = copy[key]
    if (Array.isArray(value) && growing.has(key)) copy[key] = [...value]
    else if (nested.has(key) && isObject(value)) copy[key] = settle(value)
  }
  return copy
}

/** How one choice is gathered. */
export interface ChoiceFold<D> {
  open(): D
  push(draft: D, choice: JsonObject, index: number, cut: Cut): void
  close(draft: D): JsonObject
}

/** Gathers events of `{ …, choices: [{ index, … }] }` into a whole answer of type `object`. */
export function foldChoices<A extends ApiId, D>(object: string, fold: ChoiceFold<D>): Folder<A> {
  const head: Draft = {}
  const choices = new Map<number, D>()
  const boundaries: (readonly [string, number])[] = []
  const cut: Cut = (part, length) => void boundaries.push([part, length])
  let empty = true
  return {
    push(event: JsonObject) {
      // Events without choices are errors and the like: no part of the answer.
      if (!Array.isArray(event['choices'])) return
      empty = false
      grow(head, event, passing)
      for (const [at, choice] of event['choices'].entries()) {
        if (!isObject(choice)) continue
        const index = typeof choice['index'] === 'number' ? choice['index'] : at
        let draft = choices.get(index)
        if (draft === undefined) choices.set(index, (draft = fold.open()))
        fold.push(draft, choice, index, cut)
      }
    },
    answer() {
      if (empty) return undefined
      const sorted = [...choices].sort(([a], [b]) => a - b)
      const gathered = sorted.map(([index, draft]) => ({ finish_reason: null, ...fold.close(draft), index }))
      return { ...settle(head), object, choices: gathered } as never
    },
    boundaries: (): Boundaries => [...boundaries],
  }
}
