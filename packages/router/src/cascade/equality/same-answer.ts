import type { ChoiceView } from '@sluice/core'
import type { AnswerView } from '@sluice/core'
import { finalAnswer } from './final-answer.ts'
import { jsonAt, jsonIn, notJson, sameJson } from './same-json.ts'
import { normalText } from './normal-text.ts'
import { numberIn, sameNumber } from './numbers.ts'

/** How answers are compared. */
export interface SameAnswerOptions {
  /**
   * Of JSON answers, what alone counts: `total`, `items.0.id`; a place that both lack counts as equal.
   * @default everything
   */
  readonly paths?: readonly string[]
  /** How far numbers may be apart, as a share of the larger one, ≥ 0. @default 1e-6 */
  readonly tolerance?: number
}

/** What is compared of an answer. */
export interface Comparable {
  readonly text: string
  readonly view?: AnswerView
}

/**
 * Whether two answers say the same. Tool calls are compared by name and arguments, JSON by value (object keys in any
 * order, texts normalised). Of other texts what they state in the end: after `####`, in `\boxed{}`, after "answer:" or
 * "the answer is", or else the whole text; as a number where both are one (`$1,000` is `1000`, `50 %` is `50`), as the
 * letter of a choice (`(B)` is `B. Paris`), else word for word without case, punctuation, articles and markup.
 *
 * It knows no meaning: two sentences in other words are different.
 */
export function sameAnswer(one: Comparable, other: Comparable, options: SameAnswerOptions = {}): boolean {
  const { paths, tolerance = 1e-6 } = options
  const [calls, otherCalls] = [callsOf(one), callsOf(other)]
  if (calls.length > 0 || otherCalls.length > 0)
    return (
      calls.length === otherCalls.length &&
      calls.every((call, place) => {
        const match = otherCalls[place]
        return match?.name === call.name && sameJson(argumentsOf(call), argumentsOf(match), tolerance)
      })
    )
  const [json, otherJson] = [jsonIn(one.text), jsonIn(other.text)]
  if (isStructure(json) || isStructure(otherJson)) {
    if (json === notJson || otherJson === notJson) return false
    if (!paths) return sameJson(json, otherJson, tolerance)
    return paths.every((path) => sameJson(jsonAt(json, path), jsonAt(otherJson, path), tolerance))
  }
  return sameText(one.text, other.text, tolerance)
}

function sameText(one: string, other: string, tolerance: number): boolean {
  const [final, otherFinal] = [finalAnswer(one), finalAnswer(other)]
  if (final.letter !== undefined && otherFinal.letter !== undefined) return final.letter === otherFinal.letter
  const [number, otherNumber] = [numberIn(final.text), numberIn(otherFinal.text)]
  if (number !== undefined && otherNumber !== undefined) return sameNumber(number, otherNumber, tolerance)
  const words = normalText(final.text)
  // Two answers that say nothing agree on nothing.
  return words !== '' && words === normalText(otherFinal.text)
}

function callsOf({ view }: Comparable): ChoiceView['toolCalls'] {
  return view?.choices[0]?.toolCalls ?? []
}

function argumentsOf(call: { readonly arguments: string } | undefined): unknown {
  const text = call?.arguments ?? ''
  const json = jsonIn(text)
  return json === notJson ? text : json
}

function isStructure(json: unknown): boolean {
  return typeof json === 'object' && json !== null
}
