import type { JsonObject } from '../../../json.ts'
import type { Answer, Choice, Piece } from '../answer.ts'
import { logprobsOf } from '../model/logprobs.ts'
import type { Ask } from '../request.ts'
import { sse, type Frame } from '../wire.ts'
import type { Stamp } from './dialect.ts'
import { outputItems, responseHead, responseObject } from './responses-object.ts'

type Event = JsonObject & { readonly type: string }
type Step = Omit<Frame, 'data'> & { readonly event: Event }

/** The events of one streamed response, numbered from 0. */
export function* responseFrames(ask: Ask, answer: Answer, stamp: Stamp): Generator<Frame, void, undefined> {
  let number = 0
  for (const { event, ...frame } of steps(ask, answer, stamp)) {
    const { type, ...fields } = event
    yield { ...frame, data: sse({ type, sequence_number: number++, ...fields }, type) }
  }
}

function* steps(ask: Ask, answer: Answer, stamp: Stamp): Generator<Step, void, undefined> {
  const begun = responseHead(ask, stamp)
  const queued = ask.body.background === true
  yield { event: { type: 'response.created', response: queued ? { ...begun, status: 'queued' } : begun } }
  if (queued) yield { event: { type: 'response.queued', response: { ...begun, status: 'queued' } } }
  yield { event: { type: 'response.in_progress', response: begun } }
  const [choice] = answer.choices
  const items = choice ? outputItems(ask, choice, stamp) : []
  let calls = 0
  for (const [index, item] of items.entries()) {
    if (!choice) continue
    const at = { output_index: index, item_id: item.id }
    yield { event: { type: 'response.output_item.added', output_index: index, item: opened(item) } }
    if (item.type === 'reasoning') yield* reasoningSteps(choice, item, at)
    else if (item.type === 'message') yield* messageSteps(ask, choice, item, at)
    else {
      const pieces = choice.toolCalls[calls++]?.pieces ?? []
      yield* deltas('response.function_call_arguments.delta', pieces, at)
      const done = { ...at, name: item.name, arguments: item.arguments }
      yield { event: { type: 'response.function_call_arguments.done', ...done } }
    }
    yield { event: { type: 'response.output_item.done', output_index: index, item } }
  }
  const response = responseObject(ask, answer, stamp)
  yield { event: { type: `response.${String(response.status)}`, response }, last: true }
}

function* reasoningSteps(choice: Choice, item: JsonObject, at: JsonObject): Generator<Step, void, undefined> {
  const where = { ...at, summary_index: 0 }
  const [part] = item.summary as JsonObject[]
  yield { event: { type: 'response.reasoning_summary_part.added', ...where, part: { type: 'summary_text', text: '' } } }
  yield* deltas('response.reasoning_summary_text.delta', choice.reasoning, where)
  yield { event: { type: 'response.reasoning_summary_text.done', ...where, text: part?.text } }
  yield { event: { type: 'response.reasoning_summary_part.done', ...where, part } }
}

function* messageSteps(ask: Ask, choice: Choice, item: JsonObject, at: JsonObject): Generator<Step, void, undefined> {
  for (const [content, part] of (item.content as JsonObject[]).entries()) {
    const where = { ...at, content_index: content }
    if (part.type === 'refusal') {
      yield { event: { type: 'response.content_part.added', ...where, part: { type: 'refusal', refusal: '' } } }
      yield* deltas('response.refusal.delta', choice.refusal, where)
      yield { event: { type: 'response.refusal.done', ...where, refusal: part.refusal } }
    } else {
      const empty = { type: 'output_text', annotations: [], logprobs: [], text: '' }
      yield { event: { type: 'response.content_part.added', ...where, part: empty } }
      for (const piece of choice.text) {
        const { text, tokens } = piece
        const logprobs = ask.topLogprobs === undefined ? [] : logprobsOf([piece], ask.topLogprobs)
        yield { event: { type: 'response.output_text.delta', ...where, delta: text, logprobs }, tokens, text }
      }
      for (const [annotation_index, annotation] of (part.annotations as JsonObject[]).entries()) {
        yield { event: { type: 'response.output_text.annotation.added', ...where, annotation_index, annotation } }
      }
      yield { event: { type: 'response.output_text.done', ...where, text: part.text, logprobs: part.logprobs } }
    }
    yield { event: { type: 'response.content_part.done', ...where, part } }
  }
}

function* deltas(type: string, pieces: readonly Piece[], at: JsonObject): Generator<Step, void, undefined> {
  for (const { text, tokens } of pieces) yield { event: { type, ...at, delta: text }, tokens }
}

/** An output item as it is announced: no content yet. */
function opened(item: JsonObject): JsonObject {
  if (item.type === 'reasoning') return { ...item, summary: [] }
  if (item.type === 'message') return { ...item, status: 'in_progress', content: [] }
  return { ...item, status: 'in_progress', arguments: '' }
}
